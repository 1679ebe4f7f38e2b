package org.gradus.onnx;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Parameter;

/**
 * The parameters of a model by their names, of which dots make parts within parts. What a name of a
 * layer may not have becomes {@code _}; a name that is taken gets a number.
 */
final class ParameterTree {
  private static final int DEEPEST = 32;

  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, ParameterTree> parts = new LinkedHashMap<>();
  private final Map<String, Integer> taken = new HashMap<>();
  private final Map<Parameter, String> names = new HashMap<>();

  /** Those that stand here, by their last name. */
  Map<String, Parameter> parameters() {
    return parameters;
  }

  /** The names in the model, of all that were added here. */
  Map<Parameter, String> names() {
    return Map.copyOf(names);
  }

  /** The parts, by name. */
  Map<String, ParameterTree> parts() {
    return parts;
  }

  /**
   * Adds a parameter.
   *
   * @param name in the model
   * @param isStatistic whether it follows what is seen in training, and is not learnt
   */
  Parameter add(String name, NdArray value, boolean isStatistic) {
    String[] steps = name.split("\\.", -1);
    if (steps.length > DEEPEST) {
      steps = new String[] {name};
    }
    ParameterTree tree = this;
    for (int i = 0; i < steps.length - 1; i++) {
      tree = tree.part(legal(steps[i]));
    }
    String last = tree.free(legal(steps[steps.length - 1]));
    Parameter parameter =
        isStatistic ? Parameter.statistic(last, value) : new Parameter(last, value);
    tree.parameters.put(last, parameter);
    names.put(parameter, name);
    return parameter;
  }

  /** Also of the one name that a file of weights keeps for itself. */
  private static String legal(String step) {
    return step.isEmpty() || step.equals("__metadata__")
        ? "_" + step
        : step.replaceAll("[^A-Za-z0-9_-]", "_");
  }

  private ParameterTree part(String name) {
    String own = parameters.containsKey(name) ? free(name + "_") : name;
    return parts.computeIfAbsent(own, key -> new ParameterTree());
  }

  /** The name, or the name with the first number that makes it new here. */
  private String free(String name) {
    String free = name;
    while (parameters.containsKey(free) || parts.containsKey(free)) {
      free = name + "_" + taken.merge(name, 1, (a, b) -> a + b);
    }
    return free;
  }
}
