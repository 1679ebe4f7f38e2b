package org.gradus.autograd.internal.kernel;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsCollector;
import org.gradus.autograd.internal.kernel.AgainstPlain.Matrices;

/**
 * The vector kernels against the plain ones, over sizes that fill vectors, tiles and blocks or not.
 */
class VectorKernelsProperties {

  @Property(seed = "7301", tries = 300, edgeCases = EdgeCasesMode.NONE)
  void matmul(
      @ForAll("vectors") Precision precision,
      @ForAll("matrices") Matrices matrices,
      @ForAll long seed) {
    AgainstPlain.matmul(precision, matrices, seed);
  }

  @Property(seed = "7302", tries = 300, edgeCases = EdgeCasesMode.NONE)
  void convolutions(
      @ForAll("vectors") Precision precision,
      @ForAll("convolution") ConvSizes sizes,
      @ForAll long seed) {
    AgainstPlain.convolutions(precision, sizes, seed);
    chosen(precision, sizes)
        .coverage(
            all -> {
              all.check(Way.SLABS).percentage(share -> share > 50);
              all.check(Way.TAPS).percentage(share -> share > 3);
            });
  }

  /** Those that are computed in another way, if they are large enough. */
  @Property(seed = "7303", tries = 80, edgeCases = EdgeCasesMode.NONE)
  void convolutionsOfThreeByThree(
      @ForAll("vectors") Precision precision,
      @ForAll("threeByThree") ConvSizes sizes,
      @ForAll long seed) {
    AgainstPlain.convolutions(precision, sizes, seed);
    chosen(precision, sizes)
        .coverage(all -> all.check(Way.WINOGRAD).percentage(share -> share > 30));
  }

  /** Counts which way the gradient in the input goes if no way is told: printed, and checked. */
  private static StatisticsCollector chosen(Precision precision, ConvSizes sizes) {
    StatisticsCollector way = Statistics.label("way");
    way.collect(precision.kernels().ways(sizes).get(1));
    return way;
  }

  @Provide
  Arbitrary<Precision> vectors() {
    return Arbitraries.of(Precision.FLOAT_VECTORS, Precision.DOUBLE_VECTORS);
  }

  @Provide
  Arbitrary<Matrices> matrices() {
    Arbitrary<Integer> size = size(0, 70);
    Arbitrary<Integer> columns = Arbitraries.oneOf(size, size, size, size(71, 400));
    Arbitrary<Integer> depth = Arbitraries.oneOf(size, size, size, size(500, 1100));
    Arbitrary<Boolean> transposed = Arbitraries.of(false, true);
    return Combinators.combine(size(0, 4), size, columns, depth, transposed, transposed)
        .as(Matrices::new);
  }

  @Provide
  Arbitrary<ConvSizes> convolution() {
    Arbitrary<Axis> axis =
        Combinators.combine(size(1, 5), size(1, 3), size(0, 3), size(0, 3), size(1, 3), size(0, 40))
            .as(VectorKernelsProperties::axis);
    return convolutions(Arbitraries.of(1, 1, 1, 2, 3, 5), axis);
  }

  @Provide
  Arbitrary<ConvSizes> threeByThree() {
    Arbitrary<Axis> axis =
        Combinators.combine(size(0, 3), size(0, 3), size(3, 40))
            .as((before, after, in) -> axis(3, 1, before, after, 1, in));
    return convolutions(Arbitraries.just(1), axis)
        .filter(s -> s.channels() >= 8 && s.filters() >= 8);
  }

  private static Arbitrary<ConvSizes> convolutions(
      Arbitrary<Integer> groups, Arbitrary<Axis> axis) {
    return Combinators.combine(size(1, 5), size(1, 40), size(1, 40), groups, axis, axis)
        .as(VectorKernelsProperties::sizes)
        .filter(VectorKernelsProperties::isQuick);
  }

  /** Many channels of large images would take their time, and show nothing new. */
  private static boolean isQuick(ConvSizes s) {
    int x = ConvolutionKernelsTest.sizeOfX(s);
    int y = ConvolutionKernelsTest.sizeOfY(s);
    return x < 30_000 && y < 30_000 && (long) y * s.filterSize() < 10_000_000;
  }

  /** Along {@code in} places, or as many as make one output. */
  private static Axis axis(int kernel, int stride, int before, int after, int dilation, int in) {
    int least = dilation * (kernel - 1) + 1 - before - after;
    int out = (Math.max(in, least) - least) / stride + 1;
    return new Axis(Math.max(in, least), kernel, stride, before, after, dilation, out);
  }

  private static ConvSizes sizes(
      int batch, int channels, int filters, int groups, Axis down, Axis across) {
    WindowSizes window = new WindowSizes(down, across);
    return new ConvSizes(batch, ceil(channels, groups), ceil(filters, groups), groups, window);
  }

  /** The next multiple. */
  private static int ceil(int n, int unit) {
    return (n + unit - 1) / unit * unit;
  }

  private static Arbitrary<Integer> size(int least, int most) {
    return Arbitraries.integers()
        .between(least, most)
        .withDistribution(RandomDistribution.uniform());
  }
}
