package org.gradus.autograd.ops;

import static net.jqwik.api.Combinators.combine;
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
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/**
 * The rows of the ops that give elements another shape, repeat them, or add up what was repeated.
 */
final class ShapeRows {
  private ShapeRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(
        reshape(),
        reshapeWithAnUnknown(),
        flatten(),
        permute(),
        transpose(),
        broadcastTo(),
        sumTo());
  }

  // ---- other shapes ----------------------------------------------------------------------------

  private static OpRow reshape() {
    Tensor matrix = zeros(2, 3);
    return OpRow.of(
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
            OpCase.of(new Reshape(shape(5, 0)), numbers(0, 3)))
        .calls(
            "expandDims",
            call(x -> Ops.expandDims(x, 0), count(2, 3)).gives(count(1, 2, 3)),
            call(x -> Ops.expandDims(x, 1), count(2, 3)).gives(count(2, 1, 3)),
            call(x -> Ops.expandDims(x, -1), count(2, 3)).gives(count(2, 3, 1)),
            call(x -> Ops.expandDims(x, -3), count(2, 3)).gives(count(1, 2, 3)),
            call(x -> Ops.expandDims(x, 0), scalar(7)).gives(vector(7)).gradients(scalar(1)))
        .calls(
            "squeeze",
            call(x -> Ops.squeeze(x, 1), count(2, 1, 3, 1)).gives(count(2, 3, 1)),
            call(x -> Ops.squeeze(x, -1, 1), count(2, 1, 3, 1)).gives(count(2, 3)),
            call(Ops::squeeze, count(2, 1, 3, 1)).gives(count(2, 3)),
            call(Ops::squeeze, count(2, 3)).gives(count(2, 3)),
            call(Ops::squeeze, array(shape(1, 1), 7))
                .gives(scalar(7))
                .gradients(array(shape(1, 1), 1)))
        .refuses(
            ShapeException.class,
            "expandDims: axis 3 of [2, 3] and one more, expected -3 to 2",
            () -> Ops.expandDims(matrix, 3))
        .refuses(
            ShapeException.class,
            "squeeze: axis 1 of [2, 3] has extent 3, expected 1",
            () -> Ops.squeeze(matrix, -1))
        .refuses(
            ShapeException.class,
            "squeeze: there is no axis 2 in [2, 3], which has rank 2",
            () -> Ops.squeeze(matrix, 2))
        .refuses(
            ShapeException.class,
            "squeeze: axis 0 is named twice in [0, -2]",
            () -> Ops.squeeze(zeros(1, 3), 0, -2))
        .calls(
            call(x -> Ops.reshape(x, 3, 4), count(2, 6)).gives(count(3, 4)),
            call(x -> Ops.reshape(x, 3, -1, 4), count(2, 6)).gives(count(3, 1, 4)),
            call(x -> Ops.reshape(x, -1), count(2, 6)).gives(count(12)),
            call(x -> Ops.reshape(x, 12, -1), count(2, 6)).gives(count(12, 1)),
            call(Ops::reshape, vector(7)).gives(scalar(7)),
            call(x -> Ops.reshape(x, 1, -1), scalar(7)).gives(array(shape(1, 1), 7)),
            call(x -> Ops.reshape(x, 5, -1), array(shape(0, 3))).gives(array(shape(5, 0))),
            call(x -> Ops.reshape(x, 0, 5), array(shape(0, 3))).gives(array(shape(0, 5))),
            call(x -> Ops.reshape(x, 3, 2), array(shape(2, 3), 0, 0, 0, 0, 0, 0))
                .cotangent(1, 2, 3, 4, 5, 6)
                .gradients(count(2, 3)))
        .refuses(
            ShapeException.class,
            "reshape: [2, 3] has 6 elements, but [4] has 4",
            () -> Ops.reshape(matrix, 4))
        .refuses(
            ShapeException.class,
            "reshape: [2, 3] has 6 elements, but [] has 1",
            () -> Ops.reshape(matrix))
        .refuses(
            ShapeException.class,
            "reshape: [2, 3] has 6 elements, but [0, 6] has 0",
            () -> Ops.reshape(matrix, 0, 6))
        .refuses(
            ShapeException.class,
            "reshape: [-2, 3] has the negative extent -2",
            () -> Ops.reshape(matrix, -2, 3))
        .refuses(
            ShapeException.class,
            "reshape: [50000, 50000] has at least 2500000000 elements, and an array holds at most"
                + " 2147483639",
            () -> Ops.reshape(matrix, 50_000, 50_000));
  }

  private static OpRow reshapeWithAnUnknown() {
    String hold = " hold the 6 elements of [2, 3]";
    Tensor matrix = zeros(2, 3);
    return OpRow.function(
            "reshape to [-1, 2]",
            combine(Draw.shapes(0, 3), Draw.seeds())
                .as((shape, seed) -> toPairs(Shape.of(concat(shape, 2)), seed)))
        .exact()
        .oracle(c -> inOrder(shape(c.input(0).size() / 2, 2), c.input(0)))
        .edges(toPairs(shape(2), 1), toPairs(shape(0, 3), 1), toPairs(shape(2, 1, 1), 1))
        .refuses(
            ShapeException.class,
            "reshape: no single extent in place of -1 makes [4, -1]" + hold,
            () -> Ops.reshape(matrix, 4, -1))
        .refuses(
            ShapeException.class,
            "reshape: no single extent in place of -1 makes [-1, -2]" + hold,
            () -> Ops.reshape(matrix, -1, -2))
        .refuses(
            ShapeException.class,
            "reshape: no single extent in place of -1 makes [65536, 65536, 65536, 65536, -1]"
                + hold,
            () -> Ops.reshape(matrix, 1 << 16, 1 << 16, 1 << 16, 1 << 16, -1))
        .refuses(
            ShapeException.class,
            "reshape: no single extent in place of -1 makes [0, -1] hold the 0 elements of [0, 3]",
            () -> Ops.reshape(zeros(0, 3), 0, -1))
        .refuses(
            ShapeException.class,
            "reshape: [-1, 2, -1] has more than one -1, expected at most one",
            () -> Ops.reshape(matrix, -1, 2, -1));
  }

  private static OpCase toPairs(Shape shape, long seed) {
    return OpCase.of(
        "reshape to [-1, 2]", in -> Ops.reshape(in.get(0), -1, 2), fill(seed, nonzero(), shape));
  }

  private static OpRow flatten() {
    return OpRow.function(
            "flatten",
            combine(Draw.shapes(1, 4), Draw.seeds())
                .as(
                    (shape, seed) ->
                        OpCase.of(
                            "flatten", in -> Ops.flatten(in.get(0)), fill(seed, nonzero(), shape))))
        .exact()
        .oracle(
            c -> {
              Shape x = c.input(0).shape();
              return inOrder(shape(x.dim(0), x.size(1, x.rank())), c.input(0));
            })
        .edges(
            OpCase.of("flatten", in -> Ops.flatten(in.get(0)), List.of(numbers(1))),
            OpCase.of("flatten", in -> Ops.flatten(in.get(0)), List.of(numbers(2, 0, 3))))
        .calls(
            call(Ops::flatten, count(2, 3, 2)).gives(count(2, 6)),
            call(Ops::flatten, count(3)).gives(count(3, 1)),
            call(Ops::flatten, array(shape(0, 2, 3))).gives(array(shape(0, 6))),
            call(Ops::flatten, array(shape(2, 0, 3))).gives(array(shape(2, 0))))
        .refuses(
            ShapeException.class,
            "flatten: [] has rank 0, expected 1 or higher",
            () -> Ops.flatten(zeros()));
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
                OpCase.of(new Permute(List.of(2, 0, 1)), numbers(1, 3, 1)))
            .calls(
                call(x -> Ops.permute(x, 2, 0, 1), count(2, 3, 2))
                    .gives(array(shape(2, 2, 3), 1, 3, 5, 7, 9, 11, 2, 4, 6, 8, 10, 12)),
                call(x -> Ops.permute(x, 1, 0, 2), count(2, 3, 2))
                    .gives(array(shape(3, 2, 2), 1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12)),
                call(x -> Ops.permute(x, 0, 1, 2), count(2, 3, 2)).gives(count(2, 3, 2)),
                call(Ops::permute, scalar(7)).gives(scalar(7)),
                call(x -> Ops.permute(x, 1, 0), array(shape(2, 0))).gives(array(shape(0, 2))),
                call(x -> Ops.permute(x, 2, 0, 1), count(3, 1, 1)).gives(count(1, 3, 1)),
                // [2, 1, 3] made [3, 2, 1]: y[i, j, 0] = x[j, 0, i]
                call(x -> Ops.permute(x, 2, 0, 1), count(2, 1, 3))
                    .cotangent(1, 2, 3, 4, 5, 6)
                    .gradients(array(shape(2, 1, 3), 1, 3, 5, 2, 4, 6)));
    for (int[] axes : new int[][] {{0, 0}, {1, 2}, {-1, 0}, {0}, {}}) {
      row =
          row.refuses(
              ShapeException.class,
              "permute: axes %s are not a permutation of the 2 axes of [2, 3]"
                  .formatted(Arrays.toString(axes)),
              () -> Ops.permute(zeros(2, 3), axes));
    }
    return row;
  }

  private static OpRow transpose() {
    return OpRow.function(
            "transpose",
            combine(Draw.shapes(2, 4), Draw.seeds())
                .as((shape, seed) -> transposed(fill(seed, nonzero(), shape))))
        .exact()
        .oracle(
            c -> {
              Naive x = Naive.of(c.input(0));
              return generate(exchanged(x.dims()), i -> x.at(exchanged(i)));
            })
        .edges(transposed(List.of(numbers(1, 1))), transposed(List.of(numbers(0, 3))))
        .calls(
            call(Ops::transpose, count(2, 3)).gives(array(shape(3, 2), 1, 4, 2, 5, 3, 6)),
            call(Ops::transpose, count(2, 2, 2))
                .gives(array(shape(2, 2, 2), 1, 3, 2, 4, 5, 7, 6, 8)),
            call(Ops::transpose, array(shape(0, 3))).gives(array(shape(3, 0))),
            // g goes back to where the elements came from
            call(Ops::transpose, count(2, 3))
                .cotangent(1, 2, 3, 4, 5, 6)
                .gradients(array(shape(2, 3), 1, 3, 5, 2, 4, 6)))
        .refuses(
            ShapeException.class,
            "transpose: [3] has rank 1, expected 2 or higher",
            () -> Ops.transpose(zeros(3)))
        .refuses(
            ShapeException.class,
            "transpose: [] has rank 0, expected 2 or higher",
            () -> Ops.transpose(zeros()));
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
    String expected = ": aligned at the right, expected each extent equal or 1";
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
                OpCase.of(new BroadcastTo(shape(3, 2, 1)), numbers(2, 1)))
            .calls(
                call(x -> Ops.broadcastTo(x, shape(2, 3)), vector(1, 2, 3))
                    .gives(array(shape(2, 3), 1, 2, 3, 1, 2, 3)),
                call(x -> Ops.broadcastTo(x, shape(2, 2, 2)), array(shape(2, 1), 1, 2))
                    .gives(array(shape(2, 2, 2), 1, 1, 2, 2, 1, 1, 2, 2)),
                call(x -> Ops.broadcastTo(x, shape(1, 2)), scalar(7))
                    .gives(array(shape(1, 2), 7, 7)),
                call(x -> Ops.broadcastTo(x, shape(0, 1)), vector(7)).gives(array(shape(0, 1))),
                call(x -> Ops.broadcastTo(x, shape(2)), vector(1, 2)).gives(vector(1, 2)),
                // g adds up where elements were repeated
                call(x -> Ops.broadcastTo(x, shape(2, 3)), vector(0, 0, 0))
                    .cotangent(1, 2, 3, 4, 5, 6)
                    .gradients(vector(5, 7, 9)))
            .refuses(
                ShapeException.class,
                "broadcastTo: [50000, 1] does not broadcast to [1, 50000]" + expected,
                () -> Ops.broadcastTo(zeros(50_000, 1), shape(1, 50_000)));
    for (Shape[] pair :
        new Shape[][] {
          {shape(2, 3), shape(2, 4)},
          {shape(2, 3), shape(3)},
          {shape(3), shape(3, 2)},
          {shape(3), shape(1)}
        }) {
      row =
          row.refuses(
              ShapeException.class,
              "broadcastTo: %s does not broadcast to %s".formatted(pair[0], pair[1]) + expected,
              () -> Ops.broadcastTo(zeros(pair[0].toArray()), pair[1]));
    }
    return row;
  }

  private static OpRow sumTo() {
    String expected = ": aligned at the right, expected each extent equal or 1";
    return resizing(SumTo.class, (small, large) -> new SumTo(small), (small, large) -> large)
        .oracle(
            c -> {
              Naive x = Naive.of(c.input(0));
              Shape small = c.op(SumTo.class).shape();
              Naive places = Naive.of(NdArray.generate(DType.FLOAT64, small, i -> i));
              double[] sums = new double[small.size()];
              for (int[] index : Naive.indices(x.dims())) {
                sums[(int) places.broadcastAt(index)] += x.at(index);
              }
              return NdArray.of(sums, small.toArray());
            })
        .edges(
            OpCase.of(new SumTo(shape()), numbers()),
            OpCase.of(new SumTo(shape(1, 2)), numbers(0, 2)),
            OpCase.of(new SumTo(shape()), numbers(2, 0)),
            OpCase.of(new SumTo(shape(2, 1)), numbers(3, 2, 1)))
        .calls(
            call(x -> Ops.sumTo(x, shape(3, 2)), count(2, 3, 2))
                .gives(array(shape(3, 2), 8, 10, 12, 14, 16, 18)),
            call(x -> Ops.sumTo(x, shape(3, 1)), count(2, 3, 2))
                .gives(array(shape(3, 1), 18, 26, 34)),
            call(x -> Ops.sumTo(x, shape(2, 1, 2)), count(2, 3, 2))
                .gives(array(shape(2, 1, 2), 9, 12, 27, 30)),
            call(x -> Ops.sumTo(x, shape()), count(2, 3, 2)).gives(scalar(78)),
            call(x -> Ops.sumTo(x, shape(1, 1)), count(2, 3, 2)).gives(array(shape(1, 1), 78)),
            call(x -> Ops.sumTo(x, shape(2, 3, 2)), count(2, 3, 2)).gives(count(2, 3, 2)),
            call(x -> Ops.sumTo(x, shape(1, 2)), array(shape(0, 2)))
                .gives(array(shape(1, 2), 0, 0)),
            call(x -> Ops.sumTo(x, shape(3)), count(2, 3))
                .cotangent(1, 2, 3)
                .gradients(array(shape(2, 3), 1, 2, 3, 1, 2, 3)))
        .refuses(
            ShapeException.class,
            "sumTo: [2] does not broadcast to [2, 3]" + expected,
            () -> Ops.sumTo(zeros(2, 3), shape(2)))
        .refuses(
            ShapeException.class,
            "sumTo: [2, 3] does not broadcast to [3]" + expected,
            () -> Ops.sumTo(zeros(3), shape(2, 3)));
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

  // ---- what the rows share ---------------------------------------------------------------------

  static NdArray numbers(int... dims) {
    return nonzero().draw(Shape.of(dims), 3);
  }

  static NdArray generate(int[] dims, ToDoubleFunction<int[]> f) {
    return Naive.generate(dims, f).as(DType.FLOAT64).value();
  }

  /** The same numbers in the same order. */
  private static NdArray inOrder(Shape shape, NdArray x) {
    return NdArray.generate(DType.FLOAT64, shape, x::at);
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
