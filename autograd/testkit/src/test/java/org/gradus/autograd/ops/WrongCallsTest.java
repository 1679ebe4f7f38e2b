package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.CrossEntropyOptions.mean;
import static org.gradus.autograd.ops.PoolOptions.window;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.vector;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Locale;
import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wrong calls of what is no op: each is refused at once, and the whole message is asserted. Those
 * of ops stand in their rows.
 */
class WrongCallsTest {
  private static final Locale BEFORE = Locale.getDefault();

  /** Messages must not depend on the locale, so this one has digits of its own. */
  @BeforeAll
  static void speakArabic() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
  }

  @AfterAll
  static void speakAsBefore() {
    Locale.setDefault(BEFORE);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource({"constants", "options"})
  void isRefusedWithTheWholeMessage(
      Class<? extends IllegalArgumentException> type, String message, Executable call) {
    assertEquals(message, assertThrowsExactly(type, call).getMessage());
  }

  static Stream<Arguments> constants() {
    DType type = DType.FLOAT64;
    return Stream.of(
        argument("oneHot: label 2 at position 1, expected 0 to 1", () -> Ops.oneHot(type, 2, 0, 2)),
        argument("oneHot: label -1 at position 0, expected 0 to 1", () -> Ops.oneHot(type, 2, -1)),
        shape("oneHot: [1, -3] has the negative extent -3", () -> Ops.oneHot(type, -3, 0)),
        shape(
            "argMax: there is no axis 2 in [2, 3], which has rank 2",
            () -> Ops.argMax(zeros(2, 3), 2)),
        shape(
            "argMax: over axes [1] of [2, 0] there are no elements to compare",
            () -> Ops.argMax(zeros(2, 0), 1)),
        shape(
            "batchStatistics: input [3] has rank 1, expected 2 or higher",
            () -> Ops.batchStatistics(zeros(3))));
  }

  static Stream<Arguments> options() {
    return Stream.of(
        argument("window: stride 0, expected at least 1", () -> valid().stride(0)),
        argument("window: stride -1, expected at least 1", () -> same().stride(1, -1)),
        argument("window: padding -1, expected at least 0", () -> valid().padding(-1)),
        argument("window: padding -2, expected at least 0", () -> valid().padding(0, -2)),
        argument("window: padding -3, expected at least 0", () -> valid().padding(0, 0, 0, -3)),
        argument("window: dilation 0, expected at least 1", () -> valid().dilation(0)),
        argument("window: dilation -1, expected at least 1", () -> valid().dilation(1, -1)),
        argument("conv: groups 0, expected at least 1", () -> valid().groups(0)),
        argument(
            "crossEntropyOptions: smoothing 1.0, expected at least 0 and less than 1",
            () -> mean().smoothing(1)),
        argument(
            "crossEntropyOptions: smoothing -0.1, expected at least 0 and less than 1",
            () -> mean().smoothing(-0.1)),
        argument(
            "crossEntropyOptions: smoothing NaN, expected at least 0 and less than 1",
            () -> mean().smoothing(NaN)),
        argument(
            "crossEntropyOptions: weight -1.0 of class 1, expected a finite number of at least 0",
            () -> mean().weights(vector(2, -1))),
        argument(
            "crossEntropyOptions: weight NaN of class 0, expected a finite number of at least 0",
            () -> mean().weights(vector(NaN))),
        argument(
            "crossEntropyOptions: weight Infinity of class 2, expected a finite number of at least"
                + " 0",
            () -> mean().weights(vector(0, 1, INF))),
        shape(
            "crossEntropyOptions: weights [2, 1], expected one for each class, [classes]",
            () -> mean().weights(array(Values.shape(2, 1), 1, 1))),
        argument(
            "conv: groups -1, expected at least 1",
            () -> new ConvGeometry(new Window(1, 1, 1, 0, 0, 1), new Window(1, 1, 1, 0, 0, 1), -1)),
        argument("window: height 0, expected at least 1", () -> window(0)),
        argument("window: width -1, expected at least 1", () -> window(2, -1)),
        argument("window: stride 0, expected at least 1", () -> window(2).stride(0)),
        argument("window: padding -1, expected at least 0", () -> window(2).padding(-1)),
        argument("window: padding -1, expected at least 0", () -> window(2).padding(0, -1, 0, 0)),
        argument("window: dilation 0, expected at least 1", () -> window(2).dilation(0)),
        argument("window: input -1, expected at least 0", () -> new Window(-1, 1, 1, 0, 0, 1)),
        argument("window: kernel 0, expected at least 1", () -> new Window(1, 0, 1, 0, 0, 1)),
        argument("window: stride 0, expected at least 1", () -> new Window(1, 1, 0, 0, 0, 1)),
        argument("window: padding -1, expected at least 0", () -> new Window(1, 1, 1, -1, 0, 1)),
        argument("window: padding -1, expected at least 0", () -> new Window(1, 1, 1, 0, -1, 1)),
        argument("window: dilation 0, expected at least 1", () -> new Window(1, 1, 1, 0, 0, 0)),
        shape(
            "window: a window of 3 with dilation 2 does not fit an input of 2, padded by 1 and 1",
            () -> new Window(2, 3, 1, 1, 1, 2)));
  }

  private static Arguments shape(String message, Executable call) {
    return arguments(ShapeException.class, message, call);
  }

  private static Arguments argument(String message, Executable call) {
    return arguments(IllegalArgumentException.class, message, call);
  }
}
