package org.gradus.autograd.ops;

import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.PartRows.axis;
import static org.gradus.autograd.ops.PartRows.with;
import static org.gradus.autograd.ops.ShapeRows.generate;
import static org.gradus.autograd.ops.ShapeRows.numbers;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Draw.fill;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the ops that take elements by their positions, or put them there. */
final class PositionRows {
  private PositionRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(gather(), scatterAdd());
  }

  private static OpRow gather() {
    Indices index = Indices.of(new int[] {1, 0, 2, 2}, 2, 2);
    return OpRow.of(
            Gather.class,
            picks(
                (whole, picked, axis, indices, seed) ->
                    OpCase.of(new Gather(axis, indices), fill(seed, nonzero(), whole))))
        .exact()
        .oracle(
            c -> {
              Gather op = c.op(Gather.class);
              Naive x = Naive.of(c.input(0));
              int axis = axis(op.axis(), x.rank());
              Naive places = asNaive(op.index());
              return generate(places.dims(), i -> x.at(with(i, axis, (int) places.at(i))));
            })
        .edges(
            OpCase.of(new Gather(0, Indices.of(new int[] {0}, 1)), numbers(1)),
            OpCase.of(new Gather(0, Indices.of(new int[0], 0)), numbers(1)),
            OpCase.of(new Gather(0, Indices.of(new int[0], 0)), numbers(0)),
            OpCase.of(new Gather(1, Indices.of(new int[0], 0, 3)), numbers(0, 2)),
            OpCase.of(new Gather(-1, Indices.of(new int[] {1, 1, 1}, 1, 3)), numbers(1, 2)))
        .calls(
            // as take_along_axis
            call(
                    x -> Ops.gather(x, 1, Indices.of(new int[] {2, 0, 1, 1}, 2, 2)),
                    array(shape(2, 3), 10, 20, 30, 40, 50, 60))
                .gives(array(shape(2, 2), 30, 10, 50, 50)),
            call(
                    x -> Ops.gather(x, -2, Indices.of(new int[] {1, 0, 1}, 1, 3)),
                    array(shape(2, 3), 10, 20, 30, 40, 50, 60))
                .gives(array(shape(1, 3), 40, 20, 60)),
            call(x -> Ops.gather(x, 1, Indices.of(new int[] {1, 0, 0, 1}, 2, 1, 2)), count(2, 2, 2))
                .gives(array(shape(2, 1, 2), 3, 2, 5, 8)),
            call(
                    x -> Ops.gather(x, 1, Indices.of(new int[0], 2, 0)),
                    array(shape(2, 3), 10, 20, 30, 40, 50, 60))
                .gives(array(shape(2, 0))))
        .refuses(
            ShapeException.class,
            "gather: there is no axis 2 in [2, 3], which has rank 2",
            () -> Ops.gather(zeros(2, 3), 2, index))
        .refuses(
            ShapeException.class,
            "gather: indices [2, 2] into [3, 3], expected the same extents on all axes but 1",
            () -> Ops.gather(zeros(3, 3), -1, index))
        .refuses(
            ShapeException.class,
            "gather: indices [2, 2] into [3], expected the same extents on all axes but 0",
            () -> Ops.gather(zeros(3), 0, index))
        .refuses(
            ShapeException.class,
            "gather: indices [2] into [2, 3], expected the same extents on all axes but 1",
            () -> Ops.gather(zeros(2, 3), 1, Indices.of(new int[2], 2)))
        .refuses(
            IllegalArgumentException.class,
            "gather: index 2 at [1, 0] is outside axis 1 of [2, 2], which has extent 2",
            () -> Ops.gather(zeros(2, 2), 1, index))
        .refuses(
            IllegalArgumentException.class,
            "gather: index -1 at [1] is outside axis 0 of [3], which has extent 3",
            () -> Ops.gather(zeros(3), 0, Indices.of(new int[] {0, -1}, 2)));
  }

  private static OpRow scatterAdd() {
    Indices index = Indices.of(new int[] {1, 0, 2, 2}, 2, 2);
    return OpRow.of(
            ScatterAdd.class,
            picks(
                (whole, picked, axis, indices, seed) ->
                    OpCase.of(
                        new ScatterAdd(axis, indices, whole.dim(axis)),
                        fill(seed, nonzero(), picked))))
        .exact()
        .oracle(
            c -> {
              ScatterAdd op = c.op(ScatterAdd.class);
              Naive x = Naive.of(c.input(0));
              Naive places = asNaive(op.index());
              int axis = axis(op.axis(), x.rank());
              int[] dims = x.dims();
              dims[axis] = op.extent();
              return generate(
                  dims,
                  i -> {
                    double sum = 0;
                    for (int k = 0; k < x.dim(axis); k++) {
                      int[] j = with(i, axis, k);
                      sum += places.at(j) == i[axis] ? x.at(j) : 0;
                    }
                    return sum;
                  });
            })
        .edges(
            OpCase.of(new ScatterAdd(0, Indices.of(new int[] {0}, 1), 1), numbers(1)),
            OpCase.of(new ScatterAdd(0, Indices.of(new int[0], 0), 2), numbers(0)),
            OpCase.of(new ScatterAdd(1, Indices.of(new int[0], 0, 3), 2), numbers(0, 3)),
            OpCase.of(new ScatterAdd(-1, Indices.of(new int[] {1, 1, 1}, 1, 3), 2), numbers(1, 3)))
        .calls(
            // 10 and 30 meet, 40 and 50 and 60 meet
            call(
                    x -> Ops.scatterAdd(x, 1, Indices.of(new int[] {0, 2, 0, 1, 1, 1}, 2, 3), 4),
                    array(shape(2, 3), 10, 20, 30, 40, 50, 60))
                .gives(array(shape(2, 4), 40, 0, 20, 0, 0, 150, 0, 0)),
            call(
                    x -> Ops.scatterAdd(x, 0, Indices.of(new int[] {1, 1, 0, 1, 0, 1}, 2, 3), 2),
                    array(shape(2, 3), 10, 20, 30, 40, 50, 60))
                .gives(array(shape(2, 3), 0, 50, 30, 50, 20, 60)),
            call(x -> Ops.scatterAdd(x, 0, Indices.of(new int[0], 0, 2), 1), array(shape(0, 2)))
                .gives(array(shape(1, 2), 0, 0)),
            // added in the order along the axis: 1 + 1e17 is 1e17
            call(new ScatterAdd(0, Indices.of(new int[] {0, 0, 0}, 3), 1), vector(1, 1e17, -1e17))
                .gives(vector(0)))
        .refuses(
            ShapeException.class,
            "scatterAdd: there is no axis -3 in [2, 2], which has rank 2",
            () -> Ops.scatterAdd(zeros(2, 2), -3, index, 3))
        .refuses(
            ShapeException.class,
            "scatterAdd: input [2, 3] and indices [2, 2] differ in shape",
            () -> Ops.scatterAdd(zeros(2, 3), 1, index, 3))
        .refuses(
            ShapeException.class,
            "scatterAdd: [2, -1] has the negative extent -1",
            () -> Ops.scatterAdd(zeros(2, 2), 1, index, -1))
        .refuses(
            IllegalArgumentException.class,
            "scatterAdd: index 2 at [1, 0] is outside axis 0 of [2, 2], which has extent 2",
            () -> Ops.scatterAdd(zeros(2, 2), 0, index, 2));
  }

  /** A case of a shape, indices into it along an axis, the shape of these, and a seed. */
  private interface Picks {
    OpCase of(Shape whole, Shape picked, int axis, Indices indices, long seed);
  }

  private static Arbitrary<OpCase> picks(Picks cases) {
    return Draw.shapes(1, 3)
        .flatMap(
            whole ->
                combine(Draw.axis(whole), Draw.extents(0, 4), Draw.seeds())
                    .as(
                        (axis, count, seed) -> {
                          int extent = whole.dim(axis);
                          Shape picked = whole.with(axis, extent == 0 ? 0 : count);
                          SplittableRandom random = new SplittableRandom(seed);
                          int[] drawn =
                              IntStream.range(0, picked.size())
                                  .map(i -> random.nextInt(extent))
                                  .toArray();
                          Indices indices = Indices.of(drawn, picked.toArray());
                          return cases.of(whole, picked, axis, indices, seed);
                        }));
  }

  private static Naive asNaive(Indices indices) {
    return Naive.of(NdArray.generate(DType.FLOAT64, indices.shape(), indices::at));
  }
}
