package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Axes.axes;
import static org.gradus.autograd.ops.ReductionRows.cases;
import static org.gradus.autograd.ops.ReductionRows.overAnything;
import static org.gradus.autograd.ops.ReductionRows.overNothing;
import static org.gradus.autograd.ops.ReductionRows.reduced;
import static org.gradus.autograd.ops.ReductionRows.reductions;
import static org.gradus.autograd.ops.ReductionRows.refusesAxes;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of products over axes, and of the family of their derivatives. */
final class ProdRows {
  private ProdRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(prod(), prodSlope(), prodAlong());
  }

  /** So near to 1 or -1 that products of thousands are neither large nor small. */
  private static Domain nearOne() {
    return (shape, seed) ->
        nonzero().draw(shape, seed).map(x -> Math.copySign(1 + (Math.abs(x) - 1) / 16, x));
  }

  private static OpRow prod() {
    OpRow row =
        OpRow.of(Prod.class, cases(Prod::new, nearOne(), 0))
            .orders(3)
            .oracle(
                c -> {
                  Prod prod = c.op(Prod.class);
                  return reduced(
                      c.input(0),
                      prod.axes(),
                      prod.keepDims(),
                      x -> DoubleStream.of(x).reduce(1, (a, b) -> a * b));
                })
            .edges(overAnything(Prod::new, nonzero()))
            .edges(overNothing(Prod::new))
            .calls(
                call(Ops::prod, count(2, 2)).gives(scalar(24)),
                call(x -> Ops.prod(x, 0), count(2, 2)).gives(vector(3, 8)),
                call(x -> Ops.prod(x, -1), count(2, 2)).gives(vector(2, 12)),
                call(x -> Ops.prod(x, 2, 0), count(2, 2, 2)).gives(vector(60, 672)),
                call(x -> Ops.prod(x, axes(1).keepDims()), count(2, 2))
                    .cotangent(10, 100)
                    .gives(array(shape(2, 1), 2, 12))
                    .gradients(array(shape(2, 2), 20, 10, 400, 300)),
                call(Ops::prod, scalar(5)).gives(scalar(5)),
                call(Ops::prod, scalar(-0.0)).gives(scalar(-0.0)),
                call(Ops::prod, vector()).gives(scalar(1)),
                call(x -> Ops.prod(x, 1), array(shape(2, 0))).gives(vector(1, 1)),
                call(x -> Ops.prod(x, 0), array(shape(3, 0))).gives(vector()),
                call(Ops::prod, vector(2, 3, 4))
                    .derivatives(vector(12, 8, 6), vector(7, 6, 5), vector(2, 2, 2)),
                // of one 0, that one has a gradient; of two there is one at order 2
                call(Ops::prod, vector(2, 3, 0, 4)).gives(scalar(0)).gradients(vector(0, 0, 24, 0)),
                call(Ops::prod, vector(2, 3, 0))
                    .derivatives(vector(0, 0, 6), vector(3, 2, 5), vector(2, 2, 2)),
                call(Ops::prod, vector(0, 0, 5))
                    .gives(scalar(0))
                    .derivatives(vector(0, 0, 0), vector(5, 5, 0), vector(2, 2, 2)),
                call(Ops::prod, vector(0, 0, 0))
                    .derivatives(vector(0, 0, 0), vector(0, 0, 0), vector(2, 2, 2)),
                call(x -> Ops.prod(x, 1), array(shape(3, 2), 0, 5, 0, 0, 2, 3))
                    .gives(vector(0, 0, 6))
                    .gradients(array(shape(3, 2), 5, 0, 0, 0, 3, 2)),
                // parts of the products are beyond float32, and beyond float64
                call(Ops::prod, vector(0x1p100, 0x1p100, 0x1p-100, 0x1p-100))
                    .gives(scalar(1))
                    .gradients(vector(0x1p-100, 0x1p-100, 0x1p100, 0x1p100)),
                call(Ops::prod, vector(0x1p1000, 0x1p1000, 0x1p-1000, 0x1p-1000))
                    .gives(scalar(1))
                    .gradients(vector(0x1p-1000, 0x1p-1000, 0x1p1000, 0x1p1000)),
                call(Ops::prod, vector(0x1p-1074, 0x1p1000, 0x1p70)).gives(scalar(0x1p-4)),
                call(Ops::prod, vector(0x1p-1000, 0x1p-1000, 0x1p1000, 0x1p1000, 3))
                    .gives(scalar(3)),
                // the product is too large, and the gradient with its cotangent is not
                call(Ops::prod, vector(0x1p100, 0x1p100))
                    .cotangent(0x1p-50)
                    .gradients(vector(0x1p50, 0x1p50)),
                call(Ops::prod, vector(0x1p100, 0x1p100, 0x1p100))
                    .cotangent(0x1p-100)
                    .gradients(vector(0x1p100, 0x1p100, 0x1p100)),
                call(Ops::prod, vector(2, INF)).gives(scalar(INF)).gradients(vector(INF, 2)),
                call(Ops::prod, vector(0, INF)).gives(scalar(NaN)).gradients(vector(INF, 0)),
                call(Ops::prod, vector(0, NaN)).gives(scalar(NaN)).gradients(vector(NaN, 0)));
    return refusesAxes(row, "prod", Ops::prod);
  }

  private static OpRow prodSlope() {
    OpRow row =
        OpRow.of(
                ProdSlope.class,
                combine(reductions(0), Arbitraries.integers().between(0, 2), Draw.seeds())
                    .as((r, most, seed) -> slopeOf(r.shape(), r.axes(), few(most, r), seed)))
            .oracle(
                c -> {
                  List<Integer> axes = c.op(ProdSlope.class).axes();
                  Naive factors = Naive.of(c.input(1));
                  List<NdArray> all = new ArrayList<>(c.inputs());
                  all.remove(1);
                  return generate(
                      c.input(0).shape().toArray(),
                      i -> factors.broadcastAt(i) * new Line(all, axes, i).others());
                })
            .calls(
                // 10 times 3 4, 2 4, 2 3
                call(new ProdSlope(List.of(0)), vector(2, 3, 4), vector(10))
                    .gives(vector(120, 80, 60)),
                // 3 7 + 5 4, 2 7 + 1 4, 2 5 + 1 3
                call(new ProdSlope(List.of(0)), vector(2, 3, 4), vector(1), vector(1, 5, 7))
                    .gives(vector(41, 18, 13)))
            .edges(
                slopeOf(shape(), List.of(), 0, 1),
                slopeOf(shape(), List.of(), 1, 1),
                slopeOf(shape(1), List.of(0), 2, 1),
                slopeOf(shape(0), List.of(0), 1, 1),
                slopeOf(shape(2, 0), List.of(1), 1, 1),
                slopeOf(shape(2, 0), List.of(0), 0, 1),
                slopeOf(shape(2, 2, 2, 2, 2), List.of(0, 2, -1), 1, 1))
            .refuses(
                IllegalArgumentException.class,
                "prodSlope: 1 inputs, expected two or more",
                () -> Tensor.of(new ProdSlope(List.of(0)), zeros(2)))
            .refuses(
                ShapeException.class,
                "prodSlope: the products [1, 3] and the factor [3] differ in shape",
                () -> Tensor.of(new ProdSlope(List.of(0)), zeros(2, 3), zeros(3)))
            .refuses(
                ShapeException.class,
                "prodSlope: input [2] and direction [3] differ in shape",
                () -> Tensor.of(new ProdSlope(List.of(0)), zeros(2), zeros(1), zeros(3)));
    return refusesAxes(row, "prodSlope", (x, a) -> Tensor.of(new ProdSlope(list(a)), x, x));
  }

  /** So many directions at most: the oracle goes over all ways to place them. */
  private static int few(int most, ReductionRows.Reduction r) {
    int size = r.shape().size();
    return Math.min(most, size > 300 ? 0 : size > 50 ? 1 : 2);
  }

  private static OpCase slopeOf(Shape shape, List<Integer> axes, int directions, long seed) {
    Shape kept = Axes.kept(shape, Axes.marked("prodSlope", shape, axes));
    List<NdArray> inputs = new ArrayList<>(along(shape, directions, seed));
    inputs.add(1, nonzero().draw(kept, seed + 9));
    return OpCase.of(new ProdSlope(axes), inputs);
  }

  private static OpRow prodAlong() {
    OpRow row =
        OpRow.of(
                ProdAlong.class,
                combine(reductions(0), Arbitraries.integers().between(0, 2), Draw.seeds())
                    .as((r, most, seed) -> alongOf(r.shape(), r.axes(), few(most, r), seed)))
            .oracle(
                c -> {
                  List<Integer> axes = c.op(ProdAlong.class).axes();
                  int[] dims = c.input(0).shape().toArray();
                  axes.forEach(axis -> dims[c.input(0).shape().axis("oracle", axis)] = 1);
                  return generate(dims, i -> new Line(c.inputs(), axes, i).all());
                })
            .calls(
                // 1 3 4 + 5 2 4 + 7 2 3
                call(new ProdAlong(List.of(0)), vector(2, 3, 4), vector(1, 5, 7)).gives(vector(94)),
                call(new ProdAlong(List.of(0)), vector(), vector()).gives(vector(0)),
                // 1 3 + 2 4, for x of whatever size
                call(
                        in -> Tensor.of(new ProdAlong(List.of(0)), in.get(0), in.get(1), in.get(2)),
                        List.of(vector(9, 9), vector(1, 2), vector(4, 3)))
                    .gives(vector(11)))
            .edges(
                alongOf(shape(), List.of(), 1, 1),
                alongOf(shape(1), List.of(0), 2, 1),
                alongOf(shape(0), List.of(0), 1, 1),
                alongOf(shape(2, 0), List.of(1), 1, 1),
                alongOf(shape(2, 0), List.of(0), 2, 1),
                alongOf(shape(2, 2, 2, 2, 2), List.of(0, 2, -1), 1, 1))
            .refuses(
                ShapeException.class,
                "prodAlong: input [2] and direction [3] differ in shape",
                () -> Tensor.of(new ProdAlong(List.of(0)), zeros(2), zeros(3)));
    return refusesAxes(row, "prodAlong", (x, a) -> Tensor.of(new ProdAlong(list(a)), x, x));
  }

  private static OpCase alongOf(Shape shape, List<Integer> axes, int directions, long seed) {
    return OpCase.of(new ProdAlong(axes), along(shape, directions, seed));
  }

  /** x near 1, and some directions. */
  private static List<NdArray> along(Shape shape, int directions, long seed) {
    List<NdArray> inputs = new ArrayList<>(List.of(nearOne().draw(shape, seed)));
    for (int i = 1; i <= directions; i++) {
      inputs.add(nonzero().draw(shape, seed + i));
    }
    return inputs;
  }

  private static List<Integer> list(int... axes) {
    return Arrays.stream(axes).boxed().toList();
  }

  private interface At {
    double of(int[] index);
  }

  private static NdArray generate(int[] dims, At f) {
    return Naive.generate(dims, f::of).as(DType.FLOAT64).value();
  }

  /** The elements of x and the directions that are multiplied at a place, as lists. */
  private static final class Line {
    private final List<double[]> lines = new ArrayList<>();
    private int own;

    Line(List<NdArray> inputs, List<Integer> axes, int[] place) {
      int[] dims = inputs.get(0).shape().toArray();
      int[] varied = new int[dims.length];
      Arrays.fill(varied, 1);
      axes.forEach(axis -> varied[inputs.get(0).shape().axis("oracle", axis)] = 0);
      int[] extents = dims.clone();
      for (int k = 0; k < dims.length; k++) {
        extents[k] = varied[k] == 1 ? 1 : dims[k];
      }
      List<int[]> indices = Naive.indices(extents);
      for (int[] index : indices) {
        for (int k = 0; k < dims.length; k++) {
          index[k] = varied[k] == 1 ? place[k] : index[k];
        }
      }
      for (int i = 0; i < indices.size(); i++) {
        own = Arrays.equals(indices.get(i), place) ? i : own;
      }
      for (NdArray input : inputs) {
        Naive naive = Naive.of(input);
        lines.add(indices.stream().mapToDouble(naive::at).toArray());
      }
    }

    double all() {
      return sum(new boolean[lines.get(0).length], 1);
    }

    double others() {
      boolean[] used = new boolean[lines.get(0).length];
      used[own] = true;
      return sum(used, 1);
    }

    /** Over all ways to take an element of each direction from a place of its own. */
    private double sum(boolean[] used, int direction) {
      double[] x = lines.get(0);
      double sum = 0;
      if (direction == lines.size()) {
        double product = 1;
        for (int i = 0; i < x.length; i++) {
          product *= used[i] ? 1 : x[i];
        }
        return product;
      }
      for (int i = 0; i < x.length; i++) {
        if (!used[i]) {
          used[i] = true;
          sum += lines.get(direction)[i] * sum(used, direction + 1);
          used[i] = false;
        }
      }
      return sum;
    }
  }
}
