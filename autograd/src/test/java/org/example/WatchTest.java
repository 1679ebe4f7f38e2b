package org.example;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.crossEntropy;
import static org.gradus.autograd.ops.Ops.div;
import static org.gradus.autograd.ops.Ops.exp;
import static org.gradus.autograd.ops.Ops.log;
import static org.gradus.autograd.ops.Ops.matmul;
import static org.gradus.autograd.ops.Ops.mean;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.pow;
import static org.gradus.autograd.ops.Ops.relu;
import static org.gradus.autograd.ops.Ops.softmax;
import static org.gradus.autograd.ops.Ops.sqrt;
import static org.gradus.autograd.ops.Ops.sum;
import static org.gradus.autograd.ops.Ops.tanh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.inspect.NonFiniteException;
import org.gradus.autograd.inspect.Watch;
import org.gradus.autograd.ops.Ops;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In a package of a user's: the library tells its own frames from theirs by the package. */
class WatchTest {
  /** The frame of the last call of {@link #here}. */
  private String place = "";

  /** Returns the tensor, and remembers the line on which that is done. */
  private Tensor here(Tensor tensor) {
    place =
        StackWalker.getInstance()
            .walk(frames -> frames.skip(1).findFirst().orElseThrow())
            .toStackTraceElement()
            .toString();
    assertTrue(place.matches("org\\.example\\.WatchTest\\..+\\(WatchTest\\.java:\\d+\\)"), place);
    return tensor;
  }

  private static Tensor constant(float... values) {
    return Tensor.constant(NdArray.of(values, values.length));
  }

  private static Tensor watched(float... values) {
    return Watch.finite(Tensor.variable(NdArray.of(values, values.length)));
  }

  /** The text of the fault, of which the last line begins so. */
  private NonFiniteException fails(Executable program, String... lines) {
    NonFiniteException e = assertThrowsExactly(NonFiniteException.class, program);
    String text = String.join("\n  ", lines) + "\n  called at " + place;
    assertEquals(text, e.getMessage());
    return e;
  }

  // ---- forward ---------------------------------------------------------------------------------

  @Test
  void theLogarithmOfZero() {
    Tensor x = Watch.finite(Tensor.variable(NdArray.of(new float[] {1, 2, 3, 0, 0.1f, 0}, 2, 3)));
    NonFiniteException e =
        fails(
            () -> log(here(x)),
            "log: its output has 2 of 6 elements NaN or infinite, the first -Infinity at [1, 0]",
            "input 0: FLOAT32 [2, 3], 0.0 to 3.0",
            "output: FLOAT32 [2, 3], -2.3025851 to 1.0986123, 2 infinite");
    assertNull(e.getCause());
    assertEquals(place, firstOfUser(e.getStackTrace()));
  }

  private static String firstOfUser(StackTraceElement[] frames) {
    for (StackTraceElement frame : frames) {
      if (frame.getClassName().startsWith("org.example.")) {
        return frame.toString();
      }
    }
    return "none";
  }

  @Test
  void theRootOfANegative() {
    Tensor x = watched(4, -1, -4);
    fails(
        () -> sqrt(here(x)),
        "sqrt: its output has 2 of 3 elements NaN or infinite, the first NaN at [1]",
        "input 0: FLOAT32 [3], -4.0 to 4.0",
        "output: FLOAT32 [3], 2.0 to 2.0, 2 NaN");
  }

  @Test
  void aDivisionByZero() {
    Tensor x = watched(1, -2, 0);
    fails(
        () -> div(x, here(constant(0, 0, 0))),
        "div: its output has 3 of 3 elements NaN or infinite, the first Infinity at [0]",
        "input 0: FLOAT32 [3], -2.0 to 1.0",
        "input 1: FLOAT32 [3], 0.0 to 0.0",
        "output: FLOAT32 [3], 1 NaN, 2 infinite");
  }

  @Test
  void anExponentialThatOverflowsInSinglePrecisionOnly() {
    Tensor single = watched(88, 89);
    fails(
        () -> exp(here(single)),
        "exp: its output has 1 of 2 elements NaN or infinite, the first Infinity at [1]",
        "input 0: FLOAT32 [2], 88.0 to 89.0",
        "output: FLOAT32 [2], 1.6516363E38 to 1.6516363E38, 1 infinite");
    exp(Watch.finite(Tensor.variable(NdArray.of(new double[] {88, 89}, 2))));
    Tensor twice = Watch.finite(Tensor.variable(NdArray.scalar(DType.FLOAT64, 709.8)));
    fails(
        () -> exp(here(twice)),
        "exp: its output has 1 of 1 elements NaN or infinite, the first Infinity at []",
        "input 0: FLOAT64 [], 709.8 to 709.8",
        "output: FLOAT64 [], 1 infinite");
  }

  @Test
  void anOpThatAStreamCalls() {
    Tensor x = watched(0);
    fails(
        () -> Stream.of(here(x)).map(Ops::log).toList(),
        "log: its output has 1 of 1 elements NaN or infinite, the first -Infinity at [0]",
        "input 0: FLOAT32 [1], 0.0 to 0.0",
        "output: FLOAT32 [1], 1 infinite");
  }

  @Test
  void theMeanOfNothing() {
    Tensor x = watched();
    fails(
        () -> mean(here(x)),
        "mean: its output has 1 of 1 elements NaN or infinite, the first NaN at []",
        "input 0: FLOAT32 [0]",
        "output: FLOAT32 [], 1 NaN");
  }

  @Test
  void whatCameFromElsewhereIsNotBlamedOnTheOp() {
    Tensor x = watched(0, 1);
    Tensor bad = constant(Float.POSITIVE_INFINITY, Float.NaN);
    fails(
        () -> mul(x, here(bad)),
        "mul: its input 1 has 2 of 2 elements NaN or infinite, the first Infinity at [0]; no"
            + " watched op made it so",
        "input 0: FLOAT32 [2], 0.0 to 1.0",
        "input 1: FLOAT32 [2], 1 NaN, 1 infinite",
        "output: FLOAT32 [2], 2 NaN");
    Tensor nan = Tensor.variable(NdArray.of(new float[] {1, Float.NaN}, 2));
    fails(
        () -> Watch.finite(here(nan)),
        "watch: its input 0 has 1 of 2 elements NaN or infinite, the first NaN at [1]; no watched"
            + " op made it so",
        "input 0: FLOAT32 [2], 1.0 to 1.0, 1 NaN",
        "output: FLOAT32 [2], 1.0 to 1.0, 1 NaN");
  }

  @Test
  void anInfinityThatDoesNoHarmIsLetPass() {
    Tensor x = watched(1, 2);
    Tensor y = div(x, constant(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY));
    assertEquals(NdArray.of(new float[] {0, -0f}, 2), y.value());
    assertEquals(y.value(), Gradients.backward(sum(y), x).of(x).value());
  }

  @Test
  void theFirstOfAPipelineIsBlamed() {
    Tensor logits = Watch.finite(Tensor.variable(NdArray.of(new float[] {0, 200, 1, 2}, 2, 2)));
    Tensor targets = Tensor.constant(NdArray.of(new float[] {1, 0, 0, 1}, 2, 2));
    fails(
        () -> mean(mul(targets, log(here(softmax(logits, 1))))),
        "log: its output has 1 of 4 elements NaN or infinite, the first -Infinity at [0, 0]",
        "input 0: FLOAT32 [2, 2], 0.0 to 1.0",
        "output: FLOAT32 [2, 2], -1.3132616 to 0.0, 1 infinite");
    assertTrue(Double.isFinite(crossEntropy(logits, targets).item()));
  }

  // ---- VJPs ------------------------------------------------------------------------------------

  @Test
  void theVjpOfTheRootAtZero() {
    Tensor x = watched(0, 4);
    Tensor y = sqrt(here(x));
    NonFiniteException e =
        fails(
            () -> Gradients.backward(sum(y)),
            "sqrt: its VJP of input 0 has 1 of 2 elements NaN or infinite, the first Infinity at"
                + " [0]",
            "cotangent: FLOAT32 [2], 1.0 to 1.0",
            "input 0: FLOAT32 [2], 0.0 to 4.0",
            "output: FLOAT32 [2], 0.0 to 2.0",
            "VJP of input 0: FLOAT32 [2], 0.25 to 0.25, 1 infinite");
    Throwable call = e.getCause();
    assertEquals("sqrt was called here", call.getMessage());
    assertEquals(place, call.getStackTrace()[0].toString());
    assertEquals(32, call.getStackTrace().length);
  }

  @Test
  void theVjpOfOneInputOfTwo() {
    Tensor x = watched(1e20f);
    Tensor w = Tensor.variable(NdArray.of(new float[] {1e-25f}, 1));
    Tensor y = div(x, here(mul(w, 1e15)));
    fails(
        () -> Gradients.backward(y, w),
        "div: its VJP of input 1 has 1 of 1 elements NaN or infinite, the first -Infinity at [0]",
        "cotangent: FLOAT32 [1], 1.0 to 1.0",
        "input 0: FLOAT32 [1], 1.0E20 to 1.0E20",
        "input 1: FLOAT32 [1], 1.0E-10 to 1.0E-10",
        "output: FLOAT32 [1], 1.0E30 to 1.0E30",
        "VJP of input 1: FLOAT32 [1], 1 infinite");
  }

  /** x, with a VJP that forgets what it must not divide by. */
  private record Forgetful() implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return div(g, relu(y));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theVjpOfAUsersOp(Mode mode) {
    Tensor x = watched(-1, 1);
    Tensor y = Tensor.of(new Forgetful(), here(x));
    String called = place;
    String[] lines = {
      "forgetful: its VJP of input 0 has 1 of 2 elements NaN or infinite, the first Infinity at"
          + " [0]",
      "cotangent: FLOAT32 [2], 1.0 to 1.0",
      "input 0: FLOAT32 [2], -1.0 to 1.0",
      "output: FLOAT32 [2], -1.0 to 1.0",
      "VJP of input 0: FLOAT32 [2], 1.0 to 1.0, 1 infinite"
    };
    if (mode != Mode.DIFFERENTIABLE) {
      fails(() -> Gradients.backward(sum(y), mode), lines);
    } else {
      NonFiniteException e =
          assertThrows(NonFiniteException.class, () -> Gradients.backward(sum(y), mode));
      String within = firstOfUser(e.getCause().getStackTrace());
      assertTrue(within.startsWith("org.example.WatchTest$Forgetful.vjp("), within);
      assertEquals(
          String.join(
              "\n  ",
              "div: its output has 1 of 2 elements NaN or infinite, the first Infinity at [0]",
              "input 0: FLOAT32 [2], 1.0 to 1.0",
              "input 1: FLOAT32 [2], 0.0 to 1.0",
              "output: FLOAT32 [2], 1.0 to 1.0, 1 infinite",
              "called at " + within,
              "in the VJP of input 0 of forgetful, called at " + called),
          e.getMessage());
    }
  }

  @Test
  void theSecondDerivative() {
    Tensor x = watched(0, 1);
    Tensor y = pow(here(x), 1.5);
    String called = place;
    Tensor first = Gradients.backward(sum(y), Mode.DIFFERENTIABLE, x).of(x);
    assertEquals(NdArray.of(new float[] {0, 1.5f}, 2), first.value());
    NonFiniteException e =
        assertThrows(NonFiniteException.class, () -> Gradients.backward(sum(first)));
    assertEquals(
        String.join(
            "\n  ",
            "product: its VJP of input 1 has 1 of 2 elements NaN or infinite, the first Infinity at"
                + " [0]",
            "cotangent: FLOAT32 [2], 1.0 to 1.0",
            "input 0: FLOAT32 [2], 1.0 to 1.0",
            "input 1: FLOAT32 [2], 0.0 to 1.0",
            "output: FLOAT32 [2], 0.0 to 1.5",
            "VJP of input 1: FLOAT32 [2], 0.75 to 0.75, 1 infinite",
            "called at " + firstOfUser(e.getCause().getStackTrace())),
        e.getMessage());
    assertFalse(e.getMessage().contains(called), "the op is one of the first backward pass");
  }

  @Test
  void aSumOfCotangentsThatOverflows() {
    Tensor x = Watch.finite(here(Tensor.variable(NdArray.of(new float[] {0}, 1))));
    Tensor y = add(mul(x, 3e38), mul(x, 3e38));
    fails(
        () -> Gradients.backward(y),
        "watch: its cotangent has 1 of 1 elements NaN or infinite, the first Infinity at [0]; no"
            + " VJP made it so, but a sum of cotangents, or whoever gave it",
        "cotangent: FLOAT32 [1], 1 infinite",
        "input 0: FLOAT32 [1], 0.0 to 0.0",
        "output: FLOAT32 [1], 0.0 to 0.0",
        "VJP of input 0: FLOAT32 [1], 1 infinite");
    assertThrows(NonFiniteException.class, () -> Gradients.backward(y, Mode.DIFFERENTIABLE));
  }

  @Test
  void aCotangentThatIsGiven() {
    Tensor y = relu(here(watched(-1, 1)));
    Tensor closed = constant(Float.NaN, 1);
    Tensor open = constant(1, Float.NaN);
    Gradients.pullback(y, closed, Mode.VALUES);
    fails(
        () -> Gradients.pullback(y, open, Mode.VALUES),
        "relu: its cotangent has 1 of 2 elements NaN or infinite, the first NaN at [1]; no VJP made"
            + " it so, but a sum of cotangents, or whoever gave it",
        "cotangent: FLOAT32 [2], 1.0 to 1.0, 1 NaN",
        "input 0: FLOAT32 [2], -1.0 to 1.0",
        "output: FLOAT32 [2], 0.0 to 1.0",
        "VJP of input 0: FLOAT32 [2], 0.0 to 0.0, 1 NaN");
  }

  // ---- how a watch travels ---------------------------------------------------------------------

  @Test
  void aWatchTravelsThroughConstants() {
    Tensor x = Watch.finite(constant(1, 0));
    Tensor y = mul(x, x);
    for (Tensor constant : List.of(x, y)) {
      assertEquals("constant FLOAT32 [2] {1.0, 0.0}", constant.toString());
      assertFalse(constant.isTracked());
    }
    fails(
        () -> log(here(y)),
        "log: its output has 1 of 2 elements NaN or infinite, the first -Infinity at [1]",
        "input 0: FLOAT32 [2], 0.0 to 1.0",
        "output: FLOAT32 [2], 0.0 to 0.0, 1 infinite");
    Tensor w = Tensor.variable(NdArray.of(new float[] {0, 1}, 2));
    Tensor roots = sqrt(add(y, here(w)));
    assertThrows(NonFiniteException.class, () -> log(add(roots, -1)));
    assertThrows(IllegalArgumentException.class, () -> Gradients.backward(sum(roots), y));
  }

  @Test
  void aDerivativeThatNobodyNeedsIsNoFault() {
    Tensor x = Watch.finite(constant(0, 1));
    Tensor w = Tensor.variable(NdArray.of(new float[] {2, 3}, 2));
    Gradients gradients = Gradients.backward(sum(mul(sqrt(x), w)));
    assertEquals(NdArray.of(new float[] {0, 1}, 2), gradients.of(w).value());
  }

  @Test
  void aDetachedTensorIsNotWatched() {
    Tensor x = watched(0);
    assertTrue(Double.isInfinite(log(x.detach()).item()));
    assertTrue(Double.isInfinite(log(Watch.finite(constant(0)).detach()).item()));
    assertTrue(Double.isInfinite(log(Tensor.constant(x.value())).item()));
  }

  @Test
  void anOpOfTwoWatchedInputsIsWatchedOnce() {
    Tensor x = watched(1);
    assertEquals("Watched[Add[]]", add(x, watched(2)).op().orElseThrow().toString());
    assertEquals("Watched[Watch[]]", Watch.finite(x).op().orElseThrow().toString());
    assertEquals("add FLOAT32 [1] {2.0}", add(x, x).toString());
  }

  @Test
  void aWatchedOpRefusesWhatTheOpRefuses() {
    Tensor x = watched(1, 2);
    ShapeException e = assertThrows(ShapeException.class, () -> matmul(x, constant(1, 2)));
    assertEquals("matmul: [2] and [2]: expected rank 2 or higher", e.getMessage());
    IllegalArgumentException two =
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(x.op().orElseThrow(), x, x));
    assertEquals("watch: 2 inputs, expected 1", two.getMessage());
  }

  // ---- finite graphs ---------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void bitsAreTheSameWithAndWithoutAWatch(Mode mode) {
    NdArray value = NdArray.generate(DType.FLOAT32, Shape.of(7, 5), i -> Math.sin(i) + 0.3);
    NdArray weight = NdArray.generate(DType.FLOAT32, Shape.of(5, 3), i -> Math.cos(i));
    List<NdArray> without = bits(Tensor.variable(value), Tensor.variable(weight), mode, false);
    assertEquals(without, bits(Tensor.variable(value), Tensor.variable(weight), mode, true));
  }

  private static List<NdArray> bits(Tensor x, Tensor w, Mode mode, boolean watch) {
    Tensor h = watch ? Watch.finite(x) : x;
    Tensor v = watch ? Watch.finite(w) : w;
    for (int i = 0; i < 3; i++) {
      h = add(mul(h, tanh(h)), mul(exp(h), 1 / 3.0));
    }
    Tensor y = softmax(matmul(h, v), 1);
    Tensor loss = mean(mul(y, sqrt(add(y, 0.1))));
    List<NdArray> all = new ArrayList<>(List.of(y.value(), loss.value()));
    Gradients gradients = Gradients.backward(loss, mode, x, w);
    List.of(gradients.of(x), gradients.of(w)).forEach(tensor -> all.add(tensor.value()));
    if (mode == Mode.DIFFERENTIABLE) {
      Gradients second = Gradients.backward(sum(mul(gradients.of(w), gradients.of(w))), x, w);
      List.of(second.of(x), second.of(w)).forEach(tensor -> all.add(tensor.value()));
    }
    return all;
  }

  // ---- after the fact --------------------------------------------------------------------------

  @Test
  void theFirstFaultIsFoundInAGraphWithoutAWatch() {
    Tensor x = Tensor.variable(NdArray.of(new float[] {0, 4}, 2));
    String expected =
        String.join(
            "\n  ",
            "log: its output has 1 of 2 elements NaN or infinite, the first -Infinity at [0]",
            "input 0: FLOAT32 [2], 0.0 to 4.0",
            "output: FLOAT32 [2], 1.3862944 to 1.3862944, 1 infinite");
    assertEquals(Optional.of(expected), Watch.firstFault(sum(mul(log(x), 0))));
    assertEquals(Optional.of(expected), Watch.firstFault(exp(log(x)))); // which is finite again
    assertEquals(Optional.empty(), Watch.firstFault(mul(x, x)));
    assertEquals(Optional.empty(), Watch.firstFault(x));
    assertEquals(Optional.empty(), Watch.firstFault(constant(Float.NaN)));
  }

  @Test
  void theFirstFaultMayBeInAVjp() {
    Tensor x = Tensor.variable(NdArray.of(new float[] {0, 4}, 2));
    Tensor loss = sum(sqrt(x));
    String expected =
        String.join(
            "\n  ",
            "sqrt: its VJP of input 0 has 1 of 2 elements NaN or infinite, the first Infinity at"
                + " [0]",
            "cotangent: FLOAT32 [2], 1.0 to 1.0",
            "input 0: FLOAT32 [2], 0.0 to 4.0",
            "output: FLOAT32 [2], 0.0 to 2.0",
            "VJP of input 0: FLOAT32 [2], 0.25 to 0.25, 1 infinite");
    assertEquals(Optional.of(expected), Watch.firstFault(loss));
    Gradients.backward(loss, Mode.CONSUMING); // which takes back what lies between
    assertEquals(Optional.of(expected), Watch.firstFault(loss));
    assertEquals(Optional.of(expected), Watch.firstFault(loss));
    assertEquals(Optional.empty(), Watch.firstFault(sqrt(x))); // of several elements
  }

  @Test
  void aLeafThatIsNotFiniteIsToBlame() {
    Tensor x = Tensor.variable(NdArray.of(new float[] {Float.NaN, 4}, 2));
    String fault = Watch.firstFault(sum(exp(x))).orElseThrow();
    assertTrue(
        fault.startsWith(
            "exp: its input 0 has 1 of 2 elements NaN or infinite, the first NaN at [0];"
                + " no watched op made it so\n"),
        fault);
  }

  @Test
  void aLongGraphWithSharedNodesIsComputedOnceMore() {
    Tensor x = Tensor.variable(NdArray.of(new float[] {1}, 1));
    Tensor h = x;
    for (int i = 0; i < 100_000; i++) {
      h = mul(add(h, h), 0.5);
    }
    assertEquals(Optional.empty(), Watch.firstFault(h));
    assertTrue(Watch.firstFault(log(add(h, -1))).orElseThrow().startsWith("log: its output"));
    Tensor watched = Watch.finite(x);
    assertEquals(Optional.empty(), Watch.firstFault(mul(watched, watched)));
  }

  @Test
  void theIdentityMakesNoCopy() {
    NdArray value = NdArray.of(new float[] {1}, 1);
    assertSame(value, Watch.finite(Tensor.variable(value)).value());
  }
}
