package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.gather;
import static org.gradus.autograd.ops.Ops.logSoftmax;
import static org.gradus.autograd.ops.Ops.mean;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.squeeze;
import static org.gradus.autograd.ops.Ops.sub;
import static org.gradus.autograd.ops.Ops.sum;
import static org.gradus.autograd.ops.Ops.where;

import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Losses of labels, one for each place [N, ...], beside logits or log-probabilities [N, K, ...].
 * They are made of ops, and so have derivatives of any order.
 *
 * <p>What does not count is put out of the way before it is multiplied by 0, since it may be
 * infinite: the logits of ignored places are taken as 0, and so are the log-probabilities of
 * classes whose weight is 0.
 */
final class LabelLosses {
  private static final int CLASSES = 1;

  private final String op;
  private final DType dtype;
  private final Shape shape; // [N, K, ...]
  private final Shape places; // [N, ...]
  private final int[] labels;
  private final double[] weights; // of the classes
  private final CrossEntropyOptions options;

  private LabelLosses(
      String op, DType dtype, Shape shape, int[] labels, CrossEntropyOptions options) {
    this.op = op;
    this.dtype = dtype;
    this.shape = shape;
    this.places = places(shape);
    this.labels = labels;
    this.weights =
        options
            .weights()
            .map(NdArray::toDoubleArray)
            .orElseGet(() -> DoubleStream.generate(() -> 1).limit(shape.dim(CLASSES)).toArray());
    this.options = options;
  }

  // ---- what is called --------------------------------------------------------------------------

  /** As {@link Ops#crossEntropy(Tensor, Indices, CrossEntropyOptions)}. */
  static Tensor crossEntropy(Tensor logits, Indices labels, CrossEntropyOptions options) {
    Nulls.refuse("crossEntropy: logits, labels, options", logits, labels, options);
    requirePlaces("crossEntropy", "logits", logits.shape(), labels);
    return crossEntropy(logits, labels.storage(), options);
  }

  /** As {@link Ops#crossEntropy(Tensor, int[], CrossEntropyOptions)}. */
  static Tensor crossEntropy(Tensor logits, int[] labels, CrossEntropyOptions options) {
    Nulls.refuse("crossEntropy: logits, labels, options", logits, labels, options);
    LabelLosses losses = of("crossEntropy", "logits", logits, labels, options);
    return losses.reduced(logSoftmax(losses.counting(logits), CLASSES));
  }

  /** As {@link Ops#nllLoss(Tensor, Indices, CrossEntropyOptions)}. */
  static Tensor nll(Tensor logProbabilities, Indices labels, CrossEntropyOptions options) {
    Nulls.refuse("nllLoss: logProbabilities, labels, options", logProbabilities, labels, options);
    requirePlaces("nllLoss", "log-probabilities", logProbabilities.shape(), labels);
    return nll(logProbabilities, labels.storage(), options);
  }

  /** As {@link Ops#nllLoss(Tensor, int[], CrossEntropyOptions)}. */
  static Tensor nll(Tensor logProbabilities, int[] labels, CrossEntropyOptions options) {
    Nulls.refuse("nllLoss: logProbabilities, labels, options", logProbabilities, labels, options);
    LabelLosses losses = of("nllLoss", "log-probabilities", logProbabilities, labels, options);
    return losses.reduced(losses.counting(logProbabilities));
  }

  // ---- what is refused -------------------------------------------------------------------------

  private static LabelLosses of(
      String op, String what, Tensor x, int[] labels, CrossEntropyOptions options) {
    Shape shape = x.shape();
    requireRank(op, what, shape);
    Shape places = places(shape);
    if (labels.length != places.size()) {
      throw new ShapeException(
          op,
          "%s %s with %s labels, expected %s, one for each place %s"
              .formatted(what, shape, labels.length, places.size(), places));
    }
    int classes = shape.dim(CLASSES);
    if (classes == 0 && labels.length > 0) {
      throw new ShapeException(op, "%s %s have no classes".formatted(what, shape));
    }
    options
        .weights()
        .filter(weights -> weights.size() != classes)
        .ifPresent(
            weights -> {
              throw new ShapeException(
                  op,
                  "%s %s have %s classes, but there are %s weights"
                      .formatted(what, shape, classes, weights.size()));
            });
    LabelLosses losses = new LabelLosses(op, x.dtype(), shape, labels, options);
    losses.requireLabels();
    return losses;
  }

  private static void requireRank(String op, String what, Shape shape) {
    if (shape.rank() < 2) {
      throw new ShapeException(
          op, "%s %s have rank %s, expected 2 or higher".formatted(what, shape, shape.rank()));
    }
  }

  private static void requirePlaces(String op, String what, Shape shape, Indices labels) {
    requireRank(op, what, shape);
    if (!labels.shape().equals(places(shape))) {
      throw new ShapeException(
          op,
          "%s %s with labels %s, expected labels %s"
              .formatted(what, shape, labels.shape(), places(shape)));
    }
  }

  private void requireLabels() {
    int classes = shape.dim(CLASSES);
    for (int n = 0; n < labels.length; n++) {
      if (!isIgnored(n) && (labels[n] < 0 || labels[n] >= classes)) {
        String ignored =
            options.ignored().isPresent()
                ? ", or %s, which is ignored".formatted(options.ignored().getAsInt())
                : "";
        throw new IllegalArgumentException(
            "%s: label %s at %s, expected 0 to %s%s"
                .formatted(op, labels[n], Gather.position(n, places), classes - 1, ignored));
      }
    }
  }

  private static Shape places(Shape shape) {
    boolean[] marked = new boolean[shape.rank()];
    marked[CLASSES] = true;
    return Axes.result(shape, marked, false);
  }

  // ---- what is computed ------------------------------------------------------------------------

  /** x, with 0 in place of what belongs to ignored places. */
  private Tensor counting(Tensor x) {
    return IntStream.range(0, labels.length).anyMatch(this::isIgnored)
        ? where(constant(shape.with(CLASSES, 1), n -> isIgnored(n) ? 1 : 0), 0, x)
        : x;
  }

  private boolean isIgnored(int n) {
    return options.ignored().isPresent() && options.ignored().getAsInt() == labels[n];
  }

  private Tensor reduced(Tensor logProbabilities) {
    Tensor p = weighing(logProbabilities);
    double total = IntStream.range(0, labels.length).mapToDouble(this::weight).sum();
    boolean isMean = options.reduction() == Reduction.MEAN;
    double share = !isMean ? 1 : total > 0 ? labels.length / total : 0; // of a place of weight 1
    Tensor losses = ofLabels(p, (1 - options.smoothing()) * share);
    if (options.smoothing() > 0) {
      losses = add(losses, ofAll(p, options.smoothing() * share));
    }
    Tensor loss =
        switch (options.reduction()) {
          case MEAN -> mean(losses);
          case SUM -> sum(losses);
          case NONE -> losses;
        };
    return sub(isMean && total == 0 ? Double.NaN : 0, loss); // and 0 is not -0
  }

  /** The log-probabilities, with 0 in place of those that are multiplied by a weight of 0. */
  private Tensor weighing(Tensor p) {
    return DoubleStream.of(weights).anyMatch(weight -> weight == 0)
        ? where(perClass(k -> weights[k] == 0 ? 1 : 0), 0, p)
        : p;
  }

  /** How much a place counts. */
  private double weight(int n) {
    return isIgnored(n) ? 0 : weights[labels[n]];
  }

  /** Those of the labels, each times its weight and a factor. */
  private Tensor ofLabels(Tensor p, double factor) {
    int[] index =
        IntStream.range(0, labels.length).map(n -> isIgnored(n) ? 0 : labels[n]).toArray();
    Tensor own = squeeze(gather(p, CLASSES, Indices.wrap(index, shape.with(CLASSES, 1))), CLASSES);
    return mul(own, constant(places, n -> factor * weight(n)));
  }

  /** The mean over the classes, each times its weight and a factor; 0 where a place is ignored. */
  private Tensor ofAll(Tensor p, double factor) {
    Tensor all = mean(mul(p, perClass(k -> factor * weights[k])), CLASSES);
    return mul(all, constant(places, n -> isIgnored(n) ? 0 : 1));
  }

  private Tensor perClass(IntToDoubleFunction f) {
    int[] ones = shape.toArray();
    for (int axis = 0; axis < ones.length; axis++) {
      ones[axis] = axis == CLASSES ? ones[axis] : 1;
    }
    return constant(Shape.of(ones), f);
  }

  private Tensor constant(Shape of, IntToDoubleFunction f) {
    return Tensor.constant(NdArray.generate(dtype, of, f));
  }
}
