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
    List<String> faults = new ArrayList<>();
    for (Parameter parameter : of(layer)) {
      if (!left.containsKey(parameter.name())) {
        faults.add("%s is missing".formatted(parameter));
        continue;
      }
      NdArray value = Nulls.given("load: " + parameter.name(), left.remove(parameter.name()));
      if (value.dtype() != parameter.dtype() || !value.shape().equals(parameter.shape())) {
        faults.add("%s is %s %s".formatted(parameter, value.dtype(), value.shape()));
      }
      found.put(parameter, value);
    }
    left.keySet().forEach(name -> faults.add(name + " is left over"));
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException("load: " + String.join("; ", faults));
    }
    found.forEach(Parameter::set);
  }
}
