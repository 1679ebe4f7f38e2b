package org.gradus.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Layer;
import org.gradus.onnx.Places.Place;

/**
 * Takes the nodes that stand for one call of an op; see {@link Translation}. Values are known by
 * their names.
 *
 * <p>A function is written down for several batch sizes, and what differs between them is written
 * as computed from the size of the input. So shapes are given as they are, by {@link #wholes}.
 */
public final class NodeWriter {
  private final Draft draft;
  private final int opset;
  private final Place place;
  private final List<String> inputs;
  private final List<Shape> shapes;
  private final Shape output;
  private final DType dtype;

  NodeWriter(
      Draft draft,
      int opset,
      Place place,
      List<String> inputs,
      List<Shape> shapes,
      Shape output,
      DType dtype) {
    this.draft = draft;
    this.opset = opset;
    this.place = place;
    this.inputs = inputs;
    this.shapes = shapes;
    this.output = output;
    this.dtype = dtype;
  }

  /** The version of ONNX' operators that the file is for. */
  public int opset() {
    return opset;
  }

  /** The layer that called the op. */
  Optional<Layer> layer() {
    return place.layer();
  }

  /** The number of inputs of the op. */
  public int inputs() {
    return inputs.size();
  }

  /**
   * The name of an input of the op.
   *
   * @param position from 0
   */
  public String input(int position) {
    return inputs.get(required(position));
  }

  /**
   * The shape of an input of the op, of this batch size.
   *
   * @param position from 0
   */
  public Shape shape(int position) {
    return shapes.get(required(position));
  }

  private int required(int position) {
    if (position < 0 || position >= inputs.size()) {
      throw new IllegalArgumentException(
          "input %s of %s, expected 0 to %s".formatted(position, inputs.size(), inputs.size() - 1));
    }
    return position;
  }

  /** The shape of the output of the op, of this batch size. */
  public Shape outputShape() {
    return output;
  }

  /** The element type of the op's inputs and its output. */
  public DType dtype() {
    return dtype;
  }

  /**
   * A node without attributes.
   *
   * @param type the operator, such as {@code Relu}
   * @param in the names of its inputs; empty for one that is left out
   * @return the name of its first output
   */
  public String node(String type, String... in) {
    return node(type, Map.of(), in);
  }

  /**
   * A node.
   *
   * @param type the operator, such as {@code Conv}
   * @param attributes by name: whole numbers (Integer or Long), other numbers (Float or Double),
   *     texts, or lists of one of these
   * @param in the names of its inputs; empty for one that is left out
   * @return the name of its first output
   * @throws IllegalArgumentException if an attribute is something else
   */
  public String node(String type, Map<String, ?> attributes, String... in) {
    Nulls.refuse("node: type, attributes, in", type, attributes, in);
    return draft.node(place, type, attributes, List.of(in));
  }

  /**
   * A value in another shape.
   *
   * @param value the name of a value, be it an input or not
   * @param shape that it has for this batch size
   * @param dims that it gets
   */
  public String reshaped(String value, Shape shape, int... dims) {
    Nulls.refuse("reshaped: value, shape, dims", value, shape, dims);
    long[] all = Arrays.stream(dims).asLongStream().toArray();
    return draft.reshaped(place, value, shape, all);
  }

  /** Whether a value is the constant number 0. */
  boolean isZero(String value) {
    return draft.isZero(value);
  }

  /**
   * A number of the op's element type, as a constant of rank 0.
   *
   * @param value rounded to the element type
   * @throws IllegalArgumentException if that makes 0 or an infinity of it
   */
  public String number(double value) {
    if (dtype == DType.FLOAT32) {
      Draft.requireSingle(value);
    }
    return draft.constant(NdArray.scalar(dtype, value));
  }

  /**
   * An array as a constant.
   *
   * @param value of any shape
   */
  public String array(NdArray value) {
    return draft.constant(Nulls.given("array: value", value));
  }

  /**
   * Whole numbers, such as a shape or axes, as a constant of rank 1.
   *
   * @param values any number of them
   */
  public String wholes(long... values) {
    return draft.constant(Nulls.given("wholes: values", values).clone());
  }

  /** As {@link #wholes(long...)}, of values that are int. */
  public String wholes(int... values) {
    return wholes(Arrays.stream(Nulls.given("wholes: values", values)).asLongStream().toArray());
  }

  /**
   * Positions, as a constant of their shape.
   *
   * @param value the positions
   */
  public String positions(Indices value) {
    return draft.constant(Nulls.given("positions: value", value));
  }

  /**
   * Truth values as numbers: 1 and 0.
   *
   * @param truth the name of the values
   */
  public String asNumbers(String truth) {
    Nulls.refuse("asNumbers: truth", truth);
    return draft.numbers(truth, Protos.type(dtype).getNumber());
  }

  /**
   * Whether numbers differ from 0, as truth values.
   *
   * @param numbers the name of the values
   */
  public String asTruth(String numbers) {
    Nulls.refuse("asTruth: numbers", numbers);
    return draft.truthOf(numbers).orElseGet(() -> node("Cast", Map.of("to", Draft.BOOL), numbers));
  }

  /** The truth values that numbers were made of, if they were. */
  Optional<String> truthOf(String numbers) {
    return draft.truthOf(numbers);
  }

  /**
   * Numbers as whole numbers.
   *
   * @param numbers the name of the values, which are whole
   */
  public String asWholes(String numbers) {
    Nulls.refuse("asWholes: numbers", numbers);
    return node("Cast", Map.of("to", Draft.INT64), numbers);
  }
}
