package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Resampling.Mode;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of images in other sizes. */
final class ResizeRows {
  private ResizeRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(resize2d(), resize2dInput(), upsampleNearest(), upsampleBilinear());
  }

  // ---- the two ops -----------------------------------------------------------------------------

  private static OpRow resize2d() {
    Resampling same = new Resampling(1, 1, Mode.HALF_PIXEL);
    OpCase doubled =
        OpCase.of(
            new Resize2d(same, new Resampling(3, 5, Mode.ALIGN_CORNERS)),
            array(shape(1, 1, 1, 3), 1, INF, NaN));
    return resizing(Resize2d.class, Resize2d::new, Resampling::input)
        .oracle(
            c -> {
              Resize2d op = c.op(Resize2d.class);
              Naive x = Naive.of(c.input(0));
              return Naive.generate(
                      new int[] {x.dim(0), x.dim(1), op.rows().output(), op.columns().output()},
                      i -> {
                        double total = 0;
                        for (int[] from : Naive.indices(x.dim(2), x.dim(3))) {
                          total +=
                              weight(op.rows(), i[2], from[0])
                                  * weight(op.columns(), i[3], from[1])
                                  * x.at(i[0], i[1], from[0], from[1]);
                        }
                        return total;
                      })
                  .as(DType.FLOAT64)
                  .value();
            })
        .calls(
            // what has no weight is not looked at
            call(doubled).gives(NdArray.of(new double[] {1, INF, INF, NaN, NaN}, 1, 1, 1, 5)))
        .refuses(
            ShapeException.class,
            "upsampleBilinear: input [3, 1] has rank 2, expected 4",
            () -> new Resize2d(same, same).forward(List.of(zeros(3, 1).value())))
        .refuses(
            ShapeException.class,
            "upsampleBilinear: input [1, 1, 1, 2] is 1 x 2, but the geometry expects 1 x 1",
            () -> new Resize2d(same, same).forward(List.of(zeros(1, 1, 1, 2).value())))
        .refuses(
            ShapeException.class,
            "upsampleNearest: [1, 1, 50000, 50000] has at least 2500000000 elements, and an array"
                + " holds at most 2147483639",
            () -> Ops.upsampleNearest(zeros(1, 1, 1, 1), 50_000))
        .refuses(
            ShapeException.class,
            "upsampleNearest: [1, 1, 2147483647, 1] has at least 2147483647 elements, and an array"
                + " holds at most 2147483639",
            () -> Ops.upsampleNearest(zeros(1, 1, 1, 1), Integer.MAX_VALUE, 1))
        .refuses(
            IllegalArgumentException.class,
            "resampling: input 0, expected at least 1",
            () -> new Resampling(0, 1, Mode.NEAREST))
        .refuses(
            IllegalArgumentException.class,
            "resampling: output 0, expected at least 1",
            () -> new Resampling(1, 0, Mode.NEAREST));
  }

  private static OpRow resize2dInput() {
    Resampling same = new Resampling(1, 1, Mode.HALF_PIXEL);
    Resampling large = new Resampling(50_000, 1, Mode.NEAREST);
    return resizing(Resize2dInput.class, Resize2dInput::new, Resampling::output)
        .oracle(
            c -> {
              Resize2dInput op = c.op(Resize2dInput.class);
              Naive y = Naive.of(c.input(0));
              return Naive.generate(
                      new int[] {y.dim(0), y.dim(1), op.rows().input(), op.columns().input()},
                      i -> {
                        double total = 0;
                        for (int[] to : Naive.indices(y.dim(2), y.dim(3))) {
                          total +=
                              weight(op.rows(), to[0], i[2])
                                  * weight(op.columns(), to[1], i[3])
                                  * y.at(i[0], i[1], to[0], to[1]);
                        }
                        return total;
                      })
                  .as(DType.FLOAT64)
                  .value();
            })
        .calls(
            // nor does what has no weight get anything
            call(
                    new Resize2dInput(same, new Resampling(3, 2, Mode.ALIGN_CORNERS)),
                    array(shape(1, 1, 1, 2), INF, NaN))
                .gives(array(shape(1, 1, 1, 3), INF, 0, NaN)))
        .refuses(
            ShapeException.class,
            "resize2dInput: output [1, 1, 2, 1] is 2 x 1, but the geometry expects 1 x 1",
            () -> new Resize2dInput(same, same).forward(List.of(zeros(1, 1, 2, 1).value())))
        .refuses(
            ShapeException.class,
            "resize2dInput: [1, 1, 50000, 50000] has at least 2500000000 elements, and an array"
                + " holds at most 2147483639",
            () -> new Resize2dInput(large, large).forward(List.of(zeros(1, 1, 1, 1).value())));
  }

  private static OpRow resizing(
      Class<? extends Op> type,
      BiFunction<Resampling, Resampling, Op> op,
      Function<Resampling, Integer> size) {
    Arbitrary<Resampling> samplings =
        combine(Draw.extents(1, 4), Draw.extents(1, 6), Arbitraries.of(Mode.values()))
            .as(Resampling::new);
    Resampling one = new Resampling(1, 1, Mode.ALIGN_CORNERS);
    Resampling larger = new Resampling(2, 5, Mode.HALF_PIXEL);
    return OpRow.of(
            type,
            combine(
                    Arbitraries.integers().between(1, 2),
                    Arbitraries.integers().between(1, 2),
                    samplings,
                    samplings,
                    Draw.seeds())
                .as(
                    (images, channels, rows, columns, seed) ->
                        resizingOf(op, size, images, channels, rows, columns, seed)))
        .exact()
        .edges(
            resizingOf(op, size, 1, 1, one, one, 1),
            resizingOf(op, size, 0, 2, larger, one, 1),
            resizingOf(op, size, 2, 0, one, larger, 1),
            resizingOf(op, size, 1, 1, larger, larger, 1),
            resizingOf(
                op,
                size,
                1,
                1,
                new Resampling(1, 3, Mode.HALF_PIXEL),
                new Resampling(3, 1, Mode.ALIGN_CORNERS),
                1));
  }

  private static OpCase resizingOf(
      BiFunction<Resampling, Resampling, Op> op,
      Function<Resampling, Integer> size,
      int images,
      int channels,
      Resampling rows,
      Resampling columns,
      long seed) {
    Shape shape = Shape.of(images, channels, size.apply(rows), size.apply(columns));
    return OpCase.of(op.apply(rows, columns), nonzero().draw(shape, seed));
  }

  /** How much of an output is an input: 1 less their distance, where the output is held inside. */
  private static double weight(Resampling r, int output, int input) {
    double last = r.input() - 1;
    double position =
        switch (r.mode()) {
          case NEAREST -> Math.floor((double) output * r.input() / r.output());
          case HALF_PIXEL -> (output + 0.5) * r.input() / r.output() - 0.5;
          case ALIGN_CORNERS -> r.output() == 1 ? 0 : output * last / (r.output() - 1);
        };
    double held = Math.max(0, Math.min(last, position));
    return Math.max(0, 1 - Math.abs(held - input));
  }

  // ---- by name ---------------------------------------------------------------------------------

  private static OpRow upsampleNearest() {
    return OpRow.function(
            "upsampleNearest",
            combine(Draw.shapes(4, 4), Arbitraries.integers().between(1, 3), Draw.seeds())
                .as((shape, scale, seed) -> nearestOf(withPixels(shape), scale, seed)))
        .exact()
        .oracle(
            c -> {
              Naive x = Naive.of(c.input(0));
              int scale = c.function(Nearest.class).scale();
              int[] dims = {x.dim(0), x.dim(1), x.dim(2) * scale, x.dim(3) * scale};
              return Naive.generate(dims, i -> x.at(i[0], i[1], i[2] / scale, i[3] / scale))
                  .as(DType.FLOAT64)
                  .value();
            })
        .edges(nearestOf(Shape.of(0, 1, 2, 2), 2, 1), nearestOf(Shape.of(1, 1, 1, 1), 3, 1))
        .calls(
            call(x -> Ops.upsampleNearest(x, 2), count(1, 1, 2, 2))
                .gives(array(shape(1, 1, 4, 4), 1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4)),
            call(x -> Ops.upsampleNearest(x, 1, 3), count(1, 1, 2, 2))
                .gives(array(shape(1, 1, 2, 6), 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4)),
            call(x -> Ops.upsampleNearest(x, 2, 1), count(1, 1, 2, 2))
                .gives(array(shape(1, 1, 4, 2), 1, 2, 1, 2, 3, 4, 3, 4)),
            // images and channels are apart
            call(x -> Ops.upsampleNearest(x, 1, 2), count(2, 2, 1, 1))
                .gives(array(shape(2, 2, 1, 2), 1, 1, 2, 2, 3, 3, 4, 4)),
            call(x -> Ops.upsampleNearest(x, 2), array(shape(0, 1, 2, 2)))
                .gives(array(shape(0, 1, 4, 4))))
        .refuses(
            ShapeException.class,
            "upsampleNearest: input [2, 2] has rank 2, expected 4",
            () -> Ops.upsampleNearest(zeros(2, 2), 2))
        .refuses(
            ShapeException.class,
            "upsampleNearest: input [1, 1, 0, 2] is 0 x 2, expected at least 1 x 1",
            () -> Ops.upsampleNearest(zeros(1, 1, 0, 2), 2))
        .refuses(
            ShapeException.class,
            "upsampleNearest: height: 2 times 0 is 0, expected a scale of at least 1 and a size of"
                + " at most 2147483647",
            () -> Ops.upsampleNearest(zeros(1, 1, 2, 3), 0, 1))
        .refuses(
            ShapeException.class,
            "upsampleNearest: width: 3 times 2147483647 is 6442450941, expected a scale of at least"
                + " 1 and a size of at most 2147483647",
            () -> Ops.upsampleNearest(zeros(1, 1, 2, 3), 1, Integer.MAX_VALUE));
  }

  record Nearest(int scale) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.upsampleNearest(in.get(0), scale);
    }
  }

  private static OpCase nearestOf(Shape shape, int scale, long seed) {
    return OpCase.of(
        "upsampleNearest " + scale, new Nearest(scale), List.of(nonzero().draw(shape, seed)));
  }

  private static OpRow upsampleBilinear() {
    Arbitrary<Integer> sizes = Arbitraries.integers().between(1, 5);
    return OpRow.function(
            "upsampleBilinear",
            combine(Draw.shapes(4, 4), sizes, sizes, Arbitraries.of(true, false), Draw.seeds())
                .as(
                    (shape, height, width, align, seed) ->
                        new Bilinear(height, width, align).of(withPixels(shape), seed)))
        .exact()
        .oracle(
            c -> {
              Bilinear f = c.function(Bilinear.class);
              Naive x = Naive.of(c.input(0));
              Mode mode = f.align() ? Mode.ALIGN_CORNERS : Mode.HALF_PIXEL;
              Resampling rows = new Resampling(x.dim(2), f.height(), mode);
              Resampling columns = new Resampling(x.dim(3), f.width(), mode);
              return Naive.generate(
                      new int[] {x.dim(0), x.dim(1), f.height(), f.width()},
                      i -> {
                        double total = 0;
                        for (int[] from : Naive.indices(x.dim(2), x.dim(3))) {
                          total +=
                              weight(rows, i[2], from[0])
                                  * weight(columns, i[3], from[1])
                                  * x.at(i[0], i[1], from[0], from[1]);
                        }
                        return total;
                      })
                  .as(DType.FLOAT64)
                  .value();
            })
        .edges(
            new Bilinear(3, 2, true).of(Shape.of(0, 1, 2, 2), 1),
            new Bilinear(1, 1, true).of(Shape.of(1, 1, 1, 1), 1),
            new Bilinear(2, 3, false).of(Shape.of(1, 1, 1, 1), 1))
        .calls(
            // at 0 (from -1/4), 1/4, 3/4 and 1 (from 5/4)
            call(x -> Ops.upsampleBilinear(x, 1, 4, false), array(shape(1, 1, 1, 2), 0, 8))
                .gives(array(shape(1, 1, 1, 4), 0, 2, 6, 8)),
            // at 0, 1/3, 2/3 and 1
            call(x -> Ops.upsampleBilinear(x, 1, 4, true), array(shape(1, 1, 1, 2), 0, 8))
                .about()
                .gives(array(shape(1, 1, 1, 4), 0, 8 / 3.0, 16 / 3.0, 8)),
            call(
                    x -> Ops.upsampleBilinear(Ops.reshape(x, 1, 1, 2, 1), 4, 1, false),
                    array(shape(1, 1, 1, 2), 0, 8))
                .gives(array(shape(1, 1, 4, 1), 0, 2, 6, 8)),
            // the middle is the mean of all four
            call(x -> Ops.upsampleBilinear(x, 3, 3, true), array(shape(1, 1, 2, 2), 0, 8, 16, 24))
                .gives(array(shape(1, 1, 3, 3), 0, 4, 8, 8, 12, 16, 16, 20, 24)),
            call(x -> Ops.upsampleBilinear(x, 1, 1, false), array(shape(1, 1, 2, 2), 0, 8, 16, 24))
                .gives(array(shape(1, 1, 1, 1), 12)),
            // the first corner
            call(x -> Ops.upsampleBilinear(x, 1, 1, true), array(shape(1, 1, 2, 2), 0, 8, 16, 24))
                .gives(array(shape(1, 1, 1, 1), 0)),
            call(x -> Ops.upsampleBilinear(x, 2, 2, false), array(shape(1, 1, 2, 2), 0, 8, 16, 24))
                .gives(array(shape(1, 1, 2, 2), 0, 8, 16, 24)),
            call(x -> Ops.upsampleBilinear(x, 2, 2, true), array(shape(1, 1, 2, 2), 0, 8, 16, 24))
                .gives(array(shape(1, 1, 2, 2), 0, 8, 16, 24)),
            // smaller: at 0, 2 and 4
            call(x -> Ops.upsampleBilinear(x, 1, 3, true), count(1, 1, 1, 5))
                .gives(array(shape(1, 1, 1, 3), 1, 3, 5)),
            // at 3/4 and 13/4
            call(x -> Ops.upsampleBilinear(x, 1, 2, false), count(1, 1, 1, 5))
                .gives(array(shape(1, 1, 1, 2), 1.75, 4.25)),
            call(x -> Ops.upsampleBilinear(x, 4, 3, false), array(shape(0, 1, 2, 2)))
                .gives(array(shape(0, 1, 4, 3))))
        .refuses(
            ShapeException.class,
            "upsampleBilinear: input [2, 2] has rank 2, expected 4",
            () -> Ops.upsampleBilinear(zeros(2, 2), 2, 2, false))
        .refuses(
            ShapeException.class,
            "upsampleBilinear: input [1, 1, 2, 0] is 2 x 0, expected at least 1 x 1",
            () -> Ops.upsampleBilinear(zeros(1, 1, 2, 0), 2, 2, false))
        .refuses(
            IllegalArgumentException.class,
            "upsampleBilinear: height 0, expected at least 1",
            () -> Ops.upsampleBilinear(zeros(1, 1, 2, 2), 0, 2, false))
        .refuses(
            IllegalArgumentException.class,
            "upsampleBilinear: width -1, expected at least 1",
            () -> Ops.upsampleBilinear(zeros(1, 1, 2, 2), 2, -1, true));
  }

  record Bilinear(int height, int width, boolean align) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.upsampleBilinear(in.get(0), height, width, align);
    }

    OpCase of(Shape shape, long seed) {
      return OpCase.of(toString(), this, List.of(nonzero().draw(shape, seed)));
    }
  }

  private static Shape withPixels(Shape shape) {
    return shape.with(2, Math.max(1, shape.dim(2))).with(3, Math.max(1, shape.dim(3)));
  }
}
