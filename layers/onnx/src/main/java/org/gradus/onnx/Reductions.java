package org.gradus.onnx;

import static org.gradus.autograd.ops.Axes.axes;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Axes;
import org.gradus.autograd.ops.Ops;

/** What makes one number of many, and what runs along an axis. */
final class Reductions {
  private Reductions() {}

  static List<Operator> operators() {
    return List.of(
        of("ReduceSum", Ops::sum),
        of("ReduceMean", Ops::mean),
        of("ReduceMax", Ops::max),
        of("ReduceMin", Ops::min),
        of("ReduceProd", Ops::prod),
        of("ReduceL1", (x, over) -> Ops.sum(Ops.abs(x), over)),
        of("ReduceL2", Ops::norm),
        of("ReduceLogSum", (x, over) -> Ops.log(Ops.sum(x, over))),
        of("ReduceLogSumExp", Ops::logSumExp),
        of("ReduceSumSquare", (x, over) -> Ops.sum(Ops.square(x), over)),
        extreme("ArgMax", 1),
        extreme("ArgMin", -1),
        Operator.many(
            "TopK",
            1,
            1,
            2,
            2,
            "axis:int k:int@-9! largest:int@11- sorted:int@11-",
            Reductions::topK),
        Operator.of("CumSum", 11, 2, 2, "exclusive:int reverse:int", Reductions::cumSum),
        Operator.of("Hardmax", 1, 1, 1, "axis:int", Reductions::hardmax));
  }

  private static Operator of(String name, BiFunction<Tensor, Axes, Tensor> function) {
    int change = name.equals("ReduceSum") ? 13 : 18;
    String rules =
        "keepdims:int axes:ints@-%s noop_with_empty_axes:int@%s-".formatted(change - 1, change);
    return Operator.of(name, 1, 1, 2, rules, call -> reduced(call, function))
        .with(Operator.Role.CONSTANT, 1);
  }

  private static Value reduced(Call call, BiFunction<Tensor, Axes, Tensor> function) {
    Optional<int[]> given = call.list("axes", 1);
    boolean isNone = given.isEmpty() || given.orElseThrow().length == 0;
    if (isNone && call.node().flag("noop_with_empty_axes", false)) {
      String name = call.node().operator().name();
      if (List.of("ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceSumSquare").contains(name)) {
        throw call.refused("noop_with_empty_axes is 1, expected 0, or axes");
      }
      return call.value(0);
    }
    Axes over = axes(isNone ? new int[0] : given.orElseThrow());
    if (call.shape(0).rank() == 0) {
      over = axes();
    }
    Axes all = call.node().flag("keepdims", true) ? over.keepDims() : over;
    return call.moved(x -> function.apply(x, all));
  }

  // ---- places ----------------------------------------------------------------------------------

  private static Operator extreme(String name, int sign) {
    return Operator.of(
        name,
        1,
        1,
        1,
        "axis:int keepdims:int select_last_index:int@12-",
        call -> extreme(call, sign));
  }

  private static Value extreme(Call call, int sign) {
    Shape shape = call.shape(0);
    int axis = call.axis((int) call.node().whole("axis", 0), shape.rank());
    boolean last = call.node().flag("select_last_index", false);
    NdArray x = call.value(0).tensor(wide(call.value(0))).value();
    int extent = shape.dim(axis);
    if (extent == 0) {
      throw call.refused("axis %s of %s is empty".formatted(axis, shape));
    }
    int inner = shape.size(axis + 1, shape.rank());
    long[] places = new long[shape.size() / extent];
    for (int i = 0; i < places.length; i++) {
      int start = i / inner * inner * extent + i % inner;
      for (int k = 1; k < extent; k++) {
        double best = sign * x.at(start + (int) places[i] * inner);
        double next = sign * x.at(start + k * inner);
        if (next > best || (last && next == best) || (Double.isNaN(next) && !Double.isNaN(best))) {
          places[i] = k;
        }
      }
    }
    Shape kept = shape.with(axis, 1);
    int[] dims = kept.toArray();
    if (!call.node().flag("keepdims", true)) {
      dims = Shapes.without(dims, axis);
    }
    return new Value.Host(Element.INT64, places, Shape.of(dims));
  }

  /** The type in which the numbers are exact. */
  private static DType wide(Value value) {
    return value instanceof Value.Data data ? data.tensor().dtype() : DType.FLOAT64;
  }

  private static List<Value> topK(Call call) {
    Value x = call.value(0);
    int axis = call.axis((int) call.node().whole("axis", -1), x.shape().rank());
    long k = call.has(1) ? call.whole(1) : call.node().whole("k", 1);
    if (k < 0 || k > x.shape().dim(axis)) {
      throw call.refused("k is %s, expected 0 to %s".formatted(k, x.shape().dim(axis)));
    }
    Tensor numbers = x.tensor(wide(x));
    Indices places =
        Ops.argTopK(call.node().flag("largest", true) ? numbers : Ops.neg(numbers), axis, (int) k);
    long[] indices = new long[places.size()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = places.at(i);
    }
    return List.of(
        x.moved(t -> Ops.gather(t, axis, places)),
        new Value.Host(Element.INT64, indices, places.shape()));
  }

  // ---- along an axis ---------------------------------------------------------------------------

  private static Value cumSum(Call call) {
    int axis = call.axis((int) call.whole(1), call.shape(0).rank());
    boolean exclusive = call.node().flag("exclusive", false);
    boolean reverse = call.node().flag("reverse", false);
    return call.moved(
        x -> {
          Tensor along = reverse ? Ops.flip(x, axis) : x;
          Tensor sums = Ops.cumSum(exclusive ? shifted(along, axis) : along, axis);
          return reverse ? Ops.flip(sums, axis) : sums;
        });
  }

  /** A zero first, and the last element dropped. */
  private static Tensor shifted(Tensor x, int axis) {
    int extent = x.shape().dim(axis);
    if (extent == 0) {
      return x;
    }
    int[] before = new int[x.shape().rank()];
    before[axis] = 1;
    return Ops.pad(Ops.slice(x, axis, 0, extent - 1), before, new int[before.length], 0);
  }

  private static Value hardmax(Call call) {
    Shape shape = call.shape(0);
    boolean isOld = call.version() < 13;
    int axis = call.axis((int) call.node().whole("axis", isOld ? 1 : -1), shape.rank());
    return call.moved(
        x -> {
          Tensor lines =
              isOld ? Ops.reshape(x, shape.size(0, axis), shape.size(axis, shape.rank())) : x;
          int along = isOld ? 1 : axis;
          Indices largest = Ops.argTopK(lines, along, 1);
          Tensor ones = Tensor.constant(NdArray.full(x.dtype(), largest.shape(), 1));
          Tensor y = Ops.scatterAdd(ones, along, largest, lines.shape().dim(along));
          return Ops.reshape(y, shape.toArray());
        });
  }
}
