package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.autograd.internal.parallel.ParallelTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel gives the same bits whatever the number of threads that share the work. */
class ThreadCountTest {

  /** A call of a kernel: the length of its result, and what fills it. */
  record Call(int length, Consumer<Object> kernel) {}

  private static Map<String, Call> calls(Precision precision) {
    Kernels<Object> k = precision.kernels();
    Map<String, Call> calls = new LinkedHashMap<>();
    Object x = precision.fractions(300_007, 51);
    Object z = precision.fractions(300_007, 52);
    for (Unary f : Unary.values()) {
      calls.put("unary " + f, new Call(300_007, y -> k.unary(f, 1.7, x, y)));
    }
    int[] shape = {1001, 299};
    int[] whole = {299, 1};
    for (Binary f : Binary.values()) {
      int[] firsts = {299, 0}; // of each row, so that some are equal
      calls.put(
          "binary " + f, new Call(1001 * 299, y -> k.binary(f, shape, x, whole, x, firsts, y)));
    }
    calls.put("axpy", new Call(300_007, y -> k.axpy(0.3, x, z, y)));
    for (Update rule : UpdateKernelsTest.RULES) {
      calls.put(
          "update " + rule, new Call(300_007, y -> k.update(rule, x, z, kept(precision, rule), y)));
    }
    int[] column = {1, 0};
    calls.put(
        "row minus column",
        new Call(1001 * 299, y -> k.binary(Binary.SUB, shape, x, new int[] {0, 1}, x, column, y)));
    int[] margins = {3, 2};
    int[] padded = {1010, 303};
    calls.put("pad", new Call(1010 * 303, y -> k.pad(padded, margins, shape, 0.5, x, y)));
    calls.put("norm", new Call(1, y -> store(k.norm(x), y)));
    calls.put(
        "copy", new Call(1001 * 299, y -> k.copy(shape, x, 0, new int[] {1, 1001}, y, 0, whole)));

    int[] places = IntStream.range(0, 70 * 67 * 61).map(i -> i * 31 % 67).toArray();
    calls.put("gather", new Call(places.length, y -> k.gather(70, 67, 67, 61, x, places, y)));
    calls.put(
        "scatterAdd", new Call(places.length, y -> k.scatterAdd(70, 67, 67, 61, x, places, y)));
    int[] rows = IntStream.range(0, places.length).map(i -> i / 61 * 31 % 67).toArray();
    calls.put(
        "scatterAdd of rows",
        new Call(places.length, y -> k.scatterAdd(70, 67, 67, 61, x, rows, y)));
    calls.put("argMax", new Call(1001, y -> storeArgMax(k, x, y)));
    calls.put("max of rows", new Call(1001, y -> k.max(true, 1001, 299, 1, x, y)));
    calls.put("max of columns", new Call(2999, y -> k.max(true, 1, 100, 2999, x, y)));
    calls.put("min in the middle", new Call(70 * 61, y -> k.max(false, 70, 67, 61, x, y)));

    calls.put("argTopK", new Call(61 * 9 * 67, y -> storeArgTopK(k, x, y)));
    for (boolean reversed : new boolean[] {false, true}) {
      calls.put(
          "cumSum, reversed " + reversed,
          new Call(70 * 67 * 61, y -> k.cumSum(reversed, 70, 67, 61, x, y)));
    }
    Slices slices = new Slices(70, 67, 61, 1);
    Slices rowSlices = new Slices(1001, 1, 1, 299);
    calls.put("norm", new Call(70 * 61, y -> k.norm(slices, x, y)));
    calls.put("norm of rows", new Call(1001, y -> k.norm(rowSlices, x, y)));
    calls.put("direction", new Call(70 * 67 * 61, y -> k.direction(slices, x, y)));
    calls.put("directionInput", new Call(70 * 67 * 61, y -> k.directionInput(slices, x, z, y)));
    calls.put("products", new Call(70 * 61, y -> k.products(slices, x, List.of(z), y)));
    calls.put(
        "productsOfOthers",
        new Call(70 * 67 * 61, y -> k.productsOfOthers(slices, x, List.of(z), z, y)));
    int[][] both = {whole, whole};
    calls.put(
        "pointwise",
        new Call(1001 * 299, y -> k.pointwise(in -> in[0] * in[1], shape, List.of(x, z), both, y)));
    calls.put("dropout", new Call(300_007, y -> k.dropout(0.4, 7, x, y)));
    calls.put("sum of all", new Call(1, y -> k.sum(1, 300_007, 1, x, y)));
    calls.put("sums of rows", new Call(17, y -> k.sum(17, 17_001, 1, x, y)));
    calls.put("sums of columns", new Call(2999, y -> k.sum(1, 100, 2999, x, y)));
    calls.put("sums of long columns", new Call(3, y -> k.sum(1, 100_002, 3, x, y)));
    calls.put("sums in the middle", new Call(70 * 61, y -> k.sum(70, 67, 61, x, y)));
    calls.put("softmax", new Call(70 * 67 * 61, y -> k.softmax(false, 70, 67, 61, x, y)));
    calls.put("log softmax", new Call(70 * 67 * 61, y -> k.softmax(true, 70, 67, 61, x, y)));

    for (int transposes = 0; transposes < 4; transposes++) {
      boolean a = transposes / 2 == 1;
      boolean b = transposes % 2 == 1;
      String name = "matmul " + a + " " + b;
      int[] one = {0};
      calls.put(
          name,
          new Call(
              151 * 1031, y -> k.matmul(new MatmulSizes(a, b, 151, 1031, 101, one, one), x, z, y)));
      int[] offsets = {0, 37 * 41, 2 * 37 * 41, 3 * 37 * 41, 4 * 37 * 41, 5 * 37 * 41};
      calls.put(
          name + " in a batch",
          new Call(
              6 * 37 * 37,
              y -> k.matmul(new MatmulSizes(a, b, 37, 37, 41, offsets, offsets), x, z, y)));
      calls.put(
          name + " of great depth",
          new Call(37 * 53, y -> k.matmul(new MatmulSizes(a, b, 37, 53, 1501, one, one), x, z, y)));
      calls.put(
          name + " of a depth cut into a tree",
          new Call(
              13 * 21, y -> k.matmul(new MatmulSizes(a, b, 13, 21, 14_001, one, one), x, z, y)));
    }

    int[] positions = IntStream.range(0, 1003).map(i -> i * 7 % 97).toArray();
    calls.put("take", new Call(3 * 1003 * 31, y -> k.take(3, 97, 1003, 31, x, positions, y)));
    calls.put(
        "takeInput", new Call(3 * 97 * 31, y -> k.takeInput(3, 1003, 97, 31, x, positions, y)));
    Slices channels = new Slices(1, 67, 70, 61);
    calls.put("moments", new Call(2 * 70, y -> k.moments(channels, x, Known.never(), y)));

    WindowSizes large =
        new WindowSizes(new Axis(31, 5, 1, 2, 2, 1, 31), new Axis(31, 5, 1, 2, 2, 1, 31));
    WindowSizes small =
        new WindowSizes(new Axis(17, 5, 1, 2, 2, 1, 17), new Axis(17, 5, 1, 2, 2, 1, 17));
    WindowSizes strided =
        new WindowSizes(new Axis(19, 4, 2, 1, 1, 2, 8), new Axis(17, 3, 3, 2, 0, 1, 6));
    WindowSizes three =
        new WindowSizes(new Axis(19, 3, 1, 1, 1, 1, 19), new Axis(22, 3, 1, 1, 1, 1, 22));
    convolutions(k, x, z, "blocks of rows", new ConvSizes(1, 24, 3, 1, large), calls);
    convolutions(k, x, z, "images", new ConvSizes(21, 3, 5, 1, small), calls);
    convolutions(k, x, z, "groups and slices", new ConvSizes(2, 12, 6, 3, small), calls);
    convolutions(k, x, z, "strided", new ConvSizes(13, 11, 9, 1, strided), calls);
    convolutions(k, x, z, "3x3, many channels", new ConvSizes(5, 35, 37, 1, three), calls);

    WindowSizes window =
        new WindowSizes(new Axis(31, 3, 2, 1, 1, 1, 16), new Axis(29, 2, 3, 0, 0, 1, 10));
    int planes = 300_007 / (31 * 29);
    int in = planes * 31 * 29;
    int out = planes * 160;
    calls.put("maxPool", new Call(out, y -> k.maxPool(planes, window, x, z, y)));
    calls.put("maxPoolInput", new Call(in, y -> k.maxPoolInput(planes, window, x, z, y)));
    calls.put("avgPool", new Call(out, y -> k.avgPool(planes, window, false, x, y)));
    calls.put("avgPoolInput", new Call(in, y -> k.avgPoolInput(planes, window, true, x, y)));
    WindowSizes sliding =
        new WindowSizes(new Axis(31, 3, 1, 0, 0, 1, 29), new Axis(29, 3, 1, 0, 0, 1, 27));
    calls.put("maxPoolInput, sliding", new Call(in, y -> k.maxPoolInput(planes, sliding, x, z, y)));
    calls.put(
        "avgPoolInput, sliding", new Call(in, y -> k.avgPoolInput(planes, sliding, true, x, y)));
    WindowSizes spread = new WindowSizes(Axis.spread(31, 7), Axis.spread(29, 12));
    int spreadOut = planes * 7 * 12;
    calls.put("maxPool, spread", new Call(spreadOut, y -> k.maxPool(planes, spread, x, z, y)));
    calls.put("maxPoolInput, spread", new Call(in, y -> k.maxPoolInput(planes, spread, x, z, y)));
    calls.put("avgPool, spread", new Call(spreadOut, y -> k.avgPool(planes, spread, true, x, y)));
    calls.put(
        "avgPoolInput, spread", new Call(in, y -> k.avgPoolInput(planes, spread, true, x, y)));
    Interpolation down = ResizeKernelsTest.taps(31, 41);
    Interpolation columns = ResizeKernelsTest.taps(29, 17);
    calls.put("resize", new Call(planes * 41 * 17, y -> k.resize(planes, down, columns, x, y)));
    int fewer = 300_007 / (41 * 17);
    calls.put(
        "resizeInput", new Call(fewer * 31 * 29, y -> k.resizeInput(fewer, down, columns, x, y)));
    return calls;
  }

  private static List<Object> kept(Precision precision, Update rule) {
    return Stream.generate(() -> precision.zeros(300_007)).limit(rule.kept()).toList();
  }

  private static void store(double number, Object y) {
    if (y instanceof float[] floats) {
      floats[0] = (float) number;
    } else {
      ((double[]) y)[0] = number;
    }
  }

  /** The places of the largest of 1001 rows, as numbers. */
  private static void storeArgMax(Kernels<Object> k, Object x, Object y) {
    int[] index = new int[1001];
    k.argMax(true, 1001, 299, 1, x, index);
    Precision precision = y instanceof float[] ? Precision.FLOAT : Precision.DOUBLE;
    Object numbers = precision.generate(1001, i -> index[i]);
    System.arraycopy(numbers, 0, y, 0, 1001);
  }

  private static void storeArgTopK(Kernels<Object> k, Object x, Object y) {
    int[] index = new int[67 * 9 * 61];
    k.argTopK(67, 70, 9, 61, x, index);
    Precision precision = y instanceof float[] ? Precision.FLOAT : Precision.DOUBLE;
    Object numbers = precision.generate(index.length, i -> index[i]);
    System.arraycopy(numbers, 0, y, 0, index.length);
  }

  private static void convolutions(
      Kernels<Object> k, Object a, Object b, String name, ConvSizes s, Map<String, Call> calls) {
    calls.put(
        "conv2d, " + name,
        new Call(ConvolutionKernelsTest.sizeOfY(s), y -> k.conv2d(s, a, b, b, y)));
    calls.put(
        "conv2dInput, " + name,
        new Call(ConvolutionKernelsTest.sizeOfX(s), y -> k.conv2dInput(s, part(a, s), b, y)));
    calls.put(
        "conv2dWeight, " + name,
        new Call(ConvolutionKernelsTest.sizeOfW(s), y -> k.conv2dWeight(s, a, b, y)));
  }

  /** As many numbers as there are weights. */
  private static Object part(Object numbers, ConvSizes s) {
    Precision precision = numbers instanceof float[] ? Precision.FLOAT : Precision.DOUBLE;
    return precision.generate(ConvolutionKernelsTest.sizeOfW(s), i -> Precision.at(numbers, i));
  }

  static Stream<Arguments> kernels() {
    return Stream.of(Precision.values())
        .flatMap(
            precision ->
                calls(precision).entrySet().stream()
                    .map(entry -> Arguments.of(precision, entry.getKey(), entry.getValue())));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("kernels")
  void anyNumberOfThreadsGivesTheSameBits(Precision precision, String name, Call call)
      throws Exception {
    double[] inCommonPool = run(precision, call);
    for (int threads : new int[] {1, 2, 3, 8}) {
      double[] inPool = ParallelTest.inPool(threads, () -> run(precision, call));
      assertArrayEquals(inCommonPool, inPool, name);
    }
    assertTrue(DoubleStream.of(inCommonPool).anyMatch(element -> element != 0));
  }

  private static double[] run(Precision precision, Call call) {
    Object y = precision.zeros(call.length());
    call.kernel().accept(y);
    return Precision.values(y);
  }

  @Test
  void theNumbersShowTheOrderOfAdditions() {
    Object x = Precision.DOUBLE.fractions(300_007, 51);
    double forwards = 0;
    double backwards = 0;
    for (int i = 0; i < 300_007; i++) {
      forwards += Precision.at(x, i);
      backwards += Precision.at(x, 300_006 - i);
    }
    assertEquals(forwards, backwards, 1e-6);
    assertNotEquals(forwards, backwards);
  }
}
