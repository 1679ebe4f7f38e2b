package org.gradus.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.jspecify.annotations.Nullable;

/** One computation of a node: its inputs, and what it may ask for. */
final class Call {
  private final Node node;
  private final List<Optional<Value>> inputs;
  private final Scope scope;

  Call(Node node, List<Optional<Value>> inputs, Scope scope) {
    this.node = node;
    this.inputs = inputs;
    this.scope = scope;
  }

  Node node() {
    return node;
  }

  Scope scope() {
    return scope;
  }

  Pass pass() {
    return scope.pass();
  }

  /** The version of the operator set. */
  int version() {
    return node.version();
  }

  // ---- inputs ----------------------------------------------------------------------------------

  /** How many inputs there are, with those that are left out before the last. */
  int count() {
    return inputs.size();
  }

  /** Whether an input is there. */
  boolean has(int input) {
    return input < inputs.size() && inputs.get(input).isPresent();
  }

  Value value(int input) {
    if (!has(input)) {
      throw new IllegalArgumentException(
          "%s: input %s is left out, expected a value".formatted(node.operator().name(), input));
    }
    return inputs.get(input).orElseThrow();
  }

  /** All inputs that are there. */
  List<Value> values() {
    return inputs.stream().flatMap(Optional::stream).toList();
  }

  Shape shape(int input) {
    return value(input).shape();
  }

  /**
   * The type that this call computes in: that of the first tensor that a gradient is wanted for, or
   * else of the first of numbers with a point.
   */
  DType dtype() {
    Value.@Nullable Data found = null;
    for (Value value : values()) {
      if (value instanceof Value.Data data && rank(data) > (found == null ? -1 : rank(found))) {
        found = data;
      }
    }
    return found == null ? scope.dtype() : found.tensor().dtype();
  }

  private static int rank(Value.Data data) {
    return (data.tensor().isTracked() ? 2 : 0) + (data.type().isFloating() ? 1 : 0);
  }

  /** An input as a tensor of the type that this call computes in. */
  Tensor tensor(int input) {
    return value(input).tensor(dtype());
  }

  /** An input as whole numbers. */
  long[] wholes(int input) {
    return value(input).host(Element.INT64).values();
  }

  /** An input as whole numbers that fit extents and the like. */
  int[] ints(int input) {
    return ints(wholes(input));
  }

  /** Numbers as extents and the like; those that are too large become the largest. */
  static int[] ints(long[] values) {
    return Arrays.stream(values)
        .mapToInt(value -> (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value)))
        .toArray();
  }

  /** An input that is one number; the other value if it is left out. */
  double number(int input, double other) {
    return has(input) ? value(input).number() : other;
  }

  /** An input that is one whole number. */
  long whole(int input) {
    long[] all = wholes(input);
    if (all.length != 1) {
      throw refused("input %s is %s, expected one number".formatted(input, shape(input)));
    }
    return all[0];
  }

  /**
   * The list that is an attribute or an input, which differs by version; empty if it is neither.
   */
  Optional<int[]> list(String attribute, int input) {
    long[] given = node.wholes(attribute);
    if (given != null) {
      return Optional.of(ints(given));
    }
    return has(input) ? Optional.of(ints(input)) : Optional.empty();
  }

  /** The statistic that an input is, and that follows what is seen; empty if it is none. */
  Optional<Parameter> statistic(int input) {
    return scope
        .parameter(node.inputs().get(input))
        .filter(parameter -> parameter.isStatistic() && !scope.isFrozen(parameter));
  }

  /** Whether an output is wanted. */
  boolean wants(int output) {
    return output < node.outputs().size() && !node.outputs().get(output).isEmpty();
  }

  // ---- outputs ---------------------------------------------------------------------------------

  /** Numbers of the type of an input. */
  Value like(int input, Tensor tensor) {
    Element type = value(input).type();
    return new Value.Data(tensor, type.isFloating() ? type : scope.element());
  }

  /** The first input moved, whatever it is. */
  Value moved(UnaryOperator<Tensor> move) {
    return value(0).moved(move);
  }

  /** A constant of the type that this call computes in. */
  Tensor constant(double value) {
    return Tensor.constant(NdArray.scalar(dtype(), value));
  }

  /** An axis, counted from 0. */
  int axis(int axis, int rank) {
    int place = axis < 0 ? axis + rank : axis;
    if (place < 0 || place >= rank) {
      throw refused("axis %s of rank %s, expected %s to %s".formatted(axis, rank, -rank, rank - 1));
    }
    return place;
  }

  /** Extents of something that is made, of which there are not too many. */
  Shape made(long... dims) {
    double size = 1;
    for (long dim : dims) {
      if (dim < 0) {
        throw refused("extents %s, expected none below 0".formatted(Arrays.toString(dims)));
      }
      size *= dim;
    }
    if (size > scope.most()) {
      throw refused(
          "%s are more than %s elements, expected fewer"
              .formatted(Arrays.toString(dims), scope.most()));
    }
    return Shape.of(ints(dims));
  }

  /** An error in this call. */
  org.gradus.autograd.array.ShapeException refused(String message) {
    return new org.gradus.autograd.array.ShapeException(node.operator().name(), message);
  }
}
