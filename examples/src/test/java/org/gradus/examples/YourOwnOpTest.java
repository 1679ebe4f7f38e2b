package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YourOwnOpTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aNetworkWithSnakeLearnsExclusiveOr(long seed) {
    YourOwnOp.Learned learned = YourOwnOp.learnExclusiveOr(seed);
    assertArrayEquals(new double[] {0, 1, 1, 0}, learned.answers().toDoubleArray(), 0.05);
    assertTrue(learned.loss() < 1e-3, learned::toString);
  }

  @Test
  void printsTheCheckAndTheAnswers() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    YourOwnOp.run(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(6, lines.size());
    assertTrue(lines.get(0).startsWith("snake: "), lines.get(0));
    assertTrue(lines.get(2).startsWith("0 xor 1 = "), lines.get(2));
  }
}
