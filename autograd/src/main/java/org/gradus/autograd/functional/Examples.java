package org.gradus.autograd.functional;

import static org.gradus.autograd.ops.Ops.pad;
import static org.gradus.autograd.ops.Ops.slice;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/**
 * Arrays that hold a number of examples.
 *
 * @param count of the examples, 1 or more
 */
record Examples(int count) {

  /** The elements of one example, [1, elements], of an array whose examples lie apart. */
  NdArray part(NdArray apart, int n) {
    return part(apart, n, n + 1);
  }

  /** The elements of some examples, [to - from, elements of each]. */
  NdArray part(NdArray apart, int from, int to) {
    return slice(rows(apart), 0, from, to).value();
  }

  private Tensor rows(NdArray apart) {
    return Tensor.constant(apart.reshape(count, apart.size() / count));
  }

  /** An array whose examples lie apart, with 0 in the place of all but one. */
  NdArray alone(NdArray apart, int n) {
    if (count == 1) {
      return apart;
    }
    Tensor part = slice(rows(apart), 0, n, n + 1);
    int[] before = {n, 0};
    int[] after = {count - n - 1, 0};
    return pad(part, before, after, 0).value().reshape(apart.shape());
  }

  /** One of the arrays that {@link #stack} has put together. */
  NdArray of(NdArray each, int n) {
    int[] dims = each.shape().toArray();
    int[] inner = new int[dims.length - 1];
    System.arraycopy(dims, 1, inner, 0, inner.length);
    return part(each, n).reshape(Shape.of(inner));
  }

  /** Arrays of one shape, one for each example, as [count, the shape]. */
  NdArray stack(IntFunction<NdArray> ofExample) {
    return Ops.stack(
            0,
            IntStream.range(0, count)
                .mapToObj(n -> Tensor.constant(ofExample.apply(n)))
                .toArray(Tensor[]::new))
        .value();
  }
}
