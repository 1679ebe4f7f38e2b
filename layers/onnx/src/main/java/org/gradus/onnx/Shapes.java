package org.gradus.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/** The same elements in other shapes and orders, and shapes as numbers. */
final class Shapes {
  private Shapes() {}

  static List<Operator> operators() {
    return List.of(
        Operator.of("Shape", 1, 1, 1, "start:int@15- end:int@15-", Shapes::shape),
        Operator.of("Size", 1, 1, 1, "", Shapes::size),
        Operator.of("Reshape", 1, 2, 2, "allowzero:int@14-", Shapes::reshape),
        Operator.of("Flatten", 1, 1, 1, "axis:int", Shapes::flatten),
        Operator.of("Squeeze", 1, 1, 2, "axes:ints@-12", Shapes::squeeze),
        Operator.of("Unsqueeze", 1, 1, 2, "axes:ints@-12!", Shapes::unsqueeze),
        Operator.of("Transpose", 1, 1, 1, "perm:ints", Shapes::transpose),
        Operator.of("Concat", 1, 1, Operator.ANY, "axis:int!", Shapes::concat),
        Operator.many(
            "Split",
            1,
            1,
            2,
            Operator.ANY,
            "split:ints@-12 axis:int num_outputs:int@18-",
            Shapes::split),
        Operator.of("Expand", 8, 2, 2, "", Shapes::expand),
        Operator.of("Tile", 1, 2, 2, "", Shapes::tile),
        Operator.of(
            "DepthToSpace",
            1,
            1,
            1,
            "blocksize:int! mode:string=DCR|CRD@11-",
            Shapes::depthToSpace),
        Operator.of("SpaceToDepth", 1, 1, 1, "blocksize:int!", Shapes::spaceToDepth));
  }

  // ---- shapes as numbers -----------------------------------------------------------------------

  private static Value shape(Call call) {
    int[] dims = call.shape(0).toArray();
    int start = bounded(call.node().whole("start", 0), dims.length);
    int end = bounded(call.node().whole("end", dims.length), dims.length);
    return Value.Host.of(Arrays.stream(dims, Math.min(start, end), end).asLongStream().toArray());
  }

  private static int bounded(long axis, int rank) {
    return (int) Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
  }

  private static Value size(Call call) {
    return new Value.Host(Element.INT64, new long[] {call.shape(0).size()}, Shape.SCALAR);
  }

  // ---- the same order --------------------------------------------------------------------------

  private static Value reshape(Call call) {
    int[] dims = call.ints(1);
    boolean keepsZero = call.node().flag("allowzero", false);
    Shape shape = call.shape(0);
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 0 && !keepsZero) {
        if (i >= shape.rank()) {
          throw call.refused(
              "shape %s copies axis %s of %s, which it does not have"
                  .formatted(Arrays.toString(dims), i, shape));
        }
        dims[i] = shape.dim(i);
      }
    }
    return call.moved(x -> Ops.reshape(x, dims));
  }

  private static Value flatten(Call call) {
    Shape shape = call.shape(0);
    int given = (int) call.node().whole("axis", 1);
    int axis = given == shape.rank() ? given : call.axis(given, Math.max(1, shape.rank()));
    return call.moved(x -> Ops.reshape(x, shape.size(0, axis), shape.size(axis, shape.rank())));
  }

  private static Value squeeze(Call call) {
    Optional<int[]> axes = call.list("axes", 1);
    Shape shape = call.shape(0);
    List<Integer> left = new ArrayList<>();
    boolean[] gone = new boolean[shape.rank()];
    for (int axis : axes.orElse(new int[0])) {
      int place = call.axis(axis, shape.rank());
      if (shape.dim(place) != 1) {
        throw call.refused(
            "axis %s of %s has extent %s, expected 1".formatted(axis, shape, shape.dim(place)));
      }
      gone[place] = true;
    }
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (!(axes.isEmpty() ? shape.dim(axis) == 1 : gone[axis])) {
        left.add(shape.dim(axis));
      }
    }
    int[] dims = left.stream().mapToInt(Integer::intValue).toArray();
    return call.moved(x -> Ops.reshape(x, dims));
  }

  private static Value unsqueeze(Call call) {
    int[] axes =
        call.list("axes", 1).orElseThrow(() -> call.refused("axes are left out, expected some"));
    Shape shape = call.shape(0);
    int rank = shape.rank() + axes.length;
    boolean[] isNew = new boolean[rank];
    for (int axis : axes) {
      int place = call.axis(axis, rank);
      if (isNew[place]) {
        throw call.refused("axis %s is there twice, expected once".formatted(place));
      }
      isNew[place] = true;
    }
    int[] dims = new int[rank];
    int from = 0;
    for (int axis = 0; axis < rank; axis++) {
      dims[axis] = isNew[axis] ? 1 : shape.dim(from++);
    }
    return call.moved(x -> Ops.reshape(x, dims));
  }

  /** Extents without that of an axis. */
  static int[] without(int[] dims, int axis) {
    return IntStream.range(0, dims.length).filter(i -> i != axis).map(i -> dims[i]).toArray();
  }

  // ---- other orders ----------------------------------------------------------------------------

  private static Value transpose(Call call) {
    int rank = call.shape(0).rank();
    long[] given = call.node().wholes("perm");
    int[] order =
        given == null
            ? IntStream.range(0, rank).map(i -> rank - 1 - i).toArray()
            : Call.ints(given);
    return rank == 0 ? call.value(0) : call.moved(x -> Ops.permute(x, order));
  }

  private static Value concat(Call call) {
    List<Value> all = call.values();
    int rank = all.get(0).shape().rank();
    int axis = call.axis((int) call.node().whole("axis", 0), rank);
    long[] dims = Arrays.stream(all.get(0).shape().toArray()).asLongStream().toArray();
    for (Value next : all.subList(1, all.size())) {
      dims[axis] += next.shape().rank() == rank ? next.shape().dim(axis) : 0;
    }
    call.made(dims);
    boolean isHost = all.stream().allMatch(Value.Host.class::isInstance);
    DType dtype = isHost ? DType.FLOAT64 : call.dtype();
    Tensor y =
        Ops.concat(axis, all.stream().map(value -> value.tensor(dtype)).toArray(Tensor[]::new));
    Value joined = new Value.Data(y, all.get(0).type());
    return isHost ? joined.host(all.get(0).type()) : joined;
  }

  private static List<Value> split(Call call) {
    Shape shape = call.shape(0);
    int axis = call.axis((int) call.node().whole("axis", 0), shape.rank());
    int extent = shape.dim(axis);
    int[] parts = call.list("split", 1).orElseGet(() -> equal(call, extent));
    long sum = 0;
    for (int part : parts) {
      sum += part;
    }
    if (sum != extent || Arrays.stream(parts).anyMatch(part -> part < 0)) {
      throw call.refused(
          "parts %s, expected a sum of %s, the extent of axis %s"
              .formatted(Arrays.toString(parts), extent, axis));
    }
    List<Value> values = new ArrayList<>();
    int from = 0;
    for (int part : parts) {
      int start = from;
      values.add(call.moved(x -> Ops.slice(x, axis, start, start + part)));
      from += part;
    }
    return values;
  }

  private static int[] equal(Call call, int extent) {
    int count = (int) call.node().whole("num_outputs", call.node().outputs().size());
    if (count < 1) {
      throw call.refused("%s parts, expected at least 1".formatted(count));
    }
    int size = (extent + count - 1) / count;
    if (!call.node().has("num_outputs") && extent % count != 0) {
      throw call.refused("%s elements, expected a multiple of %s".formatted(extent, count));
    }
    return IntStream.range(0, count)
        .map(i -> Math.max(0, Math.min(size, extent - i * size)))
        .toArray();
  }

  private static Value expand(Call call) {
    Shape wanted = call.made(call.wholes(1));
    Shape shape = Shape.broadcast("Expand", call.shape(0), wanted);
    return call.moved(x -> Ops.broadcastTo(x, shape));
  }

  private static Value tile(Call call) {
    long[] times = call.wholes(1);
    Shape shape = call.shape(0);
    if (times.length != shape.rank()) {
      throw call.refused(
          "%s repetitions of %s, expected %s".formatted(times.length, shape, shape.rank()));
    }
    long[] dims = times.clone();
    for (int i = 0; i < dims.length; i++) {
      dims[i] = Math.min(times[i], Integer.MAX_VALUE) * shape.dim(i);
    }
    call.made(dims);
    return call.moved(x -> Ops.tile(x, Call.ints(times)));
  }

  // ---- channels and pixels ---------------------------------------------------------------------

  private static Value depthToSpace(Call call) {
    int block = block(call);
    boolean channelsFirst = call.node().text("mode", "DCR").equals("CRD");
    if (channelsFirst) {
      return call.moved(x -> Ops.depthToSpace(x, block));
    }
    Shape shape = images(call);
    int n = shape.dim(0);
    int c = shape.dim(1) / (block * block);
    int h = shape.dim(2);
    int w = shape.dim(3);
    return call.moved(
        x ->
            Ops.reshape(
                Ops.permute(Ops.reshape(x, n, block, block, c, h, w), 0, 3, 4, 1, 5, 2),
                n,
                c,
                h * block,
                w * block));
  }

  private static Value spaceToDepth(Call call) {
    int block = block(call);
    Shape shape = images(call);
    int n = shape.dim(0);
    int c = shape.dim(1);
    int h = shape.dim(2) / block;
    int w = shape.dim(3) / block;
    return call.moved(
        x ->
            Ops.reshape(
                Ops.permute(Ops.reshape(x, n, c, h, block, w, block), 0, 3, 5, 1, 2, 4),
                n,
                c * block * block,
                h,
                w));
  }

  private static int block(Call call) {
    return call.node().whole("blocksize", 1, 1, 1 << 15);
  }

  private static Shape images(Call call) {
    if (call.shape(0).rank() != 4) {
      throw call.refused("input %s, expected rank 4".formatted(call.shape(0)));
    }
    return call.shape(0);
  }
}
