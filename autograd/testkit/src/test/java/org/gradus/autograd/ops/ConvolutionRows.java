package org.gradus.autograd.ops;

import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Draw.fill;

import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Call;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.Draw.ConvCase;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the convolutions: the family of three, and the one with a bias. */
final class ConvolutionRows {
  private static final int HUGE = Integer.MAX_VALUE;
  private static final String LIMIT = ", and an array holds at most 2147483639";

  private ConvolutionRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(conv2d(), biasedConv2d(), conv2dInput(), conv2dWeight());
  }

  // ---- the family ------------------------------------------------------------------------------

  private static OpRow conv2d() {
    double[] ofInput = {
      1,
      2 + 2,
      4, //
      3 + 3,
      4 + 6 + 6 + 4,
      8 + 8, //
      9,
      12 + 12,
      16
    };
    return family(Conv2d.class, Conv2d::new, ConvCase::x, ConvCase::w)
        .oracle(
            c -> {
              ConvGeometry geometry = c.op(Conv2d.class).geometry();
              return loops(geometry, c.input(0).shape(), c.input(1).shape())
                  .forward(c.input(0), c.input(1));
            })
        .calls(
            // 1 1 + 2 2 + 3 4 + 4 5 = 37: not flipped
            call(Ops::conv2d, count(1, 1, 3, 3), count(1, 1, 2, 2))
                .gives(array(shape(1, 1, 2, 2), 37, 47, 67, 77)),
            overNine(same()).gives(array(shape(1, 1, 3, 3), 37, 47, 21, 67, 77, 33, 23, 26, 9)),
            // the padding of same() goes below and to the right
            overNine(valid().padding(0, 1, 0, 1))
                .gives(array(shape(1, 1, 3, 3), 37, 47, 21, 67, 77, 33, 23, 26, 9)),
            // above and to the left
            overNine(valid().padding(1, 0, 1, 0))
                .gives(array(shape(1, 1, 3, 3), 4, 11, 18, 18, 37, 47, 36, 67, 77)),
            // the last row and column are not read
            overNine(valid().stride(2)).gives(array(shape(1, 1, 1, 1), 37)),
            overNine(valid().stride(1, 2)).gives(array(shape(1, 1, 2, 1), 37, 67)),
            // 1 1 + 2 3 + 3 7 + 4 9
            overNine(valid().dilation(2)).gives(array(shape(1, 1, 1, 1), 64)),
            // rows 1 and 3, neighbouring columns: 1 1 + 2 2 + 3 7 + 4 8
            overNine(valid().dilation(2, 1)).gives(array(shape(1, 1, 1, 2), 58, 68)),
            // stride 2 and padding 1 read each corner's neighbourhood
            overNine(valid().stride(2).padding(1))
                .gives(array(shape(1, 1, 2, 2), 4, 6 + 12, 8 + 28, 5 + 12 + 24 + 36)),
            call(Ops::conv2d, count(1, 1, 3, 3), array(shape(1, 1, 1, 1), 2))
                .gives(array(shape(1, 1, 3, 3), 2, 4, 6, 8, 10, 12, 14, 16, 18)),
            call(Ops::conv2d, array(shape(0, 1, 3, 3)), count(1, 1, 2, 2))
                .gives(array(shape(0, 1, 2, 2))),
            call(
                    Ops::conv2d,
                    array(shape(2, 2, 1, 1), 3, 5, 7, 9),
                    array(shape(2, 2, 1, 1), 1, 10, 100, 1000))
                .gives(array(shape(2, 2, 1, 1), 53, 5300, 97, 9700)),
            call(
                    (x, w) -> Ops.conv2d(x, w, valid().groups(2)),
                    array(shape(2, 2, 1, 1), 3, 5, 7, 9),
                    array(shape(2, 1, 1, 1), 10, 100))
                .gives(array(shape(2, 2, 1, 1), 30, 500, 70, 900)),
            // no channels: an empty sum
            call(Ops::conv2d, array(shape(1, 0, 1, 1)), array(shape(2, 0, 1, 1)))
                .gives(array(shape(1, 2, 1, 1), 0, 0)),
            // no filters
            call(Ops::conv2d, array(shape(2, 2, 1, 1), 3, 5, 7, 9), array(shape(0, 2, 1, 1)))
                .gives(array(shape(2, 0, 1, 1))),
            // dx[h, v] = sum of g[i, j] w[h - i, v - j], dw[a, b] = sum of g[i, j] x[i + a, j + b]
            call(Ops::conv2d, count(1, 1, 3, 3), count(1, 1, 2, 2))
                .cotangent(1, 2, 3, 4)
                .gradients(
                    array(shape(1, 1, 3, 3), ofInput),
                    array(shape(1, 1, 2, 2), 1 + 4 + 12 + 20, 47, 67, 5 + 12 + 24 + 36)),
            // the last row and column are not read: their gradient is exactly 0
            overNine(valid().stride(2))
                .cotangent(10)
                .gradients(
                    array(shape(1, 1, 3, 3), 10, 20, 0, 30, 40, 0, 0, 0, 0),
                    array(shape(1, 1, 2, 2), 10, 20, 40, 50)),
            // rows and columns -1 and 1, then 1 and 3: only the middle, 5, is ever read
            overNine(valid().stride(2).dilation(2).padding(1))
                .gives(array(shape(1, 1, 2, 2), 20, 15, 10, 5))
                .cotangent(1, 10, 100, 1000)
                .gradients(
                    array(shape(1, 1, 3, 3), 0, 0, 0, 0, 4 + 30 + 200 + 1000, 0, 0, 0, 0),
                    array(shape(1, 1, 2, 2), 5000, 500, 50, 5)),
            // both filters add up in dx, 10 1 + 100 3 and 10 2 + 100 4; each has its own dw
            call(Ops::conv2d, array(shape(1, 2, 1, 1), 3, 5), array(shape(2, 2, 1, 1), 1, 2, 3, 4))
                .cotangent(10, 100)
                .gradients(
                    array(shape(1, 2, 1, 1), 310, 420), array(shape(2, 2, 1, 1), 30, 50, 300, 500)),
            // in two groups each filter sees one channel
            call(
                    (x, w) -> Ops.conv2d(x, w, valid().groups(2)),
                    array(shape(1, 2, 1, 1), 3, 5),
                    array(shape(2, 1, 1, 1), 7, 8))
                .cotangent(10, 100)
                .gradients(array(shape(1, 2, 1, 1), 70, 800), array(shape(2, 1, 1, 1), 30, 500)))
        .refuses(
            ShapeException.class,
            "conv2d: input [3, 28, 28] has rank 3, expected 4",
            () -> Ops.conv2d(zeros(3, 28, 28), zeros(8, 3, 5, 5)))
        .refuses(
            ShapeException.class,
            "conv2d: weights [5, 5] has rank 2, expected 4",
            () -> Ops.conv2d(zeros(1, 3, 28, 28), zeros(5, 5)))
        .refuses(
            ShapeException.class,
            "conv2d: input [64, 3, 28, 28] has 3 channels, but the weights [8, 1, 5, 5] with"
                + " groups=1 expect 1",
            () -> Ops.conv2d(zeros(64, 3, 28, 28), zeros(8, 1, 5, 5)))
        .refuses(
            ShapeException.class,
            "conv2d: input [1, 4, 5, 5] has 4 channels, but the weights [4, 4, 3, 3] with groups=2"
                + " expect 8",
            () -> Ops.conv2d(zeros(1, 4, 5, 5), zeros(4, 4, 3, 3), valid().groups(2)))
        .refuses(
            ShapeException.class,
            "conv2d: weights [3, 2, 3, 3]: 3 filters, which groups=2 does not divide",
            () -> Ops.conv2d(zeros(1, 4, 5, 5), zeros(3, 2, 3, 3), valid().groups(2)))
        .refuses(
            ShapeException.class,
            "conv2d: height: a window of 5 with dilation 1 does not fit an input of 3, padded by 0"
                + " and 1",
            () -> Ops.conv2d(zeros(1, 1, 3, 9), zeros(1, 1, 5, 5), valid().padding(0, 1, 0, 0)))
        .refuses(
            ShapeException.class,
            "conv2d: width: a window of 3 with dilation 4 does not fit an input of 6, padded by 1"
                + " and 1",
            () -> Ops.conv2d(zeros(1, 1, 9, 6), zeros(1, 1, 3, 3), valid().padding(1).dilation(4)))
        .refuses(
            ShapeException.class,
            "conv2d: height: a window of 3 with dilation 1 does not fit an input of 0, padded by 1"
                + " and 1",
            () -> Ops.conv2d(zeros(1, 1, 0, 4), zeros(1, 1, 3, 3), same()))
        .refuses(
            ShapeException.class,
            "conv2d: height: a window of 3 with dilation 2147483647 does not fit an input of 4,"
                + " padded by 1 and 1",
            () ->
                Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), valid().padding(1).dilation(HUGE)))
        .refuses(
            IllegalArgumentException.class,
            "conv2d: height: kernel 0, expected at least 1",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 0, 3)))
        .refuses(
            IllegalArgumentException.class,
            "conv2d: width: kernel 0, expected at least 1",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 0), same().stride(2)))
        .refuses(
            IllegalArgumentException.class,
            "conv2d: strict height: stride 2 leaves a remainder of 1 after the last of the windows"
                + " of 3 over 6, padded by 0 and 0",
            () -> Ops.conv2d(zeros(1, 1, 6, 5), zeros(1, 1, 3, 3), valid().stride(2).strict()))
        .refuses(
            IllegalArgumentException.class,
            "conv2d: strict width: stride 3 leaves a remainder of 2 after the last of the windows"
                + " of 2 over 5, padded by 1 and 1",
            () ->
                Ops.conv2d(
                    zeros(1, 1, 3, 5), zeros(1, 1, 2, 2), valid().strict().stride(3).padding(1)))
        .refuses(
            IllegalArgumentException.class,
            "conv2d: strict height: stride 2 leaves a remainder of 1 after the last of the windows"
                + " of 1 over 4, padded by 0 and 0",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 1, 1), same().stride(2).strict()))
        .refuses(
            ShapeException.class,
            "conv2d: input [1, 1, 5, 4] is 5 x 4, but the geometry expects 4 x 4",
            () -> Ops.conv2d(zeros(1, 1, 5, 4), zeros(1, 1, 3, 3), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2d: weights [1, 1, 3, 2] is 3 x 2, but the geometry expects 3 x 3",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2d: input [4, 4] has rank 2, expected 4",
            () -> Ops.conv2d(zeros(4, 4), zeros(1, 1, 3, 3), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2d: [1, 1, 60002, 60002] has at least 3600240004 elements" + LIMIT,
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), valid().padding(30_000)))
        .refuses(
            ShapeException.class,
            "conv2d: [1, 1, 2000000002, 2000000002] has at least 4000000008000000004 elements"
                + LIMIT,
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), valid().padding(1_000_000_000)))
        .refuses(
            ShapeException.class,
            "conv2d: height: an input of 4, padded by 2147483647 and 2147483647, and a stride of 1"
                + " are 4294967299 together, expected at most 2147483647",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), valid().padding(HUGE)))
        .refuses(
            ShapeException.class,
            "conv2d: height: an input of 4, padded by 0 and 0, and a stride of 2147483647 are"
                + " 2147483651 together, expected at most 2147483647",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), valid().stride(HUGE)))
        .refuses(
            ShapeException.class,
            "conv2d: height: an input of 4, padded by 2147483647 and 2147483647, and a stride of 1"
                + " are 4294967299 together, expected at most 2147483647",
            () -> Ops.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), same().dilation(HUGE)))
        .refuses(
            ShapeException.class,
            "conv2d: width: an input of 4, padded by 4294967293 and 4294967294, and a stride of 2"
                + " are 8589934593 together, expected at most 2147483647",
            () ->
                Ops.conv2d(
                    zeros(1, 1, 4, 4), zeros(1, 1, 3, 5), same().stride(2).dilation(1, HUGE)));
  }

  /**
   * The convolution of most calls, whose image and filter count from 1.
   *
   * <pre>
   *   1 2 3
   *   4 5 6     1 2
   *   7 8 9     3 4
   * </pre>
   */
  private static Call overNine(ConvOptions options) {
    return call((x, w) -> Ops.conv2d(x, w, options), count(1, 1, 3, 3), count(1, 1, 2, 2));
  }

  private static OpRow conv2dInput() {
    ConvGeometry plain = valid().geometry(shape(1, 1, 3, 3), shape(1, 1, 2, 2));
    ConvGeometry strided = valid().stride(2).geometry(shape(1, 1, 5, 5), shape(1, 1, 2, 2));
    ConvGeometry grouped = valid().groups(2).geometry(Shape.of(1, 4, 4, 4), Shape.of(2, 2, 3, 3));
    double[] sideBySide = {
      1, 2, 10, 20, 0, //
      3, 4, 30, 40, 0, //
      100, 200, 1000, 2000, 0, //
      300, 400, 3000, 4000, 0, //
      0, 0, 0, 0, 0
    };
    double[] edged = {
      1, 2, 3, 4, 99, //
      5, 6, 7, 8, 99, //
      9, 10, 11, 12, 99, //
      13, 14, 15, 16, 99, //
      99, 99, 99, 99, 99 // row and column 4 are 0 whatever w and y are
    };
    return family(Conv2dInput.class, Conv2dInput::new, ConvCase::w, ConvCase::y)
        .oracle(
            c -> {
              ConvGeometry geometry = c.op(Conv2dInput.class).geometry();
              Shape w = c.input(0).shape();
              Shape x =
                  Shape.of(
                      c.input(1).shape().dim(0),
                      w.dim(1) * geometry.groups(),
                      geometry.rows().input(),
                      geometry.columns().input());
              return loops(geometry, x, w).inputGradient(c.input(0), c.input(1));
            })
        .calls(
            // the filter, set down at (0, 0) and at (1, 1)
            call(
                    (w, y) -> Ops.conv2dInput(w, y, plain),
                    count(1, 1, 2, 2),
                    array(shape(1, 1, 2, 2), 1, 0, 0, 1))
                .gives(array(shape(1, 1, 3, 3), 1, 2, 0, 3, 4 + 1, 2, 0, 3, 4)),
            // strides of 2 set them side by side; row and column 4 are not reached
            call(
                    (w, y) -> Ops.conv2dInput(w, y, strided),
                    count(1, 1, 2, 2),
                    array(shape(1, 1, 2, 2), 1, 10, 100, 1000))
                .gives(array(shape(1, 1, 5, 5), sideBySide)),
            // filters add up, channels do not
            call(
                    (w, y) ->
                        Ops.conv2dInput(
                            w, y, valid().geometry(shape(1, 2, 1, 1), shape(2, 2, 1, 1))),
                    count(2, 2, 1, 1),
                    array(shape(1, 2, 1, 1), 5, 6))
                .gives(array(shape(1, 2, 1, 1), 1 * 5 + 3 * 6, 2 * 5 + 4 * 6)),
            call(
                    (w, y) -> Ops.conv2dInput(w, y, plain),
                    count(1, 1, 2, 2),
                    array(shape(0, 1, 2, 2)))
                .gives(array(shape(0, 1, 3, 3))),
            // 1 1 + 10 3 + 100 9 + 1000 11, and so on; 1 1 + 2 2 + 5 3 + 6 4, and so on
            call(
                    (w, y) -> Ops.conv2dInput(w, y, strided),
                    count(1, 1, 2, 2),
                    array(shape(1, 1, 2, 2), 1, 10, 100, 1000))
                .cotangent(edged)
                .gradients(
                    array(shape(1, 1, 2, 2), 11931, 13042, 16375, 17486),
                    array(shape(1, 1, 2, 2), 44, 64, 124, 144)))
        .refuses(
            ShapeException.class,
            "conv2dInput: weights [3, 3] has rank 2, expected 4",
            () -> Ops.conv2dInput(zeros(3, 3), zeros(1, 1, 2, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dInput: output [2, 2] has rank 2, expected 4",
            () -> Ops.conv2dInput(zeros(1, 1, 3, 3), zeros(2, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dInput: weights [1, 1, 2, 3] is 2 x 3, but the geometry expects 3 x 3",
            () -> Ops.conv2dInput(zeros(1, 1, 2, 3), zeros(1, 1, 2, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dInput: output [1, 1, 2, 3] is 2 x 3, but the geometry expects 2 x 2",
            () -> Ops.conv2dInput(zeros(1, 1, 3, 3), zeros(1, 1, 2, 3), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dInput: weights [2, 1, 3, 3] have 2 filters, but the output [1, 3, 2, 2] has 3"
                + " channels",
            () -> Ops.conv2dInput(zeros(2, 1, 3, 3), zeros(1, 3, 2, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dInput: weights [3, 2, 3, 3]: 3 filters, which groups=2 does not divide",
            () -> Ops.conv2dInput(zeros(3, 2, 3, 3), zeros(1, 3, 2, 2), grouped))
        .refuses(
            ShapeException.class,
            "conv2dInput: weights [0, 100000, 1, 1] with groups=100000 make 10000000000 channels,"
                + " expected at most 2147483647",
            () ->
                Ops.conv2dInput(
                    zeros(0, 100_000, 1, 1),
                    zeros(1, 0, 1, 1),
                    new ConvGeometry(
                        new Window(1, 1, 1, 0, 0, 1), new Window(1, 1, 1, 0, 0, 1), 100_000)))
        .refuses(
            ShapeException.class,
            "conv2dInput: [100000, 1, 1000, 1000] has at least 100000000000 elements" + LIMIT,
            () ->
                Ops.conv2dInput(
                    zeros(1, 1, 1, 1),
                    zeros(100_000, 1, 1, 1),
                    new ConvGeometry(
                        new Window(1000, 1, 1000, 0, 0, 1),
                        new Window(1000, 1, 1000, 0, 0, 1),
                        1)));
  }

  private static OpRow conv2dWeight() {
    ConvGeometry plain = valid().geometry(shape(1, 1, 3, 3), shape(1, 1, 2, 2));
    ConvGeometry strided = valid().stride(2).geometry(shape(1, 1, 3, 3), shape(1, 1, 2, 2));
    ConvGeometry grouped = valid().groups(2).geometry(Shape.of(1, 4, 4, 4), Shape.of(2, 2, 3, 3));
    return family(Conv2dWeight.class, Conv2dWeight::new, ConvCase::x, ConvCase::y)
        .oracle(
            c -> {
              ConvGeometry geometry = c.op(Conv2dWeight.class).geometry();
              Shape x = c.input(0).shape();
              Shape w =
                  Shape.of(
                      c.input(1).shape().dim(1),
                      x.dim(1) / geometry.groups(),
                      geometry.rows().kernel(),
                      geometry.columns().kernel());
              return loops(geometry, x, w).weightGradient(c.input(0), c.input(1));
            })
        .calls(
            // x at each tap's place, plus x one step down and to the right
            call(
                    (x, y) -> Ops.conv2dWeight(x, y, plain),
                    count(1, 1, 3, 3),
                    array(shape(1, 1, 2, 2), 1, 0, 0, 1))
                .gives(array(shape(1, 1, 2, 2), 1 + 5, 2 + 6, 4 + 8, 5 + 9)),
            // one output, at the upper left
            call(
                    (x, y) -> Ops.conv2dWeight(x, y, strided),
                    count(1, 1, 3, 3),
                    array(shape(1, 1, 1, 1), 10))
                .gives(array(shape(1, 1, 2, 2), 10, 20, 40, 50)),
            // images add up
            call(
                    (x, y) ->
                        Ops.conv2dWeight(
                            x, y, valid().geometry(shape(2, 1, 1, 1), shape(1, 1, 1, 1))),
                    array(shape(2, 1, 1, 1), 1, 2),
                    array(shape(2, 1, 1, 1), 3, 4))
                .gives(array(shape(1, 1, 1, 1), 1 * 3 + 2 * 4)),
            // no images: an empty sum
            call(
                    (x, y) -> Ops.conv2dWeight(x, y, plain),
                    array(shape(0, 1, 3, 3)),
                    array(shape(0, 1, 2, 2)))
                .gives(array(shape(1, 1, 2, 2), 0, 0, 0, 0)),
            // its gradient in x is conv2dInput, in y it is conv2d
            call(
                    (x, y) -> Ops.conv2dWeight(x, y, plain),
                    count(1, 1, 3, 3),
                    array(shape(1, 1, 2, 2), 1, 0, 0, 1))
                .cotangent(1, 2, 3, 4)
                .gradients(
                    array(shape(1, 1, 3, 3), 1, 2, 0, 3, 5, 2, 0, 3, 4),
                    array(shape(1, 1, 2, 2), 37, 47, 67, 77)))
        .refuses(
            ShapeException.class,
            "conv2dWeight: input [4] has rank 1, expected 4",
            () -> Ops.conv2dWeight(zeros(4), zeros(1, 1, 2, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dWeight: output [] has rank 0, expected 4",
            () -> Ops.conv2dWeight(zeros(1, 1, 4, 4), zeros(), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dWeight: input [1, 1, 4, 5] is 4 x 5, but the geometry expects 4 x 4",
            () -> Ops.conv2dWeight(zeros(1, 1, 4, 5), zeros(1, 1, 2, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dWeight: output [1, 1, 3, 2] is 3 x 2, but the geometry expects 2 x 2",
            () -> Ops.conv2dWeight(zeros(1, 1, 4, 4), zeros(1, 1, 3, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dWeight: input [2, 1, 4, 4] has 2 images, but the output [3, 1, 2, 2] has 3",
            () -> Ops.conv2dWeight(zeros(2, 1, 4, 4), zeros(3, 1, 2, 2), twoByTwo()))
        .refuses(
            ShapeException.class,
            "conv2dWeight: input [1, 3, 4, 4] has 3 channels, which groups=2 does not divide",
            () -> Ops.conv2dWeight(zeros(1, 3, 4, 4), zeros(1, 2, 2, 2), grouped))
        .refuses(
            ShapeException.class,
            "conv2dWeight: output [1, 3, 2, 2]: 3 filters, which groups=2 does not divide",
            () -> Ops.conv2dWeight(zeros(1, 4, 4, 4), zeros(1, 3, 2, 2), grouped))
        .refuses(
            ShapeException.class,
            "conv2dWeight: [1000, 1000, 100, 100] has at least 10000000000 elements" + LIMIT,
            () ->
                Ops.conv2dWeight(
                    zeros(1, 1000, 1, 1),
                    zeros(1, 1000, 1, 1),
                    new ConvGeometry(
                        new Window(1, 100, 1, 99, 0, 1), new Window(1, 100, 1, 99, 0, 1), 1)));
  }

  private static OpRow family(
      Class<? extends Op> type,
      Function<ConvGeometry, Op> op,
      Function<ConvCase, Shape> first,
      Function<ConvCase, Shape> second) {
    return OpRow.of(
            type,
            combine(Draw.convolutions(4), Draw.seeds())
                .as((c, seed) -> familyCase(op, first, second, c, seed)))
        .exact()
        .edges(
            shapesAtTheEdges()
                .map(c -> familyCase(op, first, second, c, 1))
                .toArray(OpCase[]::new));
  }

  private static OpRow biasedConv2d() {
    ConvGeometry geometry = twoByTwo();
    return OpRow.of(
            BiasedConv2d.class,
            combine(Draw.convolutions(4), Draw.seeds()).as(ConvolutionRows::biasedCase))
        .exact()
        .oracle(
            c -> {
              ConvGeometry drawn = c.op(BiasedConv2d.class).geometry();
              NdArray y =
                  loops(drawn, c.input(0).shape(), c.input(1).shape())
                      .forward(c.input(0), c.input(1));
              return Ops.bias(Tensor.constant(y), Tensor.constant(c.input(2))).value();
            })
        .edges(shapesAtTheEdges().map(c -> biasedCase(c, 1)).toArray(OpCase[]::new))
        .calls(
            "conv2d",
            // pixels side by side added, the right ones, the left ones twice
            call(
                    (x, w, b) -> Ops.conv2d(x, w, b, valid()),
                    count(2, 1, 2, 2),
                    array(shape(3, 1, 1, 2), 1, 1, 0, 1, 2, 0),
                    vector(10, 20, 30))
                .gives(array(shape(2, 3, 2, 1), 13, 17, 22, 24, 32, 36, 21, 25, 26, 28, 40, 44)))
        .refuses(
            ShapeException.class,
            "conv2d: weights [8, 3, 5, 5] have 8 filters, but the bias has shape [3],"
                + " expected [8]",
            () -> Ops.conv2d(zeros(1, 3, 28, 28), zeros(8, 3, 5, 5), zeros(3), valid()))
        .refuses(
            ShapeException.class,
            "conv2d: weights [1, 1, 2, 3] is 2 x 3, but the geometry expects 3 x 3",
            () ->
                Tensor.of(
                    new BiasedConv2d(geometry), zeros(1, 1, 4, 4), zeros(1, 1, 2, 3), zeros(1)))
        .refuses(
            IllegalArgumentException.class,
            "conv2d: 2 inputs, expected 3",
            () -> Tensor.of(new BiasedConv2d(geometry), zeros(1, 1, 4, 4), zeros(1, 1, 3, 3)));
  }

  private static OpCase biasedCase(ConvCase c, long seed) {
    return OpCase.of(
        new BiasedConv2d(c.geometry()),
        fill(seed, nonzero(), c.x(), c.w(), Shape.of(c.w().dim(0))));
  }

  private static OpCase familyCase(
      Function<ConvGeometry, Op> op,
      Function<ConvCase, Shape> first,
      Function<ConvCase, Shape> second,
      ConvCase c,
      long seed) {
    return OpCase.of(
        op.apply(c.geometry()), fill(seed, nonzero(), first.apply(c), second.apply(c)));
  }

  static Stream<ConvCase> shapesAtTheEdges() {
    return Stream.of(
        shapes(valid(), Shape.of(0, 1, 3, 3), Shape.of(2, 1, 2, 2)), // no images
        shapes(valid(), Shape.of(1, 0, 3, 3), Shape.of(2, 0, 2, 2)), // no channels
        shapes(valid(), Shape.of(1, 2, 2, 2), Shape.of(0, 2, 1, 1)), // no filters
        shapes(valid(), Shape.of(1, 1, 1, 1), Shape.of(1, 1, 1, 1)),
        shapes(valid().padding(2), Shape.of(1, 1, 0, 2), Shape.of(1, 1, 2, 2)), // no rows
        shapes(valid().stride(3), Shape.of(1, 1, 6, 5), Shape.of(1, 1, 2, 1)), // a remainder
        shapes(same().stride(2), Shape.of(1, 1, 5, 4), Shape.of(1, 1, 3, 3)),
        shapes(valid().dilation(3, 2), Shape.of(1, 1, 4, 5), Shape.of(1, 1, 2, 3)));
  }

  // ---- what they share -------------------------------------------------------------------------

  static NaiveConvolution loops(ConvGeometry geometry, Shape x, Shape w) {
    return new NaiveConvolution(
        new ConvCase(geometry, x, w, outputs(geometry, x.dim(0), w.dim(0))));
  }

  private static Shape outputs(ConvGeometry geometry, int batch, int filters) {
    return Shape.of(batch, filters, geometry.rows().output(), geometry.columns().output());
  }

  private static ConvCase shapes(ConvOptions options, Shape x, Shape w) {
    ConvGeometry geometry = options.geometry(x, w);
    return new ConvCase(geometry, x, w, outputs(geometry, x.dim(0), w.dim(0)));
  }

  static ConvOptions options(ConvGeometry geometry, int groups) {
    return new ConvOptions(slide(geometry.rows()), slide(geometry.columns()), groups);
  }

  static WindowOptions slide(Window window) {
    return new WindowOptions(
        window.stride(), window.padBefore(), window.padAfter(), window.dilation(), false, false);
  }

  /** The geometry of 3 x 3 weights over 4 x 4 images: outputs are 2 x 2. */
  private static ConvGeometry twoByTwo() {
    return valid().geometry(Shape.of(1, 1, 4, 4), Shape.of(1, 1, 3, 3));
  }
}
