package org.gradus.autograd.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fixtures.nulls.Refusing;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the contract of null finds in functions that treat it well, and badly. */
class NullContractTest {
  private static final Map<Class<?>, Object> SAMPLES =
      Map.of(Refusing.class, new Refusing("x"), String.class, "x", List.class, List.of("x"));

  @Test
  void namesEachFunctionThatTreatsNullBadly() {
    NullContract contract = new NullContract(SAMPLES, Set.of("Refusing.silently(ignored)"));
    List<String> faults = contract.faults("fixtures.nulls");
    assertEquals(
        List.of(
            "Refusing.argument(text): argument: number is null",
            "Refusing.bare(text): Cannot invoke \"String.length()\" because \"text\" is null",
            "Refusing.elements(array[]): accepted",
            "Refusing.type(text): threw java.lang.IllegalStateException: type: text is null",
            "Refusing.under(text): other: text is null",
            "Refusing.unnamed(text): threw java.lang.NullPointerException"),
        faults.stream().sorted().toList());
    assertEquals(15, contract.calls());
  }

  @Test
  void whatNeedsNoExceptionIsNamedToo() {
    Set<String> accepted = Set.of("Refusing.inWords(newText)", "Refusing.gone(x)");
    List<String> faults = new NullContract(SAMPLES, accepted).faults("fixtures.nulls");
    String stale = ": null is refused, or there is no such call";
    assertTrue(faults.contains("Refusing.inWords(newText)" + stale), () -> "" + faults);
    assertTrue(faults.contains("Refusing.gone(x)" + stale), () -> "" + faults);
  }

  @Test
  void aSampleThatIsMissingIsAFault() {
    List<String> faults =
        new NullContract(Map.of(String.class, "x", List.class, List.of("x")), Set.of())
            .faults("fixtures.nulls");
    String missing = "Refusing.bare(text): there is no sample of fixtures.nulls.Refusing";
    assertTrue(faults.contains(missing), () -> "" + faults);
  }

  @Test
  void packagesCanBeLeftOut() {
    NullContract contract = new NullContract(SAMPLES, Set.of());
    assertEquals(List.of(), contract.faults("fixtures.nulls", "fixtures.nulls.Ref"));
    assertEquals(0, contract.calls());
  }
}
