package org.gradus.autograd.ops;

import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autograd.EngineRows;
import org.gradus.autograd.functional.FunctionalRows;
import org.gradus.autograd.inspect.InspectRows;
import org.gradus.autograd.testkit.OpGate;
import org.gradus.autograd.testkit.OpRow;

/** The built-in ops, by the same gate as yours: each has its rows in a table of its family. */
class OpsGateTest extends OpGate {
  OpsGateTest() {
    super("org.gradus.autograd");
  }

  @Override
  protected Stream<OpRow> rows() {
    return Stream.of(
            EngineRows.rows(),
            FunctionalRows.rows(),
            ElementRows.rows(),
            ShapeRows.rows(),
            PartRows.rows(),
            ReductionRows.rows(),
            NetworkRows.rows(),
            LossRows.rows(),
            InspectRows.rows())
        .flatMap(Function.identity());
  }

  /** For as long as some ops stand in OpContractProperties, OpGateTest asks for either. */
  @Override
  protected void everyOpHasARow() {}
}
