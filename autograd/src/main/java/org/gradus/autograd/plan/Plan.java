package org.gradus.autograd.plan;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.internal.parallel.Spares;
import org.gradus.autograd.plan.Draft.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A function of one array, worked out for inputs of one shape: the steps that compute it, and where
 * each value lies in memory. A run takes its memory from the plan, makes nothing but its result,
 * and knows of no graph. Any number of threads may run a plan at once. {@link Planner} makes plans.
 */
public final class Plan {
  private final Shape shape;
  private final DType dtype;
  private final Shape resultShape;
  private final int result;
  private final Kind resultKind;

  /** The result itself if it is a constant; otherwise an empty array of its type. */
  private final Object sample;

  private final List<Step> steps;
  private final MemoryPlan memory;
  private final int[] passing;

  /** How some examples at a time are computed, if that is better than all at once. */
  private final @Nullable Divided divided;

  /** Workspaces that no run uses. */
  private final Spares<Workspace> free;

  Plan(Draft draft, NdArray example, Shape resultShape, int result) {
    this.shape = example.shape();
    this.dtype = example.dtype();
    this.resultShape = resultShape;
    this.result = result;
    this.resultKind = draft.kinds.get(result);
    Object array = draft.arrays.get(result);
    this.sample = resultKind == Kind.CONSTANT ? array : another(array, 0);
    this.steps = List.copyOf(draft.steps);
    this.memory = new MemoryPlan(draft, result, 1, 1);
    this.passing =
        IntStream.range(0, draft.kinds.size())
            .filter(value -> draft.kinds.get(value).isPassing() || value == result)
            .filter(value -> draft.kinds.get(value) != Kind.CONSTANT)
            .toArray();
    this.free = new Spares<>(() -> new Workspace(memory.arrays(), steps, passing, false));
    this.divided = Divided.of(draft, shape, resultShape, result, passing);
  }

  /** The shape of inputs. */
  public Shape inputShape() {
    return shape;
  }

  /** The element type of inputs. */
  public DType inputType() {
    return dtype;
  }

  /** The shape of results. */
  public Shape resultShape() {
    return resultShape;
  }

  /**
   * The function's value, in memory of its own.
   *
   * @param x an input, which is only read
   * @throws ShapeException if it is of another shape than the plan is for
   * @throws DTypeException if it is of another element type
   */
  public NdArray run(NdArray x) {
    Nulls.given("run: x", x);
    if (!x.shape().equals(shape)) {
      throw new ShapeException("plan", "input %s, expected %s".formatted(x.shape(), shape));
    }
    if (x.dtype() != dtype) {
      throw new DTypeException("plan", "input is %s, expected %s".formatted(x.dtype(), dtype));
    }
    Object input = x.storage();
    if (divided != null) {
      Object y = another(sample, resultShape.size());
      divided.run(input, y);
      return array(y);
    }
    Object given =
        switch (resultKind) {
          case PLANNED -> another(sample, resultShape.size());
          case CONSTANT -> sample;
          case INPUT -> input;
          case MADE -> null;
        };
    Workspace own = free.take();
    Object y = own.run(input, result, given);
    free.give(own);
    y = y == input || resultKind == Kind.CONSTANT ? copy(y) : y;
    return array(y);
  }

  private NdArray array(Object y) {
    return y instanceof float[] floats
        ? NdArray.wrap(floats, resultShape)
        : NdArray.wrap((double[]) y, resultShape);
  }

  /** A new array of another's type. */
  static Object another(Object array, int length) {
    return array instanceof float[] ? new float[length] : new double[length];
  }

  static Object copy(Object array) {
    return array instanceof float[] floats ? floats.clone() : ((double[]) array).clone();
  }
}
