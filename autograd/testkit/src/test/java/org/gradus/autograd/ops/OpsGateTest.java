package org.gradus.autograd.ops;

import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autograd.EngineRows;
import org.gradus.autograd.functional.FunctionalRows;
import org.gradus.autograd.inspect.InspectRows;
import org.gradus.autograd.testkit.OpGate;
import org.gradus.autograd.testkit.OpRow;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The built-in ops, by the same gate as yours: each has its rows in a table of its family. */
class OpsGateTest extends OpGate {
  private static final Locale BEFORE = Locale.getDefault();

  OpsGateTest() {
    super("org.gradus.autograd");
  }

  /** Messages must not depend on the locale, so this one has digits of its own. */
  @BeforeAll
  static void speakArabic() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
  }

  @AfterAll
  static void speakAsBefore() {
    Locale.setDefault(BEFORE);
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
            SlopeRows.rows(),
            InspectRows.rows())
        .flatMap(Function.identity());
  }
}
