package org.gradus.autograd.testkit;

import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fixtures.right.Cube;
import java.util.List;
import java.util.Set;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;
import org.junit.jupiter.api.Test;

/** Calls whose answers are right, and calls whose answers are wrong on purpose. */
class CallTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  // ---- right answers ---------------------------------------------------------------------------

  @Test
  void valuesOfFunctionsOfAnyNumberOfInputs() {
    call(Ops::neg, vector(1, -2)).gives(vector(-1, 2)).check();
    call(Ops::add, vector(1, 2), scalar(10)).gives(vector(11, 12)).check();
    call(Ops::where, vector(1, 0), vector(3, 4), scalar(7)).gives(vector(3, 7)).check();
    call(
            in -> Ops.concat(0, in.get(3), in.get(0)),
            List.of(vector(1), scalar(2), scalar(3), vector(4)))
        .gives(vector(4, 1))
        .check();
    call(new Cube(), vector(2, -1)).gives(vector(8, -1)).check();
    call(OpCase.of(new Cube(), scalar(3))).gives(scalar(27)).check();
    call(Ops::transpose, array(Shape.of(1, 2), 5, 6)).gives(array(Shape.of(2, 1), 5, 6)).check();
  }

  @Test
  void gradientsForACotangent() {
    Call product = call(Ops::mul, vector(2, 3), vector(5, 7));
    product.gradients(vector(5, 7), vector(2, 3)).check();
    product.gradients(vector(5, 7)).check(); // of the first alone
    product.cotangent(10, 100).gradients(vector(50, 700), vector(20, 300)).check();
  }

  @Test
  void derivativesOfAllOrders() {
    Call cube = call(new Cube(), vector(2, 5));
    cube.derivatives(vector(12, 75), vector(12, 30), vector(6, 6), vector(0, 0)).check();
    cube.cotangent(2, 1).derivatives(vector(24, 75), vector(24, 30)).check();
    call(Ops::sign, scalar(3)).derivatives(scalar(0), scalar(0)).check(); // a constant
  }

  // ---- wrong answers ---------------------------------------------------------------------------

  @Test
  void namesWhatIsWrongAndWhere() {
    assertWrong(
        "twice of [FLOAT64 [2] {1.0, 2.0}] in FLOAT32: the value: element 1 is 4.0, expected 5.0",
        call(x -> Ops.mul(x, 2), vector(1, 2)).gives(vector(2, 5)).named("twice"));
    assertWrong(
        "call as Cube[] of [FLOAT64 [] {2.0}] in FLOAT32: the gradient of input 0: element 0 is"
            + " 12.0, expected 11.0",
        call(new Cube(), scalar(2)).gives(scalar(8)).gradients(scalar(11)));
    assertWrong(
        "call of [FLOAT64 [] {3.0}, FLOAT64 [] {4.0}] in FLOAT32: the gradient of input 1: element"
            + " 0 is 3.0, expected 4.0",
        call(Ops::mul, scalar(3), scalar(4)).gradients(scalar(4), scalar(4)));
    assertWrong(
        "call of [FLOAT64 [] {3.0}] in FLOAT32: the derivative of order 2: element 0 is 2.0,"
            + " expected 3.0",
        call(Ops::square, scalar(3)).derivatives(scalar(6), scalar(3)));
    assertWrong(
        "call of [FLOAT64 [] {3.0}] in FLOAT32: the value ==> expected: <[1]> but was: <[]>",
        call(Ops::square, scalar(3)).gives(vector(9)));
  }

  @Test
  void bitsAreCompared() {
    assertIsWrong(call(Ops::neg, scalar(0)).gives(scalar(0)));
    assertIsWrong(call(Ops::neg, scalar(Double.NaN)).gives(scalar(0)));
    assertIsWrong(call(Ops::neg, scalar(-1)).gives(scalar(Math.nextUp(1.0))).in(DType.FLOAT64));
    call(Ops::neg, scalar(0)).gives(scalar(-0.0)).check();
    call(Ops::neg, scalar(Double.NaN)).gives(scalar(Double.NaN)).check();
  }

  /** Two units in the last place, of each number by itself. */
  @Test
  void nearly() {
    Call one = call(Ops::neg, vector(-1e-30, -1)).nearly().in(DType.FLOAT64);
    one.gives(vector(1e-30 + 2 * Math.ulp(1e-30), 1 + 2 * Math.ulp(1.0))).check();
    assertIsWrong(one.gives(vector(1e-30 + 3 * Math.ulp(1e-30), 1)));
    assertIsWrong(one.gives(vector(1e-30, 1 + 3 * Math.ulp(1.0))));
    assertIsWrong(call(Ops::neg, scalar(0)).nearly().gives(scalar(0)));
    assertIsWrong(call(Ops::neg, scalar(-1e-300)).nearly().gives(scalar(0)));
    call(Ops::neg, scalar(-1)).nearly().gives(scalar(1 + 0x1p-22)).in(DType.FLOAT32).check();
    assertIsWrong(call(Ops::neg, scalar(-1)).nearly().gives(scalar(1 + 0x3p-23)).in(DType.FLOAT32));
  }

  /** A few roundings of 1, or of a number that is larger. */
  @Test
  void about() {
    Call far = call(Ops::neg, vector(-1e-16, -1024)).about().in(DType.FLOAT64);
    far.gives(vector(0, 1024 + 0x1p-40)).check();
    assertIsWrong(far.gives(vector(1e-15, 1024)));
    assertIsWrong(far.gives(vector(0, 1024 + 0x1p-39)));
    assertIsWrong(call(Ops::neg, scalar(-INF)).about().gives(scalar(1e300)));
    assertIsWrong(call(Ops::neg, scalar(Double.NaN)).about().gives(scalar(0)));
    call(Ops::neg, scalar(-INF)).about().gives(scalar(INF)).check();
    for (double wrong : new double[] {-5, INF}) {
      assertIsWrong(call(Ops::neg, scalar(wrong)).about().gives(scalar(INF)));
      assertIsWrong(call(Ops::neg, scalar(wrong)).nearly().gives(scalar(INF)));
    }
  }

  /** A number that float32 does not have, in float32 alone. */
  @Test
  void aCallThatNoTypeHasIsRefused() {
    assertWrong(
        "call of [FLOAT64 [] {1.0E300}]: no element type has these inputs",
        call(Ops::neg, scalar(1e300)).in(DType.FLOAT32).gives(scalar(-1e300)));
  }

  /** What stands before is compared as it was said before. */
  @Test
  void closenessIsOfWhatFollows() {
    Call call = call(Ops::neg, scalar(-1)).in(DType.FLOAT64);
    NdArray close = scalar(Math.nextUp(1.0));
    call.nearly().gives(close).check();
    assertIsWrong(call.gives(close).nearly());
    assertIsWrong(call.nearly().gives(close).gradients(scalar(1)));
  }

  // ---- element types ---------------------------------------------------------------------------

  @Test
  void isAskedInBothElementTypes() {
    assertIsWrong(call(x -> Ops.add(Ops.add(x, 0x1p30), -0x1p30), scalar(1)).gives(scalar(1)));
    call(x -> Ops.add(Ops.add(x, 0x1p30), -0x1p30), scalar(1))
        .gives(scalar(1))
        .in(DType.FLOAT64)
        .check();
    call(x -> Ops.add(Ops.add(x, 0x1p30), -0x1p30), scalar(1))
        .gives(scalar(0))
        .in(DType.FLOAT32)
        .check();
  }

  /** There the call would be another. */
  @Test
  void isNotAskedWhereAnInputOverflowsOrVanishes() {
    call(Ops::sqrt, scalar(1e300)).gives(scalar(1e150)).check();
    call(Ops::reciprocal, scalar(0x1p-500)).gives(scalar(0x1p500)).check();
  }

  // ---- rows ------------------------------------------------------------------------------------

  @Test
  void aRowTellsOfWhichFunctionsItStatesAValue() {
    OpRow row = OpRow.unary(new Cube(), Domain.nonzero());
    assertEquals(Set.of(), row.valued());
    assertEquals(Set.of(), row.calls(call(new Cube(), scalar(2)).gradients(scalar(12))).valued());
    assertEquals(Set.of("cube"), row.special(0, 0, 0).valued());
    assertEquals(
        Set.of("cube", "third power"),
        row.calls(call(new Cube(), scalar(2)).gives(scalar(8)))
            .calls("third power", call(new Cube(), scalar(2)).gives(scalar(8)))
            .valued());
  }

  @Test
  void aCallOfWhichNothingIsSaidIsRefused() {
    OpRow row = OpRow.unary(new Cube(), Domain.nonzero());
    Call silent = call(new Cube(), scalar(2)).nearly().in(DType.FLOAT64).cotangent(3);
    assertEquals(
        "op row: cube: nothing is said of a call of third power, expected a value, gradients or"
            + " derivatives",
        assertThrows(IllegalArgumentException.class, () -> row.calls("third power", silent))
            .getMessage());
  }

  @Test
  void theContractChecksTheCallsOfARow() {
    OpRow row = OpRow.unary(new Cube(), Domain.nonzero());
    OpContract.of(row.calls(call(new Cube(), scalar(2)).gives(scalar(8)))).check();
    OpContract wrong = OpContract.of(row.calls(call(new Cube(), scalar(2)).gives(scalar(9))));
    String message = assertThrows(AssertionError.class, wrong::check).getMessage();
    assertEquals(
        "the promise that it has the known values and gradients: cube as Cube[] of [FLOAT64 []"
            + " {2.0}] in FLOAT32: the value: element 0 is 8.0, expected 9.0",
        message);
  }

  private static void assertIsWrong(Call call) {
    String message = assertThrows(AssertionError.class, call::check).getMessage();
    assertTrue(message.contains(", expected "), message);
  }

  private static void assertWrong(String message, Call call) {
    assertEquals(message, assertThrows(AssertionError.class, call::check).getMessage());
  }
}
