package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.files.IdxDataset;
import org.junit.jupiter.api.Test;

class MislabelledDigitsTest {

  @Test
  void labelsAreExchangedTwoByTwo() {
    int[] before = new SplittableRandom(3).ints(500, 0, 10).toArray();
    int[] labels = before.clone();
    Set<Integer> exchanged = MislabelledDigits.exchange(labels, 20, new SplittableRandom(1));
    assertEquals(20, exchanged.size());
    for (int i = 0; i < labels.length; i++) {
      if (exchanged.contains(i)) {
        assertNotEquals(before[i], labels[i]);
      } else {
        assertEquals(before[i], labels[i]);
      }
    }
    Arrays.sort(before);
    Arrays.sort(labels);
    assertArrayEquals(before, labels);
  }

  @Test
  void mostOfThemAreFound() throws Exception {
    Dataset digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10).train();
    Printed printed = new Printed();
    MislabelledDigits.find(digits.first(3000), 2, printed.stream());
    assertEquals(
        """
        30 of 3000 digits have the label of another
        22 are among the 60 with the longest gradients by all weights
        25 are among the 60 with the longest gradients by the last biases
        """,
        printed.toString());
  }
}
