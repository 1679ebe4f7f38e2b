package org.gradus.autograd.array;

import java.util.List;
import org.gradus.autograd.internal.kernel.Buffer;
import org.gradus.autograd.internal.kernel.Kernels;

/**
 * What gradient descent with momentum keeps for one parameter from step to step, and the only
 * numbers that change: they begin as zeros, nobody else has their memory, and they are read as a
 * copy.
 */
public final class Velocity {
  private final NdArray numbers;

  private Velocity(NdArray numbers) {
    this.numbers = numbers;
  }

  /** At rest, for a parameter of this {@code dtype} and {@code shape}. */
  public static Velocity zeros(DType dtype, Shape shape) {
    Nulls.refuse("velocity: dtype, shape", dtype, shape);
    return new Velocity(NdArray.zeros(dtype, shape));
  }

  /** The numbers as they are now, in an array of their own. */
  public synchronized NdArray value() {
    return numbers.map(v -> v);
  }

  /**
   * Takes one step, in one pass over the numbers; element by element
   *
   * <pre>
   *   velocity = momentum velocity + (gradient + decay value)
   *   result = value - rate velocity
   * </pre>
   *
   * Computed in the element type, to which momentum, decay and rate are rounded first.
   *
   * @param value of the parameter
   * @param gradient of the loss with respect to the parameter
   * @return the parameter's next value, in a new array
   * @throws ShapeException if a shape is not the velocity's
   * @throws DTypeException if an element type is not the velocity's
   */
  public synchronized NdArray descend(
      NdArray value, NdArray gradient, double momentum, double decay, double rate) {
    Nulls.refuse("descend: value, gradient", value, gradient);
    value.requireSame("descend", gradient);
    value.requireSame("descend", numbers);
    NdArray next = NdArray.wrap(value.dtype().newBuffer(value.size()), value.shape());
    return Buffer.reading(
        "descend",
        List.of(value.buffer(), gradient.buffer()),
        () -> {
          Object own = value.buffer().array();
          Kernels.of(own)
              .descend(
                  momentum,
                  decay,
                  rate,
                  gradient.buffer().array(),
                  own,
                  numbers.buffer().array(),
                  next.buffer().array());
          return next;
        });
  }
}
