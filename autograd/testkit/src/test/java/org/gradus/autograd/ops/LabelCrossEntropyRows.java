package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.SplittableRandom;
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

/** The rows of the op that {@code crossEntropy} of labels is, and of its derivative. */
final class LabelCrossEntropyRows {
  private LabelCrossEntropyRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(loss(), input());
  }

  private static Arbitrary<Shape> shapes() {
    return Draw.shapes(2, 2).map(shape -> shape.with(1, Math.max(1, shape.dim(1))));
  }

  private static Arbitrary<Double> smoothings() {
    return Arbitraries.of(0.0, 0.1, 0.5);
  }

  private static Indices labels(Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] labels = random.ints(shape.dim(0), 0, shape.dim(1)).toArray();
    return Indices.of(labels, labels.length);
  }

  private static OpRow loss() {
    return OpRow.of(
            LabelCrossEntropy.class,
            combine(shapes(), smoothings(), Draw.seeds()).as(LabelCrossEntropyRows::loss))
        .oracle(
            c -> {
              LabelCrossEntropy op = c.op(LabelCrossEntropy.class);
              NdArray logs = ClassLossRows.logSoftmax(c.input(0));
              double total = 0;
              for (int[] i : Naive.indices(logs.shape().toArray())) {
                total -= target(op.labels(), op.smoothing(), logs.shape(), i) * logs.get(i);
              }
              return scalar(total / logs.shape().dim(0));
            })
        .calls(
            call(
                    new LabelCrossEntropy(Indices.of(new int[] {1}, 1), 0),
                    array(shape(1, 2), -INF, 0))
                .gives(scalar(0)),
            call(
                    new LabelCrossEntropy(Indices.of(new int[] {0}, 1), 0),
                    array(shape(1, 2), -INF, 0))
                .gives(scalar(INF)),
            call(
                    new LabelCrossEntropy(Indices.of(new int[] {1}, 1), 0.5),
                    array(shape(1, 2), -INF, 0))
                .gives(scalar(INF)),
            call(new LabelCrossEntropy(Indices.of(new int[] {1}, 1), 0), array(shape(1, 2), NaN, 0))
                .gives(scalar(NaN)),
            call(
                    new LabelCrossEntropy(Indices.of(new int[] {1}, 1), 0),
                    array(shape(1, 2), -INF, -INF))
                .gives(scalar(INF))
                .gradients(array(shape(1, 2), 0, 0)))
        .edges(
            loss(Shape.of(0, 3), 0.5, 1),
            loss(Shape.of(1, 1), 0, 1),
            loss(Shape.of(3, 1), 0.5, 1),
            loss(Shape.of(2, 40), 0.1, 1))
        .refuses(
            ShapeException.class,
            "crossEntropy: logits [2, 3] with 1 labels, expected [1, classes]",
            () -> Tensor.of(new LabelCrossEntropy(Indices.of(new int[] {1}, 1), 0), zeros(2, 3)))
        .refuses(
            IllegalArgumentException.class,
            "crossEntropy: label 3 at position 0, expected 0 to 2",
            () -> Tensor.of(new LabelCrossEntropy(Indices.of(new int[] {3}, 1), 0), zeros(1, 3)));
  }

  private static OpCase loss(Shape shape, double smoothing, long seed) {
    Op op = new LabelCrossEntropy(labels(shape, seed), smoothing);
    return OpCase.of(op, Draw.fill(seed, nonzero(), shape));
  }

  private static OpRow input() {
    return OpRow.of(
            LabelCrossEntropyInput.class,
            combine(shapes(), smoothings(), Draw.seeds()).as(LabelCrossEntropyRows::input))
        .oracle(
            c -> {
              LabelCrossEntropyInput op = c.op(LabelCrossEntropyInput.class);
              Naive logs = Naive.of(ClassLossRows.logSoftmax(c.input(0)));
              Shape shape = logs.shape();
              double share = c.input(1).item() / shape.dim(0);
              return Naive.generate(
                      logs.dims(),
                      i ->
                          share
                              * (Math.exp(logs.at(i))
                                  - target(op.labels(), op.smoothing(), shape, i)))
                  .as(DType.FLOAT64)
                  .value();
            })
        .calls(
            // the softmax is 1/4 and 3/4
            call(
                    new LabelCrossEntropyInput(Indices.of(new int[] {1}, 1), 0),
                    array(shape(1, 2), 0, Math.log(3)),
                    scalar(8))
                .about()
                .gives(array(shape(1, 2), 2, -2)),
            call(
                    new LabelCrossEntropyInput(Indices.of(new int[] {1}, 1), 0.5),
                    array(shape(1, 2), 0, Math.log(3)),
                    scalar(8))
                .about()
                .gives(array(shape(1, 2), 0, 0)),
            // sure, and right: as much as the other class has
            call(
                    new LabelCrossEntropyInput(Indices.of(new int[] {0}, 1), 0),
                    array(shape(1, 2), 60, 0),
                    scalar(1))
                .about()
                .gives(array(shape(1, 2), -Math.exp(-60), Math.exp(-60))),
            call(
                    new LabelCrossEntropyInput(Indices.of(new int[] {0}, 1), 0),
                    array(shape(1, 2), -INF, -INF),
                    scalar(INF))
                .gives(array(shape(1, 2), 0, 0)))
        .edges(
            input(Shape.of(0, 3), 0.5, 1),
            input(Shape.of(1, 1), 0, 1),
            input(Shape.of(3, 1), 0.5, 1),
            input(Shape.of(2, 40), 0.1, 1))
        .refuses(
            ShapeException.class,
            "labelCrossEntropyInput: logits [3] with 1 labels, expected [1, classes]",
            () -> slope(1, zeros(3), zeros()))
        .refuses(
            IllegalArgumentException.class,
            "labelCrossEntropyInput: label -1 at position 0, expected 0 to 2",
            () -> slope(-1, zeros(1, 3), zeros()))
        .refuses(
            ShapeException.class,
            "labelCrossEntropyInput: cotangent [1] and a number [] differ in shape",
            () -> slope(1, zeros(1, 3), zeros(1)));
  }

  private static Tensor slope(int label, Tensor x, Tensor g) {
    return Tensor.of(new LabelCrossEntropyInput(Indices.of(new int[] {label}, 1), 0), x, g);
  }

  private static OpCase input(Shape shape, double smoothing, long seed) {
    Op op = new LabelCrossEntropyInput(labels(shape, seed), smoothing);
    return OpCase.of(op, Draw.fill(seed, nonzero(), shape, Shape.SCALAR));
  }

  private static double target(Indices labels, double smoothing, Shape shape, int[] i) {
    return smoothing / shape.dim(1) + (labels.at(i[0]) == i[1] ? 1 - smoothing : 0);
  }
}
