package org.gradus.layers.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.check.GradientCheck;
import org.gradus.autograd.check.Report;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Row;
import org.gradus.layers.Layer;
import org.gradus.layers.Pass;
import org.gradus.layers.testkit.LayerCase.Sizes;
import org.junit.jupiter.api.function.Executable;

/**
 * What the contract must know of a layer: how it is made, what its parameters are called, what goes
 * in and what comes out, and what it refuses. A row is of one configuration; a layer that has
 * several (a stride, groups, an element type) takes a row for each.
 *
 * <pre>{@code
 * LayerRow.of(random -> new Linear(4, 3, random))
 *     .parameter("weight", 3, 4)
 *     .parameter("bias", 3)
 *     .example(Shape.of(4), Shape.of(3))
 * }</pre>
 *
 * Immutable: each setting returns a new row.
 */
public final class LayerRow implements Row {
  private final String name;
  private final Optional<Class<? extends Layer>> type;
  private final Function<RandomGenerator, ? extends Layer> maker;

  // Set only in a copy that nobody has seen yet.
  private List<Named> parameters = List.of();
  private List<Named> buffers = List.of();
  private List<Arbitrary<Sizes>> sizes = List.of();
  private Domain domain = Domain.nonzero();
  private double step = 1e-5;
  private double tolerance = 1e-6;
  private double batchTolerance = 1e-5;
  private int trainingBatch = 1;
  private boolean chooses;
  private boolean mixesExamples;
  private boolean anyShape;
  private List<Known> known = List.of();
  private List<WrongCall> wrongCalls = List.of();

  /** A parameter, as the layer lists it. */
  record Named(String name, Shape shape) {
    @Override
    public String toString() {
      return name + " " + shape;
    }
  }

  /** An output that was worked out by hand. */
  record Known(NdArray x, NdArray y, List<NdArray> parameters) {}

  /** A call that must be refused. */
  record WrongCall(
      Class<? extends IllegalArgumentException> type, String message, Executable call) {}

  private LayerRow(
      String name,
      Optional<Class<? extends Layer>> type,
      Function<RandomGenerator, ? extends Layer> maker) {
    this.name = name;
    this.type = type;
    this.maker = maker;
  }

  private LayerRow changed(Consumer<LayerRow> change) {
    LayerRow copy = new LayerRow(name, type, maker);
    copy.parameters = parameters;
    copy.buffers = buffers;
    copy.sizes = sizes;
    copy.domain = domain;
    copy.step = step;
    copy.tolerance = tolerance;
    copy.batchTolerance = batchTolerance;
    copy.trainingBatch = trainingBatch;
    copy.chooses = chooses;
    copy.mixesExamples = mixesExamples;
    copy.anyShape = anyShape;
    copy.known = known;
    copy.wrongCalls = wrongCalls;
    change.accept(copy);
    return copy;
  }

  /**
   * The layer that is made from a generator, from which alone it draws: the same seed makes the
   * same layer. It is made at once, to learn its class and its name.
   *
   * @param maker called for each trial, with a generator of another seed
   */
  public static LayerRow of(Function<RandomGenerator, ? extends Layer> maker) {
    Nulls.refuse("layer row: maker", maker);
    Layer sample = Nulls.given("layer row: the layer made", maker.apply(new SplittableRandom(1)));
    Class<? extends Layer> type = sample.getClass();
    return new LayerRow(
        sample.name(), type.isHidden() ? Optional.empty() : Optional.of(type), maker);
  }

  /**
   * A function that is a layer as it stands.
   *
   * @param name by which the row is known
   * @param function such as {@code Ops::tanh}
   */
  public static LayerRow function(String name, Layer function) {
    Nulls.refuse("layer row: name, function", name, function);
    return new LayerRow(name, Optional.empty(), random -> function);
  }

  // ---- settings --------------------------------------------------------------------------------

  /**
   * With a parameter that the layer lists behind those named before.
   *
   * @param parameter its whole name, such as {@code layer1.0.weight}: files are written by it
   * @param dims its shape
   */
  public LayerRow parameter(String parameter, int... dims) {
    Nulls.refuse("layer row: parameter, dims", parameter, dims);
    return changed(row -> row.parameters = and(parameters, new Named(parameter, Shape.of(dims))));
  }

  /**
   * With a buffer, which is not learnt, behind those named before.
   *
   * @param buffer its whole name, such as {@code bn1.running_mean}
   * @param dims its shape
   */
  public LayerRow buffer(String buffer, int... dims) {
    Nulls.refuse("layer row: buffer, dims", buffer, dims);
    return changed(row -> row.buffers = and(buffers, new Named(buffer, Shape.of(dims))));
  }

  /**
   * With the shapes of one example and of its output. The layer is given batches of such examples:
   * the contract puts an axis before both.
   *
   * @param input of one example, without the axis of the batch: [C, H, W] for images
   */
  public LayerRow example(Shape input, Shape output) {
    Nulls.refuse("layer row: input, output", input, output);
    return with(Arbitraries.just(new Sizes(input, output, true)));
  }

  /**
   * With drawn shapes of one example; see {@link #example}.
   *
   * @param inputs of one example
   * @param output the shape of the output for an example of a shape
   */
  public LayerRow examples(Arbitrary<Shape> inputs, UnaryOperator<Shape> output) {
    Nulls.refuse("layer row: inputs, output", inputs, output);
    return with(inputs.map(input -> new Sizes(input, output.apply(input), true)));
  }

  /**
   * With the shapes of a whole input and its output, where the first axis is no batch, or there is
   * no axis at all.
   */
  public LayerRow whole(Shape input, Shape output) {
    Nulls.refuse("layer row: input, output", input, output);
    return with(Arbitraries.just(new Sizes(input, output, false)));
  }

  private LayerRow with(Arbitrary<Sizes> more) {
    return changed(row -> row.sizes = and(sizes, more));
  }

  /** For a layer whose output for an example depends on the others in the batch. */
  public LayerRow mixesExamples() {
    return changed(row -> row.mixesExamples = true);
  }

  /** For a layer whose input chooses, as words do, so that it has no derivative. */
  public LayerRow inputChooses() {
    return changed(row -> row.chooses = true);
  }

  /**
   * For a layer that refuses to train on fewer examples at once.
   *
   * @param least how many it takes
   */
  public LayerRow trainsOnAtLeast(int least) {
    return changed(row -> row.trainingBatch = least);
  }

  /**
   * For a layer that computes each example as if it were alone, to the bit. Unless said so, the
   * outputs may differ by 1e-5 of the largest, since sums may be taken in another order.
   */
  public LayerRow sameBitsInAnyBatch() {
    return changed(row -> row.batchTolerance = 0);
  }

  /** With inputs of these numbers; {@link Domain#nonzero} unless said otherwise. */
  public LayerRow domain(Domain numbers) {
    Nulls.refuse("layer row: numbers", numbers);
    return changed(row -> row.domain = numbers);
  }

  /**
   * For a layer that is linear or quadratic in its input and in each of its parameters: differences
   * are then exact for any step, so that almost no error is allowed.
   */
  public LayerRow exact() {
    return changed(row -> row.step = 1).tolerance(1e-12);
  }

  /**
   * With this largest error of a derivative, as {@link org.gradus.autograd.check.Report} defines
   * it; 1e-6 unless said otherwise.
   *
   * @param error at least 0 and below 1
   * @throws IllegalArgumentException if it is not
   */
  public LayerRow tolerance(double error) {
    if (!(error >= 0 && error < 1)) {
      throw new IllegalArgumentException(
          "layer row: %s: tolerance %s, expected at least 0 and less than 1"
              .formatted(name, error));
    }
    return changed(row -> row.tolerance = error);
  }

  /**
   * With an output that was worked out by hand, asserted to 2 units in the last place of the
   * layer's own element type, to which all of these are converted; without parameters, of each that
   * the layer takes.
   *
   * @param x the whole input
   * @param y the whole output
   * @param values of the parameters and then of the buffers, in their order
   */
  public LayerRow gives(NdArray x, NdArray y, NdArray... values) {
    Nulls.refuse("layer row: x, y, values", x, y, values);
    return changed(row -> row.known = and(known, new Known(x, y, List.of(values))));
  }

  /** With a call that must be refused by an exception of {@code exactType} and whole message. */
  public LayerRow refuses(
      Class<? extends IllegalArgumentException> exactType, String message, Executable call) {
    Nulls.refuse("layer row: exactType, message, call", exactType, message, call);
    WrongCall wrong = new WrongCall(exactType, message, call);
    return changed(row -> row.wrongCalls = and(wrongCalls, wrong));
  }

  /**
   * With an input that the layer of this row must refuse by a {@link ShapeException}.
   *
   * @param message the whole of it
   * @param dims the shape of the whole input
   */
  public LayerRow refusesInput(String message, int... dims) {
    Nulls.refuse("layer row: message, dims", message, dims);
    return refuses(
        ShapeException.class,
        message,
        () -> {
          Specimen specimen = Specimen.fresh(this, 1);
          boolean isFree = specimen.parameters().isEmpty(); // to take any element type
          DType dtype = isFree ? DType.FLOAT32 : specimen.parameters().get(0).dtype();
          specimen.forward(NdArray.zeros(dtype, Shape.of(dims)));
        });
  }

  /** For a layer that takes an input of any shape, so that no shape is wrong. */
  public LayerRow takesAnyShape() {
    return changed(row -> row.anyShape = true);
  }

  private static <T> List<T> and(List<T> list, T more) {
    List<T> all = new ArrayList<>(list);
    all.add(more);
    return List.copyOf(all);
  }

  // ---- for the contract and the gate -----------------------------------------------------------

  @Override
  public String name() {
    return name;
  }

  /** The class of the layer; empty for a function. */
  @Override
  public Optional<Class<? extends Layer>> type() {
    return type;
  }

  @Override
  public LayerContract contract() {
    return LayerContract.of(this);
  }

  Layer make(long seed) {
    return maker.apply(new SplittableRandom(seed));
  }

  List<Named> parameters() {
    return parameters;
  }

  List<Named> buffers() {
    return buffers;
  }

  List<Arbitrary<Sizes>> sizes() {
    return sizes;
  }

  Domain domain() {
    return domain;
  }

  boolean isMixing() {
    return mixesExamples;
  }

  /** The case as it is in training. */
  LayerCase inTraining(LayerCase example) {
    return example.withBatch(Math.max(trainingBatch, example.batch()));
  }

  double batchTolerance() {
    return batchTolerance;
  }

  boolean isOfAnyShape() {
    return anyShape;
  }

  List<Known> known() {
    return known;
  }

  List<WrongCall> wrongCalls() {
    return wrongCalls;
  }

  /** Checks the layer in a pass, as a function of its input and its parameters. */
  Report check(Specimen specimen, NdArray x, Pass pass, UnaryOperator<GradientCheck> settings) {
    List<String> names = new ArrayList<>(chooses ? List.of() : List.of("x"));
    specimen.parameters().forEach(parameter -> names.add(parameter.name()));
    String function = "%s(%s)".formatted(name, String.join(", ", names));
    NdArray[] arguments = specimen.arguments(x);
    Function<List<Tensor>, Tensor> whole = specimen.function(pass);
    Tensor fixed = Tensor.constant(arguments[0]);
    GradientCheck check =
        GradientCheck.of(
            function,
            chooses
                ? in -> whole.apply(Stream.concat(Stream.of(fixed), in.stream()).toList())
                : whole);
    return settings
        .apply(check.step(step).tolerance(tolerance))
        .check(Arrays.copyOfRange(arguments, chooses ? 1 : 0, arguments.length));
  }

  /** The name of the layer, or of the function. */
  @Override
  public String toString() {
    return name;
  }
}
