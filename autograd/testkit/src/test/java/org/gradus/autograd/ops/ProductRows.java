package org.gradus.autograd.ops;

import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Draw.fill;

import java.util.Arrays;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of products of matrices, and of the bias that is added to them. */
final class ProductRows {
  private ProductRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(matMul(), bias());
  }

  // ---- products --------------------------------------------------------------------------------

  private static OpRow matMul() {
    Arbitrary<Integer> extents = Arbitraries.integers().between(0, 3);
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    return OpRow.of(
            MatMul.class,
            combine(Draw.broadcastable(), flags, flags, extents, extents, extents, Draw.seeds())
                .as(
                    (batches, transposeA, transposeB, m, n, k, seed) ->
                        OpCase.of(
                            new MatMul(transposeA, transposeB),
                            fill(
                                seed,
                                nonzero(),
                                matrices(batches.get(0), transposeA ? k : m, transposeA ? m : k),
                                matrices(batches.get(1), transposeB ? n : k, transposeB ? k : n)))))
        .exact()
        .oracle(ProductRows::product)
        .edges(
            matMulOf(Shape.of(1, 1), Shape.of(1, 1)),
            matMulOf(Shape.of(0, 2), Shape.of(2, 3)),
            matMulOf(Shape.of(2, 0), Shape.of(0, 3)),
            matMulOf(Shape.of(2, 3), Shape.of(3, 0)),
            matMulOf(Shape.of(0, 2, 3), Shape.of(3, 2)),
            matMulOf(Shape.of(2, 1, 2, 1), Shape.of(3, 1, 2)))
        .large(
            matMulOf(Shape.of(33, 65), Shape.of(65, 17)),
            matMulOf(Shape.of(17, 64), Shape.of(64, 65)),
            matMulOf(Shape.of(3, 65, 33), Shape.of(33, 9)),
            matMulOf(Shape.of(2, 1025), Shape.of(1025, 3)),
            matMulOf(Shape.of(1025, 4), Shape.of(4, 9)))
        .calls(
            "matmul",
            call(Ops::matmul, count(2, 3), array(shape(3, 2), 7, 8, 9, 10, 11, 12))
                .gives(array(shape(2, 2), 58, 64, 139, 154)),
            call(
                    (x, y) -> Ops.matmul(Ops.transpose(x), y, true, false),
                    count(2, 3),
                    array(shape(3, 2), 7, 8, 9, 10, 11, 12))
                .gives(array(shape(2, 2), 58, 64, 139, 154)),
            call(
                    (x, y) -> Ops.matmul(x, Ops.transpose(y), false, true),
                    count(2, 3),
                    array(shape(3, 2), 7, 8, 9, 10, 11, 12))
                .gives(array(shape(2, 2), 58, 64, 139, 154)),
            call(
                    (x, y) -> Ops.matmul(Ops.transpose(x), Ops.transpose(y), true, true),
                    count(2, 3),
                    array(shape(3, 2), 7, 8, 9, 10, 11, 12))
                .gives(array(shape(2, 2), 58, 64, 139, 154)),
            call(
                    (x, y) -> Ops.matmul(x, y, true, true),
                    count(2, 3),
                    array(shape(3, 2), 7, 8, 9, 10, 11, 12))
                .gives(array(shape(3, 3), 39, 49, 59, 54, 68, 82, 69, 87, 105)),
            // two matrices on the left, one on the right
            call(Ops::matmul, count(2, 1, 2), array(shape(2, 1), 5, 6))
                .gives(array(shape(2, 1, 1), 1 * 5 + 2 * 6, 3 * 5 + 4 * 6)),
            // [2, 1] and [2] matrices broadcast to [2, 2]
            call(Ops::matmul, array(shape(2, 1, 1, 1), 1, 2), array(shape(2, 1, 1), 30, 40))
                .gives(array(shape(2, 2, 1, 1), 30, 40, 60, 80)),
            call(Ops::matmul, array(shape(1, 1), 2), array(shape(1, 1), 3))
                .gives(array(shape(1, 1), 6)),
            call(Ops::matmul, array(shape(2, 0)), array(shape(0, 2)))
                .gives(array(shape(2, 2), 0, 0, 0, 0)),
            call(Ops::matmul, array(shape(0, 3)), array(shape(3, 2), 7, 8, 9, 10, 11, 12))
                .gives(array(shape(0, 2))),
            call(Ops::matmul, count(2, 3), array(shape(3, 0))).gives(array(shape(2, 0))),
            call(Ops::matmul, array(shape(0, 2, 3)), array(shape(3, 2), 7, 8, 9, 10, 11, 12))
                .gives(array(shape(0, 2, 2))),
            // Y = A B: dA = G B^T, dB = A^T G; each digit of G shows where it went
            call(Ops::matmul, count(2, 2), array(shape(2, 2), 5, 6, 7, 8))
                .cotangent(1, 10, 100, 1000)
                .gradients(
                    array(shape(2, 2), 65, 87, 6500, 8700),
                    array(shape(2, 2), 301, 3010, 402, 4020)),
            // Y = A^T B: dA = B G^T, dB = A G
            call(
                    (x, y) -> Ops.matmul(x, y, true, false),
                    count(2, 2),
                    array(shape(2, 2), 5, 6, 7, 8))
                .cotangent(1, 10, 100, 1000)
                .gradients(
                    array(shape(2, 2), 65, 6500, 87, 8700),
                    array(shape(2, 2), 201, 2010, 403, 4030)),
            // Y = A B^T: dA = G B, dB = G^T A
            call(
                    (x, y) -> Ops.matmul(x, y, false, true),
                    count(2, 2),
                    array(shape(2, 2), 5, 6, 7, 8))
                .cotangent(1, 10, 100, 1000)
                .gradients(
                    array(shape(2, 2), 75, 86, 7500, 8600),
                    array(shape(2, 2), 301, 402, 3010, 4020)),
            // Y = A^T B^T: dA = (G B)^T, dB = (A G)^T
            call(
                    (x, y) -> Ops.matmul(x, y, true, true),
                    count(2, 2),
                    array(shape(2, 2), 5, 6, 7, 8))
                .cotangent(1, 10, 100, 1000)
                .gradients(
                    array(shape(2, 2), 75, 7500, 86, 8600),
                    array(shape(2, 2), 201, 403, 2010, 4030)),
            // two rows (1 2), (3 4) times one column (5 6), where g = 10, 100 adds up
            call(Ops::matmul, count(2, 1, 2), array(shape(2, 1), 5, 6))
                .cotangent(10, 100)
                .gradients(array(shape(2, 1, 2), 50, 60, 500, 600), array(shape(2, 1), 310, 420)))
        .refuses(
            ShapeException.class,
            "matmul: [3] and [3, 4]: expected rank 2 or higher",
            () -> Ops.matmul(zeros(3), zeros(3, 4)))
        .refuses(
            ShapeException.class,
            "matmul: [3, 4] and []: expected rank 2 or higher",
            () -> Ops.matmul(zeros(3, 4), zeros()))
        .refuses(
            ShapeException.class,
            "matmul: a [2, 3] has 3 columns, but b [4, 5] has 4 rows",
            () -> Ops.matmul(zeros(2, 3), zeros(4, 5)))
        .refuses(
            ShapeException.class,
            "matmul: a [2, 3] transposed has 2 columns, but b [3, 4] has 3 rows",
            () -> Ops.matmul(zeros(2, 3), zeros(3, 4), true, false))
        .refuses(
            ShapeException.class,
            "matmul: a [2, 3] has 3 columns, but b [3, 4] transposed has 4 rows",
            () -> Ops.matmul(zeros(2, 3), zeros(3, 4), false, true))
        .refuses(
            ShapeException.class,
            "matmul: a [2, 3] transposed has 2 columns, but b [4, 3] transposed has 3 rows",
            () -> Ops.matmul(zeros(2, 3), zeros(4, 3), true, true))
        .refuses(
            ShapeException.class,
            "matmul: the axes of [2, 3, 4] and [3, 4, 5] before the last two: [2] and [3] do not"
                + " broadcast: extents 2 and 3 differ and neither is 1 (axes are aligned at the"
                + " right)",
            () -> Ops.matmul(zeros(2, 3, 4), zeros(3, 4, 5)))
        .refuses(
            ShapeException.class,
            "matmul: [50000, 50000] has at least 2500000000 elements, and an array holds at most"
                + " 2147483639",
            () -> Ops.matmul(zeros(50_000, 1), zeros(1, 50_000)))
        .refuses(
            ShapeException.class,
            "matmul: the axes of [50000, 1, 1, 1] and [50000, 1, 1] before the last two: [50000,"
                + " 50000] has at least 2500000000 elements, and an array holds at most 2147483639",
            () -> Ops.matmul(zeros(50_000, 1, 1, 1), zeros(50_000, 1, 1)));
  }

  private static OpCase matMulOf(Shape a, Shape b) {
    return OpCase.of(new MatMul(false, false), fill(1, nonzero(), a, b));
  }

  private static Shape matrices(Shape batch, int rows, int columns) {
    int[] dims = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
    dims[batch.rank()] = rows;
    dims[batch.rank() + 1] = columns;
    return Shape.of(dims);
  }

  private static NdArray product(OpCase c) {
    MatMul op = c.op(MatMul.class);
    Naive a = transposed(Naive.of(c.input(0)), op.transposeA());
    Naive b = transposed(Naive.of(c.input(1)), op.transposeB());
    int inner = a.dim(a.rank() - 1);
    int[] batch = Shape.broadcast("oracle", batchOf(a), batchOf(b)).toArray();
    int rank = batch.length + 2;
    int[] dims = matrices(Shape.of(batch), a.dim(a.rank() - 2), b.dim(b.rank() - 1)).toArray();
    return Naive.generate(
            dims,
            i -> {
              double total = 0;
              for (int k = 0; k < inner; k++) {
                total += matrixAt(a, i, i[rank - 2], k) * matrixAt(b, i, k, i[rank - 1]);
              }
              return total;
            })
        .as(DType.FLOAT64)
        .value();
  }

  private static Naive transposed(Naive x, boolean really) {
    int[] dims = x.dims();
    int rank = dims.length;
    dims[rank - 2] = x.dim(rank - (really ? 1 : 2));
    dims[rank - 1] = x.dim(rank - (really ? 2 : 1));
    return Naive.generate(
        dims,
        i -> {
          int[] from = i.clone();
          from[rank - 2] = i[rank - (really ? 1 : 2)];
          from[rank - 1] = i[rank - (really ? 2 : 1)];
          return x.at(from);
        });
  }

  private static Shape batchOf(Naive x) {
    return Shape.of(Arrays.copyOf(x.dims(), x.rank() - 2));
  }

  /**
   * The element of the matrix that broadcasting of the axes before the last two puts at a place.
   */
  private static double matrixAt(Naive x, int[] place, int row, int column) {
    int[] index = new int[x.rank()];
    for (int axis = 0; axis < index.length - 2; axis++) {
      index[axis] = x.dim(axis) == 1 ? 0 : place[place.length - index.length + axis];
    }
    index[index.length - 2] = row;
    index[index.length - 1] = column;
    return x.at(index);
  }

  // ---- bias ------------------------------------------------------------------------------------

  private static OpRow bias() {
    return OpRow.of(Bias.class, combine(Draw.shapes(2, 4), Draw.seeds()).as(ProductRows::biasOf))
        .exact()
        .oracle(
            c -> {
              Naive x = Naive.of(c.input(0));
              return Naive.generate(x.dims(), i -> x.at(i) + c.input(1).at(i[1]))
                  .as(DType.FLOAT64)
                  .value();
            })
        .edges(
            biasOf(Shape.of(0, 2), 1),
            biasOf(Shape.of(2, 0), 1),
            biasOf(Shape.of(1, 1), 1),
            biasOf(Shape.of(2, 3, 1, 1, 2), 1),
            biasOf(Shape.of(2, 2, 0), 1))
        .calls(
            call(Ops::bias, count(2, 2), vector(10, 20)).gives(array(shape(2, 2), 11, 22, 13, 24)),
            call(Ops::bias, count(1, 2, 2), vector(10, 20))
                .gives(array(shape(1, 2, 2), 11, 12, 23, 24)),
            call(Ops::bias, count(2, 2, 1, 2), vector(10, 20))
                .gives(array(shape(2, 2, 1, 2), 11, 12, 23, 24, 15, 16, 27, 28)),
            call(Ops::bias, count(1, 2, 1, 1, 2), vector(10, 20))
                .gives(array(shape(1, 2, 1, 1, 2), 11, 12, 23, 24)),
            call(Ops::bias, array(shape(0, 2, 3, 3)), vector(10, 20))
                .gives(array(shape(0, 2, 3, 3))),
            call(Ops::bias, array(shape(2, 0)), vector()).gives(array(shape(2, 0))),
            // db[c] sums g over all but axis 1
            call(Ops::bias, count(2, 2, 1, 2), vector(0, 0))
                .cotangent(1, 2, 3, 4, 5, 6, 7, 8)
                .gradients(count(2, 2, 1, 2), vector(1 + 2 + 5 + 6, 3 + 4 + 7 + 8)),
            call(Ops::bias, count(3, 2), vector(0, 0))
                .cotangent(1, 2, 3, 4, 5, 6)
                .gradients(count(3, 2), vector(1 + 3 + 5, 2 + 4 + 6)))
        .refuses(
            ShapeException.class,
            "bias: input [3] has rank 1, expected 2 or higher",
            () -> Ops.bias(zeros(3), zeros(3)))
        .refuses(
            ShapeException.class,
            "bias: input [] has rank 0, expected 2 or higher",
            () -> Ops.bias(zeros(), zeros(1)))
        .refuses(
            ShapeException.class,
            "bias: input [2, 3] has 3 channels, but the bias has shape [2], expected [3]",
            () -> Ops.bias(zeros(2, 3), zeros(2)))
        .refuses(
            ShapeException.class,
            "bias: input [2, 3, 4, 5] has 3 channels, but the bias has shape [1, 3], expected [3]",
            () -> Ops.bias(zeros(2, 3, 4, 5), zeros(1, 3)))
        .refuses(
            ShapeException.class,
            "bias: input [2, 1, 3] has 1 channels, but the bias has shape [], expected [1]",
            () -> Ops.bias(zeros(2, 1, 3), zeros()));
  }

  private static OpCase biasOf(Shape x, long seed) {
    return OpCase.of(new Bias(), fill(seed, nonzero(), x, Shape.of(x.dim(1))));
  }
}
