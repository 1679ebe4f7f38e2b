package org.gradus.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/** Parts of tensors, by position. */
final class Indexing {
  private Indexing() {}

  static List<Operator> operators() {
    return List.of(
        Operator.of("Gather", 1, 2, 2, "axis:int", Indexing::gather),
        Operator.of("GatherElements", 11, 2, 2, "axis:int", Indexing::gatherElements),
        Operator.of("GatherND", 11, 2, 2, "batch_dims:int@12-", Indexing::gatherNd),
        Operator.of(
            "Slice", 1, 1, 5, "starts:ints@-9! ends:ints@-9! axes:ints@-9", Indexing::slice),
        Operator.of("Compress", 9, 2, 2, "axis:int", Indexing::compress),
        Operator.of("NonZero", 9, 1, 1, "", Indexing::nonZero),
        Operator.of(
            "ReverseSequence", 10, 2, 2, "batch_axis:int time_axis:int", Indexing::reverse));
  }

  private static Value gather(Call call) {
    Shape shape = call.shape(0);
    int axis = call.axis((int) call.node().whole("axis", 0), shape.rank());
    Indices index = call.value(1).host(Element.INT64).on(shape.dim(axis));
    return call.moved(x -> Ops.take(x, axis, index));
  }

  private static Value gatherElements(Call call) {
    Shape shape = call.shape(0);
    int axis = call.axis((int) call.node().whole("axis", 0), shape.rank());
    Indices index = call.value(1).host(Element.INT64).on(shape.dim(axis));
    if (index.shape().equals(shape.with(axis, index.shape().dim(axis)))) {
      return call.moved(x -> Ops.gather(x, axis, index));
    }
    int[] flat = flat(call, shape, axis, index);
    int[] dims = index.shape().toArray();
    return call.moved(x -> Ops.take(Ops.reshape(x, shape.size()), 0, Indices.of(flat, dims)));
  }

  /** For each index along an axis, the number of the element of a shape that it says. */
  static int[] flat(Call call, Shape shape, int axis, Indices index) {
    Shape by = index.shape();
    if (by.rank() != shape.rank()) {
      throw call.refused("indices %s for %s, expected the same rank".formatted(by, shape));
    }
    for (int i = 0; i < by.rank(); i++) {
      if (i != axis && by.dim(i) > shape.dim(i)) {
        throw call.refused("indices %s for %s, expected no larger ones".formatted(by, shape));
      }
    }
    int[] flat = new int[by.size()];
    int period = flat.length;
    int width = shape.size();
    for (int i = 0; i < by.rank() && flat.length > 0; i++) {
      period /= by.dim(i);
      width /= shape.dim(i);
      for (int k = 0; k < flat.length; k++) {
        flat[k] += (i == axis ? index.at(k) : k / period % by.dim(i)) * width;
      }
    }
    return flat;
  }

  private static Value gatherNd(Call call) {
    Shape shape = call.shape(0);
    Shape by = call.shape(1);
    int batch = (int) call.node().whole("batch_dims", 0);
    if (by.rank() < 1 || batch < 0 || batch >= by.rank() || batch >= shape.rank()) {
      throw call.refused("indices %s for %s with %s batch axes".formatted(by, shape, batch));
    }
    int depth = by.dim(-1);
    if (depth < 1 || batch + depth > shape.rank()) {
      throw call.refused("indices of %s numbers for %s".formatted(depth, shape));
    }
    int blocks = shape.size(batch, batch + depth);
    int[] rows = rows(call, shape, batch, depth);
    int each = by.size(batch, by.rank() - 1);
    for (int i = 0; i < rows.length; i++) {
      rows[i] += i / Math.max(1, each) * blocks;
    }
    int[] dims = Arrays.copyOf(by.toArray(), by.rank() - 1);
    int[] inner = Arrays.copyOfRange(shape.toArray(), batch + depth, shape.rank());
    int[] result = IntStream.concat(Arrays.stream(dims), Arrays.stream(inner)).toArray();
    int size = Shape.of(inner).size();
    int count = shape.size(0, batch + depth);
    return call.moved(
        x ->
            Ops.reshape(
                Ops.take(Ops.reshape(x, count, size), 0, Indices.of(rows, rows.length)), result));
  }

  /** For each list of indices, that are input 1, the number of the block that it says. */
  static int[] rows(Call call, Shape shape, int from, int depth) {
    long[] indices = call.wholes(1);
    int[] rows = new int[indices.length / depth];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < depth; k++) {
        int extent = shape.dim(from + k);
        rows[i] = rows[i] * extent + Value.Host.place(indices[i * depth + k], extent);
      }
    }
    return rows;
  }

  // ---- ranges ----------------------------------------------------------------------------------

  private static Value slice(Call call) {
    int[] starts = call.list("starts", 1).orElseThrow(() -> call.refused("starts are left out"));
    int[] ends = call.list("ends", 2).orElseThrow(() -> call.refused("ends are left out"));
    int[] axes = call.list("axes", 3).orElseGet(() -> IntStream.range(0, starts.length).toArray());
    int[] steps = call.has(4) ? call.ints(4) : new int[axes.length];
    if (!call.has(4)) {
      Arrays.fill(steps, 1);
    }
    if (starts.length != ends.length
        || starts.length != axes.length
        || starts.length != steps.length) {
      throw call.refused(
          "%s starts, %s ends, %s axes and %s steps, expected as many of each"
              .formatted(starts.length, ends.length, axes.length, steps.length));
    }
    return call.moved(
        x -> {
          int rank = x.shape().rank();
          int[] reversed =
              IntStream.range(0, axes.length)
                  .filter(i -> steps[i] < 0)
                  .map(i -> call.axis(axes[i], rank))
                  .toArray();
          Tensor y = reversed.length == 0 ? x : Ops.flip(x, reversed);
          for (int i = 0; i < axes.length; i++) {
            int axis = call.axis(axes[i], rank);
            y = part(call, y, axis, starts[i], ends[i], steps[i]);
          }
          return y;
        });
  }

  /**
   * A part along an axis, which is reversed already if the step is negative. Places beyond an end
   * are at it.
   */
  private static Tensor part(Call call, Tensor x, int axis, int start, int end, int step) {
    int extent = x.shape().dim(axis);
    if (step == 0) {
      throw call.refused("step 0, expected another number");
    }
    long from = start < 0 ? (long) start + extent : start;
    long to = end < 0 ? (long) end + extent : end;
    if (step < 0) {
      from = extent - 1 - Math.min(extent - 1L, Math.max(0, from));
      to = extent - 1 - Math.max(-1, Math.min(extent - 1L, to));
    }
    from = Math.max(0, Math.min(extent, from));
    to = Math.max(from, Math.min(extent, to));
    int stride = step == Integer.MIN_VALUE ? Integer.MAX_VALUE : Math.abs(step);
    return from == 0 && to == extent && stride == 1
        ? x
        : Ops.slice(x, axis, (int) from, (int) to, stride);
  }

  private static Value compress(Call call) {
    long[] chosen = call.wholes(1);
    boolean isFlat = !call.node().has("axis");
    Shape shape = call.shape(0);
    int axis = isFlat ? 0 : call.axis((int) call.node().whole("axis", 0), shape.rank());
    int extent = isFlat ? shape.size() : shape.dim(axis);
    if (chosen.length > extent) {
      throw call.refused(
          "%s choices of %s elements, expected no more".formatted(chosen.length, extent));
    }
    int[] places = IntStream.range(0, chosen.length).filter(i -> chosen[i] != 0).toArray();
    return call.moved(
        x ->
            Ops.take(isFlat ? Ops.reshape(x, extent) : x, axis, Indices.of(places, places.length)));
  }

  private static Value nonZero(Call call) {
    Shape shape = call.shape(0);
    NdArray x = call.value(0).tensor(org.gradus.autograd.array.DType.FLOAT64).value();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < x.size(); i++) {
      if (x.at(i) != 0) {
        places.add(i);
      }
    }
    int rank = Math.max(1, shape.rank());
    long[] indices = new long[rank * places.size()];
    for (int axis = 0; axis < shape.rank(); axis++) {
      int inner = shape.size(axis + 1, shape.rank());
      for (int i = 0; i < places.size(); i++) {
        indices[axis * places.size() + i] = places.get(i) / inner % shape.dim(axis);
      }
    }
    return new Value.Host(Element.INT64, indices, Shape.of(rank, places.size()));
  }

  private static Value reverse(Call call) {
    int batchAxis = call.node().whole("batch_axis", 1, 0, 1);
    int timeAxis = call.node().whole("time_axis", 0, 0, 1);
    Shape shape = call.shape(0);
    int[] lengths = call.ints(1);
    if (batchAxis == timeAxis || shape.rank() < 2 || lengths.length != shape.dim(batchAxis)) {
      throw call.refused(
          "%s lengths for %s with batch axis %s and time axis %s"
              .formatted(lengths.length, shape, batchAxis, timeAxis));
    }
    int inner = shape.size(2, shape.rank());
    int steps = shape.dim(timeAxis);
    int[] rows = new int[shape.dim(0) * shape.dim(1)];
    for (int i = 0; i < rows.length; i++) {
      int[] at = {i / shape.dim(1), i % shape.dim(1)};
      int length = lengths[at[batchAxis]];
      if (length < 0 || length > steps) {
        throw call.refused("length %s, expected 0 to %s".formatted(length, steps));
      }
      if (at[timeAxis] < length) {
        at[timeAxis] = length - 1 - at[timeAxis];
      }
      rows[i] = at[0] * shape.dim(1) + at[1];
    }
    return call.moved(
        x ->
            Ops.reshape(
                Ops.take(Ops.reshape(x, rows.length, inner), 0, Indices.of(rows, rows.length)),
                shape.toArray()));
  }
}
