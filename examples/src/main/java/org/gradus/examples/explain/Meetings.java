package org.gradus.examples.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * Which elements of two tensors meet: are multiplied with each other in a sum of products.
 *
 * <p>It is not derived from indices, but found: the derivative of a sum of products a b by an
 * element of a is the element of b that meets it. So each b is given its number, from 1, as its
 * value, and the derivatives tell the numbers; 0 is nobody.
 */
final class Meetings {
  private Meetings() {}

  /** An element of the first tensor, and the one of the second that it meets. */
  record Pair(int first, int second) {}

  /**
   * The pairs of each element of a result, in the order of the first.
   *
   * @param sums of products of the first and the second tensor; no element of the first meets two
   *     in one sum
   */
  static List<List<Pair>> of(BinaryOperator<Tensor> sums, Shape first, Shape second) {
    Tensor a = Tensor.variable(NdArray.zeros(DType.FLOAT64, first));
    Tensor b = Tensor.constant(NdArray.generate(DType.FLOAT64, second, i -> i + 1));
    Tensor result = sums.apply(a, b);
    List<List<Pair>> all = new ArrayList<>();
    for (int i = 0; i < result.shape().size(); i++) {
      int asked = i;
      Tensor one =
          Tensor.constant(NdArray.generate(DType.FLOAT64, result.shape(), k -> k == asked ? 1 : 0));
      NdArray met = Gradients.pullback(result, one, Gradients.Mode.VALUES, a).of(a).value();
      List<Pair> pairs = new ArrayList<>();
      for (int k = 0; k < met.size(); k++) {
        if (met.at(k) != 0) {
          pairs.add(new Pair(k, (int) Math.rint(met.at(k)) - 1));
        }
      }
      all.add(pairs);
    }
    return all;
  }
}
