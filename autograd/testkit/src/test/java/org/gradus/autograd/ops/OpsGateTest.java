package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.autograd.EngineRows;
import org.gradus.autograd.functional.FunctionalRows;
import org.gradus.autograd.inspect.InspectRows;
import org.gradus.autograd.testkit.OpGate;
import org.gradus.autograd.testkit.OpRow;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

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

  /** An op and its oracle may be wrong alike, but not for numbers that were worked by hand. */
  @Test
  void everyOpHasAValue() {
    assertEquals(Set.of(), opsWithoutAValue(), "ops of which no row states a value");
  }

  /** But for constants, which {@link ConstantsTest} has instead. */
  @Test
  void everyFunctionHasAValue() {
    Set<String> functions = new TreeSet<>();
    for (Class<?> type = Ops.class; type != Object.class; type = type.getSuperclass()) {
      functions.addAll(functionsOf(type));
    }
    rows().forEach(row -> functions.removeAll(row.valued()));
    Stream.of(ConstantsTest.class.getDeclaredMethods())
        .filter(method -> !Modifier.isPrivate(method.getModifiers()))
        .forEach(method -> functions.remove(method.getName()));
    assertEquals(Set.of(), functions, "functions of which no row states a value");
  }

  private static Set<String> functionsOf(Class<?> type) {
    return Stream.of(type.getDeclaredMethods())
        .filter(method -> !method.isSynthetic() && !Modifier.isPrivate(method.getModifiers()))
        .map(Method::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Those of one half of the names; {@link OpsGateOtherHalfTest} checks the others. */
  @Override
  protected boolean checks(OpRow row) {
    return row.name().hashCode() % 2 == 0;
  }

  @Override
  protected Stream<OpRow> rows() {
    return Stream.of(
            EngineRows.rows(),
            FunctionalRows.rows(),
            ArithmeticRows.rows(),
            FunctionRows.rows(),
            PowerRows.rows(),
            ActivationRows.rows(),
            ChoiceRows.rows(),
            ShapeRows.rows(),
            PartRows.rows(),
            PositionRows.rows(),
            RearrangementRows.rows(),
            TakeAtRows.rows(),
            ReductionRows.rows(),
            InitialRows.rows(),
            NormRows.rows(),
            ProdRows.rows(),
            AlongAxisRows.rows(),
            SoftmaxRows.rows(),
            ProductRows.rows(),
            ConvolutionRows.rows(),
            ConvolutionFunctionRows.rows(),
            SequenceRows.rows(),
            PoolingRows.rows(),
            AdaptivePoolingRows.rows(),
            ResizeRows.rows(),
            NormalizationRows.rows(),
            DropoutRows.rows(),
            LossRows.rows(),
            ClassLossRows.rows(),
            LabelCrossEntropyRows.rows(),
            LossInputRows.rows(),
            LabelLossRows.rows(),
            SlopeRows.rows(),
            InspectRows.rows())
        .flatMap(Function.identity());
  }
}
