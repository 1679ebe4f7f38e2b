package org.gradus.layers.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fixtures.right.Scale;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Relu;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;

/** The gate before packages with too few rows, and too many. */
class LayerGateTest {

  /** Not run by itself: it is nested and has no annotation that says so. */
  private static final class Gate extends LayerGate {
    private final List<LayerRow> rows;

    Gate(List<LayerRow> rows, String... packages) {
      super(packages);
      this.rows = rows;
    }

    @Override
    protected Stream<LayerRow> rows() {
      return rows.stream();
    }

    List<DynamicContainer> allContracts() {
      return contracts().toList();
    }

    void print() {
      printWhatWasChecked();
    }
  }

  private static final LayerRow SCALE =
      LayerRow.of(Scale::new)
          .parameter("factor", 3)
          .example(Shape.of(3), Shape.of(3))
          .refusesInput("scale: input [], expected [N, 3]");

  private static final LayerRow RELU = LayerRow.of(random -> new Relu());
  private static final LayerRow FUNCTION = LayerRow.function("same", x -> x);

  @Test
  void opensWhereEachLayerHasARow() {
    Gate gate = new Gate(List.of(SCALE, SCALE, FUNCTION), "fixtures.right");
    gate.everyLayerHasARow();
    gate.everyRowHasALayer();
  }

  @Test
  void staysClosedForLayersWithoutARow() {
    Gate gate = new Gate(List.of(SCALE), "fixtures");
    AssertionError e = assertThrows(AssertionError.class, gate::everyLayerHasARow);
    assertEquals(
        "layers without a row, so with gradients that nothing checks ==> expected: <[]> but was:"
            + " <[fixtures.below.Unchecked, fixtures.below.Unchecked$Hidden]>",
        e.getMessage());
  }

  @Test
  void staysClosedForRowsOfLayersThatAreElsewhere() {
    Gate gate = new Gate(List.of(SCALE, RELU), "fixtures.right");
    AssertionError e = assertThrows(AssertionError.class, gate::everyRowHasALayer);
    assertEquals(
        "rows of no layer in [fixtures.right] ==> expected: <[]> but was:"
            + " <[org.gradus.layers.Relu]>",
        e.getMessage());
  }

  @Test
  void refusesToGuardNothing() {
    Gate gate = new Gate(List.of(), "fixtures.nowhere");
    AssertionError e = assertThrows(AssertionError.class, gate::everyLayerHasARow);
    assertTrue(
        e.getMessage().startsWith("no layer in fixtures.nowhere; the gate guards nothing there"),
        e::getMessage);
  }

  @Test
  void runsTheContractOfEachRow() throws Throwable {
    Gate gate = new Gate(List.of(SCALE), "fixtures.right");
    List<DynamicContainer> contracts = gate.allContracts();
    assertEquals(
        List.of("scale"), contracts.stream().map(DynamicContainer::getDisplayName).toList());
    List<DynamicTest> tests = contracts.get(0).getChildren().map(DynamicTest.class::cast).toList();
    assertEquals(12, tests.size());
    for (DynamicTest test : tests) {
      test.getExecutable().execute();
    }
    gate.print();
  }
}
