package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Normalizations against sums over all examples at once. */
class NormalizationTest {

  private static Dataset data(NdArray inputs) {
    return Dataset.of(inputs, NdArray.zeros(DType.FLOAT32, Shape.of(inputs.shape().dim(0))));
  }

  @Property(tries = 60)
  void meansAndDeviationsAreThoseOfAllExamples(
      @ForAll @IntRange(min = 1, max = 700) int size,
      @ForAll @IntRange(min = 1, max = 3) int channels,
      @ForAll @IntRange(min = 1, max = 4) int length,
      @ForAll boolean isColumns,
      @ForAll long seed) {
    Shape shape = isColumns ? Shape.of(size, channels) : Shape.of(size, channels, 1, length);
    int inner = isColumns ? 1 : length;
    NdArray inputs = NdArray.randn(DType.FLOAT64, shape, new SplittableRandom(seed));

    Normalization normalization = Normalization.of(data(inputs));

    assertEquals(channels, normalization.mean().size());
    NdArray made = normalization.apply(inputs);
    for (int c = 0; c < channels; c++) {
      int channel = c;
      double[] all =
          IntStream.range(0, inputs.size())
              .filter(i -> i / inner % channels == channel)
              .mapToDouble(inputs::at)
              .toArray();
      double mean = IntStream.range(0, all.length).mapToDouble(i -> all[i]).sum() / all.length;
      double variance =
          IntStream.range(0, all.length).mapToDouble(i -> Math.pow(all[i] - mean, 2)).sum()
              / all.length;
      assertEquals(mean, normalization.mean().get(c), 1e-13);
      assertEquals(Math.sqrt(variance), normalization.deviation().get(c), 1e-12);
      double unit = variance == 0 ? 1 : Math.sqrt(variance);
      for (int i = 0; i < inputs.size(); i++) {
        if (i / inner % channels == c) {
          assertEquals((inputs.at(i) - mean) / unit, made.at(i), 1e-9);
        }
      }
    }
    NdArray back = normalization.invert(made);
    for (int i = 0; i < inputs.size(); i++) {
      assertEquals(inputs.at(i), back.at(i), 1e-12);
    }
  }

  @Test
  void aLargeMeanCostsNothing() {
    NdArray inputs = NdArray.generate(DType.FLOAT64, Shape.of(3000, 1), i -> 1e9 + i % 3);
    Normalization normalization = Normalization.of(data(inputs));
    assertEquals(1e9 + 1, normalization.mean().get(0), 1e-6);
    assertEquals(Math.sqrt(2.0 / 3), normalization.deviation().get(0), 1e-12);
  }

  /** 2000 examples, read in two parts: the numbers 0, 1 and 2 in turn, times a size. */
  @Test
  void veryLargeAndVerySmallNumbersHaveADeviation() {
    for (double size : new double[] {1e200, 1e-200, 1e-300, 8e307, 1e150, 1e-130}) {
      NdArray inputs = NdArray.generate(DType.FLOAT64, Shape.of(1998, 1), i -> (i % 3 - 1) * size);
      Normalization normalization = Normalization.of(data(inputs));
      assertEquals(0, normalization.mean().get(0) / size, 1e-12);
      assertEquals(Math.sqrt(2.0 / 3), normalization.deviation().get(0) / size, 1e-12);
      assertEquals(-Math.sqrt(1.5), normalization.apply(inputs).at(0), 1e-12);
    }
    NdArray two = NdArray.of(new double[] {-Double.MAX_VALUE, Double.MAX_VALUE}, 2, 1);
    Normalization widest = Normalization.of(data(two));
    assertEquals(
        List.of(0.0, Double.MAX_VALUE), List.of(widest.mean().get(0), widest.deviation().get(0)));
    Normalization whole = new Normalization(List.of(-Double.MAX_VALUE), List.of(Double.MAX_VALUE));
    assertEquals(NdArray.of(new double[] {0, 2}, 2, 1), whole.apply(two));
  }

  /** First come zeros, or small numbers, and then others. */
  @Test
  void partsOfDifferentSizesAreJoined() {
    for (double small : new double[] {0, 1e-300, 1e-3}) {
      for (double large : new double[] {1e-200, 1, 1e200}) {
        NdArray inputs =
            NdArray.generate(
                DType.FLOAT64, Shape.of(2048, 1), i -> (i % 2) * (i < 1024 ? small : large));
        double ratio = small / large;
        double mean = (ratio + 1) / 4;
        double deviation = Math.sqrt((ratio * ratio + 1) / 4 - mean * mean);
        if (ratio <= 1) {
          Normalization normalization = Normalization.of(data(inputs));
          assertEquals(mean, normalization.mean().get(0) / large, 1e-12);
          assertEquals(deviation, normalization.deviation().get(0) / large, 1e-12);
        }
      }
    }
  }

  @Test
  void aChannelOfOneValueIsOnlyCentred() {
    NdArray inputs = NdArray.of(new float[] {0.1f, 1, 0.1f, 3}, 2, 2);
    Normalization normalization = Normalization.of(data(inputs));
    assertEquals(List.of((double) 0.1f, 2.0), normalization.mean());
    assertEquals(List.of(0.0, 1.0), normalization.deviation());
    NdArray made = normalization.apply(inputs);
    assertEquals(NdArray.of(new float[] {0, -1, 0, 1}, 2, 2), made);
    assertEquals(inputs, normalization.invert(made));
    NdArray others = NdArray.of(new double[] {5 + (double) 0.1f, 4}, 1, 2);
    assertEquals(NdArray.of(new double[] {5, 2}, 1, 2), normalization.apply(others));
    assertEquals(others, normalization.invert(NdArray.of(new double[] {5, 2}, 1, 2)));
  }

  @Test
  void manyExamplesOfOneValueHaveNoDeviation() {
    NdArray inputs = NdArray.full(DType.FLOAT32, Shape.of(1000, 2, 3), 0.1);
    Normalization normalization = Normalization.of(data(inputs));
    assertEquals(List.of(0.0, 0.0), normalization.deviation());
    assertEquals(List.of((double) 0.1f, (double) 0.1f), normalization.mean());
  }

  @Test
  void inputsKeepTheirTypeAndTheirOwnValues() {
    Normalization normalization = new Normalization(List.of(1.0, 2.0), List.of(2.0, 4.0));
    for (DType dtype : DType.values()) {
      NdArray inputs = NdArray.generate(dtype, Shape.of(2, 2, 2), i -> i);
      NdArray made = normalization.apply(inputs);
      assertEquals(dtype, made.dtype());
      assertEquals(
          NdArray.of(new float[] {-0.5f, 0, 0, 0.25f, 1.5f, 2, 1, 1.25f}, 2, 2, 2).as(dtype), made);
      assertEquals(inputs, normalization.invert(made));
      assertEquals(NdArray.generate(dtype, Shape.of(2, 2, 2), i -> i), inputs);
    }
  }

  @Test
  void aDataSetIsMapped() {
    NdArray inputs = NdArray.of(new float[] {1, 3, 5}, 3, 1);
    Dataset data = Dataset.of(inputs, 7, 8, 9);
    Batch all = data.map(new Normalization(List.of(3.0), List.of(2.0))::apply).select(2, 0);
    assertEquals(NdArray.of(new float[] {1, -1}, 2, 1), all.inputs());
    assertEquals(List.of(9, 7), IntStream.of(all.labels()).boxed().toList());
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void numbersThatAreNoneAreRefused() {
    refused(
        "normalization: 0 means and 0 deviations, expected one of each for each channel",
        () -> new Normalization(List.of(), List.of()));
    refused(
        "normalization: 2 means and 1 deviations, expected one of each for each channel",
        () -> new Normalization(List.of(1.0, 2.0), List.of(1.0)));
    String expected = ", expected finite numbers, the deviation at least 0";
    refused(
        "normalization: mean NaN and deviation 1.0 of channel 1" + expected,
        () -> new Normalization(List.of(1.0, Double.NaN), List.of(1.0, 1.0)));
    refused(
        "normalization: mean 1.0 and deviation -1.0 of channel 0" + expected,
        () -> new Normalization(List.of(1.0), List.of(-1.0)));
    refused(
        "normalization: mean 1.0 and deviation Infinity of channel 0" + expected,
        () -> new Normalization(List.of(1.0), List.of(Double.POSITIVE_INFINITY)));
    NdArray inputs = NdArray.of(new float[] {1, Float.NaN}, 2, 1);
    refused(
        "normalization: mean NaN and deviation NaN of channel 0" + expected,
        () -> Normalization.of(data(inputs)));
  }

  @Test
  void dataOfOtherShapesAreRefused() {
    refused(
        "normalization: inputs [2, 3, 0] have no elements, expected at least 1 in each channel",
        () -> Normalization.of(data(NdArray.zeros(DType.FLOAT32, Shape.of(2, 3, 0)))));
    refused(
        "normalization: 1 sequences of FLOAT32 [] with FLOAT32 [], whose padding would count;"
            + " normalize sequences before they are ragged",
        () -> Normalization.of(Ragged.of(List.of(NdArray.of(1f)), 0)));
    refused(
        "normalization: no examples, expected at least 1",
        () -> Normalization.of(data(NdArray.zeros(DType.FLOAT32, Shape.of(0, 3)))));
    refused(
        "normalization: inputs [2], expected [N, C, ...]",
        () -> Normalization.of(data(NdArray.of(1f, 2f))));
    Dataset growing =
        Dataset.of(
            1100, i -> new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(1, 2 + i / 1024)), 0));
    refused("normalization: inputs [76, 3], expected [N, 2, ...]", () -> Normalization.of(growing));
    Normalization normalization = new Normalization(List.of(1.0, 2.0), List.of(1.0, 2.0));
    NdArray inputs = NdArray.zeros(DType.FLOAT32, Shape.of(2, 3, 4));
    String message = "normalization: inputs [2, 3, 4], expected [N, 2, ...]";
    assertEquals(
        message,
        assertThrows(ShapeException.class, () -> normalization.apply(inputs)).getMessage());
    refused(message, () -> normalization.invert(inputs));
    refused(message, () -> normalization.apply(new Batch(inputs, 0, 0)));
    refused(
        "normalization: inputs [2], expected [N, 2, ...]",
        () -> normalization.apply(NdArray.of(1f, 2f)));
  }
}
