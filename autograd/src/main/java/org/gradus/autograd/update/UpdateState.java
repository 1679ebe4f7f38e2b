package org.gradus.autograd.update;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.internal.kernel.Buffer;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.memory.Buffers;

/**
 * What an optimiser keeps of one parameter from step to step, and the only numbers that a step
 * changes. Nobody else has their memory: they come in and go out as copies, and a rule sees those
 * of one element at a time. So whatever a rule does, all values and gradients stay as they are.
 *
 * <p>One step at a time: threads that share a state wait for each other.
 */
public final class UpdateState {
  private final DType dtype;
  private final Shape shape;
  private List<NdArray> kept;
  private boolean stepping;

  private UpdateState(DType dtype, Shape shape, List<NdArray> kept) {
    this.dtype = dtype;
    this.shape = shape;
    this.kept = kept;
  }

  /**
   * The state before the first step, for a parameter of this {@code dtype} and {@code shape}.
   *
   * @param count how many numbers are kept of each element: those of {@link UpdateMethod#kept}
   * @throws IllegalArgumentException if the count is negative
   */
  public static UpdateState zeros(int count, DType dtype, Shape shape) {
    Nulls.refuse("updateState: dtype, shape", dtype, shape);
    if (count < 0) {
      throw new IllegalArgumentException(
          "updateState: count %s, expected at least 0".formatted(count));
    }
    List<NdArray> zeros = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      zeros.add(NdArray.zeros(dtype, shape));
    }
    return new UpdateState(dtype, shape, zeros);
  }

  /** The numbers as they are now, one array for each that is kept of an element; copies. */
  public synchronized List<NdArray> kept() {
    return kept.stream().map(UpdateState::copy).toList();
  }

  /**
   * Puts numbers of an earlier {@link #kept} in place of those that are kept now.
   *
   * @param numbers copied
   * @throws IllegalArgumentException if their number, a shape or an element type is another
   * @throws IllegalStateException if a rule calls this while it takes a step
   */
  public synchronized void restore(List<NdArray> numbers) {
    requireBetweenSteps("restore");
    List<NdArray> given = Nulls.list("restore: numbers", numbers);
    if (given.size() != kept.size()) {
      throw new IllegalArgumentException(
          "restore: %s arrays, expected %s".formatted(given.size(), kept.size()));
    }
    given.forEach(array -> requireFits("restore", "an array", array));
    kept = given.stream().map(UpdateState::copy).toList();
  }

  /**
   * Takes one step.
   *
   * @param rule applied to each element, in row-major order; if it throws, nothing has changed
   * @param value of the parameter
   * @param gradient of the loss with respect to the parameter
   * @return the parameter's next value, in a new array
   * @throws IllegalArgumentException if a shape or an element type is not that of the state, or a
   *     rule of the library keeps more or fewer numbers
   * @throws IllegalStateException if the rule itself calls this
   */
  public synchronized NdArray step(UpdateRule rule, NdArray value, NdArray gradient) {
    requireBetweenSteps("step");
    Nulls.refuse("step: rule, value, gradient", rule, value, gradient);
    requireFits("step", "the value", value);
    requireFits("step", "the gradient", gradient);
    if (rule instanceof Fused known && known.update().kept() != kept.size()) {
      throw new IllegalArgumentException(
          "step: the rule keeps %s numbers of each element, but the state has %s"
              .formatted(known.update().kept(), kept.size()));
    }
    stepping = true;
    try {
      return rule instanceof Fused known
          ? fused(known, value, gradient)
          : elementByElement(rule, value, gradient);
    } finally {
      stepping = false;
    }
  }

  /** What a rule changed while it takes a step would be lost at the step's end. */
  private void requireBetweenSteps(String method) {
    if (stepping) {
      throw new IllegalStateException(
          method + ": called by a rule of the state on which it takes a step");
    }
  }

  private NdArray fused(Fused rule, NdArray value, NdArray gradient) {
    Object next = dtype == DType.FLOAT32 ? new float[shape.size()] : new double[shape.size()];
    Buffer p = Buffers.of(value);
    Buffer g = Buffers.of(gradient);
    List<Object> numbers = kept.stream().map(array -> Buffers.of(array).array()).toList();
    return Buffers.reading(
        "step",
        List.of(value, gradient),
        arrays -> {
          Kernels.of(next).update(rule.update(), g.array(), p.array(), numbers, next);
          return Buffers.array(Buffer.of(next), shape);
        });
  }

  private NdArray elementByElement(UpdateRule rule, NdArray value, NdArray gradient) {
    double[] next = value.toDoubleArray();
    double[] slopes = gradient.toDoubleArray();
    double[][] numbers = kept.stream().map(NdArray::toDoubleArray).toArray(double[][]::new);
    double[] own = new double[numbers.length];
    for (int i = 0; i < next.length; i++) {
      for (int k = 0; k < own.length; k++) {
        own[k] = numbers[k][i];
      }
      next[i] = rule.next(next[i], slopes[i], own);
      for (int k = 0; k < own.length; k++) {
        numbers[k][i] = own[k];
      }
    }
    List<NdArray> after = new ArrayList<>();
    for (double[] each : numbers) {
      after.add(NdArray.wrap(each, shape).as(dtype));
    }
    kept = Collections.unmodifiableList(after);
    return NdArray.wrap(next, shape).as(dtype);
  }

  private void requireFits(String method, String what, NdArray array) {
    if (array.dtype() != dtype) {
      throw new DTypeException(
          method, "%s is %s, but the state is %s".formatted(what, array.dtype(), dtype));
    }
    if (!array.shape().equals(shape)) {
      throw new ShapeException(
          method, "%s has shape %s, but the state has %s".formatted(what, array.shape(), shape));
    }
  }

  private static NdArray copy(NdArray array) {
    return array.map(number -> number);
  }
}
