package org.gradus.autograd.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** Numbers as an oracle sees them: one multi-index at a time, in double precision, and slowly. */
final class Naive {
  private final int[] dims;
  private final double[] values;

  private Naive(int[] dims, double[] values) {
    this.dims = dims;
    this.values = values;
  }

  /** The array whose element at each multi-index is f of that index. */
  static Naive generate(int[] dims, ToDoubleFunction<int[]> f) {
    return new Naive(dims.clone(), indices(dims).stream().mapToDouble(f).toArray());
  }

  /** The float64 values of an array. */
  static Naive of(NdArray array) {
    return new Naive(array.shape().toArray(), array.toDoubleArray());
  }

  /** All multi-indices of an array of these extents, the last axis fastest. */
  static List<int[]> indices(int... dims) {
    List<int[]> prefixes = List.of(new int[0]);
    for (int dim : dims) {
      List<int[]> longer = new ArrayList<>();
      for (int[] prefix : prefixes) {
        for (int i = 0; i < dim; i++) {
          int[] index = Arrays.copyOf(prefix, prefix.length + 1);
          index[prefix.length] = i;
          longer.add(index);
        }
      }
      prefixes = longer;
    }
    return prefixes;
  }

  int[] dims() {
    return dims.clone();
  }

  int dim(int axis) {
    return dims[axis];
  }

  int rank() {
    return dims.length;
  }

  int size() {
    return values.length;
  }

  /** The element number i in row-major order. */
  double flat(int i) {
    return values[i];
  }

  double at(int... index) {
    int flat = 0;
    for (int axis = 0; axis < dims.length; axis++) {
      flat = flat * dims[axis] + index[axis];
    }
    return values[flat];
  }

  /** The element that broadcasting puts at an index of the larger shape. */
  double broadcastAt(int... index) {
    int[] own = Arrays.copyOfRange(index, index.length - dims.length, index.length);
    for (int axis = 0; axis < dims.length; axis++) {
      own[axis] = dims[axis] == 1 ? 0 : own[axis];
    }
    return at(own);
  }

  Naive map(DoubleUnaryOperator f) {
    return new Naive(dims, Arrays.stream(values).map(f).toArray());
  }

  Naive abs() {
    return map(Math::abs);
  }

  double sum() {
    return Arrays.stream(values).sum();
  }

  /** The same numbers in the same order. */
  Naive reshape(int... newDims) {
    return new Naive(newDims.clone(), values);
  }

  /** A constant of these numbers. */
  Tensor as(DType type) {
    return Tensor.constant(NdArray.of(values, dims).as(type));
  }

  Shape shape() {
    return Shape.of(dims);
  }

  @Override
  public String toString() {
    return Arrays.toString(dims) + " " + Arrays.toString(values);
  }
}
