package org.gradus.onnx;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/** Changes of the element type, and what only sometimes changes anything. */
final class Casting {
  private Casting() {}

  static List<Operator> operators() {
    return List.of(
        Operator.of(
                "Cast",
                1,
                1,
                1,
                "to:int! saturate:int@19-",
                call -> cast(call, target(call.node())))
            .checked(Casting::target),
        Operator.of(
            "CastLike", 15, 2, 2, "saturate:int@19-", call -> cast(call, call.value(1).type())),
        Operator.of("Identity", 1, 1, 1, "", call -> call.value(0)),
        Operator.many(
                "Dropout",
                1,
                1,
                3,
                2,
                "ratio:float@-11 seed:int@12- is_test:int@-6",
                Casting::dropout)
            .with(Operator.Role.CONSTANT, 1, 2));
  }

  private static Element target(Node node) {
    long to = node.whole("to", 0);
    return Element.of((int) to)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "attribute to is %s, expected numbers or truth values"
                        .formatted(Element.name((int) to))));
  }

  private static Value cast(Call call, Element to) {
    Value x = call.value(0);
    if (to.isFloating()) {
      DType dtype = to.dtype(call.scope().dtype());
      Tensor y =
          x instanceof Value.Data data
                  && dtype == call.scope().dtype()
                  && data.type() != Element.DOUBLE
              ? data.tensor()
              : x.tensor(dtype);
      return new Value.Data(rounded(y, to), to);
    }
    if (to == Element.BOOL && x instanceof Value.Data data) {
      return new Value.Data(Ops.notEqual(data.tensor(), 0).detach(), Element.BOOL);
    }
    return x.host(to);
  }

  /** To 16 bits, which are computed with as 32; the gradient is that of no rounding. */
  private static Tensor rounded(Tensor x, Element to) {
    if (to != Element.FLOAT16 && to != Element.BFLOAT16) {
      return x;
    }
    NdArray value = x.value();
    NdArray rounded = value.map(to == Element.FLOAT16 ? Half::round : Half::roundUpper);
    if (!x.isTracked()) {
      return Tensor.constant(rounded);
    }
    NdArray change = rounded.zip(value, (a, b) -> a == b ? 0 : a - b);
    return Ops.add(x, Tensor.constant(change));
  }

  /** Drops in a pass of training, whatever the model says of training. */
  private static List<Value> dropout(Call call) {
    Value x = call.value(0);
    double ratio = call.number(1, call.node().number("ratio", 0.5));
    Shape shape = x.shape();
    if (!call.pass().isTraining() || ratio == 0) {
      if (call.wants(1)) {
        return List.of(x, new Value.Data(ones(call, shape), Element.BOOL));
      }
      return List.of(x);
    }
    long seed = call.pass().random().nextLong();
    Value y = call.like(0, Ops.dropout(call.tensor(0), ratio, seed));
    if (!call.wants(1)) {
      return List.of(y);
    }
    Tensor kept = Ops.notEqual(Ops.dropout(ones(call, shape), ratio, seed), 0);
    return List.of(y, new Value.Data(kept, Element.BOOL));
  }

  private static Tensor ones(Call call, Shape shape) {
    return Tensor.constant(NdArray.full(call.dtype(), shape, 1));
  }
}
