package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.CrossEntropyOptions.mean;
import static org.gradus.autograd.ops.CrossEntropyOptions.none;
import static org.gradus.autograd.ops.CrossEntropyOptions.sum;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.integers;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the losses of labels with options: ignored places, weights of classes, smoothing. */
final class LabelLossRows {
  private static final double LN2 = Math.log(2);
  private static final double LN3 = Math.log(3);

  /** Two rows whose softmax is (1/4, 3/4) and (1/2, 1/2). */
  private static final NdArray ROWS = array(shape(2, 2), 0, LN3, 0, 0);

  /** The same two as places of one image [1, 2, 2], whose classes are on axis 1. */
  private static final NdArray IMAGE = array(shape(1, 2, 2), 0, 0, LN3, 0);

  private static final NdArray LOGARITHMS = array(shape(2, 3), -1, -2, -3, -4, -5, -6);

  private LabelLossRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(crossEntropy(), nllLoss());
  }

  // ---- cases and oracle ------------------------------------------------------------------------

  /** A loss of these labels, one for each place in row-major order. */
  record Labelled(boolean ofLogits, List<Integer> labels, CrossEntropyOptions options)
      implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      Tensor x = in.get(0);
      int[] array = labels.stream().mapToInt(label -> label).toArray();
      Indices shaped = Indices.of(array, places(x.shape()));
      return ofLogits ? Ops.crossEntropy(x, shaped, options) : Ops.nllLoss(x, shaped, options);
    }

    OpCase of(NdArray x) {
      String name =
          "%s of %s: %s".formatted(ofLogits ? "crossEntropy" : "nllLoss", labels, options);
      return OpCase.of(name, this, List.of(x));
    }

    double weight(int k) {
      return options.weights().map(weights -> weights.at(k)).orElse(1.0);
    }

    boolean counts(int n) {
      return !options.ignored().equals(OptionalInt.of(labels.get(n)));
    }
  }

  private static int[] places(Shape shape) {
    return IntStream.range(0, shape.rank()).filter(axis -> axis != 1).map(shape::dim).toArray();
  }

  private static OpCase drawn(
      boolean ofLogits, Shape shape, CrossEntropyOptions options, Domain domain, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int classes = shape.dim(1);
    OptionalInt ignored = options.ignored();
    int[] labels = new int[Shape.of(places(shape)).size()];
    for (int n = 0; n < labels.length; n++) {
      boolean counts = ignored.isEmpty() || random.nextInt(4) > 0;
      labels[n] = counts ? random.nextInt(classes) : ignored.getAsInt();
    }
    if (labels.length > 0) {
      labels[labels.length / 2] = 0; // so that a place counts
    }
    return new Labelled(ofLogits, IntStream.of(labels).boxed().toList(), options)
        .of(domain.draw(shape, seed));
  }

  /** Some options; the class 0 counts in all of them. */
  private static CrossEntropyOptions options(
      Reduction reduction, int ignored, int weights, double smoothing, int classes) {
    NdArray ofClasses =
        NdArray.generate(
            weights == 1 ? DType.FLOAT32 : DType.FLOAT64,
            Shape.of(classes),
            k -> k == weights ? 0 : (k + weights) % 3 + 0.25);
    return new CrossEntropyOptions(
        reduction,
        ignored == 0 ? OptionalInt.empty() : OptionalInt.of(ignored),
        weights == 0 ? Optional.empty() : Optional.of(ofClasses),
        smoothing);
  }

  private static Arbitrary<OpCase> cases(boolean ofLogits, Domain... domains) {
    Arbitrary<Shape> shapes =
        Draw.shapes(2, 4).map(shape -> shape.with(1, Math.max(1, shape.dim(1))));
    return shapes.flatMap(
        shape ->
            combine(
                    Arbitraries.of(Reduction.values()),
                    Arbitraries.of(0, 1, -100, 255),
                    Arbitraries.of(0, 1, 2),
                    Arbitraries.of(0.0, 0.1, 0.5),
                    Arbitraries.of(domains),
                    Draw.seeds())
                .as(
                    (reduction, ignored, weights, smoothing, domain, seed) ->
                        drawn(
                            ofLogits,
                            shape,
                            options(reduction, ignored, weights, smoothing, shape.dim(1)),
                            domain,
                            seed)));
  }

  private static OpCase[] edges(boolean ofLogits) {
    return new OpCase[] {
      drawn(ofLogits, shape(0, 3), mean(), nonzero(), 1),
      drawn(ofLogits, shape(0, 3), none().ignoring(1).smoothing(0.5), nonzero(), 1),
      drawn(ofLogits, shape(2, 3, 0), sum().smoothing(0.5), nonzero(), 1),
      drawn(ofLogits, shape(1, 1), mean().smoothing(0.5), nonzero(), 1),
      drawn(ofLogits, shape(1, 1, 1, 1), none(), nonzero(), 1),
      drawn(ofLogits, shape(2, 3, 1, 2), mean().ignoring(2), nonzero(), 1),
      drawn(ofLogits, shape(2, 3, 2), sum().weights(vector(1, 2, 0)), nonzero(), 1)
    };
  }

  /** By the formula of PyTorch, from logarithms of probabilities. */
  private static NdArray byHand(Labelled loss, NdArray logarithms) {
    Naive p = Naive.of(logarithms);
    int classes = p.dim(1);
    int[] dims = places(logarithms.shape());
    int rest = Shape.of(dims).size() / Math.max(1, p.dim(0)); // places in one example
    double[] losses = new double[loss.labels.size()];
    double weights = 0;
    for (int n = 0; n < losses.length; n++) {
      if (loss.counts(n)) {
        int first = n / rest * classes * rest + n % rest;
        int label = loss.labels.get(n);
        double all = 0;
        for (int k = 0; k < classes; k++) {
          all -= loss.weight(k) * p.flat(first + k * rest);
        }
        double own = -loss.weight(label) * p.flat(first + label * rest);
        double smoothing = loss.options.smoothing();
        losses[n] = (1 - smoothing) * own + smoothing / classes * all;
        weights += loss.weight(label);
      }
    }
    double sum = DoubleStream.of(losses).sum();
    return switch (loss.options.reduction()) {
      case MEAN -> scalar(sum / weights);
      case SUM -> scalar(sum);
      case NONE -> NdArray.of(losses, dims);
    };
  }

  // ---- rows ------------------------------------------------------------------------------------

  private static OpRow crossEntropy() {
    OpRow row =
        OpRow.function("crossEntropy with options", cases(true, nonzero(), integers(-1000, 1000)))
            .oracle(c -> byHand(c.function(Labelled.class), ClassLossRows.logSoftmax(c.input(0))))
            .edges(edges(true))
            .calls(
                "crossEntropy",
                call(x -> Ops.crossEntropy(x, labels(1, 0), mean()), ROWS)
                    .about()
                    .gives(scalar((LN2 - Math.log(0.75)) / 2)),
                call(x -> Ops.crossEntropy(x, labels(1, 0), sum()), ROWS)
                    .about()
                    .gives(scalar(LN2 - Math.log(0.75)))
                    .gradients(array(shape(2, 2), 0.25, -0.25, -0.5, 0.5)),
                call(x -> Ops.crossEntropy(x, labels(1, 0), none()), ROWS)
                    .about()
                    .gives(vector(-Math.log(0.75), LN2))
                    .cotangent(4, 2)
                    .gradients(array(shape(2, 2), 1, -1, -1, 1)),
                // classes on axis 1 of an image
                call(x -> Ops.crossEntropy(x, Indices.of(new int[] {1, 0}, 1, 2), none()), IMAGE)
                    .about()
                    .gives(array(shape(1, 2), -Math.log(0.75), LN2)),
                call(x -> Ops.crossEntropy(x, labels(0, 1), mean()), IMAGE)
                    .about()
                    .gives(scalar((2 * LN2 + LN2) / 2))
                    .gradients(array(shape(1, 2, 2), -0.375, 0.25, 0.375, -0.25)),
                // the mean is over the places that count
                call(x -> Ops.crossEntropy(x, labels(0, 255), mean().ignoring(255)), ROWS)
                    .about()
                    .gives(scalar(2 * LN2))
                    .gradients(array(shape(2, 2), -0.75, 0.75, 0, 0)),
                call(x -> Ops.crossEntropy(x, labels(1, 0), none().ignoring(1)), ROWS)
                    .about()
                    .gives(vector(0, LN2)),
                // it is weighted: (2 ln 2 + 3 ln 2) / (1 + 3)
                call(x -> Ops.crossEntropy(x, labels(0, 1), mean().weights(vector(1, 3))), ROWS)
                    .about()
                    .gives(scalar(1.25 * LN2)),
                call(x -> Ops.crossEntropy(x, labels(0, 1), sum().weights(vector(1, 3))), ROWS)
                    .about()
                    .gives(scalar(5 * LN2)),
                // half of 2 ln 2, and a quarter of 2 ln 2 - 3 ln(3/4)
                call(
                        x ->
                            Ops.crossEntropy(
                                x,
                                labels(0, -1),
                                sum().weights(vector(1, 3)).smoothing(0.5).ignoring(-1)),
                        ROWS)
                    .about()
                    .gives(scalar(1.5 * LN2 - 0.75 * Math.log(0.75))),
                // as the one of probabilities
                call(
                        x ->
                            Ops.sub(
                                Ops.crossEntropy(x, labels(1, 0), mean().smoothing(0.3)),
                                Ops.crossEntropy(x, labels(1, 0), 0.3)),
                        ROWS)
                    .about()
                    .gives(scalar(0)))
            .calls(
                "crossEntropy",
                // nothing counts
                call(x -> Ops.crossEntropy(x, labels(7, 7), mean().ignoring(7)), ROWS)
                    .gives(scalar(NaN))
                    .about()
                    .gradients(array(shape(2, 2), 0, 0, 0, 0)),
                call(x -> Ops.crossEntropy(x, labels(7, 7), sum().ignoring(7)), ROWS)
                    .gives(scalar(0))
                    .about()
                    .gradients(array(shape(2, 2), 0, 0, 0, 0)),
                call(
                        x ->
                            Ops.crossEntropy(
                                x, labels(0, 0), mean().weights(vector(0, 1)).smoothing(0.1)),
                        ROWS)
                    .gives(scalar(NaN))
                    .about()
                    .gradients(array(shape(2, 2), 0, 0, 0, 0)),
                call(x -> Ops.crossEntropy(x, labels(), mean()), array(shape(0, 3)))
                    .gives(scalar(NaN))
                    .gradients(array(shape(0, 3))),
                call(x -> Ops.crossEntropy(x, labels(), mean()), array(shape(0, 0)))
                    .gives(scalar(NaN)),
                call(x -> Ops.crossEntropy(x, labels(), sum()), array(shape(0, 3)))
                    .gives(scalar(0)),
                // an ignored place may have anything
                call(
                        x -> Ops.crossEntropy(x, labels(9, 9, 9, 0), none().ignoring(9)),
                        array(shape(4, 2), NaN, 1, -INF, -INF, INF, 1, 0, 0))
                    .about()
                    .gives(vector(0, 0, 0, LN2))
                    .gradients(array(shape(4, 2), 0, 0, 0, 0, 0, 0, -0.5, 0.5))
                    .derivatives(
                        array(shape(4, 2), 0, 0, 0, 0, 0, 0, -0.5, 0.5),
                        array(shape(4, 2), 0, 0, 0, 0, 0, 0, 0, 0)),
                call(
                        x -> Ops.crossEntropy(x, labels(0, 0), none()),
                        array(shape(2, 2), NaN, 1, 0, 0))
                    .about()
                    .gives(vector(NaN, LN2)),
                // a label that cannot be, and a row without a distribution
                call(
                        x -> Ops.crossEntropy(x, labels(0, 1, 0), none()),
                        array(shape(3, 2), -INF, 0, -INF, 0, -INF, -INF))
                    .gives(vector(INF, 0, INF))
                    .gradients(array(shape(3, 2), -1, 1, 0, 0, 0, 0)),
                // a class of weight 0 may be impossible, also where all classes share
                call(
                        x ->
                            Ops.crossEntropy(
                                x, labels(0, 1), none().weights(vector(0, 2)).smoothing(0.5)),
                        array(shape(2, 2), -INF, 0, -INF, 0))
                    .gives(vector(0, 0)));
    return refuses(row, "crossEntropy", "logits", true);
  }

  private static OpRow nllLoss() {
    OpRow row =
        OpRow.function("nllLoss with options", cases(false, nonzero()))
            .exact()
            .oracle(c -> byHand(c.function(Labelled.class), c.input(0)))
            .edges(edges(false))
            .calls(
                "nllLoss",
                call(x -> Ops.nllLoss(x, labels(1, 0), mean()), LOGARITHMS).gives(scalar(3)),
                call(x -> Ops.nllLoss(x, labels(1, 0), sum()), LOGARITHMS).gives(scalar(6)),
                call(x -> Ops.nllLoss(x, labels(1, 0), none()), LOGARITHMS).gives(vector(2, 4)),
                call(x -> Ops.nllLoss(x, labels(2, 5), mean().ignoring(5)), LOGARITHMS)
                    .gives(scalar(3))
                    .about()
                    .gradients(array(shape(2, 3), 0, 0, -1, 0, 0, 0)),
                // (5 2 + 1 4) / (5 + 1)
                call(x -> Ops.nllLoss(x, labels(1, 0), mean().weights(vector(1, 5, 7))), LOGARITHMS)
                    .about()
                    .gives(scalar(14 / 6.0)),
                // half of the label's and half of the mean of all, each with its weight
                call(
                        x ->
                            Ops.nllLoss(
                                x, labels(1, 0), none().weights(vector(1, 4, 0)).smoothing(0.5)),
                        LOGARITHMS)
                    .about()
                    .gives(vector(0.5 * 8 + 9 / 6.0, 0.5 * 4 + 24 / 6.0))
                    .gradients(
                        array(shape(2, 3), -1 / 6.0, -2 - 4 / 6.0, 0, -0.5 - 1 / 6.0, -4 / 6.0, 0)),
                call(
                        x -> Ops.nllLoss(x, Indices.of(new int[] {0, 1, 1, 0}, 2, 2), none()),
                        array(shape(2, 2, 2), -1, -2, -3, -4, -5, -6, -7, -8))
                    .gives(array(shape(2, 2), 1, 4, 7, 6)),
                // the same bits as without options
                call(
                        x ->
                            Ops.sub(
                                Ops.nllLoss(x, labels(0, 1, 0), mean()), Ops.nllLoss(x, 0, 1, 0)),
                        array(shape(3, 2), -0.1, -0.2, -0.3, -0.4, -0.7, -0.9))
                    .gives(scalar(0)),
                // what does not count is not looked at
                call(
                        x -> Ops.nllLoss(x, labels(0, 9, 1), none().ignoring(9)),
                        array(shape(3, 2), -2, NaN, -INF, INF, -INF, 0))
                    .gives(vector(2, 0, 0))
                    .gradients(array(shape(3, 2), -1, 0, 0, 0, 0, -1)),
                call(
                        x ->
                            Ops.nllLoss(
                                x,
                                labels(0, 1),
                                sum().weights(vector(1, 0)).smoothing(0.5).ignoring(9)),
                        array(shape(2, 2), -2, -INF, -4, NaN))
                    .about()
                    .gives(scalar(0.5 * 2 + 0.25 * 2 + 0.25 * 4)),
                call(x -> Ops.nllLoss(x, labels(9, 9), sum().ignoring(9)), array(shape(2, 1), 1, 2))
                    .gives(scalar(0)),
                call(x -> Ops.nllLoss(x, labels(0), sum()), array(shape(1, 1), -INF))
                    .gives(scalar(INF)),
                // a mean that is large, of losses whose sum is too large
                call(
                        x -> Ops.nllLoss(x, labels(0, 0), mean()),
                        array(shape(2, 1), -1e308, -1.5e308))
                    .in(DType.FLOAT64)
                    .about()
                    .gives(scalar(1.25e308)),
                // weights of any size
                call(
                        x -> Ops.nllLoss(x, labels(0, 1), mean().weights(vector(1e-200, 3e-200))),
                        array(shape(2, 2), -4, 0, 0, -8))
                    .about()
                    .gives(scalar(7)),
                // (4 + 3 8) / 4 of the labels, (4 + 0 + 3 (0 + 8)) / 2 / 4 of all
                call(
                        x ->
                            Ops.nllLoss(
                                x,
                                labels(0, 1),
                                mean().weights(vector(1e-200, 3e-200)).smoothing(0.5)),
                        array(shape(2, 2), -4, 0, 0, -8))
                    .about()
                    .gives(scalar(3.5 + 1.75)));
    return refuses(row, "nllLoss", "log-probabilities", false);
  }

  private static int[] labels(int... labels) {
    return labels;
  }

  private static OpRow refuses(OpRow row, String name, String what, boolean ofLogits) {
    String start = name + ": " + what;
    return row.refuses(
            ShapeException.class,
            start + " [3] have rank 1, expected 2 or higher",
            () -> loss(ofLogits, zeros(3), mean(), 0, 1, 2))
        .refuses(
            ShapeException.class,
            start + " [] have rank 0, expected 2 or higher",
            () -> loss(ofLogits, zeros(), mean(), Indices.of(new int[] {0})))
        .refuses(
            ShapeException.class,
            start + " [2, 3, 4] with 2 labels, expected 8, one for each place [2, 4]",
            () -> loss(ofLogits, zeros(2, 3, 4), mean(), 0, 1))
        .refuses(
            ShapeException.class,
            start + " [2, 3] with 3 labels, expected 2, one for each place [2]",
            () -> loss(ofLogits, zeros(2, 3), mean(), 0, 1, 2))
        .refuses(
            ShapeException.class,
            start + " [2, 3, 2] with labels [4], expected labels [2, 2]",
            () -> loss(ofLogits, zeros(2, 3, 2), mean(), Indices.of(new int[4], 4)))
        .refuses(
            ShapeException.class,
            start + " [2, 0] have no classes",
            () -> loss(ofLogits, zeros(2, 0), mean().ignoring(1), 1, 1))
        .refuses(
            ShapeException.class,
            start + " [2, 3] have 3 classes, but there are 2 weights",
            () -> loss(ofLogits, zeros(2, 3), mean().weights(vector(1, 2)), 0, 1))
        .refuses(
            IllegalArgumentException.class,
            name + ": label 3 at [1], expected 0 to 2",
            () -> loss(ofLogits, zeros(2, 3), mean(), 2, 3))
        .refuses(
            IllegalArgumentException.class,
            name + ": label -1 at [1, 0], expected 0 to 2, or 255, which is ignored",
            () -> loss(ofLogits, zeros(2, 3, 2), sum().ignoring(255), 0, 255, -1, 3));
  }

  private static Tensor loss(
      boolean ofLogits, Tensor x, CrossEntropyOptions options, int... labels) {
    return ofLogits ? Ops.crossEntropy(x, labels, options) : Ops.nllLoss(x, labels, options);
  }

  private static Tensor loss(
      boolean ofLogits, Tensor x, CrossEntropyOptions options, Indices labels) {
    return ofLogits ? Ops.crossEntropy(x, labels, options) : Ops.nllLoss(x, labels, options);
  }
}
