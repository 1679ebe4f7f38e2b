package org.gradus.autograd.ops;

import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.ShapeRows.generate;
import static org.gradus.autograd.ops.ShapeRows.numbers;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Draw.fill;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the ops that take parts of an array, and of those that put parts together. */
final class PartRows {
  private static final int HUGE = Integer.MAX_VALUE;

  private PartRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(Stream.of(slice(), sliceInput(), concat(), pad(), flip()), stacks(), tiles())
        .flatMap(rows -> rows);
  }

  // ---- parts -----------------------------------------------------------------------------------

  private static OpRow slice() {
    Tensor matrix = zeros(2, 5);
    OpRow row =
        OpRow.of(Slice.class, slices((slice, whole) -> slice, true))
            .exact()
            .oracle(
                c -> {
                  Slice slice = c.op(Slice.class);
                  Naive x = Naive.of(c.input(0));
                  int axis = axis(slice.axis(), x.rank());
                  List<Integer> chosen = chosen(slice, x.dim(axis));
                  int[] dims = x.dims();
                  dims[axis] = chosen.size();
                  return generate(dims, i -> x.at(with(i, axis, chosen.get(i[axis]))));
                })
            .edges(
                OpCase.of(new Slice(0, 0, 1, 1), numbers(1)),
                OpCase.of(new Slice(0, 1, 1, 1), numbers(1, 2)),
                OpCase.of(new Slice(1, 1, 2, 2), numbers(0, 2)),
                OpCase.of(new Slice(-2, 0, 0, 3), numbers(0, 2)))
            .calls(
                call(x -> Ops.slice(x, 1, 1, 3), count(2, 5)).gives(array(shape(2, 2), 2, 3, 7, 8)),
                call(x -> Ops.slice(x, -1, -2, 5), count(2, 5))
                    .gives(array(shape(2, 2), 4, 5, 9, 10)),
                call(x -> Ops.slice(x, 1, 0, -2), count(2, 5))
                    .gives(array(shape(2, 3), 1, 2, 3, 6, 7, 8)),
                call(x -> Ops.slice(x, 0, 1, 2), count(2, 5))
                    .gives(array(shape(1, 5), 6, 7, 8, 9, 10)),
                call(x -> Ops.slice(x, 1, 0, 5, 2), count(2, 5))
                    .gives(array(shape(2, 3), 1, 3, 5, 6, 8, 10)),
                call(x -> Ops.slice(x, 1, 0, 4, 2), count(2, 5))
                    .gives(array(shape(2, 2), 1, 3, 6, 8)),
                call(x -> Ops.slice(x, 1, 1, 5, Integer.MAX_VALUE), count(2, 5))
                    .gives(array(shape(2, 1), 2, 7)),
                call(x -> Ops.slice(x, 1, 5, 5), count(2, 5)).gives(array(shape(2, 0))),
                call(x -> Ops.slice(x, 1, 2, 2, 3), count(2, 5)).gives(array(shape(2, 0))),
                call(x -> Ops.slice(x, 0, 0, 0), count(2, 5)).gives(array(shape(0, 5))),
                // the middle axis
                call(x -> Ops.slice(x, 1, 1, 2), count(2, 3, 2))
                    .gives(array(shape(2, 1, 2), 3, 4, 9, 10)))
            .refuses(
                ShapeException.class,
                "slice: there is no axis 2 in [2, 5], which has rank 2",
                () -> Ops.slice(matrix, 2, 0, 1))
            .refuses(
                IllegalArgumentException.class,
                "slice: step 0, expected at least 1",
                () -> Ops.slice(matrix, 1, 0, 5, 0));
    for (int[] ends : new int[][] {{0, 6}, {3, 2}, {-6, 2}, {0, -6}, {6, 6}, {HUGE, HUGE}}) {
      row =
          row.refuses(
              ShapeException.class,
              "slice: from %s to %s is not within axis 1 of [2, 5], which has extent 5"
                  .formatted(ends[0], ends[1]),
              () -> Ops.slice(matrix, -1, ends[0], ends[1]));
    }
    return row;
  }

  private static OpRow sliceInput() {
    Slice slice = new Slice(-1, 0, 3, 2);
    return OpRow.of(SliceInput.class, slices(SliceInput::new, false))
        .exact()
        .oracle(
            c -> {
              SliceInput op = c.op(SliceInput.class);
              Naive y = Naive.of(c.input(0));
              int axis = axis(op.slice().axis(), y.rank());
              List<Integer> chosen = chosen(op.slice(), op.shape().dim(axis));
              return generate(
                  op.shape().toArray(),
                  i -> {
                    int place = chosen.indexOf(i[axis]);
                    return place < 0 ? 0 : y.at(with(i, axis, place));
                  });
            })
        .calls(
            call(new SliceInput(new Slice(0, 1, 4, 2), shape(5)), vector(7, 8))
                .gives(vector(0, 7, 0, 8, 0))
                .cotangent(1, 2, 3, 4, 5)
                .gradients(vector(2, 4)))
        .edges(
            OpCase.of(new SliceInput(new Slice(0, 0, 1, 1), shape(1)), numbers(1)),
            OpCase.of(new SliceInput(new Slice(0, 1, 1, 1), shape(1, 2)), numbers(0, 2)),
            OpCase.of(new SliceInput(new Slice(1, 1, 2, 2), shape(0, 2)), numbers(0, 1)))
        .refuses(
            ShapeException.class,
            "sliceInput: from 0 to 3 is not within axis 1 of [3, 2], which has extent 2",
            () -> Tensor.of(new SliceInput(slice, shape(3, 2)), zeros(3, 2)))
        .refuses(
            ShapeException.class,
            "sliceInput: the part of [2, 5] has shape [2, 2], but the input has [2, 5]",
            () -> Tensor.of(new SliceInput(slice, shape(2, 5)), zeros(2, 5)));
  }

  /** Ops of a slice, with ends from either side, that take the whole or the part. */
  private static Arbitrary<OpCase> slices(BiFunction<Slice, Shape, Op> op, boolean ofWhole) {
    Arbitrary<Integer> lengths = Arbitraries.integers().between(0, 3);
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    Arbitrary<Integer> steps = Arbitraries.integers().between(1, 3);
    return Draw.shapes(1, 3)
        .flatMap(
            base ->
                combine(
                        Draw.axis(base),
                        lengths,
                        lengths,
                        lengths,
                        steps,
                        flags,
                        flags,
                        Draw.seeds())
                    .as(
                        (axis, before, inside, after, step, fromBack, toBack, seed) -> {
                          int extent = before + inside + after;
                          Shape whole = base.with(axis, extent);
                          int to = before + inside;
                          Slice slice =
                              new Slice(
                                  axis,
                                  fromBack && before < extent ? before - extent : before,
                                  toBack && to < extent ? to - extent : to,
                                  step);
                          Shape part = whole.with(axis, chosen(slice, extent).size());
                          return OpCase.of(
                              op.apply(slice, whole),
                              fill(seed, nonzero(), ofWhole ? whole : part));
                        }));
  }

  /** The indices that a slice takes, counted out one by one. */
  private static List<Integer> chosen(Slice slice, int extent) {
    int from = slice.from() < 0 ? slice.from() + extent : slice.from();
    int to = slice.to() < 0 ? slice.to() + extent : slice.to();
    return IntStream.iterate(from, i -> i < to, i -> i + slice.step()).boxed().toList();
  }

  // ---- parts put together ----------------------------------------------------------------------

  private static OpRow concat() {
    Arbitrary<Integer> extents = Arbitraries.integers().between(0, 2);
    Tensor matrix = zeros(2, 5);
    String same = ": expected the same extents on all axes but ";
    return OpRow.of(
            Concat.class,
            Draw.shapes(1, 3)
                .flatMap(
                    shape ->
                        combine(
                                Draw.axis(shape),
                                extents.list().ofMinSize(1).ofMaxSize(3),
                                Draw.seeds())
                            .as(
                                (axis, parts, seed) ->
                                    OpCase.of(
                                        Concat.of(
                                            axis,
                                            parts.stream()
                                                .map(extent -> shape.with(axis, extent))
                                                .toList()),
                                        fill(
                                            seed,
                                            nonzero(),
                                            parts.stream()
                                                .map(extent -> shape.with(axis, extent))
                                                .toArray(Shape[]::new))))))
        .exact()
        .oracle(
            c -> {
              int axis = axis(c.op(Concat.class).axis(), c.input(0).shape().rank());
              List<Naive> parts = c.inputs().stream().map(Naive::of).toList();
              int[] dims = parts.get(0).dims();
              dims[axis] = parts.stream().mapToInt(part -> part.dim(axis)).sum();
              return generate(
                  dims,
                  i -> {
                    int rest = i[axis];
                    int k = 0;
                    while (rest >= parts.get(k).dim(axis)) {
                      rest -= parts.get(k++).dim(axis);
                    }
                    return parts.get(k).at(with(i, axis, rest));
                  });
            })
        .edges(
            OpCase.of(new Concat(0, List.of(0)), numbers(0)),
            OpCase.of(new Concat(0, List.of(0, 1, 1)), numbers(1), numbers(0), numbers(1)),
            OpCase.of(new Concat(1, List.of(0, 2)), numbers(0, 2), numbers(0, 1)))
        .calls(
            call((x, y) -> Ops.concat(1, x, y), count(2, 2), array(shape(2, 1), 5, 6))
                .gives(array(shape(2, 3), 1, 2, 5, 3, 4, 6)),
            call((x, y) -> Ops.concat(-1, x, y), array(shape(2, 1), 5, 6), count(2, 2))
                .gives(array(shape(2, 3), 5, 1, 2, 6, 3, 4)),
            call(x -> Ops.concat(0, x, x), count(2, 2))
                .gives(array(shape(4, 2), 1, 2, 3, 4, 1, 2, 3, 4)),
            call(x -> Ops.concat(0, x), count(2, 2)).gives(count(2, 2)),
            call(
                    (x, y, z) -> Ops.concat(1, x, y, x, z, x),
                    array(shape(2, 0)),
                    count(2, 2),
                    array(shape(2, 1), 5, 6))
                .gives(array(shape(2, 3), 1, 2, 5, 3, 4, 6)),
            call(x -> Ops.concat(0, x, x), array(shape(2, 0))).gives(array(shape(4, 0))),
            call((x, y) -> Ops.concat(1, x, y), count(2, 1, 1), array(shape(2, 1, 1), 3, 4))
                .gives(array(shape(2, 2, 1), 1, 3, 2, 4)))
        .refuses(
            ShapeException.class,
            "concat: inputs begin at [0, 5], but starts says [0, 4]",
            () -> Tensor.of(new Concat(1, List.of(0, 4)), matrix, matrix))
        .refuses(
            ShapeException.class,
            "concat: inputs begin at [0, 5], but starts says [0]",
            () -> Tensor.of(new Concat(1, List.of(0)), matrix, matrix))
        .refuses(
            ShapeException.class,
            "concat: there is no axis -3 in [2, 5], which has rank 2",
            () -> Ops.concat(-3, matrix, matrix))
        .refuses(
            ShapeException.class,
            "concat: there is no axis 0 in [], which has rank 0",
            () -> Ops.concat(0, zeros(), zeros()))
        .refuses(
            ShapeException.class,
            "concat: input 1 has shape [3, 5], but input 0 has [2, 5]" + same + 1,
            () -> Ops.concat(-1, matrix, zeros(3, 5)))
        .refuses(
            ShapeException.class,
            "concat: input 2 has shape [2], but input 0 has [2, 5]" + same + 0,
            () -> Ops.concat(0, matrix, matrix, zeros(2)))
        .refuses(
            ShapeException.class,
            "concat: input 1 has shape [2], but input 0 has [2, 5]" + same + 1,
            () -> Ops.concat(1, matrix, zeros(2)))
        .refuses(
            ShapeException.class,
            "concat: axis 0 would have an extent of 2147483648, which no array holds",
            () -> Ops.concat(0, zeros(1 << 30, 0), zeros(1 << 30, 0)));
  }

  private static Stream<OpRow> stacks() {
    return Stream.of(
        stack(0)
            .calls(
                "stack",
                call((x, y) -> Ops.stack(0, x, y), vector(1, 2), vector(3, 4)).gives(count(2, 2)),
                call((x, y) -> Ops.stack(1, x, y), vector(1, 2), vector(3, 4))
                    .gives(array(shape(2, 2), 1, 3, 2, 4)),
                call((x, y) -> Ops.stack(-1, x, y), vector(1, 2), vector(3, 4))
                    .gives(array(shape(2, 2), 1, 3, 2, 4)),
                call((x, y, z) -> Ops.stack(0, x, y, z), scalar(7), scalar(8), scalar(9))
                    .gives(vector(7, 8, 9)),
                call(x -> Ops.stack(0, x), vector(1, 2)).gives(array(shape(1, 2), 1, 2)),
                call((x, y) -> Ops.stack(1, x, y), count(1, 3), array(shape(1, 3), 4, 5, 6))
                    .gives(count(1, 2, 3))),
        stack(1),
        stack(-1));
  }

  private static OpRow stack(int axis) {
    Tensor matrix = zeros(2, 5);
    OpRow row =
        OpRow.function(
                "stack along axis " + axis,
                combine(Draw.shapes(1, 3), Arbitraries.integers().between(1, 3), Draw.seeds())
                    .as(
                        (shape, count, seed) ->
                            stacked(
                                axis,
                                fill(
                                    seed,
                                    nonzero(),
                                    Collections.nCopies(count, shape).toArray(new Shape[0])))))
            .exact()
            .oracle(
                c -> {
                  int rank = c.input(0).shape().rank();
                  int at = axis(axis, rank + 1);
                  List<Naive> parts = c.inputs().stream().map(Naive::of).toList();
                  int[] dims = new int[rank + 1];
                  for (int k = 0; k <= rank; k++) {
                    dims[k] =
                        k < at
                            ? parts.get(0).dim(k)
                            : k > at ? parts.get(0).dim(k - 1) : parts.size();
                  }
                  return generate(
                      dims,
                      i ->
                          parts
                              .get(i[at])
                              .at(
                                  IntStream.range(0, i.length)
                                      .filter(k -> k != at)
                                      .map(k -> i[k])
                                      .toArray()));
                })
            .edges(
                stacked(axis, List.of(numbers(1))),
                stacked(axis, List.of(numbers(0), numbers(0))),
                stacked(axis, List.of(numbers(1, 1), numbers(1, 1))))
            .refuses(
                ShapeException.class,
                "stack: input 1 has shape [5, 2], but input 0 has [2, 5]",
                () -> Ops.stack(axis, matrix, zeros(5, 2)))
            .refuses(
                ShapeException.class,
                "stack: there is no axis 3 in [2, 5, 1], which has rank 3",
                () -> Ops.stack(3, matrix, matrix))
            .refuses(
                IllegalArgumentException.class,
                "stack: 0 inputs, expected one or more",
                () -> Ops.stack(axis));
    return axis == 1 ? row : row.edges(stacked(axis, List.of(numbers(), numbers())));
  }

  private static OpCase stacked(int axis, List<NdArray> inputs) {
    return OpCase.of(
        "stack along axis " + axis, in -> Ops.stack(axis, in.toArray(new Tensor[0])), inputs);
  }

  private static OpRow pad() {
    double[] halves = {
      0.5, 1, 2, 0.5, 0.5, //
      0.5, 3, 4, 0.5, 0.5, //
      0.5, 0.5, 0.5, 0.5, 0.5
    };
    Arbitrary<List<Integer>> margins = Arbitraries.integers().between(0, 2).list().ofSize(3);
    Tensor matrix = zeros(2, 5);
    return OpRow.of(
            Pad.class,
            combine(Draw.shapes(0, 3), margins, margins, Draw.numbers(), Draw.seeds())
                .as(
                    (shape, before, after, value, seed) ->
                        OpCase.of(
                            new Pad(
                                before.subList(0, shape.rank()),
                                after.subList(0, shape.rank()),
                                value),
                            fill(seed, nonzero(), shape))))
        .exact()
        .oracle(
            c -> {
              Pad pad = c.op(Pad.class);
              Naive x = Naive.of(c.input(0));
              int[] dims = x.dims();
              for (int k = 0; k < dims.length; k++) {
                dims[k] += pad.before().get(k) + pad.after().get(k);
              }
              return generate(
                  dims,
                  i -> {
                    int[] j = i.clone();
                    for (int k = 0; k < j.length; k++) {
                      j[k] -= pad.before().get(k);
                      if (j[k] < 0 || j[k] >= x.dim(k)) {
                        return pad.value();
                      }
                    }
                    return x.at(j);
                  });
            })
        .edges(
            OpCase.of(new Pad(List.of(), List.of(), 7), numbers()),
            OpCase.of(new Pad(List.of(1), List.of(2), 7), numbers(0)),
            OpCase.of(new Pad(List.of(0, 1), List.of(0, 0), 7), numbers(1, 1)))
        .calls(
            call(x -> Ops.pad(x, new int[] {0, 1}, new int[] {1, 2}, 0.5), count(2, 2))
                .gives(array(shape(3, 5), halves)),
            call(x -> Ops.pad(x, new int[2], new int[2], 7), count(2, 2)).gives(count(2, 2)),
            call(x -> Ops.pad(x, new int[] {1}, new int[] {0}, -INF), vector(7))
                .gives(vector(-INF, 7)),
            call(x -> Ops.pad(x, new int[] {1}, new int[] {2}, 9), vector()).gives(vector(9, 9, 9)),
            call(x -> Ops.pad(x, new int[0], new int[0], 9), scalar(7)).gives(scalar(7)))
        .refuses(
            IllegalArgumentException.class,
            "pad: a margin before of -1, expected at least 0",
            () -> Ops.pad(matrix, new int[] {0, -1}, new int[] {0, 2}, 0))
        .refuses(
            IllegalArgumentException.class,
            "pad: a margin after of -2, expected at least 0",
            () -> Ops.pad(matrix, new int[] {0, 2}, new int[] {-2, 0}, 0))
        .refuses(
            ShapeException.class,
            "pad: margins [1] before and [2, 3] after, expected 2 each for [2, 5]",
            () -> Ops.pad(matrix, new int[] {1}, new int[] {2, 3}, 0))
        .refuses(
            ShapeException.class,
            "pad: margins [1, 2] before and [3, 4, 5] after, expected 2 each for [2, 5]",
            () -> Ops.pad(matrix, new int[] {1, 2}, new int[] {3, 4, 5}, 0))
        .refuses(
            ShapeException.class,
            "pad: axis 1 would have an extent of 4294967299, which no array holds",
            () -> Ops.pad(matrix, new int[] {0, HUGE}, new int[] {0, HUGE}, 0))
        .refuses(
            ShapeException.class,
            "pad: [50002, 50005] has at least 2500350010 elements, and an array holds at most"
                + " 2147483639",
            () -> Ops.pad(matrix, new int[] {50_000, 50_000}, new int[2], 0));
  }

  private static OpRow flip() {
    return OpRow.of(
            Flip.class,
            Draw.shapes(0, 3)
                .flatMap(
                    shape ->
                        combine(Draw.axes(shape), Draw.seeds())
                            .as(
                                (axes, seed) ->
                                    OpCase.of(new Flip(axes), fill(seed, nonzero(), shape)))))
        .exact()
        .oracle(
            c -> {
              Naive x = Naive.of(c.input(0));
              List<Integer> axes = c.op(Flip.class).axes();
              return generate(
                  x.dims(),
                  i -> {
                    int[] j = i.clone();
                    axes.stream()
                        .map(axis -> axis(axis, j.length))
                        .forEach(k -> j[k] = x.dim(k) - 1 - i[k]);
                    return x.at(j);
                  });
            })
        .edges(
            OpCase.of(new Flip(List.of()), numbers()),
            OpCase.of(new Flip(List.of(0)), numbers(0)),
            OpCase.of(new Flip(List.of(1, 0)), numbers(2, 0)),
            OpCase.of(new Flip(List.of(0, -1)), numbers(1, 1)))
        .calls(
            call(x -> Ops.flip(x, 0), count(2, 3)).gives(array(shape(2, 3), 4, 5, 6, 1, 2, 3)),
            call(x -> Ops.flip(x, -1), count(2, 3)).gives(array(shape(2, 3), 3, 2, 1, 6, 5, 4)),
            call(x -> Ops.flip(x, 0, 1), count(2, 3)).gives(array(shape(2, 3), 6, 5, 4, 3, 2, 1)),
            call(Ops::flip, count(2, 3)).gives(array(shape(2, 3), 6, 5, 4, 3, 2, 1)),
            call(x -> Ops.flip(x, 1), count(2, 2, 2))
                .gives(array(shape(2, 2, 2), 3, 4, 1, 2, 7, 8, 5, 6)),
            call(Ops::flip, array(shape(0, 2))).gives(array(shape(0, 2))),
            call(Ops::flip, scalar(7)).gives(scalar(7)))
        .refuses(
            ShapeException.class,
            "flip: there is no axis 2 in [2, 5], which has rank 2",
            () -> Ops.flip(zeros(2, 5), 2))
        .refuses(
            ShapeException.class,
            "flip: axis 1 is named twice in [1, -1]",
            () -> Ops.flip(zeros(2, 5), 1, -1));
  }

  private static Stream<OpRow> tiles() {
    return Stream.of(
        tile(2, 3)
            .calls(
                "tile",
                call(x -> Ops.tile(x, 2), count(2, 2))
                    .gives(array(shape(2, 4), 1, 2, 1, 2, 3, 4, 3, 4)),
                call(x -> Ops.tile(x, 2, 1), count(2, 2))
                    .gives(array(shape(4, 2), 1, 2, 3, 4, 1, 2, 3, 4)),
                call(x -> Ops.tile(x, 2, 1, 1), count(2, 2))
                    .gives(array(shape(2, 2, 2), 1, 2, 3, 4, 1, 2, 3, 4)),
                call(x -> Ops.tile(x, 2, 2), vector(1, 2))
                    .gives(array(shape(2, 4), 1, 2, 1, 2, 1, 2, 1, 2)),
                call(x -> Ops.tile(x, 3), scalar(7)).gives(vector(7, 7, 7)),
                call(Ops::tile, count(2, 2)).gives(count(2, 2)),
                call(x -> Ops.tile(x, 0), count(2, 2)).gives(array(shape(2, 0)))),
        tile(2),
        tile(1, 3, 1, 2),
        tile(0));
  }

  private static OpRow tile(int... times) {
    return OpRow.function(
            "tile " + Arrays.toString(times),
            combine(Draw.shapes(0, 3), Draw.seeds()).as((shape, seed) -> tiled(times, seed, shape)))
        .exact()
        .oracle(
            c -> {
              int[] own = c.input(0).shape().toArray();
              int rank = Math.max(own.length, times.length);
              int[] dims = new int[rank];
              for (int k = 1; k <= rank; k++) { // counted from the right
                int extent = k <= own.length ? own[own.length - k] : 1;
                dims[rank - k] = k <= times.length ? extent * times[times.length - k] : extent;
              }
              Naive x = Naive.of(c.input(0));
              return generate(
                  dims,
                  i -> {
                    int[] j = Arrays.copyOfRange(i, rank - own.length, rank);
                    for (int k = 0; k < j.length; k++) {
                      j[k] %= own[k];
                    }
                    return x.at(j);
                  });
            })
        .edges(tiled(times, 1, shape()), tiled(times, 1, shape(0)), tiled(times, 1, shape(1)))
        .refuses(
            ShapeException.class,
            "tile: repetitions [2, -1], expected none below 0",
            () -> Ops.tile(zeros(2, 5), 2, -1))
        .refuses(
            ShapeException.class,
            "tile: [2147483647, 0] has, but for extents of 0, at least 2147483647 elements, and an"
                + " array holds at most 2147483639",
            () -> Ops.tile(zeros(1, 0), HUGE, 1))
        .refuses(
            ShapeException.class,
            "tile: axis 0 would have an extent of 4294967294, which no array holds",
            () -> Ops.tile(zeros(2, 0), HUGE, 1));
  }

  private static OpCase tiled(int[] times, long seed, Shape shape) {
    return OpCase.of(
        "tile " + Arrays.toString(times),
        in -> Ops.tile(in.get(0), times),
        fill(seed, nonzero(), shape));
  }

  // ---- what the rows share ---------------------------------------------------------------------

  static int axis(int axis, int rank) {
    return axis < 0 ? axis + rank : axis;
  }

  static int[] with(int[] index, int axis, int i) {
    int[] result = index.clone();
    result[axis] = i;
    return result;
  }
}
