package org.gradus.autograd.testkit;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.check.GradientCheck;

/** An op, or a function made of ops, and float64 inputs that it accepts, away from its kinks. */
public final class OpCase {
  private final String name;
  private final Optional<Op> op;
  private final Function<List<Tensor>, Tensor> function;
  private final List<NdArray> inputs;

  private OpCase(
      String name, Optional<Op> op, Function<List<Tensor>, Tensor> function, List<NdArray> inputs) {
    this.name = name;
    this.op = op;
    this.function = function;
    this.inputs = inputs;
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException(
          "op case: %s of 0 inputs, expected one or more".formatted(name));
    }
  }

  /** A case of an op with these inputs. */
  public static OpCase of(Op op, NdArray... inputs) {
    return of(op, Nulls.list("op case: inputs", inputs));
  }

  /** A case of an op with these inputs. */
  public static OpCase of(Op op, List<NdArray> inputs) {
    return new OpCase(
        Nulls.given("op case: op", op).toString(),
        Optional.of(op),
        in -> Tensor.of(op, in.toArray(new Tensor[0])),
        Nulls.list("op case: inputs", inputs));
  }

  /**
   * A case of a function made of ops.
   *
   * @param name stands in messages, with the function's attributes
   * @param function depends on its arguments alone; a record of its attributes tells them to an
   *     oracle
   * @param inputs one or more, of one element type
   */
  public static OpCase of(
      String name, Function<List<Tensor>, Tensor> function, List<NdArray> inputs) {
    Nulls.refuse("op case: name, function", name, function);
    return new OpCase(name, Optional.empty(), function, Nulls.list("op case: inputs", inputs));
  }

  /** The inputs. */
  public List<NdArray> inputs() {
    return inputs;
  }

  /**
   * The input at position i, from 0.
   *
   * @throws IllegalArgumentException if there is no such input
   */
  public NdArray input(int i) {
    if (i < 0 || i >= inputs.size()) {
      throw new IllegalArgumentException(
          "op case: there is no input %s of %s, which has %s".formatted(i, name, inputs.size()));
    }
    return inputs.get(i);
  }

  /**
   * The op, as its own type, so that an oracle can read its attributes.
   *
   * @throws IllegalStateException if the case is not one of such an op
   */
  public <T extends Op> T op(Class<T> type) {
    Nulls.refuse("op case: type", type);
    return op.filter(type::isInstance)
        .map(type::cast)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "op case: %s is not of type %s".formatted(name, type.getSimpleName())));
  }

  /**
   * The function, as its own type, so that an oracle can read its attributes.
   *
   * @throws IllegalStateException if the case is not one of such a function
   */
  public <T extends Function<List<Tensor>, Tensor>> T function(Class<T> type) {
    if (!Nulls.given("op case: type", type).isInstance(function)) {
      throw new IllegalStateException(
          "op case: %s is not of type %s".formatted(name, type.getSimpleName()));
    }
    return type.cast(function);
  }

  int mostAxes() {
    return inputs.stream().mapToInt(x -> x.shape().rank()).max().orElse(0);
  }

  int mostElements() {
    return inputs.stream().mapToInt(NdArray::size).max().orElse(0);
  }

  Optional<Op> op() {
    return op;
  }

  /** The output for tensors of the inputs' shapes. */
  Tensor apply(List<Tensor> tensors) {
    return function.apply(tensors);
  }

  GradientCheck gradientCheck() {
    return op.map(GradientCheck::of).orElseGet(() -> GradientCheck.of(name, function));
  }

  OpCase withInputs(List<NdArray> others) {
    return new OpCase(name, op, function, List.copyOf(others));
  }

  /** Shapes instead of numbers, which the seed repeats. */
  @Override
  public String toString() {
    return name + " of " + inputs.stream().map(NdArray::shape).toList();
  }
}
