package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The bits of convolutions, by each way that they can go: the same for any width of vectors, and,
 * forward and in the input, for an image alone and anywhere in a batch.
 */
class ConvolutionBitsTest {
  /** Convolutions that are drawn, besides those that are listed. */
  private static final int DRAWN = 40;

  /** What images, weights and cotangents are made of. */
  private enum Values {
    FRACTIONS,
    /** Half of them, and whole channels, are 0; some are so small that their squares vanish. */
    UNEVEN,
    /** A few are not finite, so that elements are computed again. */
    INFINITE;

    Object of(Precision precision, int length, long seed) {
      Random random = new Random(seed);
      double tiny = precision.isFloat() ? 1e-22 : 1e-160;
      return precision.generate(
          length,
          i -> {
            double x = random.nextGaussian();
            int pick = random.nextInt(40);
            return switch (this) {
              case FRACTIONS -> x;
              case UNEVEN -> pick < 20 || i / 97 % 3 == 0 ? 0 : pick < 22 ? x * tiny : x;
              case INFINITE -> random.nextInt(length) == 0 ? 1 / (x > 0 ? 0.0 : -0.0) : x;
            };
          });
    }
  }

  /** Computes convolutions, and prints a hash of the bits of each result. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      for (Precision precision :
          new Precision[] {Precision.FLOAT_VECTORS, Precision.DOUBLE_VECTORS}) {
        List<ConvSizes> all = sizes();
        for (int i = 0; i < all.size(); i++) {
          for (Values values : Values.values()) {
            new Run(precision, all.get(i), values, i).print();
          }
        }
        new Run(precision, MANY_TILES, Values.FRACTIONS, 5).printWeights();
        new Run(precision, MANY_TILES, Values.UNEVEN, 6).printWeights();
      }
      System.out.println("lanes " + KernelProvider.vector().orElseThrow().floats().lanes());
    }
  }

  /** The three convolutions of one size, for one kind of values. */
  private record Run(Precision precision, ConvSizes s, Values values, long seed) {
    void print() {
      Object x = values.of(precision, ConvolutionKernelsTest.sizeOfX(s), seed);
      Object w = values.of(precision, ConvolutionKernelsTest.sizeOfW(s), seed + 1);
      Object y = values.of(precision, ConvolutionKernelsTest.sizeOfY(s), seed + 2);
      Object b = precision.fractions(s.filters(), seed + 3);
      Kernels<Object> kernels = precision.kernels();
      print("as the sizes say", kernels, x, w, y, b);
      for (Way way : Way.values()) {
        Kernels<Object> forced = kernels.forcedTo(way);
        if (forced.ways(s).contains(way)) {
          print(way.toString(), forced, x, w, y, b);
        }
      }
    }

    void printWeights() {
      Object x = values.of(precision, ConvolutionKernelsTest.sizeOfX(s), seed);
      Object y = values.of(precision, ConvolutionKernelsTest.sizeOfY(s), seed + 1);
      Object weights = precision.zeros(ConvolutionKernelsTest.sizeOfW(s));
      precision.kernels().conv2dWeight(s, x, y, weights);
      System.out.printf("%s %s weights of %s: %x%n", precision, values, s, hash(weights));
    }

    private void print(String way, Kernels<Object> k, Object x, Object w, Object y, Object b) {
      Object outputs = precision.zeros(Precision.length(y));
      k.conv2d(s, x, w, b, outputs);
      Object inputs = precision.zeros(Precision.length(x));
      k.conv2dInput(s, w, y, inputs);
      Object weights = precision.zeros(Precision.length(w));
      k.conv2dWeight(s, x, y, weights);
      System.out.printf(
          "%s %s %s %s: %x %x %x%n",
          precision, values, way, s, hash(outputs), hash(inputs), hash(weights));
      IntStream.of(0, s.batch() - 1)
          .forEach(
              i -> {
                assertAlone(outputs, i, (sizes, y1) -> k.conv2d(sizes, part(x, i), w, b, y1));
                assertAlone(inputs, i, (sizes, x1) -> k.conv2dInput(sizes, w, part(y, i), x1));
              });
    }

    /** A kernel, which writes the result of some sizes. */
    @FunctionalInterface
    private interface Kernel {
      void write(ConvSizes sizes, Object result);
    }

    private void assertAlone(Object all, int image, Kernel kernel) {
      ConvSizes one = new ConvSizes(1, s.channels(), s.filters(), s.groups(), s.window());
      Object alone = precision.zeros(Precision.length(all) / s.batch());
      kernel.write(one, alone);
      assertEquals(hash(part(all, image)), hash(alone), () -> "image %s of %s".formatted(image, s));
    }

    private Object part(Object all, int image) {
      int size = Precision.length(all) / s.batch();
      return all instanceof float[] floats
          ? Arrays.copyOfRange(floats, image * size, (image + 1) * size)
          : Arrays.copyOfRange((double[]) all, image * size, (image + 1) * size);
    }
  }

  /** Of the bits, so that also zeros have their signs. */
  private static int hash(Object array) {
    return array instanceof float[] floats
        ? Arrays.hashCode(floats)
        : Arrays.hashCode((double[]) array);
  }

  private static Axis axis(int in, int kernel, int stride, int before, int after, int dilation) {
    int out = (in + before + after - dilation * (kernel - 1) - 1) / stride + 1;
    return new Axis(in, kernel, stride, before, after, dilation, out);
  }

  private static ConvSizes square(
      int batch, int channels, int filters, int groups, int in, int kernel, int stride, int pad) {
    Axis axis = axis(in, kernel, stride, pad, pad, 1);
    return new ConvSizes(batch, channels, filters, groups, new WindowSizes(axis, axis));
  }

  /** More tiles, and more elements, than are added up together. */
  private static final ConvSizes MANY_TILES = square(5, 17, 17, 1, 94, 3, 1, 1);

  /** Edges of vectors, blocks and ways, and convolutions that are drawn. */
  private static List<ConvSizes> sizes() {
    List<ConvSizes> all =
        new ArrayList<>(
            List.of(
                square(2, 17, 18, 1, 14, 3, 1, 1),
                square(3, 24, 16, 1, 11, 3, 1, 0),
                square(1, 16, 33, 1, 21, 3, 1, 1),
                square(9, 8, 16, 1, 14, 5, 1, 0),
                square(2, 6, 16, 1, 12, 5, 1, 0),
                square(2, 3, 6, 1, 20, 5, 1, 2),
                square(5, 5, 9, 1, 9, 3, 2, 1),
                square(2, 3, 33, 1, 25, 7, 2, 3),
                square(2, 20, 40, 1, 9, 1, 1, 0),
                square(2, 33, 16, 1, 8, 1, 2, 0),
                square(2, 17, 40, 1, 19, 3, 2, 1),
                square(1, 16, 80, 1, 25, 3, 2, 1),
                square(2, 45, 20, 1, 13, 4, 2, 1),
                square(2, 24, 24, 2, 10, 5, 3, 2),
                square(2, 18, 18, 18, 16, 3, 1, 1),
                square(2, 5, 5, 5, 33, 3, 2, 1),
                square(2, 4, 8, 4, 7, 3, 1, 1),
                square(2, 3, 3, 3, 19, 5, 1, 2),
                square(2, 16, 24, 4, 17, 3, 1, 1),
                square(2, 2, 1, 1, 40, 3, 1, 1),
                square(1, 24, 90, 1, 5, 1, 1, 0), // filters of one image, cut into parts
                square(2, 7, 72, 1, 6, 3, 1, 1),
                square(9, 130, 132, 1, 5, 1, 1, 0), // of one image, weights as they lie
                square(1, 40, 48, 1, 9, 3, 2, 1),
                square(2, 5, 24, 1, 17, 5, 1, 1), // eight filters at once, on short rows
                square(3, 4, 8, 1, 11, 3, 1, 1), // and on long ones
                square(2, 6, 16, 2, 20, 3, 1, 1),
                square(2, 3, 16, 1, 35, 4, 1, 0),
                new ConvSizes(
                    3,
                    4,
                    17,
                    1,
                    new WindowSizes(axis(1, 1, 1, 0, 0, 1), axis(70, 5, 1, 2, 2, 1)))));
    Random random = new Random(71);
    while (all.size() < DRAWN) {
      Axis down = drawn(random);
      Axis across = drawn(random);
      int groups = random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1;
      int channels = groups * (1 + random.nextInt(groups > 1 ? 9 : 33));
      int filters = groups * (1 + random.nextInt(groups > 1 ? 9 : 33));
      ConvSizes s =
          new ConvSizes(
              1 + random.nextInt(4), channels, filters, groups, new WindowSizes(down, across));
      if ((long) ConvolutionKernelsTest.sizeOfY(s) * s.filterSize() < 1_000_000) {
        all.add(s);
      }
    }
    return all;
  }

  private static Axis drawn(Random random) {
    int kernel = 1 + random.nextInt(5);
    int dilation = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1;
    int in = dilation * (kernel - 1) + 1 + random.nextInt(25);
    return axis(in, kernel, 1 + random.nextInt(3), random.nextInt(3), random.nextInt(3), dilation);
  }

  @Test
  void everyWidthGivesTheSameBits() throws Exception {
    if (!System.getProperty("os.arch").matches("amd64|x86_64")) {
      return; // the options are those of x86
    }
    Map<String, ChildJvm> children = new LinkedHashMap<>();
    for (int bytes : ChildJvm.widths()) {
      children.put(
          "%s floats".formatted(bytes / Float.BYTES),
          ChildJvm.start(
              Child.class,
              "--add-modules=jdk.incubator.vector",
              "-Dgradus.kernels=vector",
              "-XX:MaxVectorSize=" + bytes));
    }
    List<String> first = List.of();
    for (Map.Entry<String, ChildJvm> child : children.entrySet()) {
      List<String> lines =
          child.getValue().lines().stream().filter(line -> line.contains("_VECTORS ")).toList();
      assertTrue(lines.size() > 3 * DRAWN, () -> child.getKey() + ": " + lines.size() + " lines");
      if (first.isEmpty()) {
        first = lines;
      }
      for (int i = 0; i < lines.size(); i++) {
        assertEquals(first.get(i), lines.get(i), child.getKey());
      }
    }
  }
}
