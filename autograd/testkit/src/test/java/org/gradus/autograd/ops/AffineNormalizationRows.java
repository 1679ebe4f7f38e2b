package org.gradus.autograd.ops;

import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.NormalizationRows.epsilons;
import static org.gradus.autograd.ops.NormalizationRows.normalized;
import static org.gradus.autograd.ops.ReductionRows.refusesAxes;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Domain.positive;
import static org.gradus.autograd.testkit.Draw.fill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.SlopeRows.Slices;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/**
 * The rows of normalisation with a scale and a shift, which lie along any axes: along those that
 * kernels know, and along others.
 */
final class AffineNormalizationRows {
  private AffineNormalizationRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(affine(), input(), sums(), by());
  }

  /** A case of a shape, axes and an epsilon. */
  private interface Of {
    OpCase of(Shape shape, List<Integer> axes, double epsilon, long seed);
  }

  private static Arbitrary<OpCase> cases(Of of) {
    return Draw.shapes(0, 4)
        .flatMap(
            shape ->
                combine(Draw.axes(shape), epsilons(), Draw.seeds())
                    .as((axes, epsilon, seed) -> of.of(shape, axes, epsilon, seed)));
  }

  /** Shapes as those of batches, layers, groups and instances, and others. */
  private static OpCase[] edges(Of of) {
    return Stream.of(
            of.of(Shape.of(), List.of(), 0.5, 1),
            of.of(Shape.of(1), List.of(0), 0.5, 1),
            of.of(Shape.of(0), List.of(0), 0.5, 1),
            of.of(Shape.of(2, 0), List.of(1), 0.5, 3),
            of.of(Shape.of(0, 3), List.of(1), 0.5, 3),
            of.of(Shape.of(3, 2), List.of(0), 0.5, 2),
            of.of(Shape.of(3, 4), List.of(1), 0.5, 2),
            of.of(Shape.of(2, 2, 2, 3), List.of(0, 2, 3), 0.5, 2),
            of.of(Shape.of(2, 2, 2, 3), List.of(2, 3), 0.5, 2),
            of.of(Shape.of(2, 2, 3), List.of(-1), 0.5, 6),
            of.of(Shape.of(2, 3, 2), List.of(1, 2), 0.5, 2),
            of.of(Shape.of(2, 3, 2), List.of(0, 2), 0.5, 5),
            of.of(Shape.of(2, 2, 2, 1, 2), List.of(0, 2, -1), 0.5, 4))
        .toArray(OpCase[]::new);
  }

  /** Extents of some axes, which the seed's lowest bits choose, and 1 along the others. */
  private static Shape numbers(Shape shape, long seed) {
    int[] extents = shape.toArray();
    int first = extents.length;
    for (int axis = extents.length - 1; axis >= 0; axis--) {
      if ((seed >> axis) % 2 == 0) {
        extents[axis] = 1;
      } else {
        first = axis;
      }
    }
    return Shape.of(Arrays.copyOfRange(extents, seed % 3 == 0 ? 0 : first, extents.length));
  }

  private static OpRow affine() {
    Of of =
        (x, axes, epsilon, seed) ->
            OpCase.of(
                new NormalizeAffine(axes, epsilon),
                fill(seed, nonzero(), x, numbers(x, seed), numbers(x, seed)));
    OpRow row =
        OpRow.of(NormalizeAffine.class, cases(of))
            .oracle(
                c -> {
                  NormalizeAffine op = c.op(NormalizeAffine.class);
                  Naive y = Naive.of(normalized(c.input(0), op.axes(), op.epsilon()));
                  Naive gamma = Naive.of(c.input(1));
                  Naive beta = Naive.of(c.input(2));
                  return generate(
                      y.dims(), i -> gamma.broadcastAt(i) * y.at(i) + beta.broadcastAt(i));
                })
            .edges(edges(of))
            .calls( // 1 + 3 = 4
                call(new NormalizeAffine(List.of(0), 3), vector(1, 3), vector(2, 4), vector(10, 20))
                    .gives(vector(9, 22)),
                call(new NormalizeAffine(List.of(1), 3), two(), scalar(2), scalar(7))
                    .gives(array(shape(2, 2), 6, 8, 7, 7)))
            .refuses(
                ShapeException.class,
                "normalizeAffine: gamma [2] and beta [1] differ in shape",
                () -> Tensor.of(new NormalizeAffine(List.of(0), 1), zeros(2), zeros(2), zeros(1)));
    return refusesAxes(
        row, "normalizeAffine", (x, a) -> Tensor.of(new NormalizeAffine(list(a), 1), x, x, x));
  }

  private static NdArray two() {
    return array(shape(2, 2), 1, 3, 5, 5);
  }

  private static OpRow input() {
    Of of =
        (x, axes, epsilon, seed) ->
            OpCase.of(
                new NormalizeAffineInput(axes, epsilon),
                fill(seed, nonzero(), x, numbers(x, seed), x));
    OpRow row =
        OpRow.of(NormalizeAffineInput.class, cases(of))
            .oracle(
                c -> {
                  NormalizeAffineInput op = c.op(NormalizeAffineInput.class);
                  Slices x = new Slices(c.input(0), op.axes());
                  Naive gamma = Naive.of(c.input(1));
                  Naive g = Naive.of(c.input(2));
                  Slices v =
                      new Slices(
                          generate(g.dims(), i -> g.at(i) * gamma.broadcastAt(i)), op.axes());
                  Slices.At above = x.centred();
                  Slices.At variance = x.mean(i -> above.of(i) * above.of(i));
                  Slices.At y = i -> above.of(i) / Math.sqrt(variance.of(i) + op.epsilon());
                  Slices.At along = x.mean(i -> v.at(i) * y.of(i));
                  Slices.At ofCotangent = v.centred();
                  return x.generate(
                      i ->
                          (ofCotangent.of(i) - y.of(i) * along.of(i))
                              / Math.sqrt(variance.of(i) + op.epsilon()));
                })
            .edges(edges(of))
            .calls( // deviations of 2: ((-1, 1) - (-1/2, 1/2) / 2) / 2
                call(
                        new NormalizeAffineInput(List.of(0), 3),
                        vector(1, 3),
                        vector(2, 1),
                        vector(0.5, 3))
                    .gives(vector(-0.375, 0.375)))
            .refuses(
                ShapeException.class,
                "normalizeAffineInput: input [2] and cotangent [1] differ in shape",
                () ->
                    Tensor.of(
                        new NormalizeAffineInput(List.of(0), 1), zeros(2), zeros(2), zeros(1)));
    return refusesAxes(
        row,
        "normalizeAffineInput",
        (x, a) -> Tensor.of(new NormalizeAffineInput(list(a), 1), x, x, x));
  }

  private static OpRow sums() {
    Of of =
        (x, axes, epsilon, seed) ->
            OpCase.of(
                new NormalizedSums(axes, epsilon, numbers(x, seed)), fill(seed, nonzero(), x, x));
    OpRow row =
        OpRow.of(NormalizedSums.class, cases(of))
            .oracle(
                c -> {
                  NormalizedSums op = c.op(NormalizedSums.class);
                  Naive y = Naive.of(normalized(c.input(0), op.axes(), op.epsilon()));
                  Naive v = Naive.of(c.input(1));
                  double[] sums = new double[op.shape().size()];
                  for (int[] i : Naive.indices(y.dims())) {
                    sums[place(i, op.shape())] += v.at(i) * y.at(i);
                  }
                  return NdArray.of(sums, op.shape().toArray());
                })
            .edges(edges(of))
            .calls(
                call(new NormalizedSums(List.of(0), 3, Shape.of()), vector(1, 3), vector(2, 6))
                    .gives(scalar(2)),
                call(new NormalizedSums(List.of(0), 3, Shape.of(2)), vector(1, 3), vector(2, 6))
                    .gives(vector(-1, 3)))
            .refuses(
                ShapeException.class,
                "normalizedSums: input [2] and cotangent [1] differ in shape",
                () ->
                    Tensor.of(new NormalizedSums(List.of(0), 1, Shape.of(2)), zeros(2), zeros(1)));
    return refusesAxes(
        row,
        "normalizedSums",
        (x, a) -> Tensor.of(new NormalizedSums(list(a), 1, x.shape()), x, x));
  }

  /** Where the number for an element of a larger array is. */
  private static int place(int[] index, Shape numbers) {
    int[] strides = numbers.strides();
    int before = index.length - numbers.rank();
    int place = 0;
    for (int axis = 0; axis < numbers.rank(); axis++) {
      place += numbers.dim(axis) == 1 ? 0 : index[before + axis] * strides[axis];
    }
    return place;
  }

  private static OpRow by() {
    Of of =
        (x, axes, epsilon, seed) -> {
          Shape n = numbers(x, seed);
          List<NdArray> inputs = new ArrayList<>(fill(seed, nonzero(), x, n, n, n, n));
          inputs.set(4, positive().draw(n, seed + 5));
          return OpCase.of(new NormalizeBy(epsilon), inputs);
        };
    return OpRow.of(NormalizeBy.class, cases(of))
        .factors(1, 1) // or differences make variances negative
        .oracle(
            c -> {
              Naive x = Naive.of(c.input(0));
              Naive mean = Naive.of(c.input(3));
              Naive variance = Naive.of(c.input(4));
              Naive gamma = Naive.of(c.input(1));
              Naive beta = Naive.of(c.input(2));
              double epsilon = c.op(NormalizeBy.class).epsilon();
              return generate(
                  x.dims(),
                  i ->
                      (x.at(i) - mean.broadcastAt(i))
                              / Math.sqrt(variance.broadcastAt(i) + epsilon)
                              * gamma.broadcastAt(i)
                          + beta.broadcastAt(i));
            })
        .edges(edges(of))
        .calls(
            call(
                    new NormalizeBy(3),
                    vector(5, 9),
                    vector(2, 3),
                    vector(10, 20),
                    vector(1, 1),
                    vector(1, 6))
                .gives(vector(14, 28)),
            // the difference is too large for any number, and the quotient is not
            call(
                    new NormalizeBy(0),
                    vector(0x1.8p1023),
                    vector(1),
                    vector(0),
                    vector(-0x1.8p1023),
                    vector(0x1p40))
                .gives(vector(0x1.8p1004))
                .in(DType.FLOAT64))
        .refuses(
            ShapeException.class,
            "normalizeBy: mean [2] and variance [1] differ in shape",
            () -> Tensor.of(new NormalizeBy(1), zeros(2), zeros(2), zeros(2), zeros(2), zeros(1)))
        .refuses(
            ShapeException.class,
            "normalizeBy: mean [2] and gamma [1] differ in shape",
            () -> Tensor.of(new NormalizeBy(1), zeros(2), zeros(1), zeros(2), zeros(2), zeros(2)))
        .refuses(
            ShapeException.class,
            "normalizeBy: mean [2] and beta [1] differ in shape",
            () -> Tensor.of(new NormalizeBy(1), zeros(2), zeros(2), zeros(1), zeros(2), zeros(2)));
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
}
