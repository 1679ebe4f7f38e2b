package org.gradus.autograd.ops;

import java.util.Arrays;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Binary;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Unary;

/** From arrays with shapes to kernels with sizes: what several ops' forward computations share. */
final class Compute {
  private Compute() {}

  static Kernels<Object> kernels(NdArray x) {
    return Kernels.of(x.buffer().array());
  }

  /** An array of another's element type, for a kernel to write to; it holds anything until then. */
  static NdArray result(NdArray like, Shape shape) {
    return NdArray.wrap(like.buffer().another(shape.size()), shape);
  }

  /** As {@link #result}, with one number everywhere, rounded to the element type. */
  static NdArray filled(NdArray like, Shape shape, double value) {
    NdArray y = result(like, shape);
    if (y.buffer().array() instanceof float[] floats) {
      Arrays.fill(floats, (float) value);
    } else {
      Arrays.fill((double[]) y.buffer().array(), value);
    }
    return y;
  }

  /** f(x), element by element. */
  static NdArray unary(Unary f, NdArray x) {
    return unary(f, 0, x);
  }

  /** f(x) with the function's constant c, element by element. */
  static NdArray unary(Unary f, double c, NdArray x) {
    NdArray y = result(x, x.shape());
    kernels(x).unary(f, c, x.buffer().array(), y.buffer().array());
    return y;
  }

  /** f(a, b), element by element, broadcast by NumPy's rules. */
  static NdArray binary(String op, Binary f, NdArray a, NdArray b) {
    NdArray y = result(a, Shape.broadcast(op, a.shape(), b.shape()));
    Loop loop = Loop.over(y.shape(), broadcastStrides(a, y), broadcastStrides(b, y));
    kernels(a)
        .binary(
            f,
            loop.extents(),
            a.buffer().array(),
            loop.strides(0),
            b.buffer().array(),
            loop.strides(1),
            y.buffer().array());
    return y;
  }

  /** a where the mask is not 0, otherwise b, element by element, broadcast by NumPy's rules. */
  static NdArray where(String op, NdArray mask, NdArray a, NdArray b) {
    Shape shape = Shape.broadcast(op, Shape.broadcast(op, mask.shape(), a.shape()), b.shape());
    NdArray y = result(a, shape);
    Loop loop =
        Loop.over(shape, broadcastStrides(mask, y), broadcastStrides(a, y), broadcastStrides(b, y));
    kernels(a)
        .where(
            loop.extents(),
            mask.buffer().array(),
            loop.strides(0),
            a.buffer().array(),
            loop.strides(1),
            b.buffer().array(),
            loop.strides(2),
            y.buffer().array());
    return y;
  }

  /** x / c; exact where multiplying by 1 / c is not. */
  static NdArray divide(NdArray x, double c) {
    return binary("div", Binary.DIV, x, NdArray.scalar(x.dtype(), c));
  }

  /** x repeated to a shape that it broadcasts to. */
  static NdArray broadcast(NdArray x, Shape shape) {
    return View.of(x).broadcastTo(shape).copy();
  }

  /** The sum over the marked axes, in a shape that has the other axes' elements. */
  static NdArray sum(NdArray x, boolean[] summed, Shape result) {
    if (x.size() == 0) { // sums over some of the axes might be many, of nothing
      return NdArray.zeros(x.dtype(), result);
    }
    NdArray y = x;
    int before = x.size();
    int after = 1;
    for (int axis = summed.length - 1; axis >= 0; ) {
      int end = axis;
      while (axis >= 0 && summed[axis] == summed[end]) {
        axis--;
      }
      int extent = x.shape().size(axis + 1, end + 1);
      before = x.shape().size(0, axis + 1);
      if (summed[end]) {
        NdArray partial = result(x, Shape.of(before, after));
        kernels(x).sum(before, extent, after, y.buffer().array(), partial.buffer().array());
        y = partial;
      } else {
        after *= extent;
      }
    }
    return y.reshape(result);
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
  static final class Loop {
    private final int[] extents;
    private final int[][] strides;

    private Loop(int[] extents, int[][] strides) {
      this.extents = extents;
      this.strides = strides;
    }

    static Loop over(Shape shape, int[]... strides) {
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
      return new Loop(Arrays.copyOf(extents, loops), steps);
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
