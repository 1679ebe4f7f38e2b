package org.gradus.autograd.testkit;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;

/**
 * Which float64 numbers an array is filled with. They have two decimals, so that a failure can be
 * followed by hand, and a seed determines them.
 */
@FunctionalInterface
public interface Domain {

  /** An array of a shape; the same seed gives the same numbers. */
  NdArray draw(Shape shape, long seed);

  /** In [-2, 2], at least 0.1 away from 0. */
  static Domain nonzero() {
    return each(random -> random.nextInt(10, 201) / 100.0 * (random.nextBoolean() ? 1 : -1));
  }

  /**
   * In [-3, 3], at least 0.1 away from each kink.
   *
   * @throws IllegalArgumentException if the kinks leave nothing of the range
   */
  static Domain awayFrom(double... kinks) {
    Nulls.refuse("domain: kinks", kinks);
    double[] numbers =
        DoubleStream.iterate(-300, i -> i <= 300, i -> i + 1)
            .map(i -> i / 100)
            .filter(x -> DoubleStream.of(kinks).allMatch(kink -> Math.abs(x - kink) >= 0.1))
            .toArray();
    if (numbers.length == 0) {
      throw new IllegalArgumentException(
          "domain: %s kinks leave no number of [-3, 3]".formatted(kinks.length));
    }
    return each(random -> numbers[random.nextInt(numbers.length)]);
  }

  /** In [0.3, 2]. */
  static Domain positive() {
    return between(0.3, 2);
  }

  /**
   * From one number to another, both of at most two decimals and up to 1e15.
   *
   * @throws IllegalArgumentException if least is more than most, or one is not such a number
   */
  static Domain between(double least, double most) {
    for (double end : new double[] {least, most}) {
      if (!(Math.abs(end) <= 1e15 && Math.round(end * 100) / 100.0 == end)) {
        throw new IllegalArgumentException(
            "domain: from %s to %s, expected numbers of at most two decimals, up to 1e15"
                .formatted(least, most));
      }
    }
    return hundredths(Math.round(least * 100), Math.round(most * 100), 1);
  }

  /**
   * Whole numbers from one to another, for checks that are exact.
   *
   * @throws IllegalArgumentException if least is more than most
   */
  static Domain integers(int least, int most) {
    return hundredths(100L * least, 100L * most, 100);
  }

  private static Domain hundredths(long least, long most, int step) {
    if (least > most) {
      throw new IllegalArgumentException(
          "domain: from %s to %s, expected the smaller number first"
              .formatted(least / 100.0, most / 100.0));
    }
    return each(random -> (least + step * random.nextLong((most - least) / step + 1)) / 100.0);
  }

  /** All different, at least 0.01 apart and 0.1 away from 0: no two tie for a maximum. */
  static Domain distinct() {
    return (shape, seed) -> {
      Nulls.refuse("draw: shape", shape);
      SplittableRandom random = new SplittableRandom(seed);
      int[] places = new int[shape.size()];
      for (int i = 0; i < places.length; i++) {
        int j = random.nextInt(i + 1);
        places[i] = places[j];
        places[j] = i;
      }
      return NdArray.generate(
          DType.FLOAT64, shape, i -> (10 + places[i]) / 100.0 * (places[i] % 2 == 0 ? 1 : -1));
    };
  }

  /** Zeros of both signs, the tiny, the huge, infinities and NaN, among numbers in [-2, 2]. */
  static Domain special() {
    double[] specials = {
      0.0,
      -0.0,
      Double.MIN_VALUE,
      -Double.MIN_NORMAL,
      1e-300,
      -1e300,
      Double.MAX_VALUE,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.NaN
    };
    return each(
        random ->
            random.nextBoolean()
                ? specials[random.nextInt(specials.length)]
                : random.nextInt(-200, 201) / 100.0);
  }

  private static Domain each(Numbers numbers) {
    return (shape, seed) -> {
      Nulls.refuse("draw: shape", shape);
      SplittableRandom random = new SplittableRandom(seed);
      return NdArray.generate(DType.FLOAT64, shape, i -> numbers.next(random));
    };
  }

  /** A number after another, from a generator. */
  @FunctionalInterface
  interface Numbers {
    /** The next one, made of what is drawn from {@code random} alone. */
    double next(SplittableRandom random);
  }
}
