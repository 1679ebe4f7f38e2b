package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * The slabs of x at positions along an axis that were computed: a {@link Take} by numbers.
 *
 * <pre>
 *   x [a..., n, b...], p [i...], y [a..., i..., b...]
 *   y[a..., i..., b...] = x[a..., p[i...], b...]
 *   VJP x: takeInput(g): each slab of g is added where it was taken from
 *   VJP p: 0, since y is constant in p near a whole number
 * </pre>
 *
 * Any shape of x of rank 1 or higher. Refuses an axis that x does not have, and a position that is
 * not within 1/100 of a whole number from 0 to n - 1. The element type must tell positions apart: a
 * float32 number counts to 16,777,216.
 *
 * @param axis of x, from 0, or negative to count from the end
 */
record TakeAt(int axis) implements BinaryOp {
  private static final double NEAR = 0.01;

  @Override
  public String name() {
    return "take";
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    return new Take(axis, positions(x.shape(), in.get(1))).forward(List.of(x));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor positions = in.get(1);
    if (input == 1) {
      return Ops.zeros(positions);
    }
    Shape shape = in.get(0).shape();
    Indices taken = positions.read(numbers -> positions(shape, numbers));
    return Tensor.of(new TakeInput(axis, taken, shape), g);
  }

  private Indices positions(Shape x, NdArray numbers) {
    int extent = x.dim(x.axis(name(), axis));
    double[] given = numbers.toDoubleArray();
    int[] positions = new int[given.length];
    for (int i = 0; i < positions.length; i++) {
      double number = given[i];
      double position = Math.rint(number);
      if (!(Math.abs(number - position) < NEAR && position >= 0 && position < extent)) {
        throw new IllegalArgumentException(
            "%s: position %s at %s, expected a whole number from 0 to %s, for axis %s of %s"
                .formatted(
                    name(), number, Gather.position(i, numbers.shape()), extent - 1, axis, x));
      }
      positions[i] = (int) position;
    }
    return Indices.wrap(positions, numbers.shape());
  }
}
