package org.gradus.layers.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.check.Report;
import org.gradus.autograd.testkit.Contract;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.Trials;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.gradus.layers.testkit.LayerCase.Sizes;

/**
 * What every layer promises, checked for the layer of one row. In one call, within a test of any
 * kind:
 *
 * <pre>{@code
 * LayerContract.of(
 *         LayerRow.of(random -> new Residual(new Relu())).example(Shape.of(3), Shape.of(3)))
 *     .check();
 * }</pre>
 *
 * <p>The promises:
 *
 * <ul>
 *   <li>its parameters and buffers are those that the row names, in this order, whatever the seed
 *       and however often they are asked for; they are of one element type; none is listed twice,
 *       and no two share a name; names are made of letters, digits, {@code _} and {@code -}, and
 *       dots between them;
 *   <li>the same seed makes the same layer, to the bit;
 *   <li>the output has the shape that the row states, for batches of none, one and several, and the
 *       element type of the parameters; without any, that of the input;
 *   <li>a forward pass changes nothing: the input, the parameters, and what comes of the same input
 *       later stay the same, to the bit, be the input tracked or not;
 *   <li>the output for an example does not depend on the batch that the example is in;
 *   <li>a second layer, from another seed, gives the same bits once it has loaded the state of the
 *       first;
 *   <li>it computes with what the pass has in the place of its parameters, and predicts, without a
 *       graph, what it computes with one;
 *   <li>a {@link org.gradus.layers.serve.Predictor} of it, exact, predicts the same to the bit; one
 *       that folds what it can, within 1e-5;
 *   <li>each parameter gets a gradient that is not always 0, and no variable that is not listed
 *       does;
 *   <li>the gradients, and the gradients of gradients, in the input and in each parameter agree
 *       with finite differences in float64, and keep the exact laws of {@link
 *       org.gradus.autograd.check.GradientCheck}, whatever the element type of the layer;
 *   <li>a training pass gives the same again to the bit, and an equal one too; it changes neither
 *       parameters nor buffers, and what it has observed changes buffers alone. Where the output
 *       differs from that of inference, the gradients agree with finite differences too;
 *   <li>the outputs that the row works out by hand are right;
 *   <li>wrong calls are refused, with the whole message: those of the row, and for each layer null
 *       and an input of another element type than that of the parameters. An input of another shape
 *       is taken or refused in words, but nothing breaks.
 * </ul>
 *
 * <p>Before each trial all parameters are moved a little, as by a few steps, since many are 0 at
 * the start. A tenth as many cases are drawn as of an op, and half of these are differentiated;
 * {@link org.gradus.autograd.testkit.OpContract} says how many that is, and what repeats a failure.
 */
public final class LayerContract extends Contract {
  /** One case for so many of an op, since it costs as much as many: layers are made of ops. */
  private static final int SHARE = 10;

  /** Twice as many for derivatives, which cost more than all else. */
  private static final int SHARE_OF_DERIVATIVES = 20;

  /** An error in one element is lost among others along one direction, but hardly along three. */
  private static final int DIRECTIONS = 3;

  /** One case of so many may meet a kink by chance. */
  private static final int KINKS = 10;

  /** Elements up to which a wrong gradient is told with its index. */
  private static final int FEW = 40;

  private static final Pattern NAME = Pattern.compile("[\\w-]+(\\.[\\w-]+)*");

  private final LayerRow row;
  private final Trials trials;

  private LayerContract(LayerRow row, Trials trials) {
    this.row = row;
    this.trials = trials;
  }

  /** The contract of the layer of a row. */
  public static LayerContract of(LayerRow row) {
    return of(Nulls.given("layer contract: row", row), Trials.fromSystemProperties());
  }

  static LayerContract of(LayerRow row, Trials trials) {
    return new LayerContract(row, trials);
  }

  @Override
  protected Stream<Promise> promises() {
    return Stream.of(
        new Promise("lists the parameters that the row names", this::listsItsParameters),
        new Promise("is made of its generator alone", this::isMadeOfItsGenerator),
        new Promise("gives outputs of the stated shapes", this::givesStatedShapes),
        new Promise("changes nothing in a forward pass", this::changesNothing),
        new Promise("gives an example the same output in any batch", this::keepsExamplesApart),
        new Promise("predicts the same once it is frozen", this::predictsOnceFrozen),
        new Promise("hands a gradient to each of its parameters", this::handsGradients),
        new Promise("gives the same bits once it is restored", this::isRestored),
        new Promise("trains in passes that can be repeated", this::trainsRepeatably),
        new Promise(
            "has gradients of order 1 and 2 that agree with finite differences",
            this::agreesWithDifferences),
        new Promise("has the known values", this::hasTheKnownValues),
        new Promise("refuses wrong calls with the whole message", this::refusesWrongCalls));
  }

  // ---- cases -----------------------------------------------------------------------------------

  /** No size of the row is left to chance: each has its share of the cases. */
  private void forEachCase(Consumer<LayerCase> body) {
    forEachCase(SHARE, body);
  }

  private void forEachCase(int share, Consumer<LayerCase> body) {
    List<Arbitrary<Sizes>> all = row.sizes();
    assertTrue(
        !all.isEmpty(), () -> row + ": the row names no input; give it the shape of an example");
    int count = (int) Math.ceil((double) trials.cases() / share / all.size());
    for (Arbitrary<Sizes> sizes : all) {
      trials.forAll(
          count,
          Combinators.combine(sizes, Arbitraries.of(1, 2, 3, 5), Draw.seeds()).as(LayerCase::new),
          body);
    }
  }

  private NdArray input(Specimen specimen, LayerCase example) {
    NdArray drawn = row.domain().draw(example.input(), example.seed());
    return drawn.as(specimen.dtype(example.input()));
  }

  // ---- parameters ------------------------------------------------------------------------------

  private void listsItsParameters() {
    Specimen specimen = Specimen.fresh(row, 1);
    List<Parameter> parameters = specimen.all();
    assertOnce(specimen.layer().parameters());
    assertOnce(specimen.layer().buffers());
    Set<String> names = new HashSet<>();
    for (Parameter parameter : parameters) {
      String name = parameter.name();
      assertTrue(names.add(name), () -> "two parameters are called " + name);
      assertTrue(
          NAME.matcher(name).matches(),
          () -> "'%s' is no name for a file: letters, digits, _, -, dots".formatted(name));
      assertEquals(parameters.get(0).dtype(), parameter.dtype(), "the element type of " + name);
    }
    assertLists(row.parameters(), Layer::parameters, "the parameters");
    assertLists(row.buffers(), Layer::buffers, "the buffers");
    specimen.parameters().forEach(p -> assertTrue(p.isLearnt(), () -> p + " is not learnt"));
  }

  private static void assertOnce(List<Parameter> parameters) {
    Set<Parameter> seen = new HashSet<>();
    for (Parameter parameter : parameters) {
      String name = parameter.name();
      assertTrue(seen.add(parameter), () -> "the parameter %s is listed twice".formatted(name));
    }
  }

  private void assertLists(
      List<LayerRow.Named> named, Function<Layer, List<Parameter>> list, String what) {
    List<String> expected = named.stream().map(LayerRow.Named::toString).toList();
    Layer layer = Specimen.fresh(row, 1).layer();
    assertEquals(expected, texts(list.apply(layer)), what);
    assertEquals(list.apply(layer), list.apply(layer), what + ", asked for twice");
    assertEquals(
        expected, texts(list.apply(Specimen.fresh(row, 2).layer())), what + " of another seed");
  }

  private static List<String> texts(List<Parameter> parameters) {
    return parameters.stream().map(p -> p.name() + " " + p.shape()).toList();
  }

  private void isMadeOfItsGenerator() {
    forEachCase(
        example -> {
          Specimen one = Specimen.fresh(row, example.seed());
          Specimen other = Specimen.fresh(row, example.seed());
          assertEquals(one.saved(), other.saved(), "the parameters of one seed, made twice");
          Passes.assertSameBits(
              one.forward(input(one, example)),
              other.forward(input(other, example)),
              "the outputs of one seed, made twice");
        });
  }

  private void isRestored() {
    forEachCase(
        example -> {
          Specimen one = Specimen.moved(row, example.seed());
          Specimen other = Specimen.fresh(row, example.seed() + 1);
          assertEquals(
              one.saved().keySet(),
              other.saved().keySet(),
              "the names of a second one's parameters");
          other.layer().load(one.saved());
          Passes.assertSameBits(
              one.forward(input(one, example)),
              other.forward(input(other, example)),
              "the output of the restored layer");
        });
  }

  /** Every variable that the output depends on is a parameter, and every parameter one of them. */
  private void handsGradients() {
    Set<String> useful = new TreeSet<>();
    forEachCase(
        example -> {
          Specimen specimen = Specimen.moved(row, example.seed());
          NdArray x = input(specimen, example);
          Passes.areAsked(specimen, x);
          Tensor y = specimen.layer().forward(Tensor.constant(x));
          for (int turn = 0; turn < 2; turn++) { // nothing is kept whose memory is taken back
            Passes.assertSameBits(y.value(), specimen.layer().predict(x), "the prediction");
          }
          List<Tensor> used = Replay.variables(y);
          for (Tensor variable : used) {
            assertTrue(
                specimen.tensors().contains(variable),
                () ->
                    "the variable %s %s is used, but is none of the parameters"
                        .formatted(variable.dtype(), variable.shape()));
          }
          for (Parameter parameter : specimen.parameters()) {
            assertTrue(
                used.contains(parameter.tensor()),
                () -> "the parameter %s is not used".formatted(parameter));
            if (!isZero(gradient(y, parameter, example.seed()))) {
              useful.add(parameter.name());
            }
          }
        });
    for (LayerRow.Named parameter : row.parameters()) {
      assertTrue(
          useful.contains(parameter.name()),
          () -> "the gradient of the parameter %s is 0 in each case".formatted(parameter));
    }
  }

  private static NdArray gradient(Tensor y, Parameter parameter, long seed) {
    NdArray cotangent = Domain.nonzero().draw(y.shape(), seed).as(y.dtype());
    Tensor variable = parameter.tensor();
    return Gradients.pullback(y, Tensor.constant(cotangent), Mode.VALUES, variable)
        .of(variable)
        .value();
  }

  private static boolean isZero(NdArray array) {
    for (int i = 0; i < array.size(); i++) {
      if (array.at(i) != 0) {
        return false;
      }
    }
    return true;
  }

  // ---- outputs ---------------------------------------------------------------------------------

  private void givesStatedShapes() {
    forEachCase(
        example -> {
          givesStatedShape(example);
          givesStatedShape(example.withBatch(1));
          if (example.sizes().ofExample()) {
            givesNothingForNothing(example.withBatch(0));
          }
        });
  }

  private void givesStatedShape(LayerCase example) {
    Specimen specimen = Specimen.moved(row, example.seed());
    NdArray x = input(specimen, example);
    NdArray y = specimen.forward(x);
    assertEquals(example.output(), y.shape(), () -> "the output for " + x.shape());
    assertEquals(x.dtype(), y.dtype(), "the element type of the output");
  }

  /** Or it is refused in words. */
  private void givesNothingForNothing(LayerCase example) {
    try {
      givesStatedShape(example);
    } catch (IllegalArgumentException refused) {
      Refusals.assertTold(refused);
    }
  }

  private void predictsOnceFrozen() {
    forEachCase(
        example -> {
          Specimen specimen = Specimen.moved(row, example.seed());
          NdArray x = input(specimen, example);
          Predictions.assertSame(specimen.layer(), x);
        });
  }

  private void changesNothing() {
    forEachCase(
        example -> {
          Specimen specimen = Specimen.moved(row, example.seed());
          NdArray x = input(specimen, example);
          NdArray before = Specimen.copy(x);
          List<Tensor> variables = specimen.tensors();
          var values = specimen.saved();
          NdArray y = specimen.forward(x);
          NdArray first = Specimen.copy(y);

          specimen.forward(input(specimen, example.withSeed(example.seed() + 1)));
          Passes.assertSameBits(first, specimen.forward(x), "the output of a later pass");
          Passes.assertSameBits(
              first,
              specimen.layer().forward(Tensor.variable(Specimen.copy(x))).value(),
              "the output of a tracked input");

          Passes.assertSameBits(first, y, "the first output, after others");
          Passes.assertSameBits(before, x, "the input");
          assertEquals(variables, specimen.tensors(), "the variables that hold the parameters");
          assertEquals(values, specimen.saved(), "the values of the parameters");
        });
  }

  /** The elements of an example lie one after the other, in the input and in the output. */
  private void keepsExamplesApart() {
    if (row.isMixing()) {
      return;
    }
    Set<Boolean> kinds = new HashSet<>();
    forEachCase(
        example -> {
          kinds.add(example.sizes().ofExample());
          if (example.sizes().ofExample()) {
            keepsApart(example.withBatch(example.batch() + 1));
          }
        });
    assertTrue(
        kinds.contains(true),
        () -> row + ": the row names no example, only whole inputs; or say mixesExamples()");
  }

  private void keepsApart(LayerCase example) {
    Specimen specimen = Specimen.moved(row, example.seed());
    NdArray x = input(specimen, example);
    NdArray y = specimen.forward(x);
    for (int i = 0; i < example.batch(); i++) {
      NdArray alone = specimen.forward(part(x, i));
      assertClose("the output for example %s of %s".formatted(i, x.shape()), alone, part(y, i));
    }
  }

  /** The example at a position of a batch, as a batch of its own. */
  private static NdArray part(NdArray batch, int position) {
    Shape shape = batch.shape().with(0, 1);
    return NdArray.generate(batch.dtype(), shape, i -> batch.at(position * shape.size() + i));
  }

  private void assertClose(String what, NdArray alone, NdArray inBatch) {
    double largest = 1;
    for (int i = 0; i < alone.size(); i++) {
      double size = Math.abs(alone.at(i));
      largest = Double.isFinite(size) ? Math.max(largest, size) : largest;
    }
    for (int i = 0; i < alone.size(); i++) {
      double a = alone.at(i);
      double b = inBatch.at(i);
      if (Double.compare(a, b) != 0 && !(Math.abs(a - b) <= row.batchTolerance() * largest)) {
        fail("%s: element %s is %s, but %s where it is alone".formatted(what, i, b, a));
      }
    }
  }

  private void hasTheKnownValues() {
    for (LayerRow.Known known : row.known()) {
      Specimen specimen = Specimen.fresh(row, 1);
      List<Parameter> parameters = specimen.all();
      assertEquals(parameters.size(), known.parameters().size(), "the number of values given");
      for (int i = 0; i < parameters.size(); i++) {
        parameters.get(i).set(known.parameters().get(i).as(parameters.get(i).dtype()));
      }
      for (DType dtype : specimen.dtypes(known.x().shape())) {
        NdArray x = known.x().as(dtype);
        assertBits("for %s, the output".formatted(x), known.y(), specimen.forward(x));
      }
    }
  }

  private void trainsRepeatably() {
    forEachCase(
        drawn -> {
          LayerCase example = row.inTraining(drawn);
          Specimen specimen = Specimen.moved(row, example.seed());
          Passes.canBeRepeated(specimen, input(specimen, example), example);
        });
  }

  // ---- gradients -------------------------------------------------------------------------------

  /** Within a network hardly any case meets a kink; a layer that cuts its graph looks like one. */
  private void agreesWithDifferences() {
    List<String> atKinks = new ArrayList<>();
    int[] cases = new int[1];
    forEachCase(
        SHARE_OF_DERIVATIVES,
        example -> {
          cases[0]++;
          Report report = differences(example, Pass.inference());
          LayerCase inTraining = row.inTraining(example);
          if (trainsOtherwise(inTraining)) {
            report = report.and(differences(inTraining, Pass.training(example.seed(), 1)));
          }
          report.notDifferentiable().stream().limit(1).forEach(atKinks::add);
          count(1, report);
        });
    assertTrue(
        atKinks.size() <= cases[0] / KINKS,
        () ->
            "%s: %s of %s cases are at a kink or a jump, so that differences say nothing: %s"
                .formatted(row, atKinks.size(), cases[0], atKinks));
    assertTrue(
        compared().comparisons() > 0,
        () -> row + ": no case has an element, so that no derivative was compared");
  }

  /** Whether there is more to learn of the layer than from inference. */
  private boolean trainsOtherwise(LayerCase example) {
    Specimen specimen = Specimen.moved(row, example.seed());
    NdArray x = input(specimen, example);
    NdArray trained = specimen.train(x, Pass.training(example.seed(), 1)).value();
    return !trained.equals(specimen.forward(x));
  }

  private Report differences(LayerCase example, Pass pass) {
    Specimen specimen = Specimen.moved(row, example.seed());
    NdArray x = row.domain().draw(example.input(), example.seed());
    int orders = Math.max(2, trials.orders());
    Report report =
        row.check(specimen, x, pass, check -> check.orders(orders).projections(DIRECTIONS));
    int size = x.size() + specimen.parameters().stream().mapToInt(p -> p.shape().size()).sum();
    return size <= FEW
        ? report.and(row.check(specimen, x, pass, check -> check.orders(1)))
        : report;
  }

  // ---- wrong calls -----------------------------------------------------------------------------

  private void refusesWrongCalls() {
    assertTrue(
        row.isOfAnyShape() || !row.wrongCalls().isEmpty(),
        () -> row + ": the row names no wrong call; say what the layer refuses");
    for (LayerRow.WrongCall wrong : row.wrongCalls()) {
      assertRefused(wrong.type(), wrong.message(), wrong.call());
    }
    Refusals.refusesNull(Specimen.fresh(row, 1));
    forEachCase(
        example -> {
          Specimen specimen = Specimen.fresh(row, example.seed());
          Refusals.takesNoOtherElementType(specimen, input(specimen, example));
          Refusals.breaksForNoShape(specimen, example.input());
        });
  }
}
