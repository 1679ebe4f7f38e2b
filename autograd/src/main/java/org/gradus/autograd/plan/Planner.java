package org.gradus.autograd.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.inspect.Recording;
import org.gradus.autograd.inspect.Recording.Call;
import org.gradus.autograd.internal.kernel.Kernels;

/**
 * Makes {@link Plan}s of a function of one tensor, one for each shape of its input.
 *
 * <pre>{@code
 * // given Tensor weights, NdArray rows
 * Planner planner = Planner.of(x -> softmax(matmul(x, weights), 1));
 * Plan plan = planner.plan(NdArray.zeros(DType.FLOAT32, Shape.of(64, 784)));
 * NdArray y = plan.run(rows);
 * }</pre>
 *
 * <p>The function is called with an example, and the ops that it calls are recorded. What it takes
 * from elsewhere, such as weights, is a constant of the plan. Control flow is that of the example's
 * shape. A function that looks at the values of its input has no plan, and is refused, as is one
 * that does something else the second time.
 */
public final class Planner {
  private final UnaryOperator<Tensor> function;
  private final boolean exact;
  private final Shared shared = new Shared();

  private Planner(UnaryOperator<Tensor> function, boolean exact) {
    this.function = function;
    this.exact = exact;
  }

  /** Of a function that is made of ops. */
  public static Planner of(UnaryOperator<Tensor> function) {
    return new Planner(Nulls.given("planner: function", function), /* exact= */ true);
  }

  /**
   * Of the same function, but results may differ in their last digits: batch normalisation, biases
   * and the like are folded into the weights before them, and sums are in another order. It still
   * does not depend on the batch, the number of threads or the processor.
   */
  public Planner folding() {
    return new Planner(function, /* exact= */ false);
  }

  /**
   * The plan for inputs like an example: of its shape and element type.
   *
   * @param example of any values that the function takes
   * @throws IllegalStateException if the function reads the value of a tensor that depends on its
   *     input, or is not the same each time; the message says where
   * @throws IllegalArgumentException if the function refuses the example
   */
  public Plan plan(NdArray example) {
    Nulls.refuse("plan: example", example);
    Trace trace = trace(example);
    trace.requireSame(trace(example));
    Draft draft = Draft.of(trace.input, trace.output);
    int result = draft.number(trace.output);
    if (!exact) {
      Object array = draft.arrays.get(result);
      Kernels.of(array)
          .pixels()
          .ifPresent(kernels -> PixelSteps.rewrite(draft, kernels, shared, result));
    }
    return new Plan(draft, example, trace.output.shape(), result);
  }

  private Trace trace(NdArray example) {
    Tensor input = Recording.input(example);
    return new Trace(input, Nulls.given("plan: the output", function.apply(input)));
  }

  /** One call of the function. */
  private record Trace(Tensor input, Tensor output) {
    /** Refuses another call that did something else. */
    void requireSame(Trace again) {
      List<Call> first = Recording.of(output).calls();
      List<Call> second = Recording.of(again.output).calls();
      Map<Tensor, Tensor> same = new HashMap<>(Map.of(input, again.input));
      for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
        Call a = first.get(i);
        Call b = second.get(i);
        if (!a.op().equals(b.op()) || a.inputs().size() != b.inputs().size()) {
          throw differs(a, b.op() + ", " + b.place());
        }
        for (int j = 0; j < a.inputs().size(); j++) {
          if (!isSame(a.inputs().get(j), b.inputs().get(j), same)) {
            throw differs(a, "one of another input %s".formatted(j));
          }
        }
        same.put(a.output(), b.output());
      }
      if (first.size() != second.size()) {
        throw new IllegalStateException(
            "plan: %s ops were called, and %s the second time"
                .formatted(first.size(), second.size()));
      }
      if (!isSame(output, again.output, same)) {
        throw new IllegalStateException("plan: the output is another one the second time");
      }
    }

    private static boolean isSame(Tensor a, Tensor b, Map<Tensor, Tensor> same) {
      return same.containsKey(a)
          ? same.get(a) == b
          : !Recording.isGiven(b) && (a == b || a.value().equals(b.value()));
    }

    private static IllegalStateException differs(Call call, String second) {
      return new IllegalStateException(
          "plan: %s, %s, was %s the second time; a plan is for what is the same each time"
              .formatted(call.op(), call.place(), second));
    }
  }
}
