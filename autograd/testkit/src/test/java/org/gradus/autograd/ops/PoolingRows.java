package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.PoolOptions.window;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Domain.distinct;
import static org.gradus.autograd.testkit.Draw.fill;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of pooling. */
final class PoolingRows {
  private static final int HUGE = Integer.MAX_VALUE;
  private static final String LIMIT = ", and an array holds at most 2147483639";

  private PoolingRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(
        maxPool2d(),
        maxPool2dInput(),
        maxPool2dPick(),
        avgPool2d(),
        avgPool2dInput(),
        globalMaxPool2d(),
        globalAvgPool2d());
  }

  // ---- maxima ----------------------------------------------------------------------------------

  private static OpRow maxPool2d() {
    double[] extremes = {
      1, NaN, -INF, -INF, 1, INF, //
      NaN, INF, -INF, -INF, 2, 3
    };
    OpRow row =
        pooling(MaxPool2d.class, (g, count) -> new MaxPool2d(g), (in, out) -> List.of(in))
            .oracle(
                c ->
                    new NaivePooling(c.op(MaxPool2d.class).geometry()).pick(c.input(0), c.input(0)))
            .calls(
                call(x -> Ops.maxPool2d(x, 2), count(1, 1, 4, 4))
                    .gives(array(shape(1, 1, 2, 2), 6, 8, 14, 16)),
                call(x -> Ops.maxPool2d(x, window(2)), count(1, 1, 4, 4))
                    .gives(array(shape(1, 1, 2, 2), 6, 8, 14, 16)),
                // the last row and column are not read
                call(x -> Ops.maxPool2d(x, 3), count(1, 1, 4, 4))
                    .gives(array(shape(1, 1, 1, 1), 11)),
                call(x -> Ops.maxPool2d(x, window(1, 2)), count(1, 1, 4, 4))
                    .gives(array(shape(1, 1, 4, 2), 2, 4, 6, 8, 10, 12, 14, 16)),
                // each window has elements two apart
                call(x -> Ops.maxPool2d(x, window(2).stride(1).dilation(2)), count(1, 1, 4, 4))
                    .gives(array(shape(1, 1, 2, 2), 11, 12, 15, 16)),
                // padding never is the maximum
                call(
                        x -> Ops.maxPool2d(x, window(2).padding(1)),
                        array(shape(1, 1, 3, 3), -1, -2, -3, -4, -5, -6, -7, -8, -9))
                    .gives(array(shape(1, 1, 2, 2), -1, -2, -4, -5)),
                // planes are apart
                call(x -> Ops.maxPool2d(x, window(1, 2)), count(2, 2, 1, 2))
                    .gives(array(shape(2, 2, 1, 1), 2, 4, 6, 8)),
                call(x -> Ops.maxPool2d(x, 2), array(shape(0, 1, 4, 4)))
                    .gives(array(shape(0, 1, 2, 2))),
                // the last row and column get windows that hang over
                call(x -> Ops.maxPool2d(x, window(2).ceil()), count(1, 1, 5, 5))
                    .gives(array(shape(1, 1, 3, 3), 7, 9, 10, 17, 19, 20, 22, 24, 25)),
                // nothing is left over
                call(x -> Ops.maxPool2d(x, window(3).stride(2).ceil()), count(1, 1, 5, 5))
                    .gives(array(shape(1, 1, 2, 2), 13, 15, 23, 25)),
                // only the columns leave something over
                call(x -> Ops.maxPool2d(x, window(5, 2).ceil()), count(1, 1, 5, 5))
                    .gives(array(shape(1, 1, 1, 3), 22, 24, 25)),
                // rows -1 0, 1 2, 3 4; a window from row 5 on would begin in the padding below
                call(x -> Ops.maxPool2d(x, window(2).padding(1).ceil()), count(1, 1, 5, 5))
                    .gives(array(shape(1, 1, 3, 3), 1, 3, 5, 11, 13, 15, 21, 23, 25)),
                // a window of 3 over 2, with stride 2
                call(x -> Ops.maxPool2d(x, window(3).stride(2).ceil()), count(1, 1, 2, 2))
                    .gives(array(shape(1, 1, 1, 1), 4)),
                // windows may begin in the padding before, not in that behind
                call(
                        x -> Ops.maxPool2d(x, window(1, 3).padding(0, 0, 2, 2).ceil()),
                        count(1, 1, 1, 3))
                    .gives(array(shape(1, 1, 1, 2), 1, 3)),
                // as many outputs as strides begin in the image, the odd padding behind
                call(x -> Ops.maxPool2d(x, window(3).stride(2).same()), count(1, 1, 1, 5))
                    .gives(array(shape(1, 1, 1, 3), 2, 4, 5)),
                call(x -> Ops.maxPool2d(x, window(2).stride(1).same()), count(1, 1, 2, 3))
                    .gives(array(shape(1, 1, 2, 3), 5, 6, 6, 5, 6, 6)),
                // windows smaller than the stride need no padding
                call(x -> Ops.maxPool2d(x, window(1).stride(3).same()), count(1, 1, 1, 5))
                    .gives(array(shape(1, 1, 1, 2), 1, 4)),
                // a tie goes to the first in row-major order
                call(x -> Ops.maxPool2d(x, 2), array(shape(1, 1, 2, 4), 1, 5, 0, 0, 5, 5, 0, 0))
                    .gives(array(shape(1, 1, 1, 2), 5, 0))
                    .cotangent(10, 20)
                    .gradients(array(shape(1, 1, 2, 4), 0, 10, 20, 0, 0, 0, 0, 0)),
                // the upper right comes before the lower left; the two zeros are equal
                call(x -> Ops.maxPool2d(x, 2), array(shape(1, 1, 2, 2), -1, -0.0, 0.0, -1))
                    .gives(array(shape(1, 1, 1, 1), -0.0))
                    .cotangent(3)
                    .gradients(array(shape(1, 1, 2, 2), 0, 3, 0, 0)),
                call(x -> Ops.maxPool2d(x, 2), array(shape(1, 1, 2, 6), extremes))
                    .gives(array(shape(1, 1, 1, 3), NaN, -INF, INF)),
                // the first NaN and the first infinity get the gradient
                call(
                        x -> Ops.maxPool2d(x, 2),
                        array(shape(1, 1, 2, 4), 9, NaN, -INF, -INF, NaN, 9, -INF, -INF))
                    .gradients(array(shape(1, 1, 2, 4), 0, 1, 1, 0, 0, 0, 0, 0)),
                // where a window hangs over the border, the first element inside wins a tie, not
                // padding
                call(
                        x -> Ops.maxPool2d(x, window(1, 2).padding(0, 0, 1, 1)),
                        array(shape(1, 1, 1, 2), -INF, -7))
                    .gives(array(shape(1, 1, 1, 2), -INF, -7))
                    .cotangent(1, 2)
                    .gradients(array(shape(1, 1, 1, 2), 1, 2)),
                // the maxima of the windows are 5, 9, 8, 9: the 9 is the maximum of two
                call(
                        x -> Ops.maxPool2d(x, window(2).stride(1)),
                        array(shape(1, 1, 3, 3), 1, 5, 2, 4, 3, 9, 8, 7, 6))
                    .cotangent(1, 2, 3, 4)
                    .gradients(array(shape(1, 1, 3, 3), 0, 1, 0, 0, 0, 2 + 4, 3, 0, 0)),
                // one window only; the last row and column are not read
                call(x -> Ops.maxPool2d(x, 2), array(shape(1, 1, 3, 3), 1, 5, 2, 4, 3, 9, 8, 7, 6))
                    .cotangent(7)
                    .gradients(array(shape(1, 1, 3, 3), 0, 7, 0, 0, 0, 0, 0, 0, 0)),
                // the places are constant: the second derivative of the maximum's square is 2 there
                call(x -> Ops.pow(Ops.maxPool2d(x, 2), 2), array(shape(1, 1, 2, 2), 1, 5, 2, 4))
                    .derivatives(
                        array(shape(1, 1, 2, 2), 0, 10, 0, 0),
                        array(shape(1, 1, 2, 2), 0, 2, 0, 0)),
                // a tie goes to the first
                call(onOneRow(1, 2, 2)).gives(row(2, 2)).gradients(row(0, 2, 0)),
                call(onOneRow(5, NaN, NaN)).gives(row(NaN, NaN)).gradients(row(0, 2, 0)),
                call(onOneRow(-INF, -INF, 3)).gives(row(-INF, 3)).gradients(row(1, 0, 1)),
                call(onOneRow(INF, NaN, 0)).gives(row(NaN, NaN)));
    return refusesWindows(row, "maxPool2d", Ops::maxPool2d)
        .refuses(
            ShapeException.class,
            "maxPool2d: input [1, 1, 4, 6] is 4 x 6, but the geometry expects 4 x 4",
            () -> Tensor.of(new MaxPool2d(halves()), zeros(1, 1, 4, 6)))
        .refuses(
            ShapeException.class,
            "maxPool2d: [1000, 1000, 64, 64] has at least 4096000000 elements" + LIMIT,
            () -> Ops.maxPool2d(zeros(1000, 1000, 1, 1), window(64).stride(1).padding(63)))
        .refuses(
            ShapeException.class,
            "maxPool2d: height: a window of 2147483647 with dilation 2 does not fit an input of 4,"
                + " padded by 0 and 0",
            () -> Ops.maxPool2d(zeros(1, 1, 4, 4), window(HUGE).dilation(2)))
        .refuses(
            ShapeException.class,
            "maxPool2d: height: an input of 4, padded by 2147483647 and 2147483647, and a stride of"
                + " 2 are 4294967300 together, expected at most 2147483647",
            () -> Ops.maxPool2d(zeros(1, 1, 4, 4), window(2).padding(HUGE)))
        .refuses(
            ShapeException.class,
            "pooling: height: a window of 2 with dilation 1 and stride 2 lies on padding alone"
                + " somewhere over an input of 2, padded by 2 and 0",
            () -> new PoolGeometry(new Window(2, 2, 2, 2, 0, 1), new Window(2, 2, 2, 0, 0, 1)));
  }

  /** Windows of two along one row of elements. */
  private static OpCase onOneRow(double... x) {
    Shape shape = Shape.of(1, 1, 1, x.length);
    PoolGeometry pairs = window(1, 2).stride(1).geometry("maxPool2d", shape);
    return OpCase.of(new MaxPool2d(pairs), row(x));
  }

  private static NdArray row(double... x) {
    return NdArray.of(x, 1, 1, 1, x.length);
  }

  private static OpRow maxPool2dInput() {
    PoolGeometry geometry = window(2).stride(1).geometry("maxPool2d", shape(1, 1, 3, 3));
    return pooling(
            MaxPool2dInput.class,
            (g, count) -> new MaxPool2dInput(g),
            (in, out) -> List.of(in, out))
        .oracle(
            c ->
                new NaivePooling(c.op(MaxPool2dInput.class).geometry())
                    .scatter(c.input(0), c.input(1)))
        .calls(
            // the maxima of 1 to 9 lie below and to the right
            call((x, y) -> Ops.maxPool2dInput(x, y, geometry), count(1, 1, 3, 3), count(1, 1, 2, 2))
                .gives(array(shape(1, 1, 3, 3), 0, 0, 0, 0, 1, 2, 0, 3, 4)),
            // all four windows find the middle, where they add up
            call(
                    (x, y) -> Ops.maxPool2dInput(x, y, geometry),
                    array(shape(1, 1, 3, 3), 0, 0, 0, 0, 9, 0, 0, 0, 0),
                    count(1, 1, 2, 2))
                .gives(array(shape(1, 1, 3, 3), 0, 0, 0, 0, 10, 0, 0, 0, 0)))
        .refuses(
            ShapeException.class,
            "maxPool2dInput: input [4, 4] has rank 2, expected 4",
            () -> Ops.maxPool2dInput(zeros(4, 4), zeros(1, 1, 2, 2), halves()))
        .refuses(
            ShapeException.class,
            "maxPool2dInput: output [2, 2] has rank 2, expected 4",
            () -> Ops.maxPool2dInput(zeros(1, 1, 4, 4), zeros(2, 2), halves()))
        .refuses(
            ShapeException.class,
            "maxPool2dInput: input [1, 1, 4, 5] is 4 x 5, but the geometry expects 4 x 4",
            () -> Ops.maxPool2dInput(zeros(1, 1, 4, 5), zeros(1, 1, 2, 2), halves()))
        .refuses(
            ShapeException.class,
            "maxPool2dInput: output [1, 1, 2, 3] is 2 x 3, but the geometry expects 2 x 2",
            () -> Ops.maxPool2dInput(zeros(1, 1, 4, 4), zeros(1, 1, 2, 3), halves()))
        .refuses(
            ShapeException.class,
            "maxPool2dInput: [1, 1, 4, 4] and [1, 2, 2, 2] differ in images or channels",
            () -> Ops.maxPool2dInput(zeros(1, 1, 4, 4), zeros(1, 2, 2, 2), halves()));
  }

  private static OpRow maxPool2dPick() {
    PoolGeometry geometry = window(2).stride(1).geometry("maxPool2d", shape(1, 1, 3, 3));
    return pooling(
            MaxPool2dPick.class, (g, count) -> new MaxPool2dPick(g), (in, out) -> List.of(in, in))
        .oracle(
            c ->
                new NaivePooling(c.op(MaxPool2dPick.class).geometry()).pick(c.input(0), c.input(1)))
        .calls(
            call(
                    (x, h) -> Ops.maxPool2dPick(x, h, geometry),
                    count(1, 1, 3, 3),
                    array(shape(1, 1, 3, 3), 10, 20, 30, 40, 50, 60, 70, 80, 90))
                .gives(array(shape(1, 1, 2, 2), 50, 60, 80, 90)),
            // of -1 to -9 the maxima lie above and to the left
            call(
                    (x, h) -> Ops.maxPool2dPick(Ops.neg(x), h, geometry),
                    count(1, 1, 3, 3),
                    array(shape(1, 1, 3, 3), 10, 20, 30, 40, 50, 60, 70, 80, 90))
                .gives(array(shape(1, 1, 2, 2), 10, 20, 40, 50)))
        .refuses(
            ShapeException.class,
            "maxPool2dPick: input [1, 1, 5, 4] is 5 x 4, but the geometry expects 4 x 4",
            () -> Ops.maxPool2dPick(zeros(1, 1, 5, 4), zeros(1, 1, 4, 4), halves()))
        .refuses(
            ShapeException.class,
            "maxPool2dPick: input [1, 1, 4, 5] is 4 x 5, but the geometry expects 4 x 4",
            () -> Ops.maxPool2dPick(zeros(1, 1, 4, 4), zeros(1, 1, 4, 5), halves()))
        .refuses(
            ShapeException.class,
            "maxPool2dPick: [1, 1, 4, 4] and [3, 1, 4, 4] differ in images or channels",
            () -> Ops.maxPool2dPick(zeros(1, 1, 4, 4), zeros(3, 1, 4, 4), halves()));
  }

  // ---- means -----------------------------------------------------------------------------------

  private static OpRow avgPool2d() {
    PoolOptions padded = window(2).padding(1);
    PoolOptions pairs = window(1, 2).ceil();
    PoolOptions offset = window(1, 4).stride(4).padding(0, 0, 2, 1).ceil();
    PoolOptions over = window(1, 4).stride(3).padding(0, 0, 0, 1).ceil();
    OpRow row =
        pooling(AvgPool2d.class, AvgPool2d::new, (in, out) -> List.of(in))
            .exact()
            .oracle(
                c -> {
                  AvgPool2d op = c.op(AvgPool2d.class);
                  return new NaivePooling(op.geometry()).mean(c.input(0), op.countPadding());
                });
    return refusesWindows(row, "avgPool2d", Ops::avgPool2d)
        .calls(
            call(x -> Ops.avgPool2d(x, 2), count(1, 1, 4, 4))
                .gives(array(shape(1, 1, 2, 2), 3.5, 5.5, 11.5, 13.5)),
            call(x -> Ops.avgPool2d(x, window(2)), count(1, 1, 4, 4))
                .gives(array(shape(1, 1, 2, 2), 3.5, 5.5, 11.5, 13.5)),
            call(x -> Ops.avgPool2d(x, 3), count(1, 1, 4, 4)).gives(array(shape(1, 1, 1, 1), 6)),
            call(x -> Ops.avgPool2d(x, window(2).stride(1).dilation(2)), count(1, 1, 4, 4))
                .gives(array(shape(1, 1, 2, 2), 6, 7, 10, 11)),
            // (1) (2 3) (4 7) (5 6 8 9), each over 4
            call(x -> Ops.avgPool2d(x, padded), count(1, 1, 3, 3))
                .gives(array(shape(1, 1, 2, 2), 0.25, 1.25, 2.75, 7)),
            call(x -> Ops.avgPool2d(x, window(2).stride(1).same()), count(1, 1, 2, 2))
                .gives(array(shape(1, 1, 2, 2), 2.5, 1.5, 1.75, 1)),
            // over the elements that are there
            call(x -> Ops.avgPool2d(x, padded.ignorePadding()), count(1, 1, 3, 3))
                .gives(array(shape(1, 1, 2, 2), 1, 2.5, 5.5, 7)),
            call(x -> Ops.avgPool2d(x, window(1, 2)), count(2, 2, 1, 2))
                .gives(array(shape(2, 2, 1, 1), 1.5, 3.5, 5.5, 7.5)),
            call(x -> Ops.avgPool2d(x, 2), array(shape(0, 1, 4, 4)))
                .gives(array(shape(0, 1, 2, 2))),
            // each element of a window gets its share; shares add up where windows overlap
            call(x -> Ops.avgPool2d(x, window(2).stride(1)), count(1, 1, 3, 3))
                .cotangent(4, 8, 12, 16)
                .gradients(array(shape(1, 1, 3, 3), 1, 3, 2, 4, 10, 6, 3, 7, 4)),
            // one window only
            call(x -> Ops.avgPool2d(x, 2), count(1, 1, 3, 3))
                .cotangent(4)
                .gradients(array(shape(1, 1, 3, 3), 1, 1, 0, 1, 1, 0, 0, 0, 0)),
            // padding takes its share too
            call(x -> Ops.avgPool2d(x, padded), count(1, 1, 3, 3))
                .cotangent(4, 8, 12, 16)
                .gradients(array(shape(1, 1, 3, 3), 1, 2, 2, 3, 4, 4, 3, 4, 4)),
            // or not
            call(
                    x -> Ops.avgPool2d(x, padded.geometry("avgPool2d", shape(1, 1, 3, 3)), false),
                    count(1, 1, 3, 3))
                .cotangent(4, 8, 12, 16)
                .gradients(array(shape(1, 1, 3, 3), 4, 4, 4, 6, 4, 4, 6, 4, 4)),
            // what lies behind the end never counts
            call(x -> Ops.avgPool2d(x, pairs), count(1, 1, 1, 5))
                .gives(array(shape(1, 1, 1, 3), 1.5, 3.5, 5)),
            call(x -> Ops.avgPool2d(x, pairs.ignorePadding()), count(1, 1, 1, 5))
                .gives(array(shape(1, 1, 1, 3), 1.5, 3.5, 5)),
            // (0 0 1 2) (3 4 5 0): all of them on the image or its padding
            call(x -> Ops.avgPool2d(x, offset), count(1, 1, 1, 5))
                .gives(array(shape(1, 1, 1, 2), 0.75, 3)),
            call(x -> Ops.avgPool2d(x, offset.ignorePadding()), count(1, 1, 1, 5))
                .gives(array(shape(1, 1, 1, 2), 1.5, 4)),
            // (1 2 3 4) (4 5 0) and one place behind the padding
            call(x -> Ops.avgPool2d(x, over), count(1, 1, 1, 5))
                .gives(array(shape(1, 1, 1, 2), 2.5, 3)),
            call(x -> Ops.avgPool2d(x, over.ignorePadding()), count(1, 1, 1, 5))
                .gives(array(shape(1, 1, 1, 2), 2.5, 4.5)),
            // the same along the height
            call(
                    x -> Ops.avgPool2d(x, window(4, 1).stride(3, 1).padding(0, 1, 0, 0).ceil()),
                    count(1, 1, 5, 1))
                .gives(array(shape(1, 1, 2, 1), 2.5, 3)))
        .refuses(
            ShapeException.class,
            "avgPool2d: input [1, 1, 4, 6] is 4 x 6, but the geometry expects 4 x 4",
            () -> Ops.avgPool2d(zeros(1, 1, 4, 6), halves(), true))
        .refuses(
            ShapeException.class,
            "avgPool2d: [1000, 1000, 64, 64] has at least 4096000000 elements" + LIMIT,
            () -> Ops.avgPool2d(zeros(1000, 1000, 1, 1), window(64).stride(1).padding(63)))
        .refuses(
            ShapeException.class,
            "avgPool2d: a window of 65536 x 65536 has 4294967296 elements, expected at most"
                + " 2147483647",
            () -> Ops.avgPool2d(zeros(1, 1, 1, 1), window(65_536).padding(65_535, 0, 65_535, 0)));
  }

  private static OpRow avgPool2dInput() {
    PoolGeometry overlapping = window(2).stride(1).geometry("avgPool2d", shape(1, 1, 3, 3));
    PoolGeometry padded = window(2).padding(1).geometry("avgPool2d", shape(1, 1, 3, 3));
    return pooling(AvgPool2dInput.class, AvgPool2dInput::new, (in, out) -> List.of(out))
        .exact()
        .oracle(
            c -> {
              AvgPool2dInput op = c.op(AvgPool2dInput.class);
              return new NaivePooling(op.geometry()).share(c.input(0), op.countPadding());
            })
        .calls(
            // quarters of 4, 8, 12, 16, added where windows overlap
            call(
                    x -> Ops.avgPool2dInput(x, overlapping, true),
                    array(shape(1, 1, 2, 2), 4, 8, 12, 16))
                .gives(array(shape(1, 1, 3, 3), 1, 3, 2, 4, 10, 6, 3, 7, 4)),
            call(x -> Ops.avgPool2dInput(x, padded, true), array(shape(1, 1, 2, 2), 4, 8, 12, 16))
                .gives(array(shape(1, 1, 3, 3), 1, 2, 2, 3, 4, 4, 3, 4, 4)),
            call(x -> Ops.avgPool2dInput(x, padded, false), array(shape(1, 1, 2, 2), 4, 8, 12, 16))
                .gives(array(shape(1, 1, 3, 3), 4, 4, 4, 6, 4, 4, 6, 4, 4)))
        .refuses(
            ShapeException.class,
            "avgPool2dInput: output [4] has rank 1, expected 4",
            () -> Ops.avgPool2dInput(zeros(4), halves(), true))
        .refuses(
            ShapeException.class,
            "avgPool2dInput: output [1, 1, 4, 4] is 4 x 4, but the geometry expects 2 x 2",
            () -> Ops.avgPool2dInput(zeros(1, 1, 4, 4), halves(), false))
        .refuses(
            ShapeException.class,
            "avgPool2dInput: [1000, 1000, 64, 64] has at least 4096000000 elements" + LIMIT,
            () ->
                Ops.avgPool2dInput(
                    zeros(1000, 1000, 1, 1),
                    window(64).geometry("avgPool2d", Shape.of(1, 1, 64, 64)),
                    true));
  }

  // ---- whole images ----------------------------------------------------------------------------

  private static OpRow globalMaxPool2d() {
    return wholeImages("globalMaxPool2d", Ops::globalMaxPool2d)
        .oracle(
            c -> {
              Shape x = c.input(0).shape();
              return new NaivePooling(window(x.dim(2), x.dim(3)).geometry("oracle", x))
                  .pick(c.input(0), c.input(0));
            })
        .calls(
            call(
                    Ops::globalMaxPool2d,
                    array(shape(2, 2, 1, 3), 1, 3, 2, -1, -3, -2, 7, 7, 7, 0, 0, 9))
                .gives(array(shape(2, 2, 1, 1), 3, -1, 7, 9)),
            call(Ops::globalMaxPool2d, array(shape(0, 2, 3, 1))).gives(array(shape(0, 2, 1, 1))))
        .refuses(
            ShapeException.class,
            "globalMaxPool2d: input [1, 1, 0, 3] is 0 x 3, expected at least 1 x 1",
            () -> Ops.globalMaxPool2d(zeros(1, 1, 0, 3)))
        .refuses(
            ShapeException.class,
            "globalMaxPool2d: input [1, 1, 3, 0] is 3 x 0, expected at least 1 x 1",
            () -> Ops.globalMaxPool2d(zeros(1, 1, 3, 0)));
  }

  private static OpRow globalAvgPool2d() {
    return wholeImages("globalAvgPool2d", Ops::globalAvgPool2d)
        .exact()
        .oracle(
            c -> {
              Shape x = c.input(0).shape();
              return new NaivePooling(window(x.dim(2), x.dim(3)).geometry("oracle", x))
                  .mean(c.input(0), true);
            })
        .calls(
            call(Ops::globalAvgPool2d, array(shape(2, 2, 2, 1), 1, 3, -1, -3, 7, 7, 0, 9))
                .gives(array(shape(2, 2, 1, 1), 2, -2, 7, 4.5)),
            call(Ops::globalAvgPool2d, array(shape(0, 2, 3, 1))).gives(array(shape(0, 2, 1, 1))),
            call(Ops::globalAvgPool2d, array(shape(1, 1, 0, 3)))
                .gives(array(shape(1, 1, 1, 1), NaN)));
  }

  private static OpRow wholeImages(String name, UnaryOperator<Tensor> function) {
    return OpRow.function(
            name,
            combine(Draw.shapes(4, 4), Draw.seeds())
                .as((shape, seed) -> wholeImages(name, function, withImages(shape), seed)))
        .edges(
            wholeImages(name, function, Shape.of(0, 2, 3, 1), 1),
            wholeImages(name, function, Shape.of(1, 0, 1, 3), 1),
            wholeImages(name, function, Shape.of(1, 1, 1, 1), 1))
        .refuses(
            ShapeException.class,
            name + ": input [3, 3, 3] has rank 3, expected 4",
            () -> function.apply(zeros(3, 3, 3)));
  }

  private static OpCase wholeImages(
      String name, UnaryOperator<Tensor> function, Shape shape, long seed) {
    return OpCase.of(name, in -> function.apply(in.get(0)), fill(seed, distinct(), shape));
  }

  /** Images of no rows or columns have no window. */
  private static Shape withImages(Shape shape) {
    return shape.with(2, Math.max(1, shape.dim(2))).with(3, Math.max(1, shape.dim(3)));
  }

  // ---- what they share -------------------------------------------------------------------------

  private static OpRow pooling(
      Class<? extends Op> type,
      BiFunction<PoolGeometry, Boolean, Op> op,
      BiFunction<Shape, Shape, List<Shape>> inputs) {
    return OpRow.of(
            type,
            combine(
                    Arbitraries.integers().between(1, 2),
                    Draw.pools(5),
                    Arbitraries.of(true, false),
                    Draw.seeds())
                .as(
                    (planes, geometry, countPadding, seed) ->
                        pooling(op, inputs, 1, planes, geometry, countPadding, seed)))
        .edges(
            Stream.of(
                    pooling(op, inputs, 0, 2, halves(), true, 1),
                    pooling(op, inputs, 2, 0, halves(), false, 1),
                    pooling(op, inputs, 1, 1, over(Shape.of(1, 1, 1, 1), window(1)), true, 1),
                    pooling(
                        op,
                        inputs,
                        2,
                        1,
                        over(Shape.of(2, 1, 2, 3), window(3).stride(2).ceil()),
                        true,
                        1),
                    pooling(
                        op,
                        inputs,
                        1,
                        1,
                        over(
                            Shape.of(1, 1, 3, 4),
                            window(2, 3).stride(2).padding(1, 0, 0, 1).ceil()),
                        true,
                        1))
                .toArray(OpCase[]::new));
  }

  private static OpCase pooling(
      BiFunction<PoolGeometry, Boolean, Op> op,
      BiFunction<Shape, Shape, List<Shape>> inputs,
      int images,
      int channels,
      PoolGeometry geometry,
      boolean countPadding,
      long seed) {
    Window rows = geometry.rows();
    Window columns = geometry.columns();
    Shape in = Shape.of(images, channels, rows.input(), columns.input());
    Shape out = Shape.of(images, channels, rows.output(), columns.output());
    return OpCase.of(
        op.apply(geometry, countPadding),
        fill(seed, distinct(), inputs.apply(in, out).toArray(new Shape[0])));
  }

  private static PoolGeometry over(Shape x, PoolOptions options) {
    return options.geometry("pooling", x);
  }

  /** Windows of 2 x 2 that tile images of 4 x 4. */
  private static PoolGeometry halves() {
    return over(Shape.of(1, 1, 4, 4), window(2));
  }

  private static OpRow refusesWindows(
      OpRow row, String op, BiFunction<Tensor, PoolOptions, Tensor> pool) {
    Tensor x = zeros(1, 1, 4, 6);
    return row.refuses(
            ShapeException.class,
            op + ": input [4, 6] has rank 2, expected 4",
            () -> pool.apply(zeros(4, 6), window(2)))
        .refuses(
            ShapeException.class,
            op
                + ": height: a window of 5 with dilation 1 does not fit an input of 4, padded by 0"
                + " and 0",
            () -> pool.apply(x, window(5)))
        .refuses(
            ShapeException.class,
            op
                + ": width: a window of 3 with dilation 4 does not fit an input of 6, padded by 1"
                + " and 0",
            () -> pool.apply(x, window(1, 3).dilation(4).padding(0, 0, 1, 0)))
        .refuses( // not even by hanging over: by less than a stride
            ShapeException.class,
            op
                + ": height: a window of 6 with dilation 1 does not fit an input of 4, padded by 0"
                + " and 0",
            () -> pool.apply(x, window(6).stride(2).ceil()))
        .refuses( // nor where there is nothing to begin in
            ShapeException.class,
            op
                + ": height: a window of 2 with dilation 1 does not fit an input of 0, padded by 0"
                + " and 1",
            () -> pool.apply(zeros(1, 1, 0, 2), window(2).stride(3).padding(0, 1, 0, 0).ceil()))
        .refuses(
            ShapeException.class,
            op
                + ": height: a window of 2 with dilation 1 and stride 2 lies on padding alone"
                + " somewhere over an input of 4, padded by 2 and 0",
            () -> pool.apply(x, window(2).padding(2, 0, 0, 0)))
        .refuses(
            ShapeException.class,
            op
                + ": width: a window of 2 with dilation 1 and stride 2 lies on padding alone"
                + " somewhere over an input of 6, padded by 0 and 2",
            () -> pool.apply(x, window(2).padding(0, 0, 0, 2)))
        .refuses(
            ShapeException.class,
            op
                + ": height: a window of 2 with dilation 6 and stride 1 lies on padding alone"
                + " somewhere over an input of 4, padded by 2 and 2",
            () -> pool.apply(x, window(2, 1).dilation(6).stride(1).padding(2, 2, 0, 0)))
        .refuses(
            ShapeException.class,
            op
                + ": height: a window of 1 with dilation 1 and stride 1 lies on padding alone"
                + " somewhere over an input of 0, padded by 1 and 0",
            () -> pool.apply(zeros(1, 1, 0, 1), window(1).padding(1, 0, 0, 0)));
  }
}
