package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.mul;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.List;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.Test;

class ParameterTest {
  private final Parameter weight = new Parameter("weight", NdArray.of(new double[] {3}, 1));

  @Test
  void holdsAVariable() {
    assertTrue(weight.tensor().isVariable());
    assertSame(weight.tensor(), weight.tensor());
    assertEquals(3, weight.value().item());
    assertEquals("weight FLOAT64 [1]", weight.toString());
  }

  @Test
  void setPutsANewVariableInPlaceAndAnOldGraphKeepsItsOwn() {
    Tensor old = weight.tensor();
    Tensor square = mul(old, old);

    weight.set(NdArray.of(new double[] {5}, 1));

    assertNotSame(old, weight.tensor());
    assertTrue(weight.tensor().isVariable());
    assertEquals(5, weight.value().item());
    assertEquals(3, old.item());
    assertEquals(6, Gradients.backward(square).of(old).item());
  }

  @Test
  void knowsItsFormerVariables() {
    Tensor first = weight.tensor();
    Gradients gradients = Gradients.backward(mul(first, first));
    assertFalse(weight.wasReplaced(first));
    assertFalse(weight.wasReplacedSince(gradients));

    weight.in("longer").set(NdArray.of(new double[] {5}, 1));

    assertTrue(weight.wasReplaced(first));
    assertTrue(weight.in("linear").wasReplaced(first));
    assertFalse(weight.wasReplaced(weight.tensor()));
    assertFalse(weight.wasReplaced(Tensor.variable(weight.value())));
    assertTrue(weight.wasReplacedSince(gradients));
    assertFalse(weight.wasReplacedSince(Gradients.backward(mul(weight.tensor(), weight.tensor()))));
    assertFalse(new Parameter("other", weight.value()).wasReplaced(first));
  }

  /** Nobody differentiates by it, and what was computed with its former value may stay. */
  @Test
  void aBufferIsNeverStale() {
    Parameter buffer = Parameter.buffer("mean", weight.value());
    assertEquals(
        List.of(false, false, true),
        List.of(
            weight.isStatistic(),
            buffer.isStatistic(),
            Parameter.statistic("mean", weight.value()).in("bn").isStatistic()));
    Tensor first = buffer.tensor();
    buffer.set(NdArray.of(new double[] {5}, 1));
    assertFalse(buffer.wasReplaced(first));
  }

  @Test
  void keepsNoFormerVariableAlive() throws InterruptedException {
    WeakReference<Tensor> former = new WeakReference<>(weight.tensor());
    weight.set(NdArray.of(new double[] {5}, 1));
    for (int i = 0; i < 100 && former.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertNull(former.get());
  }

  @Test
  void refusesAnotherShape() {
    Parameter deep = weight.in("linear").in("0");
    NdArray value = NdArray.of(new double[] {1, 2}, 2);

    ShapeException error = assertThrows(ShapeException.class, () -> deep.set(value));

    assertEquals(
        "parameter 0.linear.weight: the new value has shape [2], expected [1]", error.getMessage());
    assertEquals(3, weight.value().item());
  }

  @Test
  void refusesAnotherElementType() {
    NdArray value = NdArray.of(new float[] {1}, 1);

    DTypeException error = assertThrows(DTypeException.class, () -> weight.set(value));

    assertEquals(
        "parameter weight: the new value is FLOAT32, expected FLOAT64; convert it with NdArray.as",
        error.getMessage());
  }

  @Test
  void isTheSameParameterUnderALongerName() {
    Parameter longer = weight.in("conv2d");

    longer.set(NdArray.of(new double[] {7}, 1));

    assertEquals("conv2d.weight", longer.name());
    assertEquals("weight", weight.name());
    assertEquals(7, weight.value().item());
    assertSame(weight.tensor(), longer.tensor());
    assertEquals(weight, longer);
    assertEquals(weight.hashCode(), longer.hashCode());
    assertNotEquals(weight, new Parameter("weight", weight.value()));
  }

  @Test
  void refusesBlankNames() {
    NdArray value = weight.value();

    var noName = assertThrows(IllegalArgumentException.class, () -> new Parameter(" ", value));
    var noPrefix = assertThrows(IllegalArgumentException.class, () -> weight.in(""));

    assertEquals("parameter: the name is blank", noName.getMessage());
    assertEquals("parameter: the prefix is blank", noPrefix.getMessage());
  }

  @Test
  void anotherThreadSeesEveryValueWhole() throws InterruptedException {
    int size = 1000;
    Parameter shared = new Parameter("shared", NdArray.of(new double[size], size));
    boolean[] torn = new boolean[1];
    Thread reader =
        new Thread(
            () -> {
              double first;
              do {
                NdArray seen = shared.value();
                first = seen.at(0);
                torn[0] |= seen.at(size - 1) != first;
              } while (first < 500);
            });
    reader.start();
    for (int i = 1; i <= 500; i++) {
      double value = i;
      shared.set(shared.value().map(x -> value));
    }
    reader.join();

    assertFalse(torn[0]);
  }
}
