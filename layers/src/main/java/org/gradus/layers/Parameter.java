package org.gradus.layers;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * A named value of a layer: a weight, which is learnt, or a buffer, which is not, such as a running
 * mean. The tensor that holds the current value is a variable for a weight, and a constant for a
 * buffer. What changes is which tensor that is; the tensor itself is immutable, so a graph built
 * earlier keeps the values that it was built with.
 *
 * <p>The shape and element type never change. A parameter under a longer name, as {@link #in} makes
 * it, is the same parameter: the two are equal, and share the tensor.
 *
 * <p>Threads: a tensor put in place by one thread is seen, whole, by every thread that reads the
 * parameter afterwards, without further synchronisation. That holds for each parameter by itself. A
 * forward pass that runs while an optimiser takes a step may see some parameters before it and
 * others after it; callers prevent this where it matters.
 *
 * <p>Names for a {@link org.gradus.autograd.inspect.GraphView} of a net are {@code
 * net.parameters().stream().collect(toMap(Parameter::tensor, Parameter::name))}. A step puts new
 * variables in place, so collect them and draw between two steps.
 *
 * <pre>{@code
 * Gradients gradients = Gradients.backward(loss);
 * for (Parameter weight : net.parameters()) { // a step of SGD
 *   weight.set(weight.value().plusScaled(-0.1, gradients.of(weight.tensor()).value()));
 * }
 * }</pre>
 */
public final class Parameter {
  private final String name;
  private final Cell cell;

  private Parameter(String name, Cell cell) {
    this.name = name;
    this.cell = cell;
  }

  /**
   * A weight with a first value.
   *
   * @param name such as {@code weight}; the layers around add to it
   * @throws IllegalArgumentException if the name is blank
   */
  public Parameter(String name, NdArray value) {
    this(name, value, Kind.WEIGHT);
  }

  private Parameter(String name, NdArray value, Kind kind) {
    this(requireText("name", name), new Cell(kind, Nulls.given("parameter: value", value)));
  }

  /** What a parameter is for. */
  private enum Kind {
    WEIGHT,
    BUFFER,
    STATISTIC
  }

  /**
   * A buffer with a first value: it is saved and loaded with the weights, but no gradient is
   * computed for it, and nothing changes it by itself.
   *
   * @param name such as {@code positions}
   * @throws IllegalArgumentException if the name is blank
   */
  public static Parameter buffer(String name, NdArray value) {
    return new Parameter(name, value, Kind.BUFFER);
  }

  /**
   * A buffer that follows what is observed in training; see {@link Pass#observe}.
   *
   * @param name such as {@code running_mean}
   * @throws IllegalArgumentException if the name is blank
   */
  public static Parameter statistic(String name, NdArray value) {
    return new Parameter(name, value, Kind.STATISTIC);
  }

  /**
   * This same parameter as part of something larger: {@code weight} becomes {@code prefix.weight}.
   *
   * @throws IllegalArgumentException if the prefix is blank
   */
  public Parameter in(String prefix) {
    return new Parameter(requireText("prefix", prefix) + "." + name, cell);
  }

  /** This same parameter, as another layer calls it. */
  Parameter named(String other) {
    return new Parameter(other, cell);
  }

  private static String requireText(String what, String text) {
    if (Nulls.given("parameter: " + what, text).isBlank()) {
      throw new IllegalArgumentException("parameter: the %s is blank".formatted(what));
    }
    return text;
  }

  /** The name, such as {@code 0.weight}. */
  public String name() {
    return name;
  }

  /** Whether this is a weight; a buffer is not learnt. */
  public boolean isLearnt() {
    return cell.kind == Kind.WEIGHT;
  }

  /** Whether this is a buffer that follows what is observed in training. */
  public boolean isStatistic() {
    return cell.kind == Kind.STATISTIC;
  }

  /** The tensor that holds the current value; a layer asks for it by {@link Pass#use}. */
  public Tensor tensor() {
    return cell.current;
  }

  /** The current value. */
  public NdArray value() {
    return tensor().value();
  }

  /** The shape. */
  public Shape shape() {
    return tensor().shape();
  }

  /** The element type. */
  public DType dtype() {
    return tensor().dtype();
  }

  /**
   * Puts a new tensor in place.
   *
   * @param value not copied
   * @throws ShapeException if the shape is another than that of the current value
   * @throws DTypeException if the element type is another than that of the current value
   */
  public void set(NdArray value) {
    Nulls.refuse("parameter: value", value);
    if (value.dtype() != dtype()) {
      throw new DTypeException(
          "parameter " + name,
          "the new value is %s, expected %s; convert it with NdArray.as"
              .formatted(value.dtype(), dtype()));
    }
    if (!value.shape().equals(shape())) {
      throw new ShapeException(
          "parameter " + name,
          "the new value has shape %s, expected %s".formatted(value.shape(), shape()));
    }
    cell.replace(value);
  }

  /**
   * Whether a variable was this parameter's once, and another has taken its place since: what was
   * computed with it says nothing of the parameter as it is now.
   */
  public boolean wasReplaced(Tensor variable) {
    return cell.former.contains(Nulls.given("wasReplaced: variable", variable));
  }

  /**
   * Whether something was differentiated that depends on a variable which was this parameter's
   * once, and another has taken its place since.
   *
   * @param gradients of a loss, say, that was computed before a step
   */
  public boolean wasReplacedSince(Gradients gradients) {
    Nulls.refuse("wasReplacedSince: gradients", gradients);
    synchronized (cell.former) {
      return cell.former.stream().anyMatch(gradients::reached);
    }
  }

  /** Whether the other is this parameter, under this name or another. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Parameter parameter && cell == parameter.cell;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(cell);
  }

  /** For example {@code 0.weight FLOAT32 [6, 1, 5, 5]}. */
  @Override
  public String toString() {
    return name + " " + dtype() + " " + shape();
  }

  /** What a parameter is under all of its names. */
  private static final class Cell {
    private final Kind kind;
    private volatile Tensor current;

    /** Those before, as long as something else refers to them; it keeps none of them alive. */
    private final Set<Tensor> former =
        Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    Cell(Kind kind, NdArray first) {
      this.kind = kind;
      this.current = leaf(first);
    }

    private Tensor leaf(NdArray value) {
      Tensor leaf = kind == Kind.WEIGHT ? Tensor.variable(value) : Tensor.constant(value);
      leaf.value(); // its memory is never taken back
      return leaf;
    }

    /** First it is remembered, so that it is never neither the current one nor a former one. */
    void replace(NdArray value) {
      if (kind == Kind.WEIGHT) {
        former.add(current);
      }
      current = leaf(value);
    }
  }
}
