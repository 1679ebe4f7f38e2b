package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import net.jqwik.api.statistics.StatisticsReport.StatisticsReportMode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Every op against its formula, written as loops over multi-indices in double precision, for drawn
 * shapes, axes and geometries, in both element types. On whole numbers, whose sums are exact in any
 * order, sums are equal; on others they differ by no more than a rounding for each term added.
 */
class ForwardOracleProperties {

  // ---- products --------------------------------------------------------------------------------

  @Property(tries = 1200, seed = "10", edgeCases = EdgeCasesMode.NONE)
  void matmulWithTransposesAndBatches(
      @ForAll("broadcastable") List<Shape> batches,
      @ForAll @IntRange(max = 5) int m,
      @ForAll @IntRange(max = 40) int k,
      @ForAll @IntRange(max = 5) int n,
      @ForAll boolean transposeA,
      @ForAll boolean transposeB,
      @ForAll("numbers") Numbers numbers) {
    int[] leftBatch = batches.get(0).toArray();
    int[] rightBatch = batches.get(1).toArray();
    Naive a = numbers.draw(matrices(leftBatch, transposeA ? k : m, transposeA ? m : k));
    Naive b = numbers.draw(matrices(rightBatch, transposeB ? n : k, transposeB ? k : n));
    int[] dims = matrices(broadcast(leftBatch, rightBatch), m, n).toArray();
    Naive expected = Naive.generate(dims, i -> product(a, b, k, transposeA, transposeB, i));
    Naive size = Naive.generate(dims, i -> product(a.abs(), b.abs(), k, transposeA, transposeB, i));
    for (DType type : DType.values()) {
      Tensor actual = Ops.matmul(a.as(type), b.as(type), transposeA, transposeB);
      assertSum(expected, size, k, actual, numbers, type);
    }
  }

  private static Shape matrices(int[] batch, int rows, int columns) {
    int[] dims = Arrays.copyOf(batch, batch.length + 2);
    dims[batch.length] = rows;
    dims[batch.length + 1] = columns;
    return Shape.of(dims);
  }

  private static double product(
      Naive a, Naive b, int k, boolean transposeA, boolean transposeB, int[] index) {
    int[] batch = Arrays.copyOf(index, index.length - 2);
    int row = index[index.length - 2];
    int column = index[index.length - 1];
    double total = 0;
    for (int p = 0; p < k; p++) {
      total +=
          matrixAt(a, batch, transposeA ? p : row, transposeA ? row : p)
              * matrixAt(b, batch, transposeB ? column : p, transposeB ? p : column);
    }
    return total;
  }

  /** The element of the matrix that broadcasting of the leading axes alone puts at a batch. */
  private static double matrixAt(Naive x, int[] batch, int row, int column) {
    int[] index = new int[x.rank()];
    for (int axis = 0; axis < index.length - 2; axis++) {
      index[axis] = x.dim(axis) == 1 ? 0 : batch[batch.length - (index.length - 2) + axis];
    }
    index[index.length - 2] = row;
    index[index.length - 1] = column;
    return x.at(index);
  }

  @Property(tries = 600, seed = "11", edgeCases = EdgeCasesMode.NONE)
  void biasIsAddedToAxisOne(
      @ForAll @IntRange(min = 2, max = 5) int rank,
      @ForAll Random random,
      @ForAll("numbers") Numbers numbers) {
    Naive x = numbers.draw(extents(rank, random));
    Naive b = numbers.draw(Shape.of(x.dim(1)));
    Naive expected = Naive.generate(x.dims(), i -> x.at(i) + b.at(i[1]));
    for (DType type : DType.values()) {
      assertEqual(expected, Ops.bias(x.as(type), b.as(type)), type);
    }
  }

  @Property(tries = 600, seed = "12", edgeCases = EdgeCasesMode.NONE)
  void convolutions(
      @ForAll("convolutions") Draw.ConvCase shapes, @ForAll("numbers") Numbers numbers) {
    ConvGeometry geometry = shapes.geometry();
    Naive x = numbers.draw(shapes.x());
    Naive w = numbers.draw(shapes.w());
    int[] dims = {x.dim(0), w.dim(0), geometry.rows().output(), geometry.columns().output()};
    Naive expected = Naive.generate(dims, i -> convolution(x, w, geometry, i));
    Naive size = Naive.generate(dims, i -> convolution(x.abs(), w.abs(), geometry, i));
    int terms = w.dim(1) * w.dim(2) * w.dim(3);
    for (DType type : DType.values()) {
      Tensor actual = Ops.conv2d(x.as(type), w.as(type), geometry);
      assertSum(expected, size, terms, actual, numbers, type);
    }
  }

  private static double convolution(Naive x, Naive w, ConvGeometry geometry, int[] index) {
    int filter = index[1];
    int firstChannel = filter / (w.dim(0) / geometry.groups()) * w.dim(1);
    double total = 0;
    for (int[] tap : Naive.indices(w.dim(1), w.dim(2), w.dim(3))) {
      int row = place(geometry.rows(), index[2], tap[1]);
      int column = place(geometry.columns(), index[3], tap[2]);
      if (row >= 0 && row < x.dim(2) && column >= 0 && column < x.dim(3)) {
        total +=
            w.at(filter, tap[0], tap[1], tap[2])
                * x.at(index[0], firstChannel + tap[0], row, column);
      }
    }
    return total;
  }

  private static int place(Window window, int output, int tap) {
    return output * window.stride() - window.padBefore() + tap * window.dilation();
  }

  // ---- pooling ---------------------------------------------------------------------------------

  /** Windows that do not fit, or that lie on padding alone, are refused; all others pool. */
  @Property(tries = 3000, seed = "13", edgeCases = EdgeCasesMode.NONE)
  @StatisticsReport(StatisticsReportMode.OFF)
  void pooling(
      @ForAll("sides") Side height,
      @ForAll("sides") Side width,
      @ForAll @IntRange(max = 2) int batch,
      @ForAll @IntRange(min = 1, max = 2) int channels,
      @ForAll("numbers") Numbers numbers) {
    // Few different numbers make many ties.
    Naive x = numbers.draw(Shape.of(batch, channels, height.input, width.input));
    PoolOptions options =
        new PoolOptions(height.kernel, width.kernel, height.slide(), width.slide(), false, true);
    boolean possible = height.touchesInput() && width.touchesInput();
    Statistics.label("possible").collect(possible);
    Statistics.label("possible").coverage(c -> c.check(true).percentage(p -> p > 25 && p < 75));
    if (!possible) {
      for (DType type : DType.values()) {
        Tensor input = x.as(type);
        assertThrowsExactly(ShapeException.class, () -> Ops.maxPool2d(input, options));
        assertThrowsExactly(ShapeException.class, () -> Ops.avgPool2d(input, options));
      }
      return;
    }
    Statistics.label("remainder").collect(height.remainder() + width.remainder() > 0);
    Statistics.label("remainder").coverage(c -> c.check(true).percentage(p -> p > 25));
    int[] dims = {batch, channels, height.output(), width.output()};
    Naive places = Naive.generate(x.dims(), i -> (double) i[2] * width.input + i[3]);
    Naive max = Naive.generate(dims, i -> best(x, x, height, width, i));
    Naive argmax = Naive.generate(dims, i -> best(x, places, height, width, i));
    Naive mean = Naive.generate(dims, i -> mean(x, height, width, i, true));
    Naive meanInside = Naive.generate(dims, i -> mean(x, height, width, i, false));
    Naive size = Naive.generate(dims, i -> 20 * mean(x.abs(), height, width, i, false));
    PoolGeometry geometry = options.geometry("maxPool2d", x.shape());
    for (DType type : DType.values()) {
      Tensor input = x.as(type);
      assertEqual(max, Ops.maxPool2d(input, options), type);
      assertEqual(argmax, Ops.maxPool2dPick(input, places.as(type), geometry), type);
      assertNear(mean, size, Ops.avgPool2d(input, options), type);
      Tensor inside = Tensor.of(new AvgPool2d(geometry, false), input);
      assertNear(meanInside, size, inside, type);
    }
  }

  /** A window along one axis, that may not fit. */
  record Side(int input, int kernel, int stride, int padBefore, int padAfter, int dilation) {
    Slide slide() {
      return new Slide(stride, padBefore, padAfter, dilation, false, false);
    }

    private int freedom() {
      return input + padBefore + padAfter - (dilation * (kernel - 1) + 1);
    }

    int output() {
      return freedom() / stride + 1;
    }

    int remainder() {
      return freedom() % stride;
    }

    /** The places on the input that an output sees, in order. */
    int[] inside(int output) {
      return IntStream.range(0, kernel)
          .map(tap -> output * stride - padBefore + tap * dilation)
          .filter(place -> place >= 0 && place < input)
          .toArray();
    }

    boolean touchesInput() {
      return freedom() >= 0
          && IntStream.range(0, output()).allMatch(output -> inside(output).length > 0);
    }
  }

  /** Of h, the element at the first place in the window where x is largest. */
  private static double best(Naive x, Naive h, Side height, Side width, int[] index) {
    double max = Double.NEGATIVE_INFINITY;
    double found = Double.NaN;
    for (int row : height.inside(index[2])) {
      for (int column : width.inside(index[3])) {
        double value = x.at(index[0], index[1], row, column);
        if (value > max) {
          max = value;
          found = h.at(index[0], index[1], row, column);
        }
      }
    }
    return found;
  }

  private static double mean(Naive x, Side height, Side width, int[] index, boolean countPadding) {
    int[] rows = height.inside(index[2]);
    int[] columns = width.inside(index[3]);
    double total = 0;
    for (int row : rows) {
      for (int column : columns) {
        total += x.at(index[0], index[1], row, column);
      }
    }
    return total / (countPadding ? height.kernel * width.kernel : rows.length * columns.length);
  }

  // ---- softmax and losses ----------------------------------------------------------------------

  private static double[] line(Naive x, int axis, int[] index) {
    int[] along = index.clone();
    double[] line = new double[x.dim(axis)];
    for (int j = 0; j < line.length; j++) {
      along[axis] = j;
      line[j] = x.at(along);
    }
    return line;
  }

  /** Below 1 for the largest element, and the more the less it stands out. */
  private static double rest(double[] line) {
    double max = DoubleStream.of(line).max().getAsDouble();
    return DoubleStream.of(line).map(x -> Math.exp(x - max)).sum() - 1;
  }

  private static double logSoftmax(double[] line, int i) {
    double max = DoubleStream.of(line).max().getAsDouble();
    return line[i] - max - Math.log1p(rest(line));
  }

  @Property(tries = 900, seed = "15", edgeCases = EdgeCasesMode.NONE)
  void crossEntropyOfDistributionsAndLabels(@ForAll("images") Naive x, @ForAll Random random) {
    Naive t = Naive.generate(x.dims(), i -> random.nextInt(4) * 0.5);
    double places = (double) x.size() / x.dim(1);
    double total = 0;
    for (int[] i : Naive.indices(x.dims())) {
      total -= t.at(i) == 0 ? 0 : t.at(i) * logSoftmax(line(x, 1, i), i[1]);
    }
    Naive expected = scalar(total / places);
    for (DType type : DType.values()) {
      Naive size = expected.map(y -> (x.size() + 6) * (y + 4));
      assertNear(expected, size, Ops.crossEntropy(x.as(type), t.as(type)), type);
    }
    if (x.rank() == 2) {
      int[] labels = random.ints(x.dim(0), 0, x.dim(1)).toArray();
      double ofLabels =
          IntStream.range(0, labels.length)
              .mapToDouble(n -> -logSoftmax(line(x, 1, new int[] {n, 0}), labels[n]))
              .average()
              .getAsDouble();
      Naive size = scalar((x.size() + 6) * (ofLabels + 4));
      for (DType type : DType.values()) {
        assertNear(scalar(ofLabels), size, Ops.crossEntropy(x.as(type), labels), type);
      }
    }
  }

  @Property(tries = 600, seed = "16", edgeCases = EdgeCasesMode.NONE)
  void squaredErrors(@ForAll("shapes") Shape shape, @ForAll("numbers") Numbers numbers) {
    Naive y = numbers.draw(shape);
    Naive t = numbers.draw(shape);
    double total = 0;
    for (int i = 0; i < y.size(); i++) {
      total += (t.flat(i) - y.flat(i)) * (t.flat(i) - y.flat(i));
    }
    Naive mean = scalar(total / y.size());
    Naive half = scalar(total / 2);
    for (DType type : DType.values()) {
      int terms = y.size() + 6;
      assertNear(mean, mean.map(e -> terms * e), Ops.mse(y.as(type), t.as(type)), type);
      Tensor actual = Ops.halfSquaredError(y.as(type), t.as(type));
      assertSum(half, half, terms, actual, numbers, type);
    }
  }

  private static Naive scalar(double value) {
    return Naive.generate(new int[0], i -> value);
  }

  // ---- what is drawn ---------------------------------------------------------------------------

  /** Numbers for arrays: whole and small, or any; all of them are float32 numbers. */
  record Numbers(boolean whole, long seed) {
    Naive draw(Shape shape) {
      Random random = new Random(seed ^ shape.hashCode());
      return Naive.generate(
          shape.toArray(),
          i -> whole ? random.nextInt(9) - 4 : (float) (random.nextGaussian() * 3));
    }
  }

  @Provide
  Arbitrary<Numbers> numbers() {
    return Combinators.combine(Arbitraries.of(true, false), Arbitraries.longs()).as(Numbers::new);
  }

  @Provide
  Arbitrary<Shape> shapes() {
    return Draw.shapes(0, 4);
  }

  @Provide
  Arbitrary<List<Shape>> broadcastable() {
    return Draw.broadcastable();
  }

  @Provide
  Arbitrary<Draw.ConvCase> convolutions() {
    return Draw.convolutions(7);
  }

  @Provide
  Arbitrary<Side> sides() {
    Arbitrary<Integer> oneToThree = Arbitraries.integers().between(1, 3);
    Arbitrary<Integer> padding =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just(0)), Tuple.of(2, Arbitraries.integers().between(1, 2)));
    return Combinators.combine(
            Arbitraries.integers().between(0, 8),
            oneToThree,
            oneToThree,
            padding,
            padding,
            oneToThree)
        .as(Side::new);
  }

  /** Arrays of rank 1 to 3 without an empty axis. */
  @Provide
  Arbitrary<Naive> images() {
    return logits(2, 4, false);
  }

  /** Logits of any size: around 0, +-1000, far beyond, and, if asked, some of -infinity. */
  private static Arbitrary<Naive> logits(int minRank, int maxRank, boolean infinite) {
    Arbitrary<int[]> dims =
        Arbitraries.integers()
            .between(1, 5)
            .array(int[].class)
            .ofMinSize(minRank)
            .ofMaxSize(maxRank);
    Arbitrary<Double> scales = Arbitraries.of(1.0, 30.0, 1000.0, 1e6);
    return Combinators.combine(dims, scales, Arbitraries.longs())
        .as(
            (extents, scale, seed) -> {
              Random random = new Random(seed);
              return Naive.generate(
                  extents,
                  i ->
                      switch (random.nextInt(8)) {
                        case 0 -> scale;
                        case 1 -> -scale;
                        case 2 -> infinite ? Double.NEGATIVE_INFINITY : 0;
                        default -> (float) (random.nextGaussian() * scale);
                      });
            });
  }

  /** The extents aligned at the right: of each pair the one that is not 1. */
  private static int[] broadcast(int[] a, int[] b) {
    int[] dims = new int[Math.max(a.length, b.length)];
    for (int i = 1; i <= dims.length; i++) {
      int da = i > a.length ? 1 : a[a.length - i];
      int db = i > b.length ? 1 : b[b.length - i];
      dims[dims.length - i] = da == 1 ? db : da;
    }
    return dims;
  }

  /** A shape of this rank with extents from 1 to 4. */
  private static Shape extents(int rank, Random random) {
    List<Integer> dims = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      dims.add(1 + random.nextInt(4));
    }
    return Shape.of(dims.stream().mapToInt(dim -> dim).toArray());
  }

  // ---- how it is compared ----------------------------------------------------------------------

  /** The same numbers, rounded to the type: type, shape and bits. */
  private static void assertEqual(Naive expected, Tensor actual, DType type) {
    assertEquals(expected.as(type).value(), actual.value());
  }

  /** Sums of so many terms: equal if the terms are whole, else off by a rounding for each term. */
  private static void assertSum(
      Naive expected, Naive sizes, int terms, Tensor actual, Numbers numbers, DType type) {
    assertNear(expected, sizes.map(s -> numbers.whole ? 0 : (terms + 2) * s), actual, type);
  }

  /** Numbers that are off by no more than the rounding error of these sizes. */
  private static void assertNear(Naive expected, Naive sizes, Tensor actual, DType type) {
    assertEquals(type, actual.dtype());
    assertEquals(expected.shape(), actual.shape());
    double unit = type == DType.FLOAT32 ? 0x1p-24 : 0x1p-53;
    double least = type == DType.FLOAT32 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
    for (int i = 0; i < expected.size(); i++) {
      double e = expected.flat(i);
      double a = actual.value().at(i);
      double tolerance = sizes.flat(i) == 0 ? 0 : sizes.flat(i) * unit + least;
      boolean near = Double.isFinite(e) ? Math.abs(a - e) <= tolerance : Double.compare(a, e) == 0;
      int element = i;
      assertTrue(
          near,
          () -> "%s element %d: %s, expected %s +- %s".formatted(type, element, a, e, tolerance));
    }
  }
}
