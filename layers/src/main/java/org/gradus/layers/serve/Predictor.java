package org.gradus.layers.serve;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.plan.Plan;
import org.gradus.autograd.plan.Planner;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.jspecify.annotations.Nullable;

/**
 * A net frozen for prediction: its weights are those of the moment it is made, its inputs are
 * batches of examples of one shape. What it computes is recorded once for each size of batch, when
 * that is first asked for, and worked out as a {@link Plan}: weights are laid out once, memory is
 * planned ahead, and a prediction makes nothing but its result. What was worked out for a size is
 * kept until memory is short.
 *
 * <pre>{@code
 * Predictor predictor = Predictor.of(net, 1, 28, 28);        // examples [1, 28, 28]
 * NdArray logits = predictor.predict(images);                // [N, 1, 28, 28], N up to 64
 * }</pre>
 *
 * <p>Results are those of {@link Layer#predict(NdArray)} within 1e-5 of the largest: batch
 * normalisation is folded into the weights before it, and products are added up in another order,
 * in the element type. They depend neither on the batch that an example is in nor on the number of
 * threads or the processor's vectors. Those of an {@link #exact} predictor have the bits of {@code
 * predict}. Without vector kernels, all are exact.
 *
 * <p>Weights that are not finite, or would not be with normalisation folded in, are left as they
 * are. An example whose output is not finite, all of it, is predicted by {@code forward} once more,
 * and has its bits: a NaN or an infinity comes out where it does there. What is left is a sum of
 * finite numbers that overflows on the way, while {@code forward} computes it in another order, and
 * that a limit such as those of {@code relu} then makes finite: its output may be another one.
 *
 * <p>A net that looks at the values of its input, or that does something else each time, cannot be
 * recorded. Its predictions are by {@code forward}, and {@link #reason} says why. If only batches
 * of some sizes cannot be recorded, only these are predicted so: see {@link #reason(int)}.
 *
 * <p>Immutable, but for what it keeps to be faster. Any number of threads may predict at once.
 */
public final class Predictor {
  private static final int USUAL_BATCH = 64;

  private final Layer net;
  private final Map<Parameter, Tensor> weights;
  private final Shape example;
  private final DType dtype;
  private final int maximumBatch;
  private final Planner planner;

  /** By the size of the batch, once it has been asked for, and until memory is short. */
  private final AtomicReferenceArray<@Nullable SoftReference<Plan>> plans;

  /** By the size of the batch, why it has no plan, once that was found out. */
  private final AtomicReferenceArray<@Nullable String> reasons;

  private final boolean exact;

  private Predictor(
      Layer net,
      Map<Parameter, Tensor> weights,
      Shape example,
      DType dtype,
      int maximumBatch,
      boolean exact) {
    this.net = net;
    this.weights = weights;
    this.example = example;
    this.dtype = dtype;
    this.maximumBatch = maximumBatch;
    Planner plain = Planner.of(this::forward);
    this.exact = exact;
    this.planner = exact ? plain : plain.folding();
    this.plans = new AtomicReferenceArray<>(maximumBatch + 1);
    this.reasons = new AtomicReferenceArray<>(maximumBatch + 1);
    planned(1);
  }

  /** The same as another one, but for the largest batch; what was tried is not tried again. */
  private Predictor(Predictor other, int maximumBatch) {
    this.net = other.net;
    this.weights = other.weights;
    this.example = other.example;
    this.dtype = other.dtype;
    this.maximumBatch = maximumBatch;
    this.exact = other.exact;
    this.planner = other.planner;
    this.plans = new AtomicReferenceArray<>(maximumBatch + 1);
    this.plans.set(1, other.plans.get(1));
    this.reasons = new AtomicReferenceArray<>(maximumBatch + 1);
    this.reasons.set(1, other.reasons.get(1));
  }

  // ---- making ----------------------------------------------------------------------------------

  /**
   * A net as it is now, for batches of up to 64 examples of a shape, of the element type of its
   * first parameter; float32 if it has none. Weights that change afterwards do not change it.
   *
   * @param example the shape of one example, without the axis of the batch
   * @throws IllegalArgumentException if the net refuses a batch of one of these
   */
  public static Predictor of(Layer net, int... example) {
    Nulls.refuse("predictor: net, example", net, example);
    DType dtype = net.parameters().stream().findFirst().map(Parameter::dtype).orElse(DType.FLOAT32);
    return of(net, Shape.of("predictor", example), dtype);
  }

  /**
   * A net as it is now, for batches of up to 64 examples like those of a batch.
   *
   * @param batch [N, ...], with any N
   * @throws IllegalArgumentException if the net refuses a batch of one of these
   */
  public static Predictor of(Layer net, NdArray batch) {
    Nulls.refuse("predictor: net, batch", net, batch);
    int[] dims = batch.shape().toArray();
    if (dims.length == 0) {
      throw new ShapeException("predictor", "the batch has rank 0, expected [N, ...]");
    }
    Shape example = Shape.of("predictor", Arrays.copyOfRange(dims, 1, dims.length));
    return of(net, example, batch.dtype());
  }

  private static Predictor of(Layer net, Shape example, DType dtype) {
    Map<Parameter, Tensor> weights = new HashMap<>();
    for (Parameter parameter : all(net)) {
      weights.put(parameter, Tensor.constant(parameter.value()));
    }
    return new Predictor(net, weights, example, dtype, USUAL_BATCH, /* exact= */ false);
  }

  private static List<Parameter> all(Layer net) {
    List<Parameter> all = new ArrayList<>(net.parameters());
    all.addAll(net.buffers());
    return all;
  }

  /**
   * The same for larger batches, or for none so large.
   *
   * @param maximum the most examples of a batch
   * @throws IllegalArgumentException if it is less than 1
   */
  public Predictor maximumBatch(int maximum) {
    if (maximum < 1) {
      throw new IllegalArgumentException(
          "predictor: a maximum batch of %s, expected at least 1".formatted(maximum));
    }
    return new Predictor(this, maximum);
  }

  /** The same with nothing folded: its results have the bits of {@code forward}. */
  public Predictor exact() {
    return new Predictor(net, weights, example, dtype, maximumBatch, /* exact= */ true);
  }

  // ---- asking ----------------------------------------------------------------------------------

  /**
   * Why predictions are by {@code forward}; empty if they are by plans. Where those of some sizes
   * are, which is found out when a batch of that size is first predicted, it is why the smallest
   * known one of them is.
   */
  public Optional<String> reason() {
    return IntStream.rangeClosed(1, maximumBatch)
        .filter(batch -> reasons.get(batch) != null)
        .mapToObj(batch -> (batch == 1 ? "" : "for N = " + batch + ": ") + reasons.get(batch))
        .findFirst();
  }

  /**
   * Why predictions for batches of a size are by {@code forward}; empty if they are by a plan. It
   * is worked out now if that was not done before.
   *
   * @param batch from 1 to the maximum
   * @throws IllegalArgumentException if it is out of this range, or the net refuses such a batch
   */
  public Optional<String> reason(int batch) {
    if (batch < 1 || batch > maximumBatch) {
      throw new IllegalArgumentException(
          "reason: a batch of %s, expected 1 to %s".formatted(batch, maximumBatch));
    }
    return kept(batch) != null || planned(batch) != null
        ? Optional.empty()
        : Optional.ofNullable(reasonOf(batch));
  }

  /** Why a size has no plan; all have none if one example has none. */
  private @Nullable String reasonOf(int batch) {
    String first = reasons.get(1);
    return first != null ? first : reasons.get(batch);
  }

  /** The shape of one example. */
  public Shape example() {
    return example;
  }

  /** The most examples of a batch. */
  public int maximumBatch() {
    return maximumBatch;
  }

  /**
   * The net's output for a batch. The output for an example has the same bits in any batch, if that
   * is true of the net.
   *
   * @param x [N, ...], examples of the shape that this predictor is for
   * @throws ShapeException if it is of another shape, or N is larger than the maximum
   * @throws DTypeException if it is of another element type than the weights
   */
  public NdArray predict(NdArray x) {
    Nulls.given("predict: x", x);
    int batch = requireBatch(x);
    Plan plan = batch == 0 ? null : kept(batch);
    plan = batch == 0 || plan != null ? plan : planned(batch);
    if (plan == null) {
      return forward(Tensor.constant(x)).value();
    }
    NdArray y = plan.run(x);
    return exact || y.isFinite() ? y : mended(x, y);
  }

  /** What was predicted, but for examples whose output is not finite: those as by forward. */
  private NdArray mended(NdArray x, NdArray y) {
    NdArray expected = forward(Tensor.constant(x)).value();
    int batch = x.shape().dim(0);
    if (y.shape().rank() == 0 || y.shape().dim(0) != batch) {
      return expected; // it is not one output for each example
    }
    int each = y.size() / batch;
    boolean[] isFinite = new boolean[batch];
    for (int i = 0; i < batch; i++) {
      int first = i * each;
      isFinite[i] = IntStream.range(first, first + each).allMatch(at -> Double.isFinite(y.at(at)));
    }
    return NdArray.generate(
        y.dtype(), y.shape(), at -> isFinite[at / each] ? y.at(at) : expected.at(at));
  }

  private @Nullable Plan kept(int batch) {
    SoftReference<Plan> plan = plans.get(batch);
    return plan == null ? null : plan.get();
  }

  private int requireBatch(NdArray x) {
    Shape shape = x.shape();
    boolean fits = shape.rank() == example.rank() + 1;
    for (int axis = 0; fits && axis < example.rank(); axis++) {
      fits = shape.dim(axis + 1) == example.dim(axis);
    }
    if (!fits || shape.dim(0) > maximumBatch) {
      throw new ShapeException(
          "predict",
          "input %s, expected [N%s] with N up to %s".formatted(shape, dims(example), maximumBatch));
    }
    if (x.dtype() != dtype) {
      throw new DTypeException(
          "predict", "input is %s, but the net is %s".formatted(x.dtype(), dtype));
    }
    return shape.dim(0);
  }

  private static String dims(Shape shape) {
    StringBuilder text = new StringBuilder();
    for (int dim : shape.toArray()) {
      text.append(", ").append(dim);
    }
    return text.toString();
  }

  /** The plan for a size of batch; null if it has none. */
  private @Nullable Plan planned(int batch) {
    if (reasonOf(batch) != null) {
      return null;
    }
    synchronized (plans) { // each size is worked out once
      Plan plan = kept(batch);
      if (plan == null && reasons.get(batch) == null) {
        try {
          plan = planner.plan(NdArray.zeros(dtype, example.stacked("predictor", batch)));
          plans.set(batch, new SoftReference<>(plan));
        } catch (IllegalStateException e) {
          reasons.set(batch, String.valueOf(e.getMessage()));
        }
      }
      return plan;
    }
  }

  private Tensor forward(Tensor x) {
    return net.forward(x, Pass.inference().with(weights).withoutGradients());
  }

  /** For example {@code predictor of sequential for [N, 1, 28, 28], N up to 64}. */
  @Override
  public String toString() {
    String text =
        "predictor of %s for [N%s], N up to %s".formatted(net.name(), dims(example), maximumBatch);
    return text + reason().map(why -> ", by forward: " + why).orElse("");
  }
}
