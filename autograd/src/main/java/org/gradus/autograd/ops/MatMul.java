package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.matmul;
import static org.gradus.autograd.ops.Ops.sumTo;
import static org.gradus.autograd.ops.Ops.zeros;

import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.internal.kernel.MatmulSizes;

/**
 * Matrix products, each factor transposed or not.
 *
 * <pre>
 *   y[..., i, j] = sum over p of a'[..., i, p] b'[..., p, j]
 *     a' = a [..., M, K], or the transpose of a [..., K, M]
 *     b' = b [..., K, N], or the transpose of b [..., N, K]
 *   VJP a: g b'^T if a is not transposed, else b' g^T
 *   VJP b: a'^T g if b is not transposed, else g^T a'
 * </pre>
 *
 * Rank 2 or higher. The axes before the last two count matrices, and broadcast by NumPy's rules;
 * the VJPs sum over what was repeated. If K is 0 the product is 0. Products are added up by blocks
 * of at most 512, whatever K: each element is within 520 + log2(K) units of rounding (2^-24 in
 * float32, 2^-53 in float64) of the sum of the magnitudes of its products. No sum overflows on the
 * way to an element that does not. Refuses a lower rank, and factors that differ in K.
 *
 * @param transposeA whether the last two axes of a are exchanged first
 * @param transposeB whether the last two axes of b are exchanged first
 */
public record MatMul(boolean transposeA, boolean transposeB) implements BinaryOp {
  @Override
  public String name() {
    return "matmul";
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray a = in.get(0);
    NdArray b = in.get(1);
    check(a.shape(), b.shape());
    int m = a.shape().dim(transposeA ? -1 : -2);
    int k = a.shape().dim(transposeA ? -2 : -1);
    int n = b.shape().dim(transposeB ? -2 : -1);
    Shape batch = batch(a.shape(), b.shape());
    int[] dims = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
    dims[batch.rank()] = m;
    dims[batch.rank() + 1] = n;
    NdArray c = ArrayMath.result(a, Shape.of(name(), dims));
    if (c.size() == 0) { // of very many matrices, perhaps
      return c;
    }
    int[] offsetsA = offsets(leading(a.shape()), batch, m * k);
    int[] offsetsB = offsets(leading(b.shape()), batch, k * n);
    MatmulSizes sizes = new MatmulSizes(transposeA, transposeB, m, n, k, offsetsA, offsetsB);
    ArrayMath.kernels(a).matmul(sizes, ArrayMath.array(a), ArrayMath.array(b), ArrayMath.array(c));
    return c;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor a = in.get(0);
    Tensor b = in.get(1);
    if (y.shape().size() == 0) { // the product before it is summed might be very large
      return zeros(in.get(input));
    }
    if (input == 0) {
      Tensor da = transposeA ? matmul(b, g, transposeB, true) : matmul(g, b, false, !transposeB);
      return sumTo(da, a.shape());
    }
    Tensor db = transposeB ? matmul(g, a, true, transposeA) : matmul(a, g, !transposeA, false);
    return sumTo(db, b.shape());
  }

  private void check(Shape a, Shape b) {
    if (a.rank() < 2 || b.rank() < 2) {
      throw new ShapeException(name(), "%s and %s: expected rank 2 or higher".formatted(a, b));
    }
    int k = a.dim(transposeA ? -2 : -1);
    int other = b.dim(transposeB ? -1 : -2);
    if (k != other) {
      throw new ShapeException(
          name(),
          "a %s%s has %s columns, but b %s%s has %s rows"
              .formatted(
                  a,
                  transposeA ? " transposed" : "",
                  k,
                  b,
                  transposeB ? " transposed" : "",
                  other));
    }
  }

  private Shape batch(Shape a, Shape b) {
    if (a.rank() == 2 && b.rank() == 2) {
      return Shape.SCALAR;
    }
    String axes = name() + ": the axes of " + a + " and " + b + " before the last two";
    return Shape.broadcast(axes, leading(a), leading(b));
  }

  private static Shape leading(Shape shape) {
    return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - 2));
  }

  /** Where the matrix for each element of the batch begins, given how many there really are. */
  private static int[] offsets(Shape own, Shape batch, int matrixSize) {
    if (batch.size() == 1) {
      return new int[1];
    }
    int[] offsets = new int[batch.size()];
    int[] strides = own.strides();
    int missing = batch.rank() - own.rank();
    for (int i = 0; i < offsets.length; i++) {
      int rest = i;
      int number = 0;
      for (int axis = batch.rank() - 1; axis >= missing; axis--) {
        int extent = batch.dim(axis);
        number += rest % extent * strides[axis - missing];
        rest /= extent;
      }
      offsets[i] = number * matrixSize;
    }
    return offsets;
  }
}
