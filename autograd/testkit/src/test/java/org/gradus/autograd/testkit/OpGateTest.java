package org.gradus.autograd.testkit;

import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fixtures.right.Cube;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Exp;
import org.gradus.autograd.ops.Ops;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;

/** The gate before packages with too few rows, and too many. */
class OpGateTest {

  /** Not run by itself: it is nested and has no annotation that says so. */
  private static final class Gate extends OpGate {
    private final List<OpRow> rows;

    Gate(List<OpRow> rows, String... packages) {
      super(packages);
      this.rows = rows;
    }

    @Override
    protected Stream<OpRow> rows() {
      return rows.stream();
    }
  }

  private static final OpRow CUBE = OpRow.unary(new Cube(), Domain.nonzero());
  private static final OpRow EXP = OpRow.unary(new Exp(), Domain.nonzero());

  @Test
  void opensWhereEachOpHasARow() {
    Gate gate = new Gate(List.of(CUBE, CUBE), "fixtures.right");
    gate.everyOpHasARow();
    gate.everyRowHasAnOp();
  }

  @Test
  void staysClosedForOpsWithoutARow() {
    Gate gate = new Gate(List.of(CUBE), "fixtures");
    AssertionError e = assertThrows(AssertionError.class, gate::everyOpHasARow);
    assertEquals(
        "ops without a row, so with gradients that nothing checks ==> expected: <[]> but was:"
            + " <[fixtures.below.Unchecked, fixtures.below.Unchecked$Hidden]>",
        e.getMessage());
  }

  @Test
  void looksIntoEachOfItsPackages() {
    Gate gate = new Gate(List.of(CUBE), "fixtures.right", "fixtures.below");
    assertThrows(AssertionError.class, gate::everyOpHasARow);
  }

  @Test
  void staysClosedForRowsOfOpsThatAreElsewhere() {
    Gate gate = new Gate(List.of(CUBE, EXP), "fixtures.right");
    gate.everyOpHasARow();
    AssertionError e = assertThrows(AssertionError.class, gate::everyRowHasAnOp);
    assertEquals(
        "rows of no op in [fixtures.right] ==> expected: <[]> but was:"
            + " <[org.gradus.autograd.ops.Exp]>",
        e.getMessage());
  }

  /** A row of the op is enough, be it not the only one. */
  @Test
  void tellsOfWhichOpsNoRowStatesAValue() {
    Gate gate = new Gate(List.of(CUBE, EXP), "fixtures.right");
    assertEquals(
        Set.of("fixtures.right.Cube", "org.gradus.autograd.ops.Exp"), gate.opsWithoutAValue());
    gate = new Gate(List.of(CUBE, EXP, CUBE.special(0, 0, 0)), "fixtures.right");
    assertEquals(Set.of("org.gradus.autograd.ops.Exp"), gate.opsWithoutAValue());
  }

  /** A value of something else says nothing of the op; that of a function made of the op does. */
  @Test
  void aValueIsThatOfTheOp() {
    OpRow other = CUBE.calls("square", call(Ops::square, scalar(2)).gives(scalar(4)));
    assertEquals(
        Set.of("fixtures.right.Cube"),
        new Gate(List.of(other), "fixtures.right").opsWithoutAValue());
    OpRow made =
        CUBE.calls(
            "twice", call(x -> Ops.neg(Tensor.of(new Cube(), x)), scalar(2)).gives(scalar(-8)));
    assertEquals(Set.of(), new Gate(List.of(made), "fixtures.right").opsWithoutAValue());
  }

  @Test
  void refusesToGuardNothing() {
    Gate gate = new Gate(List.of(), "fixtures.nowhere");
    AssertionError e = assertThrows(AssertionError.class, gate::everyOpHasARow);
    assertTrue(
        e.getMessage().startsWith("no op in fixtures.nowhere; the gate guards nothing there"),
        e::getMessage);
    Gate none = new Gate(List.of());
    assertTrue(
        assertThrows(AssertionError.class, none::everyOpHasARow)
            .getMessage()
            .startsWith("no packages; the gate guards nothing"));
  }

  /** One of several, where the others have ops. */
  @Test
  void refusesAPackageThatIsMisspelt() {
    Gate gate = new Gate(List.of(CUBE), "fixtures.right", "fixtures.rihgt");
    AssertionError e = assertThrows(AssertionError.class, gate::everyOpHasARow);
    assertTrue(e.getMessage().startsWith("no op in fixtures.rihgt;"), e::getMessage);
  }

  @Test
  void runsTheContractOfEachRow() throws Throwable {
    Gate gate = new Gate(List.of(CUBE, EXP), "fixtures.right");
    List<DynamicContainer> contracts = gate.contracts().toList();
    assertEquals(
        List.of("cube", "exp"), contracts.stream().map(DynamicContainer::getDisplayName).toList());
    for (DynamicContainer contract : contracts) {
      List<DynamicTest> tests = contract.getChildren().map(DynamicTest.class::cast).toList();
      assertEquals(9, tests.size());
      for (DynamicTest test : tests) {
        test.getExecutable().execute();
      }
    }
    gate.printWhatWasChecked();
  }
}
