package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.junit.jupiter.api.Test;

/** What the row of products does not say: calls with too few inputs. */
class ProductTest {
  private final Tensor x = Tensor.variable(NdArray.of(new double[] {2, -3}, 2));

  @Test
  void thereAreAsManyInputsAsFactors() {
    Product two = new Product(1, List.of(Factor.Power.one(), Factor.Power.one()));
    String message =
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(two, x)).getMessage();
    assertEquals("product: 1 inputs, expected 2", message);
  }
}
