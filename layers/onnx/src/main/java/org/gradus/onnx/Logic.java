package org.gradus.onnx;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/** Comparisons, truth values, choices, and bits. Masks of tensors stay tensors. */
final class Logic {
  private Logic() {}

  static List<Operator> operators() {
    return List.of(
        mask("Equal", 1, Ops::equal, (a, b) -> a == b ? 1 : 0),
        mask("Greater", 1, Ops::greater, (a, b) -> a > b ? 1 : 0),
        mask("GreaterOrEqual", 12, Ops::greaterEqual, (a, b) -> a >= b ? 1 : 0),
        mask("Less", 1, Ops::less, (a, b) -> a < b ? 1 : 0),
        mask("LessOrEqual", 12, Ops::lessEqual, (a, b) -> a <= b ? 1 : 0),
        mask("And", 1, Ops::mul, (a, b) -> a & b),
        mask("Or", 1, Ops::maximum, (a, b) -> a | b),
        mask("Xor", 1, Ops::notEqual, (a, b) -> a ^ b),
        Operator.of("Not", 1, 1, 1, "", Logic::not),
        Operator.of("IsNaN", 9, 1, 1, "", Logic::isNaN),
        Operator.of("IsInf", 10, 1, 1, "detect_negative:int detect_positive:int", Logic::isInf),
        Operator.of("Where", 9, 3, 3, "", Logic::where),
        Operator.of("BitShift", 11, 2, 2, "direction:string=LEFT|RIGHT!", Logic::shift),
        bits("BitwiseAnd", (a, b) -> a & b),
        bits("BitwiseOr", (a, b) -> a | b),
        bits("BitwiseXor", (a, b) -> a ^ b),
        Operator.of("BitwiseNot", 18, 1, 1, "", Logic::bitwiseNot));
  }

  private static Operator mask(
      String name, int since, BinaryOperator<Tensor> tensors, LongBinaryOperator wholes) {
    return Operator.of(
        name,
        since,
        2,
        2,
        ElementwiseBinary.ALIGNED,
        call -> {
          Value second = ElementwiseBinary.aligned(call);
          if (call.value(0) instanceof Value.Host a && second instanceof Value.Host b) {
            return HostMath.binary(name, a, b, Element.BOOL, wholes);
          }
          return new Value.Data(
              tensors.apply(call.tensor(0), second.tensor(call.dtype())).detach(), Element.BOOL);
        });
  }

  private static Operator bits(String name, LongBinaryOperator function) {
    return Operator.of(
        name,
        18,
        2,
        2,
        "",
        call ->
            HostMath.binary(name, host(call, 0), host(call, 1), host(call, 0).type(), function));
  }

  private static Value.Host host(Call call, int input) {
    if (call.value(input) instanceof Value.Host host) {
      return host;
    }
    throw call.refused("input %s is no whole numbers".formatted(input));
  }

  private static Value bitwiseNot(Call call) {
    Value.Host x = host(call, 0);
    return HostMath.binary("BitwiseNot", x, Value.Host.of(-1), x.type(), (a, ones) -> a ^ ones);
  }

  private static Value shift(Call call) {
    boolean left = call.node().text("direction", "LEFT").equals("LEFT");
    Value.Host x = host(call, 0);
    return HostMath.binary(
        "BitShift",
        x,
        host(call, 1),
        x.type(),
        (a, by) -> by < 0 || by >= x.type().bits() ? 0 : left ? a << by : a >>> by);
  }

  private static Value not(Call call) {
    if (call.value(0) instanceof Value.Host x) {
      Value.Host one = new Value.Host(Element.BOOL, new long[] {1}, Shape.SCALAR);
      return HostMath.binary("Not", x, one, Element.BOOL, (a, b) -> a ^ b);
    }
    return new Value.Data(Ops.equal(call.tensor(0), 0), Element.BOOL);
  }

  private static Value isNaN(Call call) {
    Tensor x = call.tensor(0).detach();
    return new Value.Data(Ops.notEqual(x, x), Element.BOOL);
  }

  private static Value isInf(Call call) {
    Tensor x = call.tensor(0).detach();
    Tensor below =
        Ops.mul(
            Ops.equal(x, Double.NEGATIVE_INFINITY),
            call.node().flag("detect_negative", true) ? 1 : 0);
    Tensor above =
        Ops.mul(
            Ops.equal(x, Double.POSITIVE_INFINITY),
            call.node().flag("detect_positive", true) ? 1 : 0);
    return new Value.Data(Ops.maximum(below, above), Element.BOOL);
  }

  private static Value where(Call call) {
    Value a = call.value(1);
    Value b = call.value(2);
    if (a instanceof Value.Host first && b instanceof Value.Host second) {
      Value.Host mask = call.value(0).host(Element.BOOL);
      Shape both = Shape.broadcast("Where", first.shape(), second.shape());
      Shape shape = Shape.broadcast("Where", mask.shape(), both);
      long[] chosen = HostMath.broadcast("Where", mask, shape).values();
      long[] left = HostMath.broadcast("Where", first, shape).values();
      long[] right = HostMath.broadcast("Where", second, shape).values();
      long[] values = new long[chosen.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = chosen[i] == 0 ? right[i] : left[i];
      }
      return new Value.Host(first.type(), values, shape);
    }
    DType dtype = call.dtype();
    Tensor y = Ops.where(call.value(0).tensor(dtype), a.tensor(dtype), b.tensor(dtype));
    return new Value.Data(y, a instanceof Value.Data ? a.type() : b.type());
  }
}
