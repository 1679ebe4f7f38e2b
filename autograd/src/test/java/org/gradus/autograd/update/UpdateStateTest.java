package org.gradus.autograd.update;

import static org.gradus.autograd.array.DType.FLOAT32;
import static org.gradus.autograd.array.DType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UpdateStateTest {
  private static final UpdateRule REST = momentum(0.5, 0, 0);

  private static UpdateRule momentum(double share, double decay, double rate) {
    return new Sgd(rate).momentum(share).weightDecay(decay).rule(rate, 1);
  }

  @ParameterizedTest
  @EnumSource
  void momentumGoesAlongTheVelocityThatItChanges(DType dtype) {
    NdArray p = NdArray.of(new double[] {1, -2}, 1, 2).as(dtype);
    NdArray gradient = NdArray.of(new double[] {3, 4}, 1, 2).as(dtype);
    UpdateState velocity = UpdateState.zeros(1, dtype, Shape.of(1, 2));
    UpdateRule rule = momentum(0.5, 2, 0.25);
    NdArray first = velocity.step(rule, p, gradient);
    List<NdArray> before = velocity.kept();
    assertEquals(List.of(NdArray.of(new double[] {5, 0}, 1, 2).as(dtype)), before);
    assertEquals(NdArray.of(new double[] {-0.25, -2}, 1, 2).as(dtype), first);
    NdArray second = velocity.step(rule, first, gradient);
    assertEquals(List.of(NdArray.of(new double[] {5, 0}, 1, 2).as(dtype)), velocity.kept());
    assertEquals(NdArray.of(new double[] {-1.5, -2}, 1, 2).as(dtype), second);
    assertEquals(List.of(NdArray.of(new double[] {5, 0}, 1, 2).as(dtype)), before);
    assertEquals(NdArray.of(new double[] {1, -2}, 1, 2).as(dtype), p);
    assertEquals(NdArray.of(new double[] {3, 4}, 1, 2).as(dtype), gradient);
  }

  /** Rules of the library, in the element type and by a kernel, and a class that none knows. */
  @Test
  void theKernelDoesWhatTheRuleSays() {
    for (UpdateMethod method : List.of(new Sgd(0.3).momentum(0.9), new Adam(0.3), new Lion(0.3))) {
      Shape shape = Shape.of(7, 3);
      UpdateState fused = UpdateState.zeros(method.kept().size(), FLOAT64, shape);
      UpdateState plain = UpdateState.zeros(method.kept().size(), FLOAT64, shape);
      NdArray p = NdArray.generate(FLOAT64, shape, i -> Math.sin(i));
      NdArray q = p;
      for (int step = 1; step <= 3; step++) {
        int n = step;
        NdArray gradient = NdArray.generate(FLOAT64, shape, i -> Math.cos(n * i));
        UpdateRule rule = method.rule(0.3, step);
        p = fused.step(rule, p, gradient);
        q = plain.step((value, slope, kept) -> rule.next(value, slope, kept), q, gradient);
        assertEquals(q, p);
        assertEquals(plain.kept(), fused.kept());
      }
    }
  }

  /** The method that the guide of the package shows. */
  private record Rprop(double rate) implements UpdateMethod {
    @Override
    public List<String> kept() {
      return List.of("prev", "step_size");
    }

    @Override
    public UpdateRule rule(double rateOfStep, long step) {
      return (value, gradient, kept) -> {
        double agreement = Math.signum(gradient * kept[0]);
        double factor = agreement > 0 ? 1.2 : agreement < 0 ? 0.5 : 1;
        kept[1] = step == 1 ? rateOfStep : Math.min(50, Math.max(1e-6, factor * kept[1]));
        kept[0] = agreement < 0 ? 0 : gradient;
        return value - Math.signum(kept[0]) * kept[1];
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMethodOfOnesOwnKeepsWhatItLikes(DType dtype) {
    UpdateMethod method = new Rprop(0.5);
    UpdateState state = UpdateState.zeros(2, dtype, Shape.of(2));
    NdArray p = NdArray.of(new double[] {1, 2}, 2).as(dtype);
    NdArray g = NdArray.of(new double[] {4, -8}, 2).as(dtype);
    NdArray first = state.step(method.rule(0.5, 1), p, g);
    assertEquals(NdArray.of(new double[] {0.5, 2.5}, 2).as(dtype), first);
    NdArray turned = NdArray.of(new double[] {-1, -8}, 2).as(dtype);
    NdArray second = state.step(method.rule(0.5, 2), first, turned);
    assertEquals(NdArray.of(new double[] {0.5, 2.5 + 1.2 * 0.5}, 2).as(dtype), second);
    assertEquals(
        List.of(
            NdArray.of(new double[] {0, -8}, 2).as(dtype),
            NdArray.of(new double[] {0.25, 0.6}, 2).as(dtype)),
        state.kept());
    assertEquals(NdArray.of(new double[] {1, 2}, 2).as(dtype), p);
    assertEquals(NdArray.of(new double[] {4, -8}, 2).as(dtype), g);
  }

  @Test
  void whatIsReadAndRestoredIsACopy() {
    UpdateState state = UpdateState.zeros(1, FLOAT32, Shape.of(2));
    ((float[]) state.kept().get(0).storage())[0] = 7;
    assertEquals(List.of(NdArray.zeros(FLOAT32, Shape.of(2))), state.kept());
    float[] numbers = {1, 2};
    state.restore(List.of(NdArray.wrap(numbers, Shape.of(2))));
    numbers[0] = 7;
    state.step(new Sgd(1).momentum(0.5).rule(1, 2), state.kept().get(0), state.kept().get(0));
    assertEquals(List.of(NdArray.of(new float[] {1.5f, 3}, 2)), state.kept());
    assertEquals(7, numbers[0]);
    assertEquals(2, numbers[1]);
  }

  @Test
  void aRuleThatThrowsHasChangedNothing() {
    UpdateState state = UpdateState.zeros(1, FLOAT64, Shape.of(3));
    NdArray p = NdArray.of(new double[] {1, 2, 3}, 3);
    state.step(momentum(0.5, 0, 1), p, p);
    List<double[]> seen = new ArrayList<>();
    UpdateRule failing =
        new UpdateRule() {
          @Override
          public double next(double value, double gradient, double[] kept) {
            seen.add(kept);
            kept[0] = -1;
            if (value == 2) {
              throw new ArithmeticException("as is meant");
            }
            return value;
          }
        };
    assertThrows(ArithmeticException.class, () -> state.step(failing, p, p));
    seen.forEach(kept -> kept[0] = 99); // nobody looks at what a rule held on to
    assertEquals(List.of(p), state.kept());
    assertEquals(NdArray.of(new double[] {1, 2, 3}, 3), p);
  }

  /** Its change would be lost when the step that is under way puts its own numbers in place. */
  @Test
  void aRuleDoesNotChangeTheStateOnWhichItTakesAStep() {
    NdArray one = NdArray.of(new double[] {1}, 1);
    UpdateState state = UpdateState.zeros(1, FLOAT64, Shape.of(1));
    List<NdArray> before = state.kept();
    List<Runnable> changes =
        List.of(() -> state.step(REST, one, one), () -> state.restore(List.of(one)));
    List<String> refusals = new ArrayList<>();
    for (Runnable change : changes) {
      UpdateRule meddling = new Meddling(change);
      IllegalStateException refusal =
          assertThrows(IllegalStateException.class, () -> state.step(meddling, one, one));
      refusals.add(refusal.getMessage());
      assertEquals(before, state.kept());
    }
    String words = ": called by a rule of the state on which it takes a step";
    assertEquals(List.of("step" + words, "restore" + words), refusals);
    state.restore(List.of(one));
    assertEquals(List.of(one), state.kept());
  }

  private record Meddling(Runnable change) implements UpdateRule {
    @Override
    public double next(double value, double gradient, double[] kept) {
      change.run();
      return value;
    }
  }

  @Test
  void momentumKeepsOneNumber() {
    assertRefused("next: kept holds 0 numbers, expected 1", () -> REST.next(1, 1, new double[0]));
    assertRefused("next: kept holds 2 numbers, expected 1", () -> REST.next(1, 1, new double[2]));
  }

  @Test
  void allMustAgreeInTypeShapeAndNumber() {
    NdArray array = NdArray.zeros(FLOAT32, Shape.of(2, 3));
    NdArray wide = NdArray.zeros(FLOAT64, Shape.of(2, 3));
    NdArray turned = NdArray.zeros(FLOAT32, Shape.of(3, 2));
    UpdateState state = UpdateState.zeros(1, FLOAT32, Shape.of(2, 3));
    assertRefused(
        "step: the gradient is FLOAT64, but the state is FLOAT32",
        () -> state.step(REST, array, wide));
    assertRefused(
        "step: the value has shape [3, 2], but the state has [2, 3]",
        () -> state.step(REST, turned, array));
    assertRefused(
        "step: the value is FLOAT64, but the state is FLOAT32", () -> state.step(REST, wide, wide));
    assertRefused(
        "step: the rule keeps 2 numbers of each element, but the state has 1",
        () -> state.step(new Adam(1).rule(1, 1), array, array));
    assertRefused("restore: 0 arrays, expected 1", () -> state.restore(List.of()));
    assertRefused(
        "restore: an array is FLOAT64, but the state is FLOAT32",
        () -> state.restore(List.of(wide)));
    assertRefused(
        "restore: an array has shape [3, 2], but the state has [2, 3]",
        () -> state.restore(List.of(turned)));
    assertRefused(
        "updateState: count -1, expected at least 0",
        () -> UpdateState.zeros(-1, FLOAT32, Shape.of(2)));
  }

  private static void assertRefused(String message, Runnable call) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, call::run);
    assertEquals(message, refusal.getMessage());
  }
}
