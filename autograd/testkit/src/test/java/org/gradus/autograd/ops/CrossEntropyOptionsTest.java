package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.CrossEntropyOptions.mean;
import static org.gradus.autograd.ops.CrossEntropyOptions.none;
import static org.gradus.autograd.ops.CrossEntropyOptions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalInt;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.inspect.GraphView;
import org.junit.jupiter.api.Test;

/** What the options of a loss of labels are, and how they are written; a program compares that. */
class CrossEntropyOptionsTest {
  private static final NdArray WEIGHTS = NdArray.of(1.5, 0, 2);

  @Test
  void eachSettingChangesOneThing() {
    assertEquals(
        new CrossEntropyOptions(Reduction.MEAN, OptionalInt.empty(), Optional.empty(), 0), mean());
    assertEquals(
        new CrossEntropyOptions(Reduction.SUM, OptionalInt.of(-100), Optional.of(WEIGHTS), 0.1),
        sum().ignoring(-100).weights(WEIGHTS).smoothing(0.1));
    assertEquals(
        sum().smoothing(0.1).weights(WEIGHTS).ignoring(3),
        sum().ignoring(3).smoothing(0.1).weights(WEIGHTS));
    assertEquals(Reduction.NONE, none().ignoring(1).weights(WEIGHTS).smoothing(0).reduction());
    assertEquals(mean().weights(WEIGHTS), mean().weights(NdArray.of(1.5, 0, 2)));
    assertNotEquals(mean().weights(WEIGHTS), mean().weights(NdArray.of(1.5, 0, 3)));
  }

  @Test
  void textSaysAllThatIsSet() {
    assertEquals("mean", mean().toString());
    assertEquals("sum, ignoring -100", sum().ignoring(-100).toString());
    assertEquals("none, smoothing 0.1", none().smoothing(0.1).toString());
    assertEquals(
        "mean, ignoring 255, weights [1.5, 0.0, 2.0], smoothing 0.5",
        mean().smoothing(0.5).weights(WEIGHTS).ignoring(255).toString());
    NdArray many = NdArray.generate(DType.FLOAT32, Shape.of(300), k -> k);
    String text = mean().weights(many).toString();
    assertEquals(", 298.0, 299.0]", text.substring(text.length() - 15)); // not cut off
  }

  @Test
  void theLargestFiniteWeightIsOne() {
    NdArray largest = NdArray.of(new double[] {Double.MAX_VALUE, 0}, 2);
    assertEquals(Optional.of(largest), sum().weights(largest).weights());
  }

  /**
   * Log-probabilities of -infinity are masked where a weight is 0, and nothing is where none is.
   */
  @Test
  void weightsOfZeroMask() {
    NdArray logs = NdArray.of(new double[] {Double.NEGATIVE_INFINITY, -1, 0, -2}, 2, 2);
    NdArray none = NdArray.of(new double[] {0, 0}, 2);
    Tensor p = Tensor.variable(logs);
    assertEquals(0, Ops.nllLoss(p, new int[] {0, 1}, sum().weights(none)).item());
    assertTrue(graph(p, sum().weights(NdArray.of(new double[] {0, 3}, 2))).contains("where"));
    assertFalse(graph(p, sum().weights(NdArray.of(new double[] {2, 3}, 2))).contains("where"));
    assertFalse(graph(p, sum()).contains("where"));
  }

  private static String graph(Tensor p, CrossEntropyOptions options) {
    return GraphView.of(Ops.nllLoss(p, new int[] {0, 1}, options)).dot();
  }
}
