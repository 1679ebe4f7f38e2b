package org.gradus.autograd.ops;

import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.values;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Draw.fill;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;
import org.junit.jupiter.api.function.Executable;

/** The rows of the ops that only move elements, repeat them, or add up what was repeated. */
final class ShapeRows {
  private static final int HUGE = Integer.MAX_VALUE;

  private ShapeRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(
            Stream.of(reshape(), reshapeWithAnUnknown(), flatten(), permute(), transpose()),
            Stream.of(broadcastTo(), sumTo()),
            Stream.of(slice(), sliceInput(), concat(), pad(), flip(), gather(), scatterAdd()),
            stacks(),
            tiles())
        .flatMap(rows -> rows);
  }

  // ---- other shapes ----------------------------------------------------------------------------

  private static OpRow reshape() {
    OpRow row =
        OpRow.of(
                Reshape.class,
                combine(Draw.shapes(0, 3), Draw.shapes(0, 3), Draw.seeds())
                    .as(
                        (shape, other, seed) ->
                            OpCase.of(
                                new Reshape(other.size() == shape.size() ? other : reversed(shape)),
                                fill(seed, nonzero(), shape))))
            .exact()
            .oracle(c -> inOrder(c.op(Reshape.class).shape(), c.input(0)))
            .edges(
                OpCase.of(new Reshape(shape(1, 1)), numbers()),
                OpCase.of(new Reshape(shape()), numbers(1)),
                OpCase.of(new Reshape(shape(5, 0)), numbers(0, 3)));
    Tensor x = zeros(2, 3);
    row = refuses(row, "reshape: [2, 3] has 6 elements, but [4] has 4", () -> Ops.reshape(x, 4));
    row = refuses(row, "reshape: [2, 3] has 6 elements, but [] has 1", () -> Ops.reshape(x));
    row =
        refuses(
            row, "reshape: [2, 3] has 6 elements, but [0, 6] has 0", () -> Ops.reshape(x, 0, 6));
    row = refuses(row, "reshape: [-2, 3] has the negative extent -2", () -> Ops.reshape(x, -2, 3));
    return refuses(
        row,
        "reshape: [50000, 50000] has at least 2500000000 elements, and an array holds at most"
            + " 2147483639",
        () -> Ops.reshape(x, 50_000, 50_000));
  }

  private static OpRow reshapeWithAnUnknown() {
    String hold = " hold the 6 elements of [2, 3]";
    OpRow row =
        OpRow.function(
                "reshape to [-1, 2]",
                combine(Draw.shapes(0, 3), Draw.seeds())
                    .as((shape, seed) -> toPairs(Shape.of(concat(shape, 2)), seed)))
            .exact()
            .oracle(c -> inOrder(shape(c.input(0).size() / 2, 2), c.input(0)))
            .edges(toPairs(shape(2), 1), toPairs(shape(0, 3), 1), toPairs(shape(2, 1, 1), 1));
    Tensor x = zeros(2, 3);
    row =
        refuses(
            row,
            "reshape: no single extent in place of -1 makes [4, -1]" + hold,
            () -> Ops.reshape(x, 4, -1));
    row =
        refuses(
            row,
            "reshape: no single extent in place of -1 makes [-1, -2]" + hold,
            () -> Ops.reshape(x, -1, -2));
    row =
        refuses(
            row,
            "reshape: no single extent in place of -1 makes [65536, 65536, 65536, 65536, -1]"
                + hold,
            () -> Ops.reshape(x, 1 << 16, 1 << 16, 1 << 16, 1 << 16, -1));
    row =
        refuses(
            row,
            "reshape: no single extent in place of -1 makes [0, -1] hold the 0 elements of [0, 3]",
            () -> Ops.reshape(zeros(0, 3), 0, -1));
    return refuses(
        row,
        "reshape: [-1, 2, -1] has more than one -1, expected at most one",
        () -> Ops.reshape(x, -1, 2, -1));
  }

  private static OpCase toPairs(Shape shape, long seed) {
    return OpCase.of(
        "reshape to [-1, 2]", in -> Ops.reshape(in.get(0), -1, 2), fill(seed, nonzero(), shape));
  }

  private static OpRow flatten() {
    OpRow row =
        OpRow.function(
                "flatten",
                combine(Draw.shapes(1, 4), Draw.seeds())
                    .as(
                        (shape, seed) ->
                            OpCase.of(
                                "flatten",
                                in -> Ops.flatten(in.get(0)),
                                fill(seed, nonzero(), shape))))
            .exact()
            .oracle(
                c -> {
                  Shape x = c.input(0).shape();
                  return inOrder(shape(x.dim(0), x.size(1, x.rank())), c.input(0));
                })
            .edges(
                OpCase.of("flatten", in -> Ops.flatten(in.get(0)), List.of(numbers(1))),
                OpCase.of("flatten", in -> Ops.flatten(in.get(0)), List.of(numbers(2, 0, 3))));
    return refuses(row, "flatten: [] has rank 0, expected 1 or higher", () -> Ops.flatten(zeros()));
  }

  private static OpRow permute() {
    OpRow row =
        OpRow.of(
                Permute.class,
                Draw.shapes(0, 4)
                    .flatMap(
                        shape ->
                            combine(Arbitraries.shuffle(range(shape.rank())), Draw.seeds())
                                .as(
                                    (axes, seed) ->
                                        OpCase.of(
                                            new Permute(axes), fill(seed, nonzero(), shape)))))
            .exact()
            .oracle(
                c -> {
                  List<Integer> axes = c.op(Permute.class).axes();
                  Naive x = Naive.of(c.input(0));
                  return generate(
                      axes.stream().mapToInt(x::dim).toArray(),
                      i -> {
                        int[] j = new int[i.length];
                        for (int k = 0; k < j.length; k++) {
                          j[axes.get(k)] = i[k];
                        }
                        return x.at(j);
                      });
                })
            .edges(
                OpCase.of(new Permute(List.of()), numbers()),
                OpCase.of(new Permute(List.of(1, 0)), numbers(2, 0)),
                OpCase.of(new Permute(List.of(2, 0, 1)), numbers(1, 3, 1)));
    for (int[] axes : new int[][] {{0, 0}, {1, 2}, {-1, 0}, {0}, {}}) {
      row =
          refuses(
              row,
              "permute: axes %s are not a permutation of the 2 axes of [2, 3]"
                  .formatted(Arrays.toString(axes)),
              () -> Ops.permute(zeros(2, 3), axes));
    }
    return row;
  }

  private static OpRow transpose() {
    OpRow row =
        OpRow.function(
                "transpose",
                combine(Draw.shapes(2, 4), Draw.seeds())
                    .as((shape, seed) -> transposed(fill(seed, nonzero(), shape))))
            .exact()
            .oracle(
                c -> {
                  Naive x = Naive.of(c.input(0));
                  return generate(exchanged(x.dims()), i -> x.at(exchanged(i)));
                })
            .edges(transposed(List.of(numbers(1, 1))), transposed(List.of(numbers(0, 3))));
    row =
        refuses(
            row, "transpose: [3] has rank 1, expected 2 or higher", () -> Ops.transpose(zeros(3)));
    return refuses(
        row, "transpose: [] has rank 0, expected 2 or higher", () -> Ops.transpose(zeros()));
  }

  private static OpCase transposed(List<NdArray> inputs) {
    return OpCase.of("transpose", in -> Ops.transpose(in.get(0)), inputs);
  }

  private static int[] exchanged(int[] numbers) {
    int[] result = numbers.clone();
    result[numbers.length - 1] = numbers[numbers.length - 2];
    result[numbers.length - 2] = numbers[numbers.length - 1];
    return result;
  }

  // ---- repeated and added up -------------------------------------------------------------------

  private static OpRow broadcastTo() {
    OpRow row =
        resizing(
                BroadcastTo.class,
                (small, large) -> new BroadcastTo(large),
                (small, large) -> small)
            .oracle(
                c ->
                    generate(
                        c.op(BroadcastTo.class).shape().toArray(),
                        Naive.of(c.input(0))::broadcastAt))
            .edges(
                OpCase.of(new BroadcastTo(shape()), numbers()),
                OpCase.of(new BroadcastTo(shape(2, 0)), numbers()),
                OpCase.of(new BroadcastTo(shape(0, 1)), numbers(1)),
                OpCase.of(new BroadcastTo(shape(3, 2, 1)), numbers(2, 1)));
    String expected = ": aligned at the right, expected each extent equal or 1";
    for (Shape[] pair :
        new Shape[][] {
          {shape(2, 3), shape(2, 4)},
          {shape(2, 3), shape(3)},
          {shape(3), shape(3, 2)},
          {shape(3), shape(1)}
        }) {
      row =
          refuses(
              row,
              "broadcastTo: %s does not broadcast to %s".formatted(pair[0], pair[1]) + expected,
              () -> Ops.broadcastTo(zeros(pair[0].toArray()), pair[1]));
    }
    return refuses(
        row,
        "broadcastTo: [50000, 1] does not broadcast to [1, 50000]" + expected,
        () -> Ops.broadcastTo(zeros(50_000, 1), shape(1, 50_000)));
  }

  private static OpRow sumTo() {
    OpRow row =
        resizing(SumTo.class, (small, large) -> new SumTo(small), (small, large) -> large)
            .oracle(
                c -> {
                  Naive x = Naive.of(c.input(0));
                  Shape small = c.op(SumTo.class).shape();
                  NdArray indices = Naive.of(flatIndices(small)).as(DType.FLOAT64).value();
                  double[] sums = new double[small.size()];
                  for (int[] index : Naive.indices(x.dims())) {
                    sums[(int) Naive.of(indices).broadcastAt(index)] += x.at(index);
                  }
                  return NdArray.of(sums, small.toArray());
                })
            .edges(
                OpCase.of(new SumTo(shape()), numbers()),
                OpCase.of(new SumTo(shape(1, 2)), numbers(0, 2)),
                OpCase.of(new SumTo(shape()), numbers(2, 0)),
                OpCase.of(new SumTo(shape(2, 1)), numbers(3, 2, 1)));
    String expected = ": aligned at the right, expected each extent equal or 1";
    row =
        refuses(
            row,
            "sumTo: [2] does not broadcast to [2, 3]" + expected,
            () -> Ops.sumTo(zeros(2, 3), shape(2)));
    return refuses(
        row,
        "sumTo: [2, 3] does not broadcast to [3]" + expected,
        () -> Ops.sumTo(zeros(3), shape(2, 3)));
  }

  private static NdArray flatIndices(Shape shape) {
    return NdArray.generate(DType.FLOAT64, shape, i -> i);
  }

  /** Ops between a shape and one that broadcasts to it; the input has one of the two. */
  private static OpRow resizing(
      Class<? extends Op> type, BiFunction<Shape, Shape, Op> op, BinaryOperator<Shape> input) {
    return OpRow.of(
            type,
            Draw.shapes(0, 3)
                .flatMap(
                    large ->
                        combine(Draw.within(large), Draw.seeds())
                            .as(
                                (small, seed) ->
                                    OpCase.of(
                                        op.apply(small, large),
                                        fill(seed, nonzero(), input.apply(small, large))))))
        .exact();
  }

  // ---- parts -----------------------------------------------------------------------------------

  private static OpRow slice() {
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
                OpCase.of(new Slice(-2, 0, 0, 3), numbers(0, 2)));
    Tensor x = zeros(2, 5);
    row =
        refuses(
            row,
            "slice: there is no axis 2 in [2, 5], which has rank 2",
            () -> Ops.slice(x, 2, 0, 1));
    for (int[] ends : new int[][] {{0, 6}, {3, 2}, {-6, 2}, {0, -6}, {6, 6}, {HUGE, HUGE}}) {
      row =
          refuses(
              row,
              "slice: from %s to %s is not within axis 1 of [2, 5], which has extent 5"
                  .formatted(ends[0], ends[1]),
              () -> Ops.slice(x, -1, ends[0], ends[1]));
    }
    return row.refuses(
        IllegalArgumentException.class,
        "slice: step 0, expected at least 1",
        () -> Ops.slice(x, 1, 0, 5, 0));
  }

  private static OpRow sliceInput() {
    Slice slice = new Slice(-1, 0, 3, 2);
    OpRow row =
        OpRow.of(SliceInput.class, slices(SliceInput::new, false))
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
            .edges(
                OpCase.of(new SliceInput(new Slice(0, 0, 1, 1), shape(1)), numbers(1)),
                OpCase.of(new SliceInput(new Slice(0, 1, 1, 1), shape(1, 2)), numbers(0, 2)),
                OpCase.of(new SliceInput(new Slice(1, 1, 2, 2), shape(0, 2)), numbers(0, 1)));
    row =
        refuses(
            row,
            "sliceInput: from 0 to 3 is not within axis 1 of [3, 2], which has extent 2",
            () -> Tensor.of(new SliceInput(slice, shape(3, 2)), zeros(3, 2)));
    return refuses(
        row,
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
    OpRow row =
        OpRow.of(
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
                                            new Concat(axis),
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
                OpCase.of(new Concat(0), numbers(0)),
                OpCase.of(new Concat(0), numbers(1), numbers(0), numbers(1)),
                OpCase.of(new Concat(1), numbers(0, 2), numbers(0, 1)));
    Tensor x = zeros(2, 5);
    row =
        refuses(
            row,
            "concat: there is no axis -3 in [2, 5], which has rank 2",
            () -> Ops.concat(-3, x, x));
    row =
        refuses(
            row,
            "concat: there is no axis 0 in [], which has rank 0",
            () -> Ops.concat(0, zeros(), zeros()));
    String same = ": expected the same extents on all axes but ";
    row =
        refuses(
            row,
            "concat: input 1 has shape [3, 5], but input 0 has [2, 5]" + same + 1,
            () -> Ops.concat(-1, x, zeros(3, 5)));
    row =
        refuses(
            row,
            "concat: input 2 has shape [2], but input 0 has [2, 5]" + same + 0,
            () -> Ops.concat(0, x, x, zeros(2)));
    return refuses(
        row,
        "concat: axis 0 would have an extent of 2147483648, which no array holds",
        () -> Ops.concat(0, zeros(1 << 30, 0), zeros(1 << 30, 0)));
  }

  private static Stream<OpRow> stacks() {
    return IntStream.of(0, 1, -1).mapToObj(ShapeRows::stack);
  }

  private static OpRow stack(int axis) {
    Tensor x = zeros(2, 5);
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
                stacked(axis, List.of(numbers(1, 1), numbers(1, 1))));
    row = axis == 1 ? row : row.edges(stacked(axis, List.of(numbers(), numbers())));
    row =
        refuses(
            row,
            "stack: input 1 has shape [5, 2], but input 0 has [2, 5]",
            () -> Ops.stack(axis, x, zeros(5, 2)));
    row =
        refuses(
            row,
            "stack: there is no axis 3 in [2, 5, 1], which has rank 3",
            () -> Ops.stack(3, x, x));
    return row.refuses(
        IllegalArgumentException.class,
        "concat: 0 inputs, expected one or more",
        () -> Ops.stack(axis));
  }

  private static OpCase stacked(int axis, List<NdArray> inputs) {
    return OpCase.of(
        "stack along axis " + axis, in -> Ops.stack(axis, in.toArray(new Tensor[0])), inputs);
  }

  private static OpRow pad() {
    Arbitrary<List<Integer>> margins = Arbitraries.integers().between(0, 2).list().ofSize(3);
    OpRow row =
        OpRow.of(
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
                OpCase.of(new Pad(List.of(0, 1), List.of(0, 0), 7), numbers(1, 1)));
    Tensor x = zeros(2, 5);
    row =
        row.refuses(
            IllegalArgumentException.class,
            "pad: a margin before of -1, expected at least 0",
            () -> Ops.pad(x, new int[] {0, -1}, new int[] {0, 2}, 0));
    row =
        row.refuses(
            IllegalArgumentException.class,
            "pad: a margin after of -2, expected at least 0",
            () -> Ops.pad(x, new int[] {0, 2}, new int[] {-2, 0}, 0));
    row =
        refuses(
            row,
            "pad: margins [1] before and [2, 3] after, expected 2 each for [2, 5]",
            () -> Ops.pad(x, new int[] {1}, new int[] {2, 3}, 0));
    row =
        refuses(
            row,
            "pad: margins [1, 2] before and [3, 4, 5] after, expected 2 each for [2, 5]",
            () -> Ops.pad(x, new int[] {1, 2}, new int[] {3, 4, 5}, 0));
    row =
        refuses(
            row,
            "pad: axis 1 would have an extent of 4294967299, which no array holds",
            () -> Ops.pad(x, new int[] {0, HUGE}, new int[] {0, HUGE}, 0));
    return refuses(
        row,
        "pad: [50002, 50005] has at least 2500350010 elements, and an array holds at most"
            + " 2147483639",
        () -> Ops.pad(x, new int[] {50_000, 50_000}, new int[2], 0));
  }

  private static OpRow flip() {
    OpRow row =
        OpRow.of(
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
                OpCase.of(new Flip(List.of(0, -1)), numbers(1, 1)));
    row =
        refuses(
            row,
            "flip: there is no axis 2 in [2, 5], which has rank 2",
            () -> Ops.flip(zeros(2, 5), 2));
    return refuses(
        row, "flip: axis 1 is named twice in [1, -1]", () -> Ops.flip(zeros(2, 5), 1, -1));
  }

  private static Stream<OpRow> tiles() {
    return Stream.of(new int[] {2, 3}, new int[] {2}, new int[] {1, 3, 1, 2}, new int[] {0})
        .map(ShapeRows::tile);
  }

  private static OpRow tile(int[] times) {
    OpRow row =
        OpRow.function(
                "tile " + Arrays.toString(times),
                combine(Draw.shapes(0, 3), Draw.seeds())
                    .as((shape, seed) -> tiled(times, seed, shape)))
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
            .edges(tiled(times, 1, shape()), tiled(times, 1, shape(0)), tiled(times, 1, shape(1)));
    row =
        refuses(
            row,
            "tile: repetitions [2, -1], expected none below 0",
            () -> Ops.tile(zeros(2, 5), 2, -1));
    return refuses(
        row,
        "tile: axis 0 would have an extent of 4294967294, which no array holds",
        () -> Ops.tile(zeros(2, 0), HUGE, 1));
  }

  private static OpCase tiled(int[] times, long seed, Shape shape) {
    return OpCase.of(
        "tile " + Arrays.toString(times),
        in -> Ops.tile(in.get(0), times),
        fill(seed, nonzero(), shape));
  }

  // ---- by position -----------------------------------------------------------------------------

  private static OpRow gather() {
    Indices index = Indices.of(new int[] {1, 0, 2, 2}, 2, 2);
    OpRow row =
        OpRow.of(
                Gather.class,
                picks(
                    (whole, picked) ->
                        (axis, indices, seed) ->
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
                OpCase.of(new Gather(-1, Indices.of(new int[] {1, 1, 1}, 1, 3)), numbers(1, 2)));
    row =
        refuses(
            row,
            "gather: there is no axis 2 in [2, 3], which has rank 2",
            () -> Ops.gather(zeros(2, 3), 2, index));
    row =
        refuses(
            row,
            "gather: indices [2, 2] into [3, 3], expected the same extents on all axes but 1",
            () -> Ops.gather(zeros(3, 3), -1, index));
    row =
        refuses(
            row,
            "gather: indices [2, 2] into [3], expected the same extents on all axes but 0",
            () -> Ops.gather(zeros(3), 0, index));
    row =
        row.refuses(
            IllegalArgumentException.class,
            "gather: index 2 at [1, 0] is outside axis 1 of [2, 2], which has extent 2",
            () -> Ops.gather(zeros(2, 2), 1, index));
    return row.refuses(
        IllegalArgumentException.class,
        "gather: index -1 at [1] is outside axis 0 of [3], which has extent 3",
        () -> Ops.gather(zeros(3), 0, Indices.of(new int[] {0, -1}, 2)));
  }

  private static OpRow scatterAdd() {
    Indices index = Indices.of(new int[] {1, 0, 2, 2}, 2, 2);
    OpRow row =
        OpRow.of(
                ScatterAdd.class,
                picks(
                    (whole, picked) ->
                        (axis, indices, seed) ->
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
                OpCase.of(
                    new ScatterAdd(-1, Indices.of(new int[] {1, 1, 1}, 1, 3), 2), numbers(1, 3)))
            .gives( // added in the order along the axis: 1 + 1e17 is 1e17
                OpCase.of(
                    new ScatterAdd(0, Indices.of(new int[] {0, 0, 0}, 3), 1),
                    NdArray.of(values(1, 1e17, -1e17), 3)),
                NdArray.of(values(0), 1));
    row =
        refuses(
            row,
            "scatterAdd: there is no axis -3 in [2, 2], which has rank 2",
            () -> Ops.scatterAdd(zeros(2, 2), -3, index, 3));
    row =
        refuses(
            row,
            "scatterAdd: input [2, 3] and indices [2, 2] differ in shape",
            () -> Ops.scatterAdd(zeros(2, 3), 1, index, 3));
    row =
        refuses(
            row,
            "scatterAdd: [2, -1] has the negative extent -1",
            () -> Ops.scatterAdd(zeros(2, 2), 1, index, -1));
    return row.refuses(
        IllegalArgumentException.class,
        "scatterAdd: index 2 at [1, 0] is outside axis 0 of [2, 2], which has extent 2",
        () -> Ops.scatterAdd(zeros(2, 2), 0, index, 2));
  }

  /** A case from an axis, indices along it, and a seed. */
  private interface Picked {
    OpCase of(int axis, Indices indices, long seed);
  }

  /** Indices of a drawn shape into one of another extent along the axis. */
  private static Arbitrary<OpCase> picks(BiFunction<Shape, Shape, Picked> op) {
    return Draw.shapes(1, 3)
        .flatMap(
            whole ->
                combine(Draw.axis(whole), Arbitraries.integers().between(0, 4), Draw.seeds())
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
                          return op.apply(whole, picked).of(axis, indices, seed);
                        }));
  }

  private static Naive asNaive(Indices indices) {
    return Naive.of(NdArray.generate(DType.FLOAT64, indices.shape(), indices::at));
  }

  // ---- what the rows share ---------------------------------------------------------------------

  private static OpRow refuses(OpRow row, String message, Executable call) {
    return row.refuses(ShapeException.class, message, call);
  }

  private static NdArray numbers(int... dims) {
    return nonzero().draw(Shape.of(dims), 3);
  }

  private static Tensor zeros(int... dims) {
    return Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(dims)));
  }

  private static NdArray generate(int[] dims, ToDoubleFunction<int[]> f) {
    return Naive.generate(dims, f).as(DType.FLOAT64).value();
  }

  /** The same numbers in the same order. */
  private static NdArray inOrder(Shape shape, NdArray x) {
    return NdArray.generate(DType.FLOAT64, shape, x::at);
  }

  private static int axis(int axis, int rank) {
    return axis < 0 ? axis + rank : axis;
  }

  private static int[] with(int[] index, int axis, int i) {
    int[] result = index.clone();
    result[axis] = i;
    return result;
  }

  private static int[] concat(Shape shape, int last) {
    int[] dims = Arrays.copyOf(shape.toArray(), shape.rank() + 1);
    dims[shape.rank()] = last;
    return dims;
  }

  private static List<Integer> range(int end) {
    return IntStream.range(0, end).boxed().toList();
  }

  private static Shape reversed(Shape shape) {
    int[] dims = new int[shape.rank()];
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = shape.dim(-1 - axis);
    }
    return Shape.of(dims);
  }
}
