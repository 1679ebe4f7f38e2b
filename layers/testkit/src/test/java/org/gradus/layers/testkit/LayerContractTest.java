package org.gradus.layers.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fixtures.right.Scale;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Example;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.Trials;
import org.gradus.layers.Layer;
import org.junit.jupiter.api.Test;
import wrong.Layers;

/** The contract of layers that are right, and of layers and rows that are wrong on purpose. */
class LayerContractTest {
  private static final Shape THREE = Shape.of(3);

  private static LayerRow scale(Function<RandomGenerator, ? extends Layer> maker) {
    return without(maker).parameter("factor", 3);
  }

  private static LayerRow without(Function<RandomGenerator, ? extends Layer> maker) {
    return LayerRow.of(maker)
        .example(THREE, THREE)
        .refusesInput("scale: input [2, 4], expected [N, 3]", 2, 4);
  }

  @Test
  void ofARightLayerHolds() {
    LayerRow row =
        scale(Scale::new)
            .exact()
            .sameBitsInAnyBatch()
            .gives(
                NdArray.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3),
                NdArray.of(new double[] {2, 0, -3, 8, 0, -6}, 2, 3),
                NdArray.of(new double[] {2, 0, -1}, 3));

    assertTrue(LayerContract.of(row).check().comparisons() > 1000);
  }

  /** Within a property of jqwik, which draws by the same generators. */
  @Example
  void holdsWithinAProperty() {
    LayerContract.of(scale(Scale::new)).check();
  }

  @Test
  void ofAFunctionHolds() {
    LayerRow tanh =
        LayerRow.function("tanh", Ops::tanh)
            .examples(Draw.shapes(0, 2), shape -> shape)
            .whole(Shape.SCALAR, Shape.SCALAR)
            .sameBitsInAnyBatch()
            .takesAnyShape();
    assertEquals("tanh", tanh.name());
    assertTrue(tanh.type().isEmpty());
    LayerContract.of(tanh).check();

    LayerRow lambda = LayerRow.of(random -> Ops::tanh);
    assertTrue(lambda.type().isEmpty());
  }

  /** Its own numbers are no parameters, and may be of one element type. */
  @Test
  void ofAFunctionWithConstantsHolds() {
    for (DType dtype : DType.values()) {
      Tensor two = Tensor.constant(NdArray.full(dtype, THREE, 2));
      LayerRow row =
          LayerRow.function("twice", x -> Ops.mul(x, two))
              .example(THREE, THREE)
              .exact()
              .takesAnyShape();
      LayerContract.of(row).check();
    }
  }

  @Test
  void ofALayerThatMixesExamplesHoldsIfTheRowSaysSo() {
    LayerRow row = scale(Layers.MixesBatch::new).exact();
    assertFails("the output for example 0 of [", row);
    LayerContract.of(row.mixesExamples()).check();
  }

  // ---- wrong parameters ------------------------------------------------------------------------

  @Test
  void catchesAParameterThatIsNotListed() {
    assertFails(
        "the variable FLOAT32 [3] is used, but is none of the parameters",
        scale(Layers.Unlisted::new));
  }

  @Test
  void catchesNumbersThatAreNotRestored() {
    assertFails("the output of the restored layer: ", scale(Layers.HiddenConstant::new));
  }

  @Test
  void catchesWrongNames() {
    assertFails(
        "two parameters are called factor", scale(Layers.OneName::new).parameter("factor", 3));
    assertFails(
        "'my shift' is no name for a file", scale(Layers.OddName::new).parameter("my shift", 3));
    assertFails(
        "the parameter again.factor is listed twice",
        scale(Layers.ListedTwice::new).parameter("again.factor", 3));
  }

  @Test
  void catchesOtherParametersWheneverItIsAsked() {
    assertFails("the parameters, asked for twice", scale(Layers.Fresh::new));
  }

  @Test
  void catchesAParameterThatMakesNoDifference() {
    assertFails(
        "the gradient of the parameter shift [3] is 0 in each case",
        scale(Layers.TimesZero::new).parameter("shift", 3));
    assertFails(
        "the parameter shift FLOAT32 [3] is not used",
        scale(Layers.Ignored::new).parameter("shift", 3));
  }

  @Test
  void catchesNumbersThatTheGeneratorDidNotDraw() {
    assertFails("the parameters of one seed, made twice", scale(Layers.OwnGenerator::new));
  }

  // ---- wrong passes ----------------------------------------------------------------------------

  @Test
  void catchesAPassThatChangesSomething() {
    String promise = "the promise that it changes nothing in a forward pass: ";
    assertFails(promise + "the variables that hold the parameters", scale(Layers.PutsInPlace::new));
    assertFails(promise + "the output of a later pass", scale(Layers.WritesParameter::new));
    assertFails(promise + "the output of a later pass", scale(Layers.WritesInput::new));
    assertFails(promise + "the output of a later pass", scale(Layers.Counts::new));
    assertFails(promise + "the output of a tracked input", scale(Layers.Tracks::new));
  }

  @Test
  void catchesALayerThatDrawsNumbers() {
    assertFails("the output of a later pass", scale(Layers.Draws::new));
  }

  @Test
  void catchesOutputsThatDependOnTheBatch() {
    assertFails(
        "the promise that it gives an example the same output in any batch",
        scale(Layers.MixesBatch::new));
  }

  @Test
  void catchesParametersThatAreNotThoseOfThePass() {
    assertFails("the parameters that are used in spite of the pass", scale(Layers.AsksNobody::new));
  }

  // ---- wrong training --------------------------------------------------------------------------

  @Test
  void catchesTrainingThatCannotBeRepeated() {
    String promise = "the promise that it trains in passes that can be repeated: ";
    assertFails(promise + "the output of the same pass again", scale(Layers.DrawsInTraining::new));
    assertFails(
        promise + "the output of the same pass again",
        scale(Layers.Follows::new).buffer("mean", 3));
    assertFails(promise + "the output in training", scale(Layers.GrowsInTraining::new));
  }

  @Test
  void catchesAWrongGradientInTraining() {
    assertFails("gradient check: scale(x, factor)", scale(Layers.TrainsWrongly::new));
  }

  // ---- wrong gradients -------------------------------------------------------------------------

  @Test
  void catchesAWrongGradient() {
    assertFails("gradient check: scale(x, factor)", scale(Layers.WrongGradient::new));
    assertFails("gradient check: scale(x, factor)", scale(Layers.Cuts::new));
  }

  // ---- wrong calls that are taken --------------------------------------------------------------

  @Test
  void catchesWhatIsNotRefusedInWords() {
    assertFails("an input of FLOAT64 is taken", scale(Layers.Converts::new));
    assertFails("an input [] breaks it: ", scale(Layers.Breaks::new));
    assertFails(
        "the message 'the input is wrong' does not begin with the name of who refuses",
        scale(Layers.Nameless::new));
    assertFails("null is refused by 'Cannot invoke", scale(Layers.LeavesNull::new));
    assertFails("null is taken", scale(Layers.TakesNull::new));
  }

  // ---- wrong rows ------------------------------------------------------------------------------

  @Test
  void catchesWrongParametersInTheRow() {
    assertFails("the parameters ==> expected: <[]> but was: <[factor [3]]>", without(Scale::new));
    assertFails("the parameters ==> ", without(Scale::new).parameter("scale", 3));
    assertFails("the parameters ==> ", without(Scale::new).parameter("factor", 1, 3));
    assertFails("the parameters ==> ", scale(Scale::new).parameter("bias", 3));
  }

  @Test
  void catchesWrongShapes() {
    assertFails(
        "the output for [1, 3] ==> expected: <[1, 4]> but was: <[1, 3]>",
        LayerRow.of(Scale::new).parameter("factor", 3).example(THREE, Shape.of(4)).takesAnyShape());
  }

  @Test
  void catchesWrongElementTypes() {
    assertFails(
        "the element type of the output",
        LayerRow.function("wide", x -> Tensor.constant(x.value().as(DType.FLOAT64)))
            .example(THREE, THREE)
            .takesAnyShape());
    assertFails(
        "inputs of both element types are refused",
        LayerRow.function(
                "picky",
                x -> {
                  throw new DTypeException("picky", "no");
                })
            .example(THREE, THREE)
            .takesAnyShape());
  }

  @Test
  void tellsTheSmallestCaseAndTheSeed() {
    LayerRow row =
        LayerRow.of(Scale::new)
            .parameter("factor", 3)
            .examples(Arbitraries.just(THREE), shape -> Shape.of(4))
            .takesAnyShape();
    LayerContract contract = LayerContract.of(row, new Trials(70, 5, 2));
    String message = assertThrows(AssertionError.class, contract::check).getMessage();
    assertTrue(message.contains("input [1, 3], layer and numbers of seed "), message);
    assertTrue(message.contains("drawn as case 1 of 7: "), message);
    assertTrue(
        message.contains("repeat it with -Dgradus.testkit.seed=5 -Dgradus.testkit.cases=70"),
        message);
  }

  @Test
  void catchesWrongKnownValues() {
    NdArray x = NdArray.of(new double[] {1, 2, 3}, 1, 3);
    NdArray y = NdArray.of(new double[] {1, 2, 4}, 1, 3);
    NdArray ones = NdArray.of(new double[] {1, 1, 1}, 3);
    assertFails("element 2 is 3.0, expected 4.0", scale(Scale::new).gives(x, y, ones));
    assertFails("the number of values given", scale(Scale::new).gives(x, x));
  }

  @Test
  void catchesARowThatNamesTooLittle() {
    assertFails("scale: the row names no input", LayerRow.of(Scale::new).parameter("factor", 3));
    Shape batch = Shape.of(2, 3);
    assertFails(
        "scale: the row names no example",
        LayerRow.of(Scale::new).parameter("factor", 3).whole(batch, batch).takesAnyShape());
    assertFails(
        "scale: the row names no wrong call",
        LayerRow.of(Scale::new).parameter("factor", 3).example(THREE, THREE));
    LayerRow empty =
        LayerRow.function("nothing", Ops::tanh).example(Shape.of(0), Shape.of(0)).takesAnyShape();
    assertFails("nothing: no case has an element", empty);
  }

  @Test
  void catchesWrongRefusals() {
    assertFails(
        "expected: <scale> but was: <scale: input [2, 4], expected [N, 3]>",
        scale(Scale::new).refusesInput("scale", 2, 4));
    assertFails(
        "Unexpected exception type",
        scale(Scale::new)
            .refuses(
                IllegalArgumentException.class,
                "x: y",
                () -> {
                  throw new ShapeException("x", "y");
                }));
    assertFails("nothing was thrown", scale(Scale::new).refusesInput("scale", 2, 3));
  }

  @Test
  void catchesAnInputAtKinks() {
    LayerRow row =
        LayerRow.function("relu", Ops::relu)
            .whole(Shape.of(1), Shape.of(1))
            .mixesExamples()
            .domain((shape, seed) -> NdArray.zeros(DType.FLOAT64, shape))
            .takesAnyShape();
    assertFails("relu: 10 of 10 cases are at a kink or a jump", row);
    LayerContract.of(row.domain(Domain.nonzero())).check();
  }

  @Test
  void refusesTolerancesThatAllowAnything() {
    LayerRow row = scale(Scale::new);
    assertEquals(
        "layer row: scale: tolerance 1.0, expected at least 0 and less than 1",
        assertThrows(IllegalArgumentException.class, () -> row.tolerance(1)).getMessage());
  }

  private static void assertFails(String part, LayerRow row) {
    LayerContract contract = LayerContract.of(row);
    String message = assertThrows(AssertionError.class, contract::check).getMessage();
    assertTrue(message.contains(part), () -> "expected <" + part + "> within: " + message);
  }
}
