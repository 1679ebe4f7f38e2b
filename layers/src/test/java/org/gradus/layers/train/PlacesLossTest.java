package org.gradus.layers.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.CrossEntropyOptions;
import org.gradus.layers.data.Batch;
import org.junit.jupiter.api.Test;

/** The loss of classes of places, as of the pixels of a segmentation. */
class PlacesLossTest {
  private static final double LN2 = Math.log(2);
  private static final double LN3 = Math.log(3);

  /** Two images [2, 1, 2] of two classes; their softmax is 1/4, 1/2 and 1/2, 3/4 for class 0. */
  private static final NdArray LOGITS =
      NdArray.of(new double[] {0, 0, LN3, 0, 0, LN3, 0, 0}, 2, 2, 1, 2);

  private static final Loss LOSS = Loss.crossEntropy(CrossEntropyOptions.mean().ignoring(255));

  @Test
  void meanIsOverThePlacesThatCount() {
    Batch batch = batch(0, 1, 255, 1);
    assertEquals((2 * LN2 + LN2 + 2 * LN2) / 3, loss(LOSS, batch), 1e-12);
    Loss weighted =
        Loss.crossEntropy(CrossEntropyOptions.mean().ignoring(255).weights(NdArray.of(2.0, 0.5)));
    assertEquals((2 * 2 * LN2 + 0.5 * 3 * LN2) / 3, loss(weighted, batch), 1e-12);
  }

  @Test
  void rowsHaveOneLabelEach() {
    Tensor rows = Tensor.constant(NdArray.of(new double[] {0, LN3, 0, 0}, 2, 2));
    Batch batch = new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(2)), 0, 1);
    Loss smoothed = Loss.crossEntropy(CrossEntropyOptions.mean().smoothing(0.25));
    assertEquals(
        Loss.crossEntropy(0.25).of(rows, batch).item(), smoothed.of(rows, batch).item(), 1e-12);
  }

  @Test
  void whereNothingCountsTheGradientIsZero() {
    Tensor logits = Tensor.variable(LOGITS);
    Tensor loss = LOSS.of(logits, batch(255, 255, 255, 255));
    assertEquals(Double.NaN, loss.item());
    NdArray gradient = Gradients.backward(loss).of(logits).value();
    assertEquals(0, gradient.norm());
  }

  @Test
  void isRefusedInWords() {
    assertRefused(
        "crossEntropy: reduction SUM, expected MEAN, which is what a loss is",
        () -> Loss.crossEntropy(CrossEntropyOptions.sum()));
    assertRefused(
        "crossEntropy: reduction NONE, expected MEAN, which is what a loss is",
        () -> Loss.crossEntropy(CrossEntropyOptions.none()));
    assertRefused(
        "crossEntropy: target 0.5 is element 1 of [2, 1, 2], expected the number of a class",
        () -> loss(LOSS, batch(0, 0.5, 1, 1)));
    assertRefused(
        "crossEntropy: target NaN is element 3 of [2, 1, 2], expected the number of a class",
        () -> loss(LOSS, batch(0, 1, 1, Double.NaN)));
    assertRefused(
        "crossEntropy: label 2 at [1, 0, 0], expected 0 to 1, or 255, which is ignored",
        () -> loss(LOSS, batch(0, 255, 2, 1)));
    Batch flat = new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(2)), 0, 1);
    assertRefused(
        "crossEntropy: logits [2, 2, 1, 2] with labels [2], expected labels [2, 1, 2]",
        () -> loss(LOSS, flat));
    Tensor one = Tensor.constant(NdArray.zeros(DType.FLOAT32, Shape.of(2, 1, 1, 2)));
    assertRefused(
        "crossEntropy: outputs [2, 1, 1, 2] have one class, expected 2 or more; one logit is for"
            + " binaryCrossEntropy",
        () -> LOSS.of(one, batch(0, 0, 0, 0)));
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  private static double loss(Loss loss, Batch batch) {
    return loss.of(Tensor.constant(LOGITS), batch).item();
  }

  /** Two images, and the classes of their places. */
  private static Batch batch(double... classes) {
    return new Batch(
        NdArray.zeros(DType.FLOAT32, Shape.of(2, 1, 1, 2)), NdArray.of(classes, 2, 1, 2));
  }
}
