package org.gradus.autograd.testkit;

import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sum;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import anonymous.Square;
import fixtures.right.Cube;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Add;
import org.gradus.autograd.ops.Exp;
import org.gradus.autograd.ops.Log;
import org.gradus.autograd.ops.Ops;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import wrong.AnyNumberOfInputs;
import wrong.NotLinear;
import wrong.WrongArity;
import wrong.WrongAtOrderTwoInSinglePrecision;
import wrong.WrongGradient;
import wrong.WrongInSinglePrecision;
import wrong.WrongOnce;

/** The contract of ops that are right, and of ops and rows that are wrong on purpose. */
class OpContractTest {

  @Test
  void ofARightOpHolds() {
    OpRow row =
        OpRow.unary(new Cube(), Domain.nonzero())
            .oracle(c -> c.input(0).map(x -> Math.pow(x, 3)))
            .special(0, 0, 0)
            .special(-0.0, -0.0, 0)
            .special(1e200, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY)
            .special(Double.NaN, Double.NaN, Double.NaN);
    OpContract contract = OpContract.of(row, new Trials(Trials.USUAL, 1, Trials.USUAL_ORDERS));
    assertTrue(contract.check().comparisons() > 1000);
    assertEquals(241, contract.tally().cases());
  }

  /** Within a property of jqwik, which draws by the same generators. */
  @Example
  void holdsWithinAProperty() {
    OpContract.of(OpRow.unary(new Cube(), Domain.nonzero())).check();
  }

  @Test
  void ofAFunctionHolds() {
    Arbitrary<OpCase> cases =
        Draw.arrays(Draw.shapes(0, 3), Domain.nonzero())
            .map(x -> OpCase.of("squares", in -> sum(mul(in.get(0), in.get(0))), List.of(x)));
    NdArray three = NdArray.of(new double[] {3}, 1);
    OpCase edge = OpCase.of("squares", in -> sum(mul(in.get(0), in.get(0))), List.of(three));
    OpContract.of(
            OpRow.function("squares", cases)
                .exact()
                .edges(edge)
                .calls(call(edge).gives(scalar(9)).gradients(vector(6)))
                .refuses(
                    IllegalArgumentException.class,
                    "no",
                    () -> {
                      throw new IllegalArgumentException("no");
                    }))
        .check();
  }

  // ---- wrong ops -------------------------------------------------------------------------------

  @Test
  void tellsTheOpTheSmallestCaseAndTheSeed() {
    OpRow row = OpRow.unary(new WrongGradient(), Domain.nonzero());
    String message = failure(row);
    assertTrue(message.contains("WrongGradient[] of [[]], at the edges"), message);
    assertTrue(message.contains("order 1"), message);

    OpRow drawn =
        OpRow.of(
                WrongGradient.class,
                Draw.arrays(Draw.shapes(0, 3), Domain.nonzero())
                    .map(x -> OpCase.of(new WrongGradient(), x)))
            .edges(OpCase.of(new WrongGradient(), zeros(0)))
            .refuses(ShapeException.class, "x: y", OpContractTest::refuse);
    String text = failure(drawn);
    assertTrue(text.contains("WrongGradient[] of [[]]"), text);
    assertTrue(text.contains("drawn as case "), text);
    assertTrue(text.contains("repeat it with -Dgradus.testkit.seed=20260101"), text);
  }

  /** As where all cases are drawn as matrices: none is small enough for extreme numbers. */
  @Test
  void holdsForAnOpWithoutSmallCases() {
    OpRow row =
        OpRow.of(
                Exp.class,
                Draw.seeds()
                    .map(s -> OpCase.of(new Exp(), Domain.nonzero().draw(Shape.of(5, 5), s))))
            .edges(OpCase.of(new Exp(), zeros(0)))
            .refuses(ShapeException.class, "x: y", OpContractTest::refuse);
    OpContract.of(row, new Trials(3, 1, 2)).check();
  }

  /** The seed alone draws other cases, or fewer. */
  @Test
  void tellsAllThatRepeatsAFailure() {
    OpRow row =
        OpRow.of(
                WrongGradient.class,
                Draw.arrays(Draw.shapes(0, 3), Domain.nonzero())
                    .map(x -> OpCase.of(new WrongGradient(), x)))
            .edges(OpCase.of(new WrongGradient(), zeros(0)))
            .refuses(ShapeException.class, "x: y", OpContractTest::refuse);
    OpContract contract = OpContract.of(row, new Trials(7, 5, 3));
    String message = assertThrows(AssertionError.class, contract::check).getMessage();
    assertTrue(
        message.contains(
            "repeat it with -Dgradus.testkit.seed=5 -Dgradus.testkit.cases=7"
                + " -Dgradus.testkit.orders=3"),
        message);
  }

  @Test
  void rowsAndCasesOutOfRangeAreRefused() {
    OpRow row = OpRow.unary(new Cube(), Domain.nonzero());
    for (double step : new double[] {0, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertRefused(
          "op row: cube: step %s, expected a finite number, more than 0".formatted(step),
          () -> row.step(step));
    }
    OpCase one = OpCase.of(new Cube(), zeros(1));
    for (int i : new int[] {-1, 1}) {
      assertRefused(
          "op case: there is no input %s of Cube[], which has 1".formatted(i), () -> one.input(i));
    }
    assertRefused(
        "op case: Cube[] of 0 inputs, expected one or more",
        () -> OpCase.of(new Cube(), List.of()));
    for (double[] ends :
        new double[][] {{Double.NaN, 1}, {0.001, 1}, {0, Double.POSITIVE_INFINITY}, {0, 2e15}}) {
      assertRefused(
          "domain: from %s to %s, expected numbers of at most two decimals, up to 1e15"
              .formatted(ends[0], ends[1]),
          () -> Domain.between(ends[0], ends[1]));
    }
    assertRefused(
        "shapes: ranks from 3 to 1, expected the smaller number first, and at least 0",
        () -> Draw.shapes(3, 1));
    assertRefused(
        "shapes: ranks from -1 to 1, expected the smaller number first, and at least 0",
        () -> Draw.shapes(-1, 1));
    assertRefused(
        "extents: from 3 to 1, expected the smaller number first, and at least 0",
        () -> Draw.extents(3, 1));
    assertRefused("broadcasts: 0 shapes, expected at least 1", () -> Draw.broadcasts(0));
    assertRefused("axis: there is no axis in []", () -> Draw.axis(Shape.of()));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  private static void refuse() {
    throw new ShapeException("x", "y");
  }

  @Test
  void catchesAnOpThatIsWrongInOneElementType() {
    assertFails(
        "the value in float32: element 0 is ",
        OpRow.unary(new WrongInSinglePrecision(), Domain.nonzero()));
  }

  @Test
  void catchesAWrongArity() {
    assertFails(
        "wrongArity: 1 inputs, expected 2", OpRow.unary(new WrongArity(), Domain.nonzero()));
  }

  @Test
  void catchesAnOpThatDoesNotSayHowManyInputsItTakes() {
    assertFails(
        "anyNumberOfInputs: each case has 1 inputs, but arity() says any number; let it say how"
            + " many",
        OpRow.unary(new AnyNumberOfInputs(), Domain.nonzero()));
  }

  @Test
  void catchesWhatFailsOnlyOnce() {
    WrongOnce.forget();
    assertFails("the promise that it", OpRow.unary(new WrongOnce(), Domain.nonzero()));
  }

  @Test
  void catchesASecondDerivativeThatIsWrongInFloat32Only() {
    assertFails(
        "the gradient of input 0, differentiated by input 0, in float32",
        OpRow.unary(new WrongAtOrderTwoInSinglePrecision(), Domain.nonzero()));
  }

  @Test
  void catchesAVjpThatIsNotLinear() {
    assertFails(
        "four times the cotangent does not give four times the gradient of input 0",
        OpRow.unary(new NotLinear(), Domain.nonzero()));
  }

  @Test
  void catchesARowWithoutElements() {
    Arbitrary<OpCase> empty = Draw.seeds().map(seed -> OpCase.of(new WrongGradient(), zeros(0)));
    assertFails(
        "no case has an element, so that no derivative was compared",
        OpRow.of(WrongGradient.class, empty)
            .edges(OpCase.of(new WrongGradient(), zeros(0)))
            .refuses(ShapeException.class, "x: y", OpContractTest::refuse));
  }

  @Test
  void refusesTolerancesThatAllowAnything() {
    OpRow row = OpRow.unary(new Cube(), Domain.nonzero());
    assertEquals(
        "op row: cube: tolerance Infinity, expected at least 0 and less than 1",
        assertThrows(IllegalArgumentException.class, () -> row.tolerance(Double.POSITIVE_INFINITY))
            .getMessage());
    assertEquals(
        "op row: cube: tolerance of float32 -1.0, expected at least 0 and less than 1",
        assertThrows(IllegalArgumentException.class, () -> row.singleTolerance(-1)).getMessage());
  }

  @Test
  void takesAnAnonymousOp() {
    assertEquals("1", OpRow.unary(Square.square(), Domain.nonzero()).name());
    OpContract.of(OpRow.unary(Square.square(), Domain.nonzero()).exact()).check();
  }

  @Test
  void namesTheBrokenPromise() {
    assertFails(
        "the promise that it has the known values and gradients: ",
        OpRow.unary(new Exp(), Domain.nonzero()).special(0, 2, 1));
  }

  // ---- wrong rows ------------------------------------------------------------------------------

  @Test
  void catchesACaseAtAKink() {
    assertFails("cases keep away from kinks", OpRow.unary(relu(), (shape, seed) -> zeros(shape)));
  }

  @Test
  void catchesARowOfAnotherOp() {
    OpRow exp = OpRow.unary(new Exp(), Domain.nonzero());
    assertFails(
        "the row is of one op and its case of another",
        OpRow.of(Log.class, exp.cases())
            .edges(OpCase.of(new Exp(), zeros()))
            .refuses(ShapeException.class, "x: y", OpContractTest::refuse));
  }

  @Test
  void catchesAWrongOracle() {
    assertFails(
        "the value beside the oracle: element 0 is ",
        OpRow.unary(new Exp(), Domain.nonzero()).oracle(c -> c.input(0).map(Math::expm1)));
    assertFails(
        "the value beside the oracle",
        OpRow.unary(new Exp(), Domain.nonzero()).oracle(c -> zeros(7)));
  }

  @Test
  void catchesWrongKnownValues() {
    OpRow exp = OpRow.unary(new Exp(), Domain.nonzero());
    assertFails("the value: element 0 is 1.0, expected 1.00001", exp.special(0, 1.00001, 1));
    assertFails("the gradient of input 0: element 0 is 1.0, expected 2.0", exp.special(0, 1, 2));
    assertFails("element 0 is 0.0, expected -0.0", exp.special(Double.NEGATIVE_INFINITY, -0.0, 0));
    assertFails("in FLOAT32: the value: element 0 is Infinity", exp.special(1000, 1, 1));
    assertFails(
        "element 0 is NaN, expected 0.0",
        OpRow.unary(new Log(), Domain.positive()).special(Double.NaN, 0, 0));
  }

  @Test
  void catchesARowWithoutEdgesOrRefusals() {
    OpRow softmax =
        OpRow.of(
            softmax().getClass(),
            Draw.arrays(Draw.shapes(1, 3), Domain.nonzero()).map(x -> OpCase.of(softmax(), x)));
    assertFails("softmax: the row names no edges", softmax);
    assertFails(
        "softmax: the row names no wrong call", softmax.edges(OpCase.of(softmax(), zeros(0, 1))));
  }

  @Test
  void catchesWrongRefusals() {
    OpRow add = OpRow.broadcasting(new Add(), Domain.nonzero(), Domain.nonzero());
    Tensor x = Tensor.constant(zeros(2));
    Tensor y = Tensor.constant(zeros(3));
    String right =
        "add: [2] and [3] do not broadcast: extents 2 and 3 differ and neither is 1 (axes are"
            + " aligned at the right)";
    OpContract.of(add.refuses(ShapeException.class, right, () -> Tensor.of(new Add(), x, y)))
        .check();
    assertFails(
        "expected: <add>",
        add.refuses(ShapeException.class, "add", () -> Tensor.of(new Add(), x, y)));
    assertFails(
        "Unexpected exception type",
        add.refuses(IllegalArgumentException.class, right, () -> Tensor.of(new Add(), x, y)));
    assertFails(
        "nothing was thrown",
        add.refuses(ShapeException.class, right, () -> Tensor.of(new Add(), x, x)));
  }

  @Test
  void specialNumbersNeedAnElementwiseOp() {
    OpRow row = OpRow.unary(softmax().getClass(), Arbitraries.just(softmax()), Domain.nonzero());
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> row.special(0, 0, 0));
    assertEquals(
        "op row: softmax is not one op of one input of any shape; use calls", e.getMessage());
  }

  private static Op relu() {
    return Ops.relu(Tensor.variable(zeros())).op().orElseThrow();
  }

  private static Op softmax() {
    return Ops.softmax(Tensor.variable(zeros(1)), 0).op().orElseThrow();
  }

  private static void assertFails(String part, OpRow row) {
    String message = failure(row);
    assertTrue(message.contains(part), () -> "expected <" + part + "> within: " + message);
  }

  private static String failure(OpRow row) {
    return assertThrows(AssertionError.class, OpContract.of(row)::check).getMessage();
  }

  private static NdArray zeros(int... dims) {
    return zeros(Shape.of(dims));
  }

  private static NdArray zeros(Shape shape) {
    return NdArray.zeros(DType.FLOAT64, shape);
  }
}
