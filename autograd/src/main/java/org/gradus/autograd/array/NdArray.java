package org.gradus.autograd.array;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.gradus.autograd.internal.kernel.Buffer;
import org.gradus.autograd.internal.kernel.Kernels;

/**
 * A value: numbers of one {@link DType} in a {@link Shape}, row-major and contiguous in one {@code
 * float[]} or {@code double[]}.
 *
 * <p>Immutable to those who use it as intended: every method that computes returns a new array, and
 * the factories named {@code of} copy. The methods named {@code wrap}, {@code as...Matrix} and
 * {@code storage} share the numbers instead of copying them; whoever uses these must not write to
 * what is shared.
 */
@SuppressWarnings("exports") // EJML's matrices need EJML's module
public final class NdArray {
  private final Buffer buffer; // which Buffers opens to the library itself
  private final DType dtype;
  private final Shape shape;

  private NdArray(Buffer buffer, DType dtype, int length, Shape shape) {
    if (length != Nulls.given("array: shape", shape).size()) {
      throw new ShapeException(
          "array",
          "%s values do not fill the shape %s, which has %s"
              .formatted(length, shape, shape.size()));
    }
    this.buffer = buffer;
    this.dtype = dtype;
    this.shape = shape;
  }

  // ---- made from numbers -------------------------------------------------------------------

  /**
   * A float32 array of shape {@code dims} with a copy of these values, in row-major order.
   *
   * @throws ShapeException if their number is not that of the shape
   */
  public static NdArray of(float[] values, int... dims) {
    Nulls.refuse("array: values, dims", values, dims);
    return wrap(values.clone(), Shape.of(dims));
  }

  /**
   * A float64 array of shape {@code dims} with a copy of these values, in row-major order.
   *
   * @throws ShapeException if their number is not that of the shape
   */
  public static NdArray of(double[] values, int... dims) {
    Nulls.refuse("array: values, dims", values, dims);
    return wrap(values.clone(), Shape.of(dims));
  }

  /** A float32 array of rank 1 with these values. */
  public static NdArray of(float... values) {
    Nulls.refuse("array: values", values);
    return of(values, values.length);
  }

  /** A float64 array of rank 1 with these values. */
  public static NdArray of(double... values) {
    Nulls.refuse("array: values", values);
    return of(values, values.length);
  }

  /** A float32 array of rank 1 with these whole values; one that it does not hold is refused. */
  public static NdArray of(int... values) {
    Nulls.refuse("array: values", values);
    return Making.ofInts(DType.FLOAT32, values);
  }

  /** As {@link #of(int...)}, of whole values in another element type, {@code dtype}. */
  public static NdArray of(DType dtype, int... values) {
    Nulls.refuse("array: dtype, values", dtype, values);
    return Making.ofInts(dtype, values);
  }

  /** A float32 array of rank 2 with a copy of these rows, {@code values}, all of one length. */
  public static NdArray of(float[][] values) {
    return Making.nested(DType.FLOAT32, 2, values);
  }

  /** As {@link #of(float[][])}, of rank 3: {@code values} in rows in matrices. */
  public static NdArray of(float[][][] values) {
    return Making.nested(DType.FLOAT32, 3, values);
  }

  /** As {@link #of(float[][])}, of rank 4: {@code values} such as images [N, C, H, W]. */
  public static NdArray of(float[][][][] values) {
    return Making.nested(DType.FLOAT32, 4, values);
  }

  /** As {@link #of(float[][])}, of float64 {@code values}. */
  public static NdArray of(double[][] values) {
    return Making.nested(DType.FLOAT64, 2, values);
  }

  /** As {@link #of(float[][][])}, of float64 {@code values}. */
  public static NdArray of(double[][][] values) {
    return Making.nested(DType.FLOAT64, 3, values);
  }

  /** As {@link #of(float[][][][])}, of float64 {@code values}. */
  public static NdArray of(double[][][][] values) {
    return Making.nested(DType.FLOAT64, 4, values);
  }

  /** An array of no axes that holds one value, rounded to the element type {@code dtype}. */
  public static NdArray scalar(DType dtype, double value) {
    return full(dtype, Shape.SCALAR, value);
  }

  /** An array of zeros, of this element type ({@code dtype}) and shape. */
  public static NdArray zeros(DType dtype, Shape shape) {
    return full(dtype, shape, 0);
  }

  /** An array of this shape with one value everywhere, rounded to {@code dtype}. */
  public static NdArray full(DType dtype, Shape shape, double value) {
    Nulls.refuse("array: dtype, shape", dtype, shape);
    NdArray result = wrap(dtype.newBuffer(shape.size()), shape);
    if (result.buffer.array() instanceof float[] floats) {
      Arrays.fill(floats, (float) value);
    } else {
      Arrays.fill((double[]) result.buffer.array(), value);
    }
    return result;
  }

  /**
   * An array of this shape whose element number i, in row-major order, is {@code f(i)} rounded to
   * {@code dtype}. The function is called once for each i, in order.
   */
  public static NdArray generate(DType dtype, Shape shape, IntToDoubleFunction f) {
    Nulls.refuse("array: dtype, shape, f", dtype, shape, f);
    NdArray result = wrap(dtype.newBuffer(shape.size()), shape);
    if (result.buffer.array() instanceof float[] floats) {
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) f.applyAsDouble(i);
      }
    } else {
      Arrays.setAll((double[]) result.buffer.array(), f);
    }
    return result;
  }

  /**
   * The numbers from, from + step, from + 2 step, ... before {@code to}, in {@code dtype}.
   *
   * @param step may be negative
   * @throws IllegalArgumentException if a number is not finite, or the step is 0
   */
  public static NdArray arange(DType dtype, double from, double to, double step) {
    Nulls.refuse("arange: dtype", dtype);
    return Making.arange(dtype, from, to, step);
  }

  /**
   * So many ({@code count}) numbers from one ({@code from}) to another ({@code to}), both included,
   * at one distance, in {@code dtype}. One number is the first.
   *
   * @throws IllegalArgumentException if an end is not finite, or the count is negative
   */
  public static NdArray linspace(DType dtype, double from, double to, int count) {
    Nulls.refuse("linspace: dtype", dtype);
    return Making.linspace(dtype, from, to, count);
  }

  /** The matrix [n, n] of element type {@code dtype} with ones on its diagonal, else zeros. */
  public static NdArray eye(DType dtype, int n) {
    Nulls.refuse("eye: dtype", dtype);
    return generate(dtype, Shape.of("eye", n, n), i -> i / n == i % n ? 1 : 0);
  }

  /**
   * An array of this element type ({@code dtype}) and shape, of numbers in [0, 1), evenly
   * distributed, which are drawn from a generator ({@code random}) one after another.
   */
  public static NdArray rand(DType dtype, Shape shape, RandomGenerator random) {
    Nulls.refuse("rand: dtype, shape, random", dtype, shape, random);
    return Making.rand(dtype, shape, random);
  }

  /** As {@link #rand}, of numbers of mean 0 and variance 1, normally distributed. */
  public static NdArray randn(DType dtype, Shape shape, RandomGenerator random) {
    Nulls.refuse("randn: dtype, shape, random", dtype, shape, random);
    return generate(dtype, shape, i -> random.nextGaussian());
  }

  /**
   * A float32 array over this very storage.
   *
   * @param storage shared: must not be modified afterwards
   * @throws ShapeException if its length is not that of the shape
   */
  public static NdArray wrap(float[] storage, Shape shape) {
    return wrap(Buffer.of(Nulls.given("array: storage", storage)), shape);
  }

  /**
   * A float64 array over this very storage.
   *
   * @param storage shared: must not be modified afterwards
   * @throws ShapeException if its length is not that of the shape
   */
  public static NdArray wrap(double[] storage, Shape shape) {
    return wrap(Buffer.of(Nulls.given("array: storage", storage)), shape);
  }

  private static NdArray wrap(Buffer buffer, Shape shape) {
    return buffer.array() instanceof float[] floats
        ? new NdArray(buffer, DType.FLOAT32, floats.length, shape)
        : new NdArray(buffer, DType.FLOAT64, ((double[]) buffer.array()).length, shape);
  }

  // ---- EJML ----------------------------------------------------------------------------------

  /**
   * A float32 array of shape [rows, columns] over an EJML matrix, without a copy.
   *
   * @param matrix shared: must not be modified afterwards
   * @throws ShapeException if the matrix's buffer is longer than rows * columns, as it is after the
   *     matrix was reshaped to fewer elements
   */
  public static NdArray wrap(FMatrixRMaj matrix) {
    Nulls.refuse("array: matrix", matrix);
    return wrap(matrix.data, Shape.of(matrix.numRows, matrix.numCols));
  }

  /** As {@link #wrap(FMatrixRMaj)}, for float64. */
  public static NdArray wrap(DMatrixRMaj matrix) {
    Nulls.refuse("array: matrix", matrix);
    return wrap(matrix.data, Shape.of(matrix.numRows, matrix.numCols));
  }

  /**
   * This float32 array of rank 2 as an EJML matrix, without a copy.
   *
   * @return a matrix over shared storage, which must not be modified
   * @throws ShapeException if the rank is not 2
   * @throws DTypeException if this array is float64
   */
  public FMatrixRMaj asFMatrix() {
    requireMatrix(DType.FLOAT32, "asFMatrix");
    return FMatrixRMaj.wrap(shape.dim(0), shape.dim(1), (float[]) buffer.hold("asFMatrix"));
  }

  /** As {@link #asFMatrix}, for float64. */
  public DMatrixRMaj asDMatrix() {
    requireMatrix(DType.FLOAT64, "asDMatrix");
    return DMatrixRMaj.wrap(shape.dim(0), shape.dim(1), (double[]) buffer.hold("asDMatrix"));
  }

  private void requireMatrix(DType expected, String method) {
    if (dtype != expected) {
      throw new DTypeException(method, "the array is %s, expected %s".formatted(dtype, expected));
    }
    if (shape.rank() != 2) {
      throw new ShapeException(
          method, "the array %s has rank %s, expected 2".formatted(shape, shape.rank()));
    }
  }

  // ---- read ----------------------------------------------------------------------------------

  /** The element type. */
  public DType dtype() {
    return dtype;
  }

  /** The extents of the axes. */
  public Shape shape() {
    return shape;
  }

  /** The number of elements. */
  public int size() {
    return shape.size();
  }

  /**
   * The element at these indices, one for each axis.
   *
   * @throws ShapeException if their number is not the rank, or one is out of range
   */
  public double get(int... indices) {
    boolean valid = Nulls.given("get: indices", indices).length == shape.rank();
    int flat = 0;
    for (int axis = 0; valid && axis < indices.length; axis++) {
      valid = indices[axis] >= 0 && indices[axis] < shape.dim(axis);
      flat = flat * shape.dim(axis) + indices[axis];
    }
    if (!valid) {
      throw new ShapeException(
          "get", "there is no element %s in %s".formatted(Arrays.toString(indices), shape));
    }
    return at(flat);
  }

  /**
   * Element number {@code flat} in row-major order.
   *
   * @throws ShapeException if it is not from 0 to size - 1
   */
  public double at(int flat) {
    shape.requireElement("at", flat);
    return element(buffer.hold("at"), flat); // twice as fast as to open and close it each time
  }

  private <T> T reading(String what, Function<Object, T> body) {
    return Buffer.reading(what, List.of(buffer), () -> body.apply(buffer.array()));
  }

  private static double element(Object array, int flat) {
    return array instanceof float[] floats ? floats[flat] : ((double[]) array)[flat];
  }

  /**
   * The only element.
   *
   * @throws ShapeException if there is not exactly one
   */
  public double item() {
    if (size() != 1) {
      throw new ShapeException(
          "item", "the array %s has %s elements, expected 1".formatted(shape, size()));
    }
    return at(0);
  }

  /** The elements in row-major order, in a new array, rounded if this array is float64. */
  public float[] toFloatArray() {
    return dtype == DType.FLOAT32
        ? reading("toFloatArray", array -> ((float[]) array).clone())
        : (float[]) as(DType.FLOAT32).buffer.array();
  }

  /** The elements in row-major order, in a new array. */
  public double[] toDoubleArray() {
    return dtype == DType.FLOAT64
        ? reading("toDoubleArray", array -> ((double[]) array).clone())
        : (double[]) as(DType.FLOAT64).buffer.array();
  }

  /** The {@code float[]} or {@code double[]} itself, shared: must not be modified. */
  public Object storage() {
    return buffer.hold("storage");
  }

  // ---- computed ------------------------------------------------------------------------------

  /**
   * The same numbers in another shape, without a copy.
   *
   * @param newShape of as many elements
   * @throws ShapeException if the number of elements differs
   */
  public NdArray reshape(Shape newShape) {
    return new NdArray(buffer, dtype, size(), newShape);
  }

  /**
   * The same numbers in the shape of extents {@code dims}, without a copy.
   *
   * @param dims of which one may be -1, for whatever makes up the number of elements
   * @throws ShapeException if the number of elements differs
   */
  public NdArray reshape(int... dims) {
    return reshape(shape.inferred("reshape", Nulls.given("reshape: dims", dims)));
  }

  /** These numbers in the target type; this array itself if it has that type. */
  public NdArray as(DType target) {
    return Nulls.given("as: target", target) == dtype
        ? this
        : computed("as", this, target, (a, b) -> a);
  }

  /** {@code f} of every element, computed in double precision and rounded to the element type. */
  public NdArray map(DoubleUnaryOperator f) {
    Nulls.refuse("map: f", f);
    return computed("map", this, dtype, (a, b) -> f.applyAsDouble(a));
  }

  /**
   * {@code f} of every pair of elements, of this array and the other, computed in double precision
   * and rounded to the element type.
   *
   * @throws ShapeException if the shapes differ
   * @throws DTypeException if the element types differ
   */
  public NdArray zip(NdArray other, DoubleBinaryOperator f) {
    Nulls.refuse("zip: other, f", other, f);
    requireSame("zip", other);
    return computed("zip", other, dtype, f);
  }

  private NdArray computed(String op, NdArray other, DType target, DoubleBinaryOperator f) {
    return Buffer.reading(
        op,
        List.of(buffer, other.buffer),
        () -> {
          Object a = buffer.array();
          Object b = other.buffer.array();
          return generate(target, shape, i -> f.applyAsDouble(element(a, i), element(b, i)));
        });
  }

  /**
   * This array plus {@code factor} times the other, element by element. The factor is rounded to
   * the element type, unless it is too small or too large for that.
   *
   * @throws ShapeException if the shapes differ
   * @throws DTypeException if the element types differ
   */
  public NdArray plusScaled(double factor, NdArray other) {
    requireSame("plusScaled", Nulls.given("plusScaled: other", other));
    NdArray result = wrap(dtype.newBuffer(shape.size()), shape);
    return Buffer.reading(
        "plusScaled",
        List.of(buffer, other.buffer),
        () -> {
          Object own = buffer.array();
          Kernels.of(own).axpy(factor, other.buffer.array(), own, result.buffer.array());
          return result;
        });
  }

  /** Whether no element is NaN or infinite. */
  public boolean isFinite() {
    return reading("isFinite", array -> Kernels.of(array).isFinite(array));
  }

  /**
   * The square root of the sum of squares of all elements, added up in double precision; 0 if there
   * are none. Nothing overflows or is lost on the way.
   */
  public double norm() {
    return reading("norm", array -> Kernels.of(array).norm(array));
  }

  private void requireSame(String op, NdArray other) {
    if (dtype != other.dtype) {
      throw new DTypeException(op, "element types %s and %s differ".formatted(dtype, other.dtype));
    }
    if (!shape.equals(other.shape)) {
      throw new ShapeException(op, "shapes %s and %s differ".formatted(shape, other.shape));
    }
  }

  /**
   * Whether the other is an array of the same type and shape with the same bits: 0.0 and -0.0
   * differ, and every NaN is the same.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof NdArray array
        && dtype == array.dtype
        && shape.equals(array.shape)
        && reading(
            "equals", own -> array.reading("equals", others -> Objects.deepEquals(own, others)));
  }

  @Override
  public int hashCode() {
    Function<Object, Integer> ofEither = array -> Arrays.deepHashCode(new Object[] {array});
    return 31 * reading("hashCode", ofEither) + shape.hashCode();
  }

  /**
   * Element type, shape and elements, for example {@code FLOAT32 [3] {0.1, 2.0, -1.5}}: nested by
   * rows as NumPy prints them. Of more than 1000 elements, three are shown at each end of an axis,
   * and the least, the mean and the largest of all.
   */
  @Override
  public String toString() {
    try {
      return reading("toString", array -> ArrayText.of(dtype, shape, array));
    } catch (IllegalStateException gone) { // a text is no place to be refused
      return dtype + " " + shape + " {taken back}";
    }
  }
}
