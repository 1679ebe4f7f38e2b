package org.gradus.onnx;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** What stands on an edge of the graph: a tensor, or whole numbers that are known as such. */
sealed interface Value {
  /** The element type that the model gives it. */
  Element type();

  /** The extents of its axes. */
  Shape shape();

  /** The numbers as a tensor of an element type. */
  Tensor tensor(DType dtype);

  /**
   * The numbers as whole ones of an element type; what is behind the point is cut off.
   *
   * @param as a type of whole numbers, or of truth
   */
  Host host(Element as);

  /** The same function of the elements' places, whatever they are: they are moved, not computed. */
  Value moved(UnaryOperator<Tensor> move);

  /** The only or first number. */
  default double number() {
    NdArray all = tensor(DType.FLOAT64).value();
    if (all.size() != 1) {
      throw new IllegalArgumentException("input %s, expected one number".formatted(shape()));
    }
    return all.at(0);
  }

  /** Numbers with a point, or a mask of ones and zeros where the type is {@link Element#BOOL}. */
  record Data(Tensor tensor, Element type) implements Value {
    @Override
    public Shape shape() {
      return tensor.shape();
    }

    @Override
    public Tensor tensor(DType dtype) {
      if (tensor.dtype() == dtype) {
        return tensor;
      }
      if (tensor.isTracked()) {
        throw new IllegalArgumentException(
            "input %s is %s, expected %s: no gradient flows through a change of the element type;"
                    .formatted(shape(), tensor.dtype(), dtype)
                + " read the model in FLOAT64, or predict");
      }
      return Tensor.constant(tensor.value().as(dtype));
    }

    @Override
    public double number() {
      if (tensor.isTracked()) {
        throw new IllegalArgumentException(
            "an input %s is read as a number, through which no gradient flows, and which is not"
                    .formatted(shape())
                + " recorded; expected a constant");
      }
      return Value.super.number();
    }

    @Override
    public Host host(Element as) {
      NdArray from = tensor.value();
      long[] values = new long[from.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = as == Element.BOOL ? (from.at(i) == 0 ? 0 : 1) : as.narrow((long) from.at(i));
      }
      return new Host(as, values, from.shape());
    }

    @Override
    public Value moved(UnaryOperator<Tensor> move) {
      return new Data(move.apply(tensor), type);
    }
  }

  /** Whole numbers, or truth values as 0 and 1, which no gradient flows through. */
  final class Host implements Value {
    private final Element type;
    private final long[] values;
    private final Shape shape;

    /**
     * Takes the array.
     *
     * @param values in row-major order, within the type's range
     */
    Host(Element type, long[] values, Shape shape) {
      this.type = type;
      this.values = values;
      this.shape = shape;
    }

    /** A list of numbers of 64 bits. */
    static Host of(long... values) {
      return new Host(Element.INT64, values, Shape.of(values.length));
    }

    @Override
    public Element type() {
      return type;
    }

    @Override
    public Shape shape() {
      return shape;
    }

    /** The numbers in row-major order: not to be changed. */
    long[] values() {
      return values;
    }

    @Override
    public Tensor tensor(DType dtype) {
      return Tensor.constant(NdArray.generate(dtype, shape, i -> values[i]));
    }

    @Override
    public Host host(Element as) {
      return as == type
          ? this
          : new Host(as, Arrays.stream(values).map(as::narrow).toArray(), shape);
    }

    @Override
    public Value moved(UnaryOperator<Tensor> move) {
      return new Data(move.apply(tensor(DType.FLOAT64)), Element.DOUBLE).host(type);
    }

    /**
     * The numbers as positions on an axis, of which negative ones count from its end.
     *
     * @throws IllegalArgumentException if one is not on it
     */
    Indices on(int extent) {
      int[] positions = new int[values.length];
      for (int i = 0; i < positions.length; i++) {
        positions[i] = place(values[i], extent);
      }
      return Indices.wrap(positions, shape);
    }

    /** A position on an axis, counted from 0. */
    static int place(long position, int extent) {
      long place = position < 0 ? position + extent : position;
      if (place < 0 || place >= extent) {
        throw new IllegalArgumentException(
            "index %s, expected %s to %s".formatted(position, -extent, extent - 1));
      }
      return (int) place;
    }

    @Override
    public String toString() {
      return type + " " + shape;
    }
  }
}
