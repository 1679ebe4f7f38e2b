package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.PoolOptions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A table of wrong calls: each is refused at once, and the whole message is asserted. */
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

  private static final int HUGE = Integer.MAX_VALUE;

  @ParameterizedTest(name = "{1}")
  @MethodSource({
    "numbersOfInputs",
    "types",
    "matmul",
    "bias",
    "losses",
    "constants",
    "options",
    "convolutions",
    "adjointConvolutions",
    "pooling",
    "adjointPooling",
    "sizes"
  })
  void isRefusedWithTheWholeMessage(
      Class<? extends IllegalArgumentException> type, String message, Executable call) {
    assertEquals(message, assertThrowsExactly(type, call).getMessage());
  }

  static Stream<Arguments> numbersOfInputs() {
    Tensor x = zeros(2, 2);
    Class<?> type = IllegalArgumentException.class;
    return Stream.of(
        arguments(type, "mse: 3 inputs, expected 2", call(() -> Tensor.of(new Mse(), x, x, x))));
  }

  private static Executable call(Executable call) {
    return call;
  }

  static Stream<Arguments> types() {
    Tensor single = Tensor.constant(NdArray.zeros(DType.FLOAT32, Shape.of(1, 1, 1, 1)));
    Tensor twice = zeros(1, 1, 1, 1);
    ConvGeometry conv = valid().geometry(twice.shape(), twice.shape());
    PoolGeometry pool = window(1).geometry("maxPool2d", twice.shape());
    Tensor singleVector = Ops.reshape(single, 1);
    return Stream.of(
        type("matmul: input 1 is FLOAT64, but input 0 is FLOAT32", () -> Ops.matmul(single, twice)),
        type(
            "bias: input 1 is FLOAT32, but input 0 is FLOAT64",
            () -> Ops.bias(twice, singleVector)),
        type("mse: input 1 is FLOAT64, but input 0 is FLOAT32", () -> Ops.mse(single, twice)),
        type(
            "halfSquaredError: input 1 is FLOAT64, but input 0 is FLOAT32",
            () -> Ops.halfSquaredError(single, twice)),
        type(
            "crossEntropy: input 1 is FLOAT64, but input 0 is FLOAT32",
            () -> Ops.crossEntropy(single, twice)),
        type("conv2d: input 1 is FLOAT64, but input 0 is FLOAT32", () -> Ops.conv2d(single, twice)),
        type(
            "conv2dInput: input 1 is FLOAT64, but input 0 is FLOAT32",
            () -> Ops.conv2dInput(single, twice, conv)),
        type(
            "conv2dWeight: input 1 is FLOAT64, but input 0 is FLOAT32",
            () -> Ops.conv2dWeight(single, twice, conv)),
        type(
            "maxPool2dInput: input 1 is FLOAT64, but input 0 is FLOAT32",
            () -> Ops.maxPool2dInput(single, twice, pool)),
        type(
            "maxPool2dPick: input 1 is FLOAT64, but input 0 is FLOAT32",
            () -> Ops.maxPool2dPick(single, twice, pool)));
  }

  static Stream<Arguments> matmul() {
    return Stream.of(
        shape(
            "matmul: [3, 4] and []: expected rank 2 or higher",
            () -> Ops.matmul(zeros(3, 4), zeros())),
        shape(
            "matmul: a [2, 3] has 3 columns, but b [4, 5] has 4 rows",
            () -> Ops.matmul(zeros(2, 3), zeros(4, 5))),
        shape(
            "matmul: a [2, 3] transposed has 2 columns, but b [3, 4] has 3 rows",
            () -> Ops.matmul(zeros(2, 3), zeros(3, 4), true, false)),
        shape(
            "matmul: a [2, 3] has 3 columns, but b [3, 4] transposed has 4 rows",
            () -> Ops.matmul(zeros(2, 3), zeros(3, 4), false, true)),
        shape(
            "matmul: a [2, 3] transposed has 2 columns, but b [4, 3] transposed has 3 rows",
            () -> Ops.matmul(zeros(2, 3), zeros(4, 3), true, true)),
        shape(
            "matmul: the axes of [2, 3, 4] and [3, 4, 5] before the last two: [2] and [3] do not"
                + " broadcast: extents 2 and 3 differ and neither is 1 (axes are aligned at the"
                + " right)",
            () -> Ops.matmul(zeros(2, 3, 4), zeros(3, 4, 5))));
  }

  static Stream<Arguments> bias() {
    return Stream.of(
        shape(
            "bias: input [3] has rank 1, expected 2 or higher", () -> Ops.bias(zeros(3), zeros(3))),
        shape("bias: input [] has rank 0, expected 2 or higher", () -> Ops.bias(zeros(), zeros(1))),
        shape(
            "bias: input [2, 3] has 3 channels, but the bias has shape [2], expected [3]",
            () -> Ops.bias(zeros(2, 3), zeros(2))),
        shape(
            "bias: input [2, 3, 4, 5] has 3 channels, but the bias has shape [1, 3], expected [3]",
            () -> Ops.bias(zeros(2, 3, 4, 5), zeros(1, 3))),
        shape(
            "bias: input [2, 1, 3] has 1 channels, but the bias has shape [], expected [1]",
            () -> Ops.bias(zeros(2, 1, 3), zeros())));
  }

  static Stream<Arguments> losses() {
    Tensor logits = zeros(2, 3);
    return Stream.of(
        shape(
            "mse: prediction [2, 3] and target [3] differ in shape",
            () -> Ops.mse(logits, zeros(3))),
        shape(
            "halfSquaredError: prediction [2, 3] and target [2, 1] differ in shape",
            () -> Ops.halfSquaredError(logits, zeros(2, 1))),
        shape(
            "crossEntropy: logits [3] have rank 1, expected 2 or higher",
            () -> Ops.crossEntropy(zeros(3), zeros(3))),
        shape(
            "crossEntropy: logits [2, 3] and targets [3, 2] differ in shape",
            () -> Ops.crossEntropy(logits, zeros(3, 2))),
        shape(
            "crossEntropy: logits [2, 3] with 3 labels, expected [3, classes]",
            () -> Ops.crossEntropy(logits, 0, 1, 2)),
        shape(
            "crossEntropy: logits [2, 3] with 0 labels, expected [0, classes]",
            () -> Ops.crossEntropy(logits)),
        shape(
            "crossEntropy: logits [2, 3, 4] with 2 labels, expected [2, classes]",
            () -> Ops.crossEntropy(zeros(2, 3, 4), 0, 1)),
        argument(
            "crossEntropy: label 3 at position 1, expected 0 to 2",
            () -> Ops.crossEntropy(logits, 0, 3)),
        argument(
            "crossEntropy: label -1 at position 0, expected 0 to 2",
            () -> Ops.crossEntropy(logits, -1, 3)));
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
            () -> Ops.argMax(zeros(2, 0), 1)));
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
        argument("conv2d: groups 0, expected at least 1", () -> valid().groups(0)),
        argument(
            "conv2d: groups -1, expected at least 1",
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

  static Stream<Arguments> convolutions() {
    return Stream.of(
        shape(
            "conv2d: input [3, 28, 28] has rank 3, expected 4",
            () -> Ops.conv2d(zeros(3, 28, 28), zeros(8, 3, 5, 5))),
        shape(
            "conv2d: weights [5, 5] has rank 2, expected 4",
            () -> Ops.conv2d(zeros(1, 3, 28, 28), zeros(5, 5))),
        shape(
            "conv2d: input [64, 3, 28, 28] has 3 channels, but the weights [8, 1, 5, 5] with"
                + " groups=1 expect 1",
            () -> Ops.conv2d(zeros(64, 3, 28, 28), zeros(8, 1, 5, 5))),
        shape(
            "conv2d: input [1, 4, 5, 5] has 4 channels, but the weights [4, 4, 3, 3] with groups=2"
                + " expect 8",
            () -> Ops.conv2d(zeros(1, 4, 5, 5), zeros(4, 4, 3, 3), valid().groups(2))),
        shape(
            "conv2d: weights [3, 2, 3, 3]: 3 filters, which groups=2 does not divide",
            () -> Ops.conv2d(zeros(1, 4, 5, 5), zeros(3, 2, 3, 3), valid().groups(2))),
        shape(
            "conv2d: height: a window of 5 with dilation 1 does not fit an input of 3, padded by 0"
                + " and 1",
            () -> Ops.conv2d(zeros(1, 1, 3, 9), zeros(1, 1, 5, 5), valid().padding(0, 1, 0, 0))),
        shape(
            "conv2d: width: a window of 3 with dilation 4 does not fit an input of 6, padded by 1"
                + " and 1",
            () -> Ops.conv2d(zeros(1, 1, 9, 6), zeros(1, 1, 3, 3), valid().padding(1).dilation(4))),
        shape(
            "conv2d: height: a window of 3 with dilation 1 does not fit an input of 0, padded by 1"
                + " and 1",
            () -> Ops.conv2d(zeros(1, 1, 0, 4), zeros(1, 1, 3, 3), same())),
        argument(
            "conv2d: height: kernel 0, expected at least 1",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 0, 3))),
        argument(
            "conv2d: width: kernel 0, expected at least 1",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 0), same().stride(2))),
        argument(
            "conv2d: strict height: stride 2 leaves a remainder of 1 after the last of the windows"
                + " of 3 over 6, padded by 0 and 0",
            () -> Ops.conv2d(zeros(1, 1, 6, 5), zeros(1, 1, 3, 3), valid().stride(2).strict())),
        argument(
            "conv2d: strict width: stride 3 leaves a remainder of 2 after the last of the windows"
                + " of 2 over 5, padded by 1 and 1",
            () ->
                Ops.conv2d(
                    zeros(1, 1, 3, 5), zeros(1, 1, 2, 2), valid().strict().stride(3).padding(1))),
        argument(
            "conv2d: strict height: stride 2 leaves a remainder of 1 after the last of the windows"
                + " of 1 over 4, padded by 0 and 0",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 1, 1), same().stride(2).strict())),
        shape(
            "conv2d: input [1, 1, 5, 4] is 5 x 4, but the geometry expects 4 x 4",
            () -> Ops.conv2d(zeros(1, 1, 5, 4), zeros(1, 1, 3, 3), twoByTwo())),
        shape(
            "conv2d: weights [1, 1, 3, 2] is 3 x 2, but the geometry expects 3 x 3",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 2), twoByTwo())),
        shape(
            "conv2d: input [4, 4] has rank 2, expected 4",
            () -> Ops.conv2d(zeros(4, 4), zeros(1, 1, 3, 3), twoByTwo())));
  }

  static Stream<Arguments> adjointConvolutions() {
    ConvGeometry grouped = valid().groups(2).geometry(Shape.of(1, 4, 4, 4), Shape.of(2, 2, 3, 3));
    return Stream.of(
        shape(
            "conv2dInput: weights [3, 3] has rank 2, expected 4",
            () -> Ops.conv2dInput(zeros(3, 3), zeros(1, 1, 2, 2), twoByTwo())),
        shape(
            "conv2dInput: output [2, 2] has rank 2, expected 4",
            () -> Ops.conv2dInput(zeros(1, 1, 3, 3), zeros(2, 2), twoByTwo())),
        shape(
            "conv2dInput: weights [1, 1, 2, 3] is 2 x 3, but the geometry expects 3 x 3",
            () -> Ops.conv2dInput(zeros(1, 1, 2, 3), zeros(1, 1, 2, 2), twoByTwo())),
        shape(
            "conv2dInput: output [1, 1, 2, 3] is 2 x 3, but the geometry expects 2 x 2",
            () -> Ops.conv2dInput(zeros(1, 1, 3, 3), zeros(1, 1, 2, 3), twoByTwo())),
        shape(
            "conv2dInput: weights [2, 1, 3, 3] have 2 filters, but the output [1, 3, 2, 2] has 3"
                + " channels",
            () -> Ops.conv2dInput(zeros(2, 1, 3, 3), zeros(1, 3, 2, 2), twoByTwo())),
        shape(
            "conv2dInput: weights [3, 2, 3, 3]: 3 filters, which groups=2 does not divide",
            () -> Ops.conv2dInput(zeros(3, 2, 3, 3), zeros(1, 3, 2, 2), grouped)),
        shape(
            "conv2dWeight: input [4] has rank 1, expected 4",
            () -> Ops.conv2dWeight(zeros(4), zeros(1, 1, 2, 2), twoByTwo())),
        shape(
            "conv2dWeight: output [] has rank 0, expected 4",
            () -> Ops.conv2dWeight(zeros(1, 1, 4, 4), zeros(), twoByTwo())),
        shape(
            "conv2dWeight: input [1, 1, 4, 5] is 4 x 5, but the geometry expects 4 x 4",
            () -> Ops.conv2dWeight(zeros(1, 1, 4, 5), zeros(1, 1, 2, 2), twoByTwo())),
        shape(
            "conv2dWeight: output [1, 1, 3, 2] is 3 x 2, but the geometry expects 2 x 2",
            () -> Ops.conv2dWeight(zeros(1, 1, 4, 4), zeros(1, 1, 3, 2), twoByTwo())),
        shape(
            "conv2dWeight: input [2, 1, 4, 4] has 2 images, but the output [3, 1, 2, 2] has 3",
            () -> Ops.conv2dWeight(zeros(2, 1, 4, 4), zeros(3, 1, 2, 2), twoByTwo())),
        shape(
            "conv2dWeight: input [1, 3, 4, 4] has 3 channels, which groups=2 does not divide",
            () -> Ops.conv2dWeight(zeros(1, 3, 4, 4), zeros(1, 2, 2, 2), grouped)),
        shape(
            "conv2dWeight: output [1, 3, 2, 2]: 3 filters, which groups=2 does not divide",
            () -> Ops.conv2dWeight(zeros(1, 4, 4, 4), zeros(1, 3, 2, 2), grouped)));
  }

  static Stream<Arguments> pooling() {
    Tensor x = zeros(1, 1, 4, 6);
    PoolGeometry geometry = window(2).geometry("maxPool2d", Shape.of(1, 1, 4, 4));
    return both(
        op ->
            Stream.of(
                shape(
                    op.name + ": input [4, 6] has rank 2, expected 4",
                    () -> op.call(zeros(4, 6), window(2))),
                shape(
                    op.name
                        + ": height: a window of 5 with dilation 1 does not fit an input of 4,"
                        + " padded by 0 and 0",
                    () -> op.call(x, window(5))),
                shape(
                    op.name
                        + ": width: a window of 3 with dilation 4 does not fit an input of 6,"
                        + " padded by 1 and 0",
                    () -> op.call(x, window(1, 3).dilation(4).padding(0, 0, 1, 0))),
                shape(
                    op.name
                        + ": height: a window of 2 with dilation 1 and stride 2 lies on padding"
                        + " alone somewhere over an input of 4, padded by 2 and 0",
                    () -> op.call(x, window(2).padding(2, 0, 0, 0))),
                shape(
                    op.name
                        + ": width: a window of 2 with dilation 1 and stride 2 lies on padding"
                        + " alone somewhere over an input of 6, padded by 0 and 2",
                    () -> op.call(x, window(2).padding(0, 0, 0, 2))),
                shape(
                    op.name
                        + ": height: a window of 2 with dilation 6 and stride 1 lies on padding"
                        + " alone somewhere over an input of 4, padded by 2 and 2",
                    () -> op.call(x, window(2, 1).dilation(6).stride(1).padding(2, 2, 0, 0))),
                shape(
                    op.name
                        + ": height: a window of 1 with dilation 1 and stride 1 lies on padding"
                        + " alone somewhere over an input of 0, padded by 1 and 0",
                    () -> op.call(zeros(1, 1, 0, 1), window(1).padding(1, 0, 0, 0))),
                shape(
                    op.name + ": input [1, 1, 4, 6] is 4 x 6, but the geometry expects 4 x 4",
                    () -> op.call(x, geometry))));
  }

  static Stream<Arguments> adjointPooling() {
    PoolGeometry geometry = window(2).geometry("maxPool2d", Shape.of(1, 1, 4, 4));
    Tensor x = zeros(1, 1, 4, 4);
    return Stream.of(
        shape(
            "pooling: height: a window of 2 with dilation 1 and stride 2 lies on padding alone"
                + " somewhere over an input of 2, padded by 2 and 0",
            () -> new PoolGeometry(new Window(2, 2, 2, 2, 0, 1), new Window(2, 2, 2, 0, 0, 1))),
        shape(
            "maxPool2dInput: input [4, 4] has rank 2, expected 4",
            () -> Ops.maxPool2dInput(zeros(4, 4), zeros(1, 1, 2, 2), geometry)),
        shape(
            "maxPool2dInput: output [2, 2] has rank 2, expected 4",
            () -> Ops.maxPool2dInput(x, zeros(2, 2), geometry)),
        shape(
            "maxPool2dInput: input [1, 1, 4, 5] is 4 x 5, but the geometry expects 4 x 4",
            () -> Ops.maxPool2dInput(zeros(1, 1, 4, 5), zeros(1, 1, 2, 2), geometry)),
        shape(
            "maxPool2dInput: output [1, 1, 2, 3] is 2 x 3, but the geometry expects 2 x 2",
            () -> Ops.maxPool2dInput(x, zeros(1, 1, 2, 3), geometry)),
        shape(
            "maxPool2dInput: [1, 1, 4, 4] and [1, 2, 2, 2] differ in images or channels",
            () -> Ops.maxPool2dInput(x, zeros(1, 2, 2, 2), geometry)),
        shape(
            "maxPool2dPick: input [1, 1, 4, 5] is 4 x 5, but the geometry expects 4 x 4",
            () -> Ops.maxPool2dPick(x, zeros(1, 1, 4, 5), geometry)),
        shape(
            "maxPool2dPick: [1, 1, 4, 4] and [3, 1, 4, 4] differ in images or channels",
            () -> Ops.maxPool2dPick(x, zeros(3, 1, 4, 4), geometry)),
        shape(
            "avgPool2dInput: output [4] has rank 1, expected 4",
            () -> Ops.avgPool2dInput(zeros(4), geometry, true)),
        shape(
            "avgPool2dInput: output [1, 1, 4, 4] is 4 x 4, but the geometry expects 2 x 2",
            () -> Ops.avgPool2dInput(x, geometry, false)));
  }

  /** What does not fit an int or an array is refused with the numbers, and never overflows. */
  static Stream<Arguments> sizes() {
    Tensor x = zeros(1, 1, 4, 4);
    Tensor w = zeros(1, 1, 3, 3);
    Tensor column = zeros(50_000, 1);
    Tensor row = zeros(1, 50_000);
    String limit = ", and an array holds at most 2147483639";
    return Stream.of(
        shape(
            "matmul: [50000, 50000] has at least 2500000000 elements" + limit,
            () -> Ops.matmul(column, row)),
        shape(
            "matmul: the axes of [50000, 1, 1, 1] and [50000, 1, 1] before the last two: [50000,"
                + " 50000] has at least 2500000000 elements"
                + limit,
            () -> Ops.matmul(zeros(50_000, 1, 1, 1), zeros(50_000, 1, 1))),
        shape(
            "conv2d: [1, 1, 60002, 60002] has at least 3600240004 elements" + limit,
            () -> Ops.conv2d(x, w, valid().padding(30_000))),
        shape(
            "conv2d: [1, 1, 2000000002, 2000000002] has at least 4000000008000000004 elements"
                + limit,
            () -> Ops.conv2d(x, w, valid().padding(1_000_000_000))),
        shape(
            "conv2d: height: an input of 4, padded by 2147483647 and 2147483647, and a stride of 1"
                + " are 4294967299 together, expected at most 2147483647",
            () -> Ops.conv2d(x, w, valid().padding(HUGE))),
        shape(
            "conv2d: height: an input of 4, padded by 0 and 0, and a stride of 2147483647 are"
                + " 2147483651 together, expected at most 2147483647",
            () -> Ops.conv2d(x, w, valid().stride(HUGE))),
        shape(
            "conv2d: height: a window of 3 with dilation 2147483647 does not fit an input of 4,"
                + " padded by 1 and 1",
            () -> Ops.conv2d(x, w, valid().padding(1).dilation(HUGE))),
        shape(
            "conv2d: height: an input of 4, padded by 2147483647 and 2147483647, and a stride of 1"
                + " are 4294967299 together, expected at most 2147483647",
            () -> Ops.conv2d(x, w, same().dilation(HUGE))),
        shape(
            "conv2d: width: an input of 4, padded by 4294967293 and 4294967294, and a stride of 2"
                + " are 8589934593 together, expected at most 2147483647",
            () -> Ops.conv2d(x, zeros(1, 1, 3, 5), same().stride(2).dilation(1, HUGE))),
        shape(
            "conv2dInput: weights [0, 100000, 1, 1] with groups=100000 make 10000000000 channels,"
                + " expected at most 2147483647",
            () ->
                Ops.conv2dInput(
                    zeros(0, 100_000, 1, 1),
                    zeros(1, 0, 1, 1),
                    new ConvGeometry(
                        new Window(1, 1, 1, 0, 0, 1), new Window(1, 1, 1, 0, 0, 1), 100_000))),
        shape(
            "conv2dInput: [100000, 1, 1000, 1000] has at least 100000000000 elements" + limit,
            () ->
                Ops.conv2dInput(
                    zeros(1, 1, 1, 1),
                    zeros(100_000, 1, 1, 1),
                    new ConvGeometry(
                        new Window(1000, 1, 1000, 0, 0, 1),
                        new Window(1000, 1, 1000, 0, 0, 1),
                        1))),
        shape(
            "conv2dWeight: [1000, 1000, 100, 100] has at least 10000000000 elements" + limit,
            () ->
                Ops.conv2dWeight(
                    zeros(1, 1000, 1, 1),
                    zeros(1, 1000, 1, 1),
                    new ConvGeometry(
                        new Window(1, 100, 1, 99, 0, 1), new Window(1, 100, 1, 99, 0, 1), 1))),
        shape(
            "maxPool2d: [1000, 1000, 64, 64] has at least 4096000000 elements" + limit,
            () -> Ops.maxPool2d(zeros(1000, 1000, 1, 1), window(64).stride(1).padding(63))),
        shape(
            "avgPool2d: [1000, 1000, 64, 64] has at least 4096000000 elements" + limit,
            () -> Ops.avgPool2d(zeros(1000, 1000, 1, 1), window(64).stride(1).padding(63))),
        shape(
            "avgPool2dInput: [1000, 1000, 64, 64] has at least 4096000000 elements" + limit,
            () ->
                Ops.avgPool2dInput(
                    zeros(1000, 1000, 1, 1),
                    window(64).geometry("avgPool2d", Shape.of(1, 1, 64, 64)),
                    true)),
        shape(
            "avgPool2d: a window of 65536 x 65536 has 4294967296 elements, expected at most"
                + " 2147483647",
            () -> Ops.avgPool2d(zeros(1, 1, 1, 1), window(65_536).padding(65_535, 0, 65_535, 0))),
        shape(
            "maxPool2d: height: a window of 2147483647 with dilation 2 does not fit an input of 4,"
                + " padded by 0 and 0",
            () -> Ops.maxPool2d(x, window(HUGE).dilation(2))),
        shape(
            "maxPool2d: height: an input of 4, padded by 2147483647 and 2147483647, and a stride of"
                + " 2 are 4294967300 together, expected at most 2147483647",
            () -> Ops.maxPool2d(x, window(2).padding(HUGE))));
  }

  /** The geometry of 3 x 3 weights over 4 x 4 images: outputs are 2 x 2. */
  private static ConvGeometry twoByTwo() {
    return valid().geometry(Shape.of(1, 1, 4, 4), Shape.of(1, 1, 3, 3));
  }

  private enum Pool {
    MAX("maxPool2d"),
    AVG("avgPool2d");

    final String name;

    Pool(String name) {
      this.name = name;
    }

    Tensor call(Tensor x, PoolOptions options) {
      return this == MAX ? Ops.maxPool2d(x, options) : Ops.avgPool2d(x, options);
    }

    Tensor call(Tensor x, PoolGeometry geometry) {
      return this == MAX
          ? Tensor.of(new MaxPool2d(geometry), x)
          : Ops.avgPool2d(x, geometry, false);
    }
  }

  private static Stream<Arguments> both(Function<Pool, Stream<Arguments>> rows) {
    return Stream.of(Pool.values()).flatMap(rows);
  }

  private static Arguments shape(String message, Executable call) {
    return arguments(ShapeException.class, message, call);
  }

  private static Arguments argument(String message, Executable call) {
    return arguments(IllegalArgumentException.class, message, call);
  }

  private static Arguments type(String message, Executable call) {
    return arguments(DTypeException.class, message + "; convert one with NdArray.as", call);
  }

  private static Tensor zeros(int... dims) {
    return Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(dims)));
  }
}
