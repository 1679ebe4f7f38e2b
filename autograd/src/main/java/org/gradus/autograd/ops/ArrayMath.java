package org.gradus.autograd.ops;

import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Binary;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Known;
import org.gradus.autograd.internal.kernel.Loss;
import org.gradus.autograd.internal.kernel.Pointwise;
import org.gradus.autograd.internal.kernel.Unary;
import org.gradus.autograd.internal.memory.Buffers;

/** Mathematics on arrays, as ops' forward computations share it: from shapes to kernels' sizes. */
final class ArrayMath {
  private ArrayMath() {}

  static Kernels<Object> kernels(NdArray x) {
    return Buffers.of(x).kernels();
  }

  /** The {@code float[]} or {@code double[]} of an array, for a kernel. */
  static Object array(NdArray x) {
    return Buffers.of(x).arrayForOp();
  }

  /** What kernels know about the elements of an array. */
  static Known known(NdArray x) {
    return Buffers.of(x).known();
  }

  /** An array of another's element type, for a kernel to write to; it holds anything until then. */
  static NdArray result(NdArray like, Shape shape) {
    return Buffers.array(Buffers.of(like).another(shape.size()), shape);
  }

  /** As {@link #result}, with one number everywhere, rounded to the element type. */
  static NdArray filled(NdArray like, Shape shape, double value) {
    NdArray y = result(like, shape);
    kernels(y).fill(value, array(y));
    return y;
  }

  /** f(x), element by element. */
  static NdArray unary(Unary f, NdArray x) {
    return unary(f, 0, x);
  }

  /** f(x) with the function's constant c, element by element. */
  static NdArray unary(Unary f, double c, NdArray x) {
    NdArray y = result(x, x.shape());
    kernels(x).unary(f, c, array(x), array(y));
    return y;
  }

  /** f(a, b), element by element, broadcast by NumPy's rules. */
  static NdArray binary(String op, Binary f, NdArray a, NdArray b) {
    NdArray y = result(a, Shape.broadcast(op, a.shape(), b.shape()));
    LoopNest loop = LoopNest.over(y.shape(), broadcastStrides(a, y), broadcastStrides(b, y));
    kernels(a)
        .binary(f, loop.extents(), array(a), loop.strides(0), array(b), loop.strides(1), array(y));
    return y;
  }

  /** c times the product of a function of each x, element by element, broadcast to a shape. */
  static NdArray product(double c, List<Factor> factors, List<NdArray> x, Shape shape) {
    NdArray y = result(x.get(0), shape);
    int[][] strides = x.stream().map(each -> broadcastStrides(each, y)).toArray(int[][]::new);
    LoopNest loop = LoopNest.over(shape, strides);
    for (int i = 0; i < strides.length; i++) {
      strides[i] = loop.strides(i);
    }
    kernels(y)
        .product(
            c,
            factors.toArray(new Factor[0]),
            loop.extents(),
            x.stream().map(ArrayMath::array).toList(),
            strides,
            array(y));
    return y;
  }

  /** f of the numbers of all x, element by element, broadcast to a shape. */
  static NdArray pointwise(Pointwise f, List<NdArray> x, Shape shape) {
    NdArray y = result(x.get(0), shape);
    int[][] strides = x.stream().map(each -> broadcastStrides(each, y)).toArray(int[][]::new);
    LoopNest loop = LoopNest.over(shape, strides);
    for (int i = 0; i < strides.length; i++) {
      strides[i] = loop.strides(i);
    }
    List<Object> arrays = x.stream().map(ArrayMath::array).toList();
    kernels(y).pointwise(f, loop.extents(), arrays, strides, array(y));
    return y;
  }

  /** c (a - b) s, element by element, broadcast to a shape. */
  static NdArray scaledDifference(double c, NdArray a, NdArray b, NdArray s, Shape shape) {
    NdArray y = result(a, shape);
    LoopNest loop =
        LoopNest.over(
            shape, broadcastStrides(a, y), broadcastStrides(b, y), broadcastStrides(s, y));
    kernels(a)
        .scaledDifference(
            c,
            loop.extents(),
            List.of(array(a), array(b), array(s)),
            new int[][] {loop.strides(0), loop.strides(1), loop.strides(2)},
            array(y));
    return y;
  }

  /** a where the mask is not 0, otherwise b, element by element, broadcast by NumPy's rules. */
  static NdArray where(String op, NdArray mask, NdArray a, NdArray b) {
    Shape shape = Shape.broadcast(op, Shape.broadcast(op, mask.shape(), a.shape()), b.shape());
    NdArray y = result(a, shape);
    LoopNest loop =
        LoopNest.over(
            shape, broadcastStrides(mask, y), broadcastStrides(a, y), broadcastStrides(b, y));
    kernels(a)
        .where(
            loop.extents(),
            array(mask),
            loop.strides(0),
            array(a),
            loop.strides(1),
            array(b),
            loop.strides(2),
            array(y));
    return y;
  }

  /** The sum of a loss of all pairs of elements, divided by a number before it is rounded. */
  static NdArray loss(Loss f, double c, double divisor, NdArray a, NdArray b) {
    double loss = kernels(a).loss(f, c, divisor, array(a), array(b));
    return NdArray.scalar(a.dtype(), loss);
  }

  /** Whether the sizes of all elements are from one number to another, and none is NaN. */
  static boolean isWithin(double least, double most, NdArray x) {
    return kernels(x).isWithin(least, most, array(x));
  }

  /** Whether an element type has a number of about this size. */
  static boolean fits(double c, DType type) {
    double rounded = NdArray.scalar(type, c).item();
    return !(Math.abs(rounded - c) > 1e-6 * Math.abs(c));
  }

  /** x repeated to a shape that it broadcasts to. */
  static NdArray broadcast(NdArray x, Shape shape) {
    return StridedView.of(x).broadcastTo(shape).copy();
  }

  /** The sum over the marked axes, in a shape that has the other axes' elements. */
  static NdArray sum(NdArray x, boolean[] summed, Shape result) {
    return sum(x, summed, 1, result);
  }

  /** The same, divided by a number before it is rounded. */
  static NdArray sum(NdArray x, boolean[] summed, double divisor, Shape result) {
    if (x.size() == 0) { // sums over some of the axes might be many, of nothing
      return filled(x, result, 0 / divisor);
    }
    NdArray y = result(x, result);
    kernels(x).sum(x.shape().toArray(), summed, divisor, array(x), array(y));
    return y;
  }

  private static int[] broadcastStrides(NdArray x, NdArray y) {
    int[] own = x.shape().strides();
    int[] strides = new int[y.shape().rank()];
    System.arraycopy(own, 0, strides, strides.length - own.length, own.length);
    return strides;
  }

  /**
   * Nested loops over an output and, for each input, the stride that one step of each loop makes.
   * Axes of extent 1 are left out, and neighbours that can be walked in one loop are merged, so
   * that kernels see few and long loops; there is at least one.
   */
  static final class LoopNest {
    private final int[] extents;
    private final int[][] strides;

    private LoopNest(int[] extents, int[][] strides) {
      this.extents = extents;
      this.strides = strides;
    }

    static LoopNest over(Shape shape, int[]... strides) {
      int[] extents = new int[shape.rank() + 1];
      int[][] steps = new int[strides.length][shape.rank() + 1];
      int loops = 0;
      for (int axis = 0; axis < shape.rank(); axis++) {
        int extent = shape.dim(axis);
        if (extent == 1) {
          continue;
        }
        if (loops > 0 && mergeable(steps, loops - 1, strides, axis, extent)) {
          extents[loops - 1] *= extent;
        } else {
          extents[loops++] = extent;
        }
        for (int input = 0; input < strides.length; input++) {
          steps[input][loops - 1] = strides[input][axis];
        }
      }
      if (loops == 0) {
        extents[loops++] = 1;
      }
      for (int input = 0; input < steps.length; input++) {
        steps[input] = Arrays.copyOf(steps[input], loops);
      }
      return new LoopNest(Arrays.copyOf(extents, loops), steps);
    }

    int[] extents() {
      return extents;
    }

    /** The strides of the input of this number. */
    int[] strides(int input) {
      return strides[input];
    }

    private static boolean mergeable(
        int[][] steps, int outer, int[][] strides, int inner, int extent) {
      for (int input = 0; input < strides.length; input++) {
        if (steps[input][outer] != strides[input][inner] * extent) {
          return false;
        }
      }
      return true;
    }
  }
}
