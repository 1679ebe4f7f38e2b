package org.gradus.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObservationsTest {
  private static Observation seen(Parameter buffer, double share, double value) {
    return new Observation(buffer, share, NdArray.of(new double[] {value}, 1));
  }

  private static Parameter buffer(double first) {
    return Parameter.statistic("mean", NdArray.of(new double[] {first}, 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void areInTheOrderOfPlacesWhoeverCameFirst(long seed) {
    List<String> places =
        List.of(
            "",
            "0",
            "1",
            "1.norm",
            "1.norm.a",
            "1.norm/b",
            "1.norm#2",
            "1.norm#2.a",
            "1.norm#10",
            "2",
            "9.x",
            "10",
            "10.2",
            "10.11",
            "a",
            "a1",
            "a2b",
            "a10",
            "b");
    List<Integer> arrival = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      arrival.add(i);
    }
    Collections.shuffle(arrival, new Random(seed));
    Parameter buffer = buffer(0);
    Observations observations = new Observations();
    arrival.forEach(i -> observations.put(places.get(i), seen(buffer, 0.5, i)));
    List<Double> values = observations.list().stream().map(o -> o.value().item()).toList();
    for (int i = 0; i < places.size(); i++) {
      assertEquals(i, values.get(i), values::toString);
    }
  }

  @Test
  void theLastOfEachPlaceIsTakenOnce() {
    Parameter mine = buffer(0);
    Parameter other = buffer(0);
    Observations observations = new Observations();
    observations.put("a", seen(mine, 0.5, 1));
    observations.put("a", seen(other, 0.5, 2));
    observations.put("a", seen(mine, 0.5, 3));
    assertEquals(2, observations.list().size());
    observations.commit();
    assertEquals(1.5, mine.value().item());
    assertEquals(1, other.value().item());
    assertEquals(List.of(), observations.list());
    observations.commit();
    assertEquals(1.5, mine.value().item());
  }

  @Test
  void aBufferGoesAsFarAsItsShare() {
    Parameter buffer = buffer(Double.MAX_VALUE);
    seen(buffer, 0, Double.POSITIVE_INFINITY).commit();
    assertEquals(Double.MAX_VALUE, buffer.value().item());
    seen(buffer, 1, 2).commit();
    assertEquals(2, buffer.value().item());
    seen(buffer, 0.25, 4).commit();
    assertEquals(2.5, buffer.value().item());
  }
}
