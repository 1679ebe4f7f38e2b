package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What dropout keeps is random: the right share, and independent of its neighbours, of other seeds
 * and of other places. All of it is fixed by the seeds, so that a test never fails by chance; the
 * bounds are five standard deviations.
 */
class DropoutStatisticsTest {
  private static final int N = 1_000_000;

  /** Of two masks that are related in no way, both keep an element with the product of shares. */
  private static void assertShare(String what, double expected, BitSet kept) {
    double deviation = Math.sqrt(expected * (1 - expected) / N);
    assertEquals(expected, kept.cardinality() / (double) N, 5 * deviation, what);
  }

  private static BitSet kept(double rate, long seed) {
    Tensor ones = Tensor.constant(NdArray.full(DType.FLOAT32, Shape.of(N), 1));
    NdArray y = Ops.dropout(ones, rate, seed).value();
    BitSet kept = new BitSet(N);
    IntStream.range(0, N).filter(i -> y.at(i) != 0).forEach(kept::set);
    return kept;
  }

  private static BitSet both(BitSet a, BitSet b) {
    BitSet both = (BitSet) a.clone();
    both.and(b);
    return both;
  }

  /** The same, one element later. */
  private static BitSet shifted(BitSet a, int by) {
    return a.get(by, N);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.25, 0.5, 0.9, 0.999})
  void keepsTheRightShare(double rate) {
    for (long seed : new long[] {0, 1, -1, 42, Long.MIN_VALUE}) {
      assertShare("seed " + seed, 1 - rate, kept(rate, seed));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.5})
  void elementsAreIndependentOfTheirNeighbours(double rate) {
    BitSet kept = kept(rate, 3);
    for (int distance : new int[] {1, 2, 3, 8, 1024}) {
      assertShare(
          "distance " + distance, (1 - rate) * (1 - rate), both(kept, shifted(kept, distance)));
    }
  }

  /** Also of seeds that differ by what separates neighbouring places: the masks are not shifted. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 1L << 32, Long.MIN_VALUE, 0x9e3779b97f4a7c15L})
  void seedsAreIndependent(long difference) {
    double rate = 0.5;
    BitSet first = kept(rate, 7);
    BitSet second = kept(rate, 7 + difference);
    assertShare("the same place", 0.25, both(first, second));
    for (int distance : new int[] {1, 2, 3}) {
      assertShare("later", 0.25, both(first, shifted(second, distance)));
      assertShare("earlier", 0.25, both(shifted(first, distance), second));
    }
  }
}
