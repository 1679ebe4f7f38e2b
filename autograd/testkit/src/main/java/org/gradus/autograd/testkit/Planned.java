package org.gradus.autograd.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.plan.Plan;
import org.gradus.autograd.plan.Planner;

/** The plans of a case's function, of each input by itself. */
final class Planned {
  private Planned() {}

  /** The value of a plan that was made of other numbers, beside that of the function. */
  static void assertSameBits(OpCase example) {
    List<Tensor> inputs = example.inputs().stream().map(Tensor::constant).toList();
    NdArray expected = example.apply(inputs).value();
    for (int i = 0; i < inputs.size(); i++) {
      int input = i;
      UnaryOperator<Tensor> function =
          x -> {
            List<Tensor> all = new ArrayList<>(inputs);
            all.set(input, x);
            return example.apply(all);
          };
      NdArray x = example.inputs().get(i);
      NdArray found;
      try {
        found = plan(Planner.of(function), x).run(x);
      } catch (IllegalStateException readsValues) { // which a function may, but never an op
        if (example.op().isPresent()) {
          throw readsValues;
        }
        continue;
      }
      assertEquals(expected, found, () -> "%s, planned in input %s".formatted(example, input));
    }
  }

  private static Plan plan(Planner planner, NdArray x) {
    NdArray reversed = NdArray.generate(x.dtype(), x.shape(), i -> x.at(x.size() - 1 - i));
    try {
      return planner.plan(reversed);
    } catch (IllegalArgumentException refused) { // such as labels that are not there
      return planner.plan(x);
    }
  }
}
