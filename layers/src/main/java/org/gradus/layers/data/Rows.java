package org.gradus.layers.data;

import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** Examples as rows of an array [N, ...]. */
final class Rows {
  private Rows() {}

  /** Copies of some rows, in this order; each number is from 0 to N - 1. */
  static NdArray of(NdArray rows, int... numbers) {
    Shape shape = rows.shape().with(0, numbers.length);
    int length = rows.shape().size(1, rows.shape().rank());
    Object from = rows.storage();
    if (rows.dtype() == DType.FLOAT32) {
      float[] to = new float[shape.size()];
      copy(from, to, length, numbers);
      return NdArray.wrap(to, shape);
    }
    double[] to = new double[shape.size()];
    copy(from, to, length, numbers);
    return NdArray.wrap(to, shape);
  }

  private static void copy(Object from, Object to, int length, int[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      System.arraycopy(from, numbers[i] * length, to, i * length, length);
    }
  }

  /** The shape of a row. */
  static Shape shape(NdArray rows) {
    int[] dims = rows.shape().toArray();
    return Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
  }

  /** A copy of one row, in the shape of a row. */
  static NdArray row(NdArray rows, Shape shape, int number) {
    int from = number * shape.size();
    int to = from + shape.size();
    return rows.storage() instanceof float[] floats
        ? NdArray.wrap(Arrays.copyOfRange(floats, from, to), shape)
        : NdArray.wrap(Arrays.copyOfRange((double[]) rows.storage(), from, to), shape);
  }

  /** Rows of several arrays, one behind the other; all of one kind. */
  static NdArray joined(List<NdArray> parts) {
    NdArray first = parts.get(0);
    int total = Math.toIntExact(parts.stream().mapToLong(part -> part.shape().dim(0)).sum());
    Shape shape = first.shape().with(0, total);
    if (first.dtype() == DType.FLOAT32) {
      float[] to = new float[shape.size()];
      join(parts, to);
      return NdArray.wrap(to, shape);
    }
    double[] to = new double[shape.size()];
    join(parts, to);
    return NdArray.wrap(to, shape);
  }

  private static void join(List<NdArray> parts, Object to) {
    int end = 0;
    for (NdArray part : parts) {
      System.arraycopy(part.storage(), 0, to, end, part.size());
      end += part.size();
    }
  }

  /** A row's element type and shape. */
  static String kind(NdArray rows) {
    int[] dims = rows.shape().toArray();
    return "%s %s"
        .formatted(rows.dtype(), Arrays.toString(Arrays.copyOfRange(dims, 1, dims.length)));
  }
}
