package org.gradus.autograd.inspect;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.neg;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;

class NodesTest {
  private final Tensor a = Tensor.variable(NdArray.of(new double[] {2}, 1));
  private final Tensor b = Tensor.constant(NdArray.of(new double[] {3}, 1));

  @Test
  void eachIsThereOnceAndBehindItsInputs() {
    Tensor product = mul(a, b);
    Tensor negative = neg(a);
    Tensor sum = add(product, negative);
    assertEquals(List.of(a, b, product, negative, sum), Nodes.of(sum));
    assertEquals(List.of(a, negative, b, product, sum), Nodes.of(negative, sum, product));
  }

  @Test
  void whatIsNoPartOfAGraphIsAlone() {
    assertEquals(List.of(), Nodes.of());
    assertEquals(List.of(a), Nodes.of(a));
    Tensor constant = neg(b);
    assertEquals(List.of(constant), Nodes.of(constant, constant));
  }

  @Test
  void aLongChainIsWalked() {
    Tensor end = a;
    for (int i = 0; i < 100_000; i++) {
      end = neg(end);
    }
    List<Tensor> nodes = Nodes.of(end);
    assertEquals(100_001, nodes.size());
    assertEquals(a, nodes.get(0));
    assertEquals(end, nodes.get(100_000));
  }

  @Test
  void nullIsRefused() {
    assertEquals(
        "nodes: outputs[1] is null",
        assertThrows(NullPointerException.class, () -> Nodes.of(a, null)).getMessage());
  }
}
