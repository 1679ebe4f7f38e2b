package org.gradus.autograd.ops;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.PoolOptions.window;
import static org.gradus.autograd.ops.Values.zeros;
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
    OpRow row =
        pooling(MaxPool2d.class, (g, count) -> new MaxPool2d(g), (in, out) -> List.of(in))
            .oracle(
                c ->
                    new NaivePooling(c.op(MaxPool2d.class).geometry()).pick(c.input(0), c.input(0)))
            .gives(onOneRow(1, 2, 2), row(2, 2))
            .givesGradients(onOneRow(1, 2, 2), row(0, 2, 0)) // a tie goes to the first
            .gives(onOneRow(5, NaN, NaN), row(NaN, NaN))
            .givesGradients(onOneRow(5, NaN, NaN), row(0, 2, 0))
            .gives(onOneRow(NEGATIVE_INFINITY, NEGATIVE_INFINITY, 3), row(NEGATIVE_INFINITY, 3))
            .givesGradients(onOneRow(NEGATIVE_INFINITY, NEGATIVE_INFINITY, 3), row(1, 0, 1))
            .gives(onOneRow(POSITIVE_INFINITY, NaN, 0), row(NaN, NaN));
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
    return pooling(
            MaxPool2dInput.class,
            (g, count) -> new MaxPool2dInput(g),
            (in, out) -> List.of(in, out))
        .oracle(
            c ->
                new NaivePooling(c.op(MaxPool2dInput.class).geometry())
                    .scatter(c.input(0), c.input(1)))
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
    return pooling(
            MaxPool2dPick.class, (g, count) -> new MaxPool2dPick(g), (in, out) -> List.of(in, in))
        .oracle(
            c ->
                new NaivePooling(c.op(MaxPool2dPick.class).geometry()).pick(c.input(0), c.input(1)))
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
    OpRow row =
        pooling(AvgPool2d.class, AvgPool2d::new, (in, out) -> List.of(in))
            .exact()
            .oracle(
                c -> {
                  AvgPool2d op = c.op(AvgPool2d.class);
                  return new NaivePooling(op.geometry()).mean(c.input(0), op.countPadding());
                });
    return refusesWindows(row, "avgPool2d", Ops::avgPool2d)
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
    return pooling(AvgPool2dInput.class, AvgPool2dInput::new, (in, out) -> List.of(out))
        .exact()
        .oracle(
            c -> {
              AvgPool2dInput op = c.op(AvgPool2dInput.class);
              return new NaivePooling(op.geometry()).share(c.input(0), op.countPadding());
            })
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
            });
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
