package org.gradus.autograd.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.inspect.Nodes;

/**
 * A call with its inputs typed in, and what must come of it: its value, its gradients, its
 * derivatives of any order. It says what differences cannot: the value itself, and what happens at
 * kinks, ties, zeros with signs, infinities and NaN.
 *
 * <pre>{@code
 * call(Ops::add, vector(1, 2), scalar(10)).gives(vector(11, 12))
 * call(Ops::max, vector(5, 7, 7)).cotangent(9).gradients(vector(0, 9, 0))
 * call(Ops::relu, vector(-1, 0, 2)).gradients(vector(0, 0, 1))
 * call(Ops::exp, scalar(1)).nearly().gives(scalar(Math.E))
 * call(Ops::square, scalar(3)).derivatives(scalar(6), scalar(2), scalar(0))
 * }</pre>
 *
 * <p>All of it is asserted in float64, and in float32 too unless a number of the inputs overflows
 * or vanishes there, or {@link #in} names one type. Numbers are compared bit by bit, so that -0.0
 * is not 0, unless {@link #nearly} or {@link #about} stands before them.
 *
 * <p>Immutable: each setting returns a new call.
 */
public final class Call {
  private final OpCase example;

  // Set only in a copy that nobody has seen yet.
  private Optional<String> function = Optional.empty();
  private Optional<DType> only = Optional.empty();
  private Optional<NdArray> cotangent = Optional.empty();
  private Closeness closeness = Closeness.EXACT;
  private Optional<Answer> value = Optional.empty();
  private List<Answer> gradients = List.of();
  private List<Answer> derivatives = List.of();

  private record Answer(NdArray expected, Closeness closeness) {}

  /** A function of three tensors. */
  public interface OfThree {
    /**
     * The output.
     *
     * @param a the first input
     * @param b the second
     * @param c the third
     */
    Tensor apply(Tensor a, Tensor b, Tensor c);
  }

  private Call(OpCase example) {
    this.example = example;
  }

  private Call changed(Consumer<Call> change) {
    Call copy = new Call(example);
    copy.function = function;
    copy.only = only;
    copy.cotangent = cotangent;
    copy.closeness = closeness;
    copy.value = value;
    copy.gradients = gradients;
    copy.derivatives = derivatives;
    change.accept(copy);
    return copy;
  }

  // ---- of what ---------------------------------------------------------------------------------

  /** A call of a function with the input x. */
  public static Call call(UnaryOperator<Tensor> function, NdArray x) {
    Nulls.refuse("call: function, x", function, x);
    return call(in -> function.apply(in.get(0)), List.of(x));
  }

  /** A call of a function with the inputs a and b. */
  public static Call call(BinaryOperator<Tensor> function, NdArray a, NdArray b) {
    Nulls.refuse("call: function, a, b", function, a, b);
    return call(in -> function.apply(in.get(0), in.get(1)), List.of(a, b));
  }

  /** A call of a function with the inputs a, b and c. */
  public static Call call(OfThree function, NdArray a, NdArray b, NdArray c) {
    Nulls.refuse("call: function, a, b, c", function, a, b, c);
    return call(in -> function.apply(in.get(0), in.get(1), in.get(2)), List.of(a, b, c));
  }

  /** A call of a function with any number of inputs. */
  public static Call call(Function<List<Tensor>, Tensor> function, List<NdArray> inputs) {
    Nulls.refuse("call: function, inputs", function, inputs);
    return call(OpCase.of("call", function, inputs));
  }

  /** A call of an op with these inputs. */
  public static Call call(Op op, NdArray... inputs) {
    Nulls.refuse("call: op, inputs", op, inputs);
    return call(OpCase.of(op, inputs));
  }

  /** The call of an example. */
  public static Call call(OpCase example) {
    return new Call(Nulls.given("call: example", example));
  }

  /** The array [] that holds x: a number by itself. */
  public static NdArray scalar(double x) {
    return NdArray.scalar(DType.FLOAT64, x);
  }

  /** The array [n] of these n values. */
  public static NdArray vector(double... values) {
    return NdArray.of(Nulls.given("vector: values", values), values.length);
  }

  /** An array of a shape, with these values in row-major order. */
  public static NdArray array(Shape shape, double... values) {
    Nulls.refuse("array: shape, values", shape, values);
    return NdArray.of(values, shape.toArray());
  }

  // ---- what must come of it --------------------------------------------------------------------

  /** What follows is compared up to 2 units in the last place of each number; 0 is exact. */
  public Call nearly() {
    return changed(call -> call.closeness = Closeness.NEAR);
  }

  /**
   * What follows is compared up to a few roundings of a number of size 1, or of its own if it is
   * larger: for sums whose terms cancel.
   */
  public Call about() {
    return changed(call -> call.closeness = Closeness.ABOUT);
  }

  /** In this element type only. */
  public Call in(DType type) {
    Nulls.refuse("in: type", type);
    return changed(call -> call.only = Optional.of(type));
  }

  /** With this value. */
  public Call gives(NdArray value) {
    Nulls.refuse("gives: value", value);
    return changed(call -> call.value = Optional.of(new Answer(value, closeness)));
  }

  /** With these values in row-major order as the cotangent of the output; ones unless said. */
  public Call cotangent(double... values) {
    Nulls.refuse("cotangent: values", values);
    return changed(call -> call.cotangent = Optional.of(vector(values)));
  }

  /** With these gradients: of the first input, the second, and so on as far as they go. */
  public Call gradients(NdArray... gradients) {
    List<Answer> answers = answers(Nulls.list("gradients: gradients", gradients));
    return changed(call -> call.gradients = answers);
  }

  /**
   * With these derivatives in the first input, of order 1, 2 and so on as far as they go: each is
   * the gradient of the sum of the one before.
   */
  public Call derivatives(NdArray... derivatives) {
    List<Answer> answers = answers(Nulls.list("derivatives: derivatives", derivatives));
    return changed(call -> call.derivatives = answers);
  }

  private List<Answer> answers(List<NdArray> expected) {
    return expected.stream().map(array -> new Answer(array, closeness)).toList();
  }

  // ---- for the row and the contract ------------------------------------------------------------

  Call named(String name) {
    return changed(call -> call.function = Optional.of(name));
  }

  /** The name of the function whose value this states. */
  Stream<String> valuedFunction() {
    return value.isPresent() ? function.stream() : Stream.empty();
  }

  /** Whether this states a value that is computed with an op of a class. */
  boolean statesAValueOf(Class<? extends Op> type) {
    if (value.isEmpty()) {
      return false;
    }
    Tensor y = example.apply(example.inputs().stream().map(Tensor::variable).toList());
    return Nodes.of(y).stream().anyMatch(node -> node.op().filter(type::isInstance).isPresent());
  }

  /** Whether nothing must come of it. */
  boolean isSilent() {
    return value.isEmpty() && gradients.isEmpty() && derivatives.isEmpty();
  }

  /** Compares all answers, in each element type that has the inputs. */
  void check() {
    int checked = 0;
    for (DType type : DType.values()) {
      boolean wanted = only.map(type::equals).orElse(true);
      if (wanted && example.inputs().stream().allMatch(x -> isExactIn(type, x))) {
        check(type);
        checked++;
      }
    }
    if (checked == 0) {
      fail("%s of %s: no element type has these inputs".formatted(name(), example.inputs()));
    }
  }

  private void check(DType type) {
    String where = "%s of %s in %s: ".formatted(name(), example.inputs(), type);
    List<Tensor> x = example.inputs().stream().map(in -> Tensor.variable(in.as(type))).toList();
    Tensor y = example.apply(x);
    value.ifPresent(answer -> compare(where + "the value", answer, y));
    NdArray ones = NdArray.full(DType.FLOAT64, y.shape(), 1);
    Tensor g = Tensor.constant(cotangent.orElse(ones).reshape(y.shape()).as(type));
    if (!gradients.isEmpty()) {
      Gradients actual = Gradients.pullback(y, g, Mode.VALUES, x.toArray(Tensor[]::new));
      for (int i = 0; i < gradients.size(); i++) {
        compare(where + "the gradient of input " + i, gradients.get(i), actual.of(x.get(i)));
      }
    }
    Tensor derivative = y;
    for (int order = 1; order <= derivatives.size(); order++) {
      derivative = derivative(derivative, order == 1 ? Optional.of(g) : Optional.empty(), x.get(0));
      compare(where + "the derivative of order " + order, derivatives.get(order - 1), derivative);
    }
  }

  private String name() {
    String called = function.orElse("call");
    return example.op().map(op -> called + " as " + op).orElse(called);
  }

  private static Tensor derivative(Tensor y, Optional<Tensor> cotangent, Tensor x) {
    if (!y.isTracked()) {
      return Tensor.constant(NdArray.zeros(x.dtype(), x.shape()));
    }
    Tensor g = cotangent.orElseGet(() -> Tensor.constant(NdArray.full(y.dtype(), y.shape(), 1)));
    return Gradients.pullback(y, g, Mode.DIFFERENTIABLE, x).of(x);
  }

  /** Whether no element is lost in an element type by overflow or underflow. */
  private static boolean isExactIn(DType type, NdArray array) {
    NdArray back = array.as(type).as(DType.FLOAT64);
    for (int i = 0; i < array.size(); i++) {
      boolean infinite = Double.isInfinite(back.at(i)) != Double.isInfinite(array.at(i));
      if (infinite || (back.at(i) == 0) != (array.at(i) == 0)) {
        return false;
      }
    }
    return true;
  }

  /** Compares with what the expected numbers are in the actual type. */
  private static void compare(String what, Answer answer, Tensor tensor) {
    NdArray actual = tensor.value();
    assertEquals(answer.expected.shape(), actual.shape(), what);
    NdArray rounded = answer.expected.as(actual.dtype());
    for (int i = 0; i < rounded.size(); i++) {
      if (!answer.closeness.allows(rounded.at(i), actual.at(i), actual.dtype())) {
        fail("%s: element %s is %s, expected %s".formatted(what, i, actual.at(i), rounded.at(i)));
      }
    }
  }
}
