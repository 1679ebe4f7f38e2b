package org.gradus.onnx;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.jspecify.annotations.Nullable;

/** The values of one computation of a graph, by name; within those of the graph around it. */
final class Scope {
  private final Graph graph;
  private final @Nullable Scope around;
  private final Pass pass;
  private final Settings settings;
  private final Map<String, Value> values;
  private long turns;

  private Scope(
      Graph graph,
      @Nullable Scope around,
      Pass pass,
      Settings settings,
      Map<String, Value> values) {
    this.graph = graph;
    this.around = around;
    this.pass = pass;
    this.settings = settings;
    this.values = values;
  }

  /**
   * What is the same for all of a computation.
   *
   * @param dtype what FLOAT is computed in
   * @param frozen parameters that are constants, and statistics that nothing follows
   */
  record Settings(DType dtype, Limits limits, Set<Parameter> frozen) {}

  /** Of a whole net. */
  static Scope of(Graph graph, Pass pass, Settings settings) {
    return new Scope(graph, null, pass, settings, new HashMap<>());
  }

  /** Of a graph within this one. */
  Scope within(Graph inner) {
    return new Scope(inner, this, pass, settings, new HashMap<>());
  }

  /** The same values, for a computation in another pass. */
  Scope with(Pass other) {
    return new Scope(graph, around, other, settings, values);
  }

  Pass pass() {
    return pass;
  }

  /** What FLOAT is computed in. */
  DType dtype() {
    return settings.dtype;
  }

  /** How many elements a node may make of fewer. */
  long most() {
    return settings.limits.elements();
  }

  /**
   * Counts a turn of a loop.
   *
   * @throws IllegalArgumentException if all loops of the computation have made too many
   */
  void turn() {
    if (around != null) {
      around.turn();
    } else if (++turns > settings.limits.turns()) {
      throw new IllegalArgumentException(
          "loops make more than %s turns in all, expected fewer"
              .formatted(settings.limits.turns()));
    }
  }

  /** The format's name for numbers with a point, where no input says which. */
  Element element() {
    return Element.FLOAT;
  }

  void put(String name, Value value) {
    values.put(name, value);
  }

  void remove(String name) {
    values.remove(name);
  }

  Value get(String name) {
    Value value = values.get(name);
    if (value == null) {
      value = initial(name);
    }
    if (value != null) {
      return value;
    }
    if (around == null) {
      throw new IllegalStateException("there is no value " + name);
    }
    return around.get(name);
  }

  private @Nullable Value initial(String name) {
    Graph.Learnt learnt = graph.learnt().get(name);
    return learnt == null
        ? graph.constants().get(name)
        : new Value.Data(used(learnt.parameter()), learnt.type());
  }

  private Tensor used(Parameter parameter) {
    Tensor tensor = pass.use(parameter);
    return isFrozen(parameter) ? tensor.detach() : tensor;
  }

  /** Whether a parameter is a constant here, and no statistic follows what is seen. */
  boolean isFrozen(Parameter parameter) {
    return settings.frozen.contains(parameter);
  }

  /** The parameter that a name stands for. */
  Optional<Parameter> parameter(String name) {
    if (values.containsKey(name) || graph.constants().containsKey(name)) {
      return Optional.empty();
    }
    Graph.Learnt learnt = graph.learnt().get(name);
    if (learnt != null) {
      return Optional.of(learnt.parameter());
    }
    return around == null ? Optional.empty() : around.parameter(name);
  }
}
