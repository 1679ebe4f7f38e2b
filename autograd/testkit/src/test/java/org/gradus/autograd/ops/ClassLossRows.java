package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.LossRows.oneRow;
import static org.gradus.autograd.ops.LossRows.pairs;
import static org.gradus.autograd.ops.LossRows.row;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.between;
import static org.gradus.autograd.testkit.Domain.integers;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the losses of classes. */
final class ClassLossRows {
  private ClassLossRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(
        crossEntropy(), crossEntropyOf(integers(-1000, 1000)), crossEntropyOfLabels(), nllLoss());
  }

  private static OpRow crossEntropy() {
    return crossEntropyOf(nonzero())
        .calls(
            // as of the labels 1 and 0
            call(
                    Ops::crossEntropy,
                    array(shape(2, 2), 0, 0, Math.log(3), 0),
                    array(shape(2, 2), 0, 1, 1, 0))
                .about()
                .gives(scalar((Math.log(2) - Math.log(0.75)) / 2)),
            // rows that do not sum to 1: (1 + 1/2) ln 2, and nothing
            call(
                    Ops::crossEntropy,
                    array(shape(2, 2), 0, 0, Math.log(3), 0),
                    array(shape(2, 2), 1, 0.5, 0, 0))
                .about()
                .gives(scalar(0.75 * Math.log(2))),
            // three places in one image, all of them 1/2: (1 + ... + 6) / 8 ln 2 / 3
            call(
                    (x, y) -> Ops.crossEntropy(x, Ops.mul(y, 0.125)),
                    array(shape(1, 2, 3), 0, 0, 0, 0, 0, 0),
                    count(1, 2, 3))
                .about()
                .gives(scalar(7 * Math.log(2) / 8)),
            // 0 ln 0 = 0 makes the other finite
            call(Ops::crossEntropy, array(shape(1, 2), -INF, 0), array(shape(1, 2), 1, 1))
                .gives(scalar(INF)),
            call(Ops::crossEntropy, array(shape(0, 3)), array(shape(0, 3))).gives(scalar(NaN)),
            // with t = (1, 1), whose sum is 2: 2 (1/4, 3/4) - (1, 1); a row of zeros: 0; and -1/2
            // ln softmax
            call(
                    Ops::crossEntropy,
                    array(shape(2, 2), 0, Math.log(3), 0, 0),
                    array(shape(2, 2), 1, 1, 0, 0))
                .about()
                .gradients(
                    array(shape(2, 2), -0.25, 0.25, 0, 0),
                    array(
                        shape(2, 2),
                        Math.log(2),
                        Math.log(4 / 3.0) / 2,
                        Math.log(2) / 2,
                        Math.log(2) / 2)),
            // classes on axis 1 of [1, 2, 2]: the columns (0, ln 3) and (0, 0) are two places
            call(
                    Ops::crossEntropy,
                    array(shape(1, 2, 2), 0, 0, Math.log(3), 0),
                    array(shape(1, 2, 2), 0, 1, 1, 0))
                .about()
                .gradients(array(shape(1, 2, 2), 0.125, -0.25, -0.125, 0.25)),
            call(oneRow(new CrossEntropy(), vector(1000, -1000), vector(0, 1)))
                .gives(scalar(2000))
                .gradients(array(shape(1, 2), 1, -1), array(shape(1, 2), -0.0, 2000)),
            call(oneRow(new CrossEntropy(), vector(1000, -1000), vector(1, 0))).gives(scalar(0)),
            call(oneRow(new CrossEntropy(), vector(-INF, 3), vector(0, 1))).gives(scalar(0)),
            call(oneRow(new CrossEntropy(), vector(-INF, 3), vector(0.5, 0.5))).gives(scalar(INF)),
            call(oneRow(new CrossEntropy(), vector(NaN, 3), vector(0, 1))).gives(scalar(NaN)),
            // a row of minus infinity has no distribution
            call(
                    Ops::crossEntropy,
                    array(shape(2, 2), -INF, -INF, 0, -INF),
                    array(shape(2, 2), 0, 0, 1, 0))
                .gives(scalar(0)),
            call(Ops::crossEntropy, array(shape(1, 2), -INF, -INF), array(shape(1, 2), 0, 0))
                .gives(scalar(0)),
            // a target of 0 does not hide NaN
            call(
                    Ops::crossEntropy,
                    array(shape(2, 2), NaN, 1, 0, 2),
                    array(shape(2, 2), 0, 0, 1, 0))
                .gives(scalar(NaN)));
  }

  private static OpRow crossEntropyOf(Domain logits) {
    return pairs(new CrossEntropy(), 2, logits, between(0.01, 0.99))
        .factors(1, 1) // or differences leave the targets that are allowed
        .oracle(
            c -> {
              Naive l = Naive.of(logSoftmax(c.input(0)));
              Naive t = Naive.of(c.input(1));
              double total = 0;
              for (int[] i : Naive.indices(l.dims())) {
                total -= t.at(i) == 0 ? 0 : t.at(i) * l.at(i);
              }
              Shape shape = l.shape();
              return scalar(total / shape.dim(0) / shape.size(2, shape.rank()));
            })
        .refuses(
            ShapeException.class,
            "crossEntropy: logits [3] have rank 1, expected 2 or higher",
            () -> Ops.crossEntropy(zeros(3), zeros(3)))
        .refuses(
            ShapeException.class,
            "crossEntropy: logits [2, 3] and targets [3, 2] differ in shape",
            () -> Ops.crossEntropy(zeros(2, 3), zeros(3, 2)))
        .refuses(
            IllegalArgumentException.class,
            "crossEntropy: target 1.5 at [0, 1], expected 0 to 1",
            () -> Ops.crossEntropy(zeros(1, 2), row(1, 1.5)))
        .refuses(
            IllegalArgumentException.class,
            "crossEntropy: target -0.5 at [0, 0], expected 0 to 1",
            () -> Ops.crossEntropy(zeros(1, 2), row(-0.5, 1)))
        .refuses(
            IllegalArgumentException.class,
            "crossEntropy: target NaN at [0, 1], expected 0 to 1",
            () -> Ops.crossEntropy(zeros(1, 2), row(1, NaN)));
  }

  static NdArray logSoftmax(NdArray array) {
    Naive x = Naive.of(array);
    return Naive.generate(
            x.dims(),
            i -> {
              double[] line =
                  IntStream.range(0, x.dim(1))
                      .mapToDouble(
                          k -> {
                            int[] other = i.clone();
                            other[1] = k;
                            return x.at(other);
                          })
                      .toArray();
              double max = DoubleStream.of(line).max().getAsDouble();
              double rest = 0;
              for (double logit : line) {
                rest += Math.exp(logit - max);
              }
              return x.at(i) - max - Math.log(rest);
            })
        .as(DType.FLOAT64)
        .value();
  }

  record LabelledCrossEntropy(List<Integer> labels, double smoothing)
      implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      int[] array = labels.stream().mapToInt(i -> i).toArray();
      return smoothing == 0
          ? Ops.crossEntropy(in.get(0), array)
          : Ops.crossEntropy(in.get(0), array, smoothing);
    }

    OpCase of(NdArray logits) {
      String name = "crossEntropy of %s, smoothed %s".formatted(labels, smoothing);
      return OpCase.of(name, this, List.of(logits));
    }

    static OpCase drawn(Shape shape, double smoothing, Domain logits, long seed) {
      return new LabelledCrossEntropy(ClassLossRows.labels(shape, seed), smoothing)
          .of(logits.draw(shape, seed));
    }
  }

  private static OpRow crossEntropyOfLabels() {
    NdArray extremes = array(shape(1, 2), 1000, -1000);
    return OpRow.function(
            "crossEntropy of labels",
            combine(
                    labelled(),
                    Arbitraries.of(0.0, 0.1, 0.5),
                    Arbitraries.of(nonzero(), integers(-1000, 1000)),
                    Draw.seeds())
                .as(LabelledCrossEntropy::drawn))
        .oracle(
            c -> {
              LabelledCrossEntropy loss = c.function(LabelledCrossEntropy.class);
              NdArray l = logSoftmax(c.input(0));
              int classes = l.shape().dim(1);
              double total = 0;
              for (int[] i : Naive.indices(l.shape().toArray())) {
                double target = loss.smoothing() / classes;
                target += loss.labels().get(i[0]) == i[1] ? 1 - loss.smoothing() : 0;
                total -= target * l.get(i);
              }
              return scalar(total / l.shape().dim(0));
            })
        .edges(
            LabelledCrossEntropy.drawn(Shape.of(0, 3), 0, nonzero(), 1),
            LabelledCrossEntropy.drawn(Shape.of(0, 3), 0.5, nonzero(), 1),
            LabelledCrossEntropy.drawn(Shape.of(0, 0), 0.5, nonzero(), 1),
            LabelledCrossEntropy.drawn(Shape.of(1, 1), 0.5, nonzero(), 1))
        .calls(
            "crossEntropy",
            call(x -> Ops.crossEntropy(x, 0, 0), array(shape(2, 2), 0, 0, Math.log(3), 0))
                .about()
                .gives(scalar((Math.log(2) - Math.log(0.75)) / 2)),
            call(x -> Ops.crossEntropy(x, 1, 1), array(shape(2, 2), 0, 0, Math.log(3), 0))
                .about()
                .gives(scalar((Math.log(2) + 2 * Math.log(2)) / 2)),
            call(x -> Ops.add(Ops.crossEntropy(x, 0), 0), array(shape(1, 1), 5)).gives(scalar(0)),
            // a quarter on the first, three quarters on the second
            call(x -> Ops.crossEntropy(x, new int[] {1}, 0.5), array(shape(1, 2), 0, Math.log(3)))
                .about()
                .gives(scalar(0.25 * 2 * Math.log(2) - 0.75 * Math.log(0.75))),
            // not smoothed, it is the same to the bit
            call(
                    x -> Ops.sub(Ops.crossEntropy(x, new int[] {1}, 0), Ops.crossEntropy(x, 1)),
                    array(shape(1, 2), 0, Math.log(3)))
                .gives(scalar(0)),
            call(x -> Ops.crossEntropy(x, 1, 0), array(shape(2, 2), 1000, -1000, -1000, 1000))
                .gives(scalar(2000)),
            call(x -> Ops.crossEntropy(x, 0, 0), array(shape(2, 2), 1000, -1000, -1000, 1000))
                .gives(scalar(1000)),
            call(x -> Ops.crossEntropy(x, 0), array(shape(1, 2), 1000, 1000))
                .about()
                .gives(scalar(Math.log(2))),
            // the first row is right; the second is wrong, and half of the mean
            call(x -> Ops.crossEntropy(x, 0, 0), array(shape(2, 2), 1000, -1000, -1000, 1000))
                .gradients(array(shape(2, 2), 0, 0, -0.5, 0.5)),
            call(x -> Ops.crossEntropy(x, 1), array(shape(1, 2), -INF, 0)).gives(scalar(0)),
            // softmax is 0 and 1
            call(x -> Ops.crossEntropy(x, 0), array(shape(1, 2), -INF, 0))
                .gradients(array(shape(1, 2), -1, 1)),
            call(Ops::crossEntropy, array(shape(0, 3)))
                .gives(scalar(NaN))
                .gradients(array(shape(0, 3))),
            // softmax of (0, ln 3) is (1/4, 3/4), of (0, 0) it is (1/2, 1/2); half of the mean each
            call(x -> Ops.crossEntropy(x, 1, 0), array(shape(2, 2), 0, Math.log(3), 0, 0))
                .about()
                .gradients(array(shape(2, 2), 0.125, -0.125, -0.25, 0.25)),
            call(x -> Ops.crossEntropy(x, 1, 0), array(shape(2, 2), 0, Math.log(3), 0, 0))
                .cotangent(8)
                .about()
                .gradients(array(shape(2, 2), 1, -1, -2, 2)),
            call(x -> Ops.crossEntropy(x, 0, 0), array(shape(2, 2), -INF, -INF, 0, -INF))
                .gives(scalar(INF)))
        .calls(
            // 3/4 of the first, of loss 0, and 1/4 of the second, of loss 2000
            call(new LabelledCrossEntropy(List.of(0), 0.5).of(extremes))
                .gives(scalar(500))
                .gradients(array(shape(1, 2), 0.25, -0.25)))
        .refuses(
            ShapeException.class,
            "crossEntropy: logits [2, 3] with 3 labels, expected [3, classes]",
            () -> Ops.crossEntropy(zeros(2, 3), 0, 1, 2))
        .refuses(
            ShapeException.class,
            "crossEntropy: logits [2, 3] with 0 labels, expected [0, classes]",
            () -> Ops.crossEntropy(zeros(2, 3)))
        .refuses(
            ShapeException.class,
            "crossEntropy: logits [2, 3, 4] with 2 labels, expected [2, classes]",
            () -> Ops.crossEntropy(zeros(2, 3, 4), 0, 1))
        .refuses(
            IllegalArgumentException.class,
            "crossEntropy: label 3 at position 1, expected 0 to 2",
            () -> Ops.crossEntropy(zeros(2, 3), 0, 3))
        .refuses(
            IllegalArgumentException.class,
            "crossEntropy: label -1 at position 0, expected 0 to 2",
            () -> Ops.crossEntropy(zeros(2, 3), new int[] {-1, 3}, 0.1))
        .refuses(
            IllegalArgumentException.class,
            "crossEntropy: smoothing 1.0, expected at least 0 and less than 1",
            () -> Ops.crossEntropy(zeros(2, 3), new int[] {0, 1}, 1))
        .refuses(
            IllegalArgumentException.class,
            "crossEntropy: smoothing -0.1, expected at least 0 and less than 1",
            () -> Ops.crossEntropy(zeros(2, 3), new int[] {0, 1}, -0.1));
  }

  /** Shapes [N, K] that have a class for each label. */
  private static Arbitrary<Shape> labelled() {
    return Draw.shapes(2, 2).map(shape -> shape.with(1, Math.max(1, shape.dim(1))));
  }

  private static List<Integer> labels(Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, shape.dim(0)).mapToObj(n -> random.nextInt(shape.dim(1))).toList();
  }

  record NllLoss(List<Integer> labels) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.nllLoss(in.get(0), labels.stream().mapToInt(i -> i).toArray());
    }

    OpCase of(NdArray logarithms) {
      return OpCase.of("nllLoss of " + labels, this, List.of(logarithms));
    }

    static OpCase drawn(Shape shape, long seed) {
      return new NllLoss(ClassLossRows.labels(shape, seed)).of(nonzero().draw(shape, seed));
    }
  }

  private static OpRow nllLoss() {
    NdArray sure = array(shape(2, 2), 0, -INF, NaN, -1);
    return OpRow.function("nllLoss", combine(labelled(), Draw.seeds()).as(NllLoss::drawn))
        .exact()
        .oracle(
            c -> {
              List<Integer> labels = c.function(NllLoss.class).labels();
              double total = 0;
              for (int n = 0; n < labels.size(); n++) {
                total -= c.input(0).get(n, labels.get(n));
              }
              return scalar(total / labels.size());
            })
        .edges(
            NllLoss.drawn(Shape.of(0, 3), 1),
            NllLoss.drawn(Shape.of(0, 0), 1),
            NllLoss.drawn(Shape.of(1, 1), 1))
        .calls(
            // (2 + 4) / 2
            call(x -> Ops.nllLoss(x, 1, 0), array(shape(2, 3), -1, -2, -3, -4, -5, -6))
                .gives(scalar(3)),
            call(x -> Ops.nllLoss(x, 2, 2), array(shape(2, 3), -1, -2, -3, -4, -5, -6))
                .gives(scalar(4.5)),
            // the two together are crossEntropy
            call(
                    x ->
                        Ops.sub(Ops.nllLoss(Ops.logSoftmax(x, 1), 2, 0), Ops.crossEntropy(x, 2, 0)),
                    array(shape(2, 3), -1, -2, -3, -4, -5, -6))
                .about()
                .gives(scalar(0)),
            call(Ops::nllLoss, array(shape(0, 3))).gives(scalar(NaN)).gradients(array(shape(0, 3))),
            // what others have is not seen
            call(new NllLoss(List.of(0, 1)).of(sure))
                .gives(scalar(0.5))
                .gradients(array(shape(2, 2), -0.5, 0, 0, -0.5)),
            call(new NllLoss(List.of(1, 1)).of(sure)).gives(scalar(INF)))
        .refuses(
            ShapeException.class,
            "nllLoss: log-probabilities [2, 3] with 3 labels, expected [3, classes]",
            () -> Ops.nllLoss(zeros(2, 3), 0, 1, 2))
        .refuses(
            ShapeException.class,
            "nllLoss: log-probabilities [2, 3, 4] with 2 labels, expected [2, classes]",
            () -> Ops.nllLoss(zeros(2, 3, 4), 0, 1))
        .refuses(
            IllegalArgumentException.class,
            "nllLoss: label 3 at position 1, expected 0 to 2",
            () -> Ops.nllLoss(zeros(2, 3), 0, 3))
        .refuses(
            IllegalArgumentException.class,
            "nllLoss: label -1 at position 0, expected 0 to 2",
            () -> Ops.nllLoss(zeros(2, 3), -1, 0));
  }
}
