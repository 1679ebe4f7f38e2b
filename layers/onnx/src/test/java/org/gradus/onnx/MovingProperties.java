package org.gradus.onnx;

import static org.gradus.onnx.Judge.check;
import static org.gradus.onnx.Judge.draw;
import static org.gradus.onnx.Judge.drawWithin;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.gradus.autograd.array.NdArray;

/** Parts, orders and reductions of any attributes, as ONNX Runtime computes them. */
class MovingProperties {
  private final Random random = new Random();

  private int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  private static Object[] objects(int[] dims) {
    return Arrays.stream(dims).boxed().toArray();
  }

  private int[] shape(long seed, int least, int most) {
    random.setSeed(seed);
    return random.ints(between(least, most), 1, 5).toArray();
  }

  private long[] indices(int count, int extent) {
    return random.longs(count, -extent, extent).toArray();
  }

  private static TestModel model(int version, int[] x) {
    return new TestModel(version).input("x", objects(x)).outputs("y");
  }

  @Property(tries = 80)
  void slices(@ForAll long seed) {
    int[] x = shape(seed, 1, 3);
    int count = between(1, x.length);
    long[] starts = random.longs(count, -6, 6).toArray();
    long[] ends = random.longs(count, -6, 6).toArray();
    long[] steps = random.longs(count, 1, 3).map(s -> random.nextBoolean() ? s : -s).toArray();
    if (random.nextBoolean()) {
      ends[0] = steps[0] > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
    long[] axes = IntStream.range(0, count).asLongStream().map(a -> a - x.length).toArray();
    TestModel model = model(13, x);
    model.initializer("starts", starts).initializer("ends", ends);
    model.initializer("axes", axes).initializer("steps", steps);
    check(model.node("Slice", "x starts ends axes steps", "y"), Map.of("x", draw(seed, x)));
  }

  @Property(tries = 40)
  void gatheredParts(@ForAll long seed) {
    int[] x = shape(seed, 1, 3);
    int axis = between(0, x.length - 1);
    TestModel model = model(13, x).initializer("index", indices(between(1, 5), x[axis]));
    check(model.node("Gather", "x index", "y", "axis", axis), Map.of("x", draw(seed, x)));
  }

  @Property(tries = 40)
  void gatheredElements(@ForAll long seed) {
    int[] x = shape(seed, 1, 3);
    int axis = between(0, x.length - 1);
    int[] by = Arrays.stream(x).map(extent -> between(1, extent)).toArray();
    by[axis] = between(1, 4);
    int count = Arrays.stream(by).reduce(1, (a, b) -> a * b);
    TestModel model = model(13, x);
    model
        .initializer("flat", indices(count, x[axis]))
        .initializer("shape", Arrays.stream(by).asLongStream().toArray())
        .node("Reshape", "flat shape", "index");
    check(model.node("GatherElements", "x index", "y", "axis", axis), Map.of("x", draw(seed, x)));
  }

  @Property(tries = 60)
  void scatteredElements(@ForAll long seed) {
    int[] x = shape(seed, 1, 3);
    int axis = between(0, x.length - 1);
    int[] by = Arrays.stream(x).map(extent -> between(1, extent)).toArray();
    int count = Arrays.stream(by).reduce(1, (a, b) -> a * b);
    String reduction = List.of("none", "add", "mul", "max", "min").get(between(0, 4));
    long[] index =
        reduction.equals("none") // of two in one place, which one wins is not said
            ? new long[count]
            : indices(count, x[axis]);
    if (reduction.equals("none")) {
      by[axis] = 1;
      count = Arrays.stream(by).reduce(1, (a, b) -> a * b);
      index = indices(count, x[axis]);
    }
    TestModel model = model(18, x).input("u", objects(by));
    model
        .initializer("flat", index)
        .initializer("shape", Arrays.stream(by).asLongStream().toArray())
        .node("Reshape", "flat shape", "index");
    check(
        model.node("ScatterElements", "x index u", "y", "axis", axis, "reduction", reduction),
        Map.of("x", draw(seed, x), "u", draw(seed + 1, by)));
  }

  @Property(tries = 40)
  void scatteredBlocks(@ForAll long seed) {
    int[] x = shape(seed, 2, 3);
    String reduction = List.of("add", "mul", "max", "min").get(between(0, 3));
    int count = between(1, 4);
    int[] u = x.clone();
    u[0] = count;
    TestModel model = model(18, x).input("u", objects(u));
    model
        .initializer("flat", indices(count, x[0]))
        .initializer("shape", count, 1)
        .node("Reshape", "flat shape", "index");
    check(
        model.node("ScatterND", "x index u", "y", "reduction", reduction),
        Map.of("x", draw(seed, x), "u", draw(seed + 1, u)));
  }

  @Property(tries = 40)
  void orders(@ForAll long seed) {
    int[] x = shape(seed, 2, 4);
    List<Integer> order = new java.util.ArrayList<>(IntStream.range(0, x.length).boxed().toList());
    java.util.Collections.shuffle(order, random);
    int[] perm = order.stream().mapToInt(Integer::intValue).toArray();
    TestModel model = model(13, x).initializer("shape", 0, -1).initializer("axes", 0, -1);
    check(
        model
            .node("Transpose", "x", "t", "perm", perm)
            .node("Transpose", "t", "back")
            .node("Unsqueeze", "back axes", "more")
            .node("Squeeze", "more axes", "less")
            .node("Reshape", "less shape", "flat")
            .node("Flatten", "flat", "y", "axis", 2),
        Map.of("x", draw(seed, x)));
  }

  @Property(tries = 80)
  void reductions(@ForAll long seed) {
    int[] x = shape(seed, 1, 4);
    List<String> names =
        List.of(
            "Sum", "Mean", "Max", "Min", "Prod", "L1", "L2", "LogSum", "LogSumExp", "SumSquare");
    String operator = "Reduce" + names.get(between(0, names.size() - 1));
    TestModel model = model(18, x);
    String inputs = "x";
    if (random.nextBoolean()) {
      inputs = "x axes";
      model.initializer("axes", indices(1, x.length));
    }
    check(
        model.node(operator, inputs, "y", "keepdims", between(0, 1)),
        Map.of("x", drawWithin(seed, 0.1, 2, x)));
  }

  @Property(tries = 60)
  void alongAnAxis(@ForAll long seed) {
    int[] x = shape(seed, 1, 3);
    int axis = between(-x.length, x.length - 1);
    int extent = x[axis < 0 ? axis + x.length : axis];
    TestModel model = new TestModel(13).input("x", objects(x));
    model.initializer("k", between(1, extent)).initializer("axis", new long[] {axis});
    check(
        model
            .node("TopK", "x k", "values places", "axis", axis, "largest", between(0, 1))
            .node("ArgMax", "x", "most", "axis", axis, "select_last_index", between(0, 1))
            .node("ArgMin", "x", "least", "axis", axis, "keepdims", 0)
            .node("CumSum", "x axis", "sums", "reverse", between(0, 1), "exclusive", between(0, 1))
            .node("Softmax", "x", "soft", "axis", axis)
            .node("LogSoftmax", "x", "log", "axis", axis)
            .node("Hardmax", "x", "hard", "axis", axis)
            .node("LpNormalization", "x", "unit", "axis", axis, "p", between(1, 2))
            .outputs("values", "places", "most", "least", "sums", "soft", "log", "hard", "unit"),
        Map.of("x", draw(seed, x)));
  }

  @Property(tries = 30)
  void linesOfOldVersions(@ForAll long seed) {
    int[] x = shape(seed, 2, 4);
    int axis = between(0, x.length - 1);
    TestModel model = new TestModel(11).input("x", objects(x));
    check(
        model
            .node("Softmax", "x", "soft", "axis", axis)
            .node("LogSoftmax", "x", "log", "axis", axis)
            .node("Hardmax", "x", "hard", "axis", axis)
            .outputs("soft", "log", "hard"),
        Map.of("x", draw(seed, x)));
  }

  @Property(tries = 30)
  void repeatedAndJoined(@ForAll long seed) {
    int[] x = shape(seed, 2, 3);
    int axis = between(-x.length, x.length - 1);
    long[] times = random.longs(x.length, 1, 3).toArray();
    long[] wide = Arrays.stream(x).asLongStream().toArray();
    TestModel model = new TestModel(18).input("x", objects(x));
    model
        .initializer("times", times)
        .initializer("one", 1)
        .node("Tile", "x times", "tiles")
        .node("Concat", "x x x", "joined", "axis", axis)
        .node("Split", "joined", "a b", "axis", axis, "num_outputs", 2)
        .node("Unsqueeze", "x one", "column")
        .initializer("wide", LongArrays.inserted(wide, 1, 3))
        .node("Expand", "column wide", "large")
        .outputs("tiles", "joined", "a", "b", "large");
    check(model, Map.of("x", draw(seed, x)));
  }

  /** Lists of numbers. */
  private static final class LongArrays {
    static long[] inserted(long[] values, int place, long value) {
      long[] more = new long[values.length + 1];
      System.arraycopy(values, 0, more, 0, place);
      more[place] = value;
      System.arraycopy(values, place, more, place + 1, values.length - place);
      return more;
    }
  }

  @Property(tries = 10)
  void blocksOfPixels(@ForAll long seed) {
    TestModel model = new TestModel(13).input("x", 2, 8, 2, 3).input("z", 1, 3, 4, 6);
    check(
        model
            .node("DepthToSpace", "x", "dcr", "blocksize", 2)
            .node("DepthToSpace", "x", "crd", "blocksize", 2, "mode", "CRD")
            .node("SpaceToDepth", "z", "deep", "blocksize", 2)
            .outputs("dcr", "crd", "deep"),
        Map.of("x", draw(seed, 2, 8, 2, 3), "z", draw(seed + 1, 1, 3, 4, 6)));
  }

  @Property(tries = 40)
  void products(@ForAll long seed) {
    random.setSeed(seed);
    boolean transA = random.nextBoolean();
    boolean transB = random.nextBoolean();
    int[] a = transA ? new int[] {3, 2} : new int[] {2, 3};
    int[] b = transB ? new int[] {4, 3} : new int[] {3, 4};
    int[] c = List.of(new int[] {2, 4}, new int[] {4}, new int[] {2, 1}).get(between(0, 2));
    NdArray factors = draw(seed + 4, 2, 3, 4);
    TestModel model = new TestModel(13).input("a", objects(a)).input("b", objects(b));
    model
        .input("c", objects(c))
        .input("m", 2, 3, 4)
        .input("v", 4)
        .node(
            "Gemm",
            "a b c",
            "gemm",
            "transA",
            transA ? 1 : 0,
            "transB",
            transB ? 1 : 0,
            "alpha",
            0.5f,
            "beta",
            random.nextBoolean() ? 1f : 2f)
        .node("MatMul", "m v", "column")
        .node("Einsum", "m m", "e1", "equation", "bij,bkj->bik")
        .node("Einsum", "m v", "e2", "equation", "...j,j->...")
        .node("Einsum", "m", "e3", "equation", "bij->jb")
        .node("Einsum", "m m", "e4", "equation", "bij,bij")
        .outputs("gemm", "column", "e1", "e2", "e3", "e4");
    check(
        model,
        Map.of(
            "a", draw(seed, a),
            "b", draw(seed + 1, b),
            "c", draw(seed + 2, c),
            "m", factors,
            "v", draw(seed + 3, 4)));
  }
}
