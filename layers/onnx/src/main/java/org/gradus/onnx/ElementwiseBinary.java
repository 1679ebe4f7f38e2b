package org.gradus.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/** Arithmetic of two operands or more, which broadcast. */
final class ElementwiseBinary {
  /** Before version 7, the axis of the first operand that the second one begins at. */
  static final String ALIGNED = "axis:int@-6 broadcast:int@-6";

  private ElementwiseBinary() {}

  static List<Operator> operators() {
    return List.of(
        of("Add", Ops::add, Long::sum),
        of("Sub", Ops::sub, (a, b) -> a - b),
        of("Mul", Ops::mul, (a, b) -> a * b),
        of("Div", Ops::div, ElementwiseBinary::quotient),
        many("Max", Ops::maximum, Math::max),
        many("Min", Ops::minimum, Math::min),
        many("Sum", Ops::add, Long::sum),
        Operator.of("Mean", 1, 1, Operator.ANY, "", ElementwiseBinary::mean),
        Operator.of("Mod", 10, 2, 2, "fmod:int", ElementwiseBinary::mod),
        Operator.of("Pow", 1, 2, 2, ALIGNED, ElementwiseBinary::pow)
            .with(Operator.Role.CONSTANT, 1),
        Operator.of("PRelu", 1, 2, 2, "", ElementwiseBinary::prelu).with(Operator.Role.WEIGHT, 1));
  }

  private static Operator of(
      String name, BinaryOperator<Tensor> tensors, LongBinaryOperator wholes) {
    return Operator.of(name, 1, 2, 2, ALIGNED, call -> two(call, tensors, wholes));
  }

  private static Operator many(
      String name, BinaryOperator<Tensor> tensors, LongBinaryOperator wholes) {
    return Operator.of(name, 1, 1, Operator.ANY, "", call -> all(call, tensors, wholes));
  }

  /** A function of two inputs: of whole numbers as such, if both are. */
  static Value two(Call call, BinaryOperator<Tensor> tensors, LongBinaryOperator wholes) {
    Value a = call.value(0);
    Value b = aligned(call);
    if (a instanceof Value.Host left && b instanceof Value.Host right) {
      return HostMath.binary(call.node().operator().name(), left, right, left.type(), wholes);
    }
    Tensor y = tensors.apply(call.tensor(0), b.tensor(call.dtype()));
    return call.like(a instanceof Value.Data ? 0 : 1, y);
  }

  /** The second operand, as a shape that broadcasts with the first. */
  static Value aligned(Call call) {
    Value b = call.value(1);
    int rank = call.shape(0).rank();
    if (!call.node().has("axis") || b.shape().rank() == 0) {
      return b;
    }
    int axis = call.axis((int) call.node().whole("axis", 0), Math.max(1, rank));
    int[] dims = Arrays.copyOf(b.shape().toArray(), Math.max(b.shape().rank(), rank - axis));
    Arrays.fill(dims, b.shape().rank(), dims.length, 1);
    return b.moved(x -> Ops.reshape(x, dims));
  }

  private static Value all(Call call, BinaryOperator<Tensor> tensors, LongBinaryOperator wholes) {
    if (call.values().stream().allMatch(Value.Host.class::isInstance)) {
      Value.Host y = (Value.Host) call.value(0);
      for (int i = 1; i < call.count(); i++) {
        Value.Host next = (Value.Host) call.value(i);
        y = HostMath.binary(call.node().operator().name(), y, next, y.type(), wholes);
      }
      return y;
    }
    Tensor y = call.tensor(0);
    for (int i = 1; i < call.count(); i++) {
      y = tensors.apply(y, call.tensor(i));
    }
    return call.like(0, y);
  }

  private static Value mean(Call call) {
    Value sum = all(call, Ops::add, Long::sum);
    return call.like(0, Ops.div(sum.tensor(call.dtype()), call.count()));
  }

  private static long quotient(long a, long b) {
    if (b == 0) {
      throw new IllegalArgumentException("Div: %s / 0, expected another divisor".formatted(a));
    }
    return a / b;
  }

  /** The remainder, with the sign of the divisor, or that of the dividend as in C. */
  private static Value mod(Call call) {
    boolean likeC = call.node().flag("fmod", false);
    if (call.value(0) instanceof Value.Data && !likeC) {
      throw call.refused("fmod is 0 for numbers with a point, expected 1");
    }
    return two(
        call,
        (a, b) -> {
          Tensor q = Ops.div(a, b);
          Tensor whole = Ops.mul(Ops.sign(q), Ops.floor(Ops.abs(q)));
          return Ops.sub(a, Ops.mul(whole, b));
        },
        (a, b) -> {
          if (b == 0) {
            throw call.refused("%s mod 0, expected another divisor".formatted(a));
          }
          return likeC ? a % b : Math.floorMod(a, b);
        });
  }

  private static Value pow(Call call) {
    Value x = call.value(0);
    Value exponent = aligned(call);
    boolean isTracked = exponent instanceof Value.Data data && data.tensor().isTracked();
    boolean isNumber = exponent.shape().size() == 1 && exponent.shape().rank() <= x.shape().rank();
    DType dtype = x instanceof Value.Data data ? data.tensor().dtype() : DType.FLOAT64;
    Tensor base = x.tensor(dtype);
    Tensor y =
        isNumber && !isTracked
            ? Ops.pow(base, exponent.number())
            : Ops.pow(base, exponent.tensor(dtype));
    Value result = new Value.Data(y, x.type());
    return x instanceof Value.Host ? result.host(x.type()) : result;
  }

  /** The catalogue's own function where the slope is one for each channel, or one for all. */
  private static Value prelu(Call call) {
    Tensor x = call.tensor(0);
    Tensor slope = call.tensor(1);
    Shape shape = slope.shape();
    int rank = x.shape().rank();
    if (shape.size() == 1) {
      return call.like(0, Ops.prelu(x, Ops.reshape(slope, 1)));
    }
    boolean byChannel =
        rank >= 2
            && shape.rank() == (call.version() < 7 ? 1 : rank - 1)
            && shape.dim(0) == x.shape().dim(1)
            && shape.size() == shape.dim(0);
    return call.like(
        0,
        byChannel
            ? Ops.prelu(x, Ops.reshape(slope, shape.dim(0)))
            : Ops.where(Ops.greater(x, 0), x, Ops.mul(slope, x)));
  }
}
