package org.gradus.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.internal.Misfits;

/** The values of a layer's parameters and buffers, by name. */
final class State {
  private State() {}

  /**
   * All parameters and buffers, each under the name of its first place, be it frozen there or not;
   * of a layer that lists them by itself, the parameters first.
   */
  static Set<Parameter> of(Layer layer) {
    if (layer instanceof AbstractLayer declared) {
      return declared.parametersAndBuffers();
    }
    if (layer instanceof Frozen frozen) {
      return of(frozen.inner());
    }
    Set<Parameter> all = new LinkedHashSet<>(layer.parameters());
    all.addAll(layer.buffers());
    return all;
  }

  static Map<String, NdArray> values(Layer layer) {
    Map<String, NdArray> values = new LinkedHashMap<>();
    for (Parameter parameter : of(layer)) {
      if (values.put(parameter.name(), parameter.value()) != null) {
        throw new IllegalStateException(
            "state: two parameters of %s are called %s".formatted(layer.name(), parameter.name()));
      }
    }
    return Collections.unmodifiableMap(values);
  }

  static void load(Layer layer, Map<String, NdArray> state) {
    Nulls.refuse("load: state", state);
    Map<String, NdArray> left = new LinkedHashMap<>(state);
    Map<Parameter, NdArray> found = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Parameter parameter : of(layer)) {
      if (!left.containsKey(parameter.name())) {
        missing.add(parameter.toString());
        continue;
      }
      NdArray value = Nulls.given("load: " + parameter.name(), left.remove(parameter.name()));
      if (value.dtype() != parameter.dtype() || !value.shape().equals(parameter.shape())) {
        others.add("%s is %s %s".formatted(parameter, value.dtype(), value.shape()));
      }
      found.put(parameter, value);
    }
    Misfits misfits = new Misfits(others, missing, List.copyOf(left.keySet()));
    if (!misfits.isEmpty()) {
      throw new IllegalArgumentException("load: " + misfits.message());
    }
    found.forEach(Parameter::set);
  }
}
