package org.gradus.benchmarks.turns;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SelectionTest {
  @Test
  void aNameHasOneOfTheWords() {
    Selection selection = new Selection(List.of("softmax", "GELU"));
    assertTrue(selection.has("logSoftmax [2048, 1000]"));
    assertTrue(selection.has("gelu, forward"));
    assertFalse(selection.has("tanh"));
  }

  @Test
  void withoutWordsAllNamesAreMeant() {
    assertTrue(new Selection(List.of()).has("tanh"));
  }
}
