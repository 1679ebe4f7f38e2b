package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;

class StateHashTest {
  private static Map<String, NdArray> two(NdArray a, NdArray b) {
    Map<String, NdArray> state = new LinkedHashMap<>();
    state.put("a", a);
    state.put("b", b);
    return state;
  }

  /**
   * By the definition: SHA-256 of a text and the bytes of the numbers, computed by another tool.
   */
  @Test
  void itIsThatOfTheDefinition() {
    assertEquals("e3b0c44298fc1c14", StateHash.of(Map.of()));
    assertEquals("b5eed2a8d56fef7b", StateHash.of(Map.of("w", NdArray.of(1f, -2.5f))));
  }

  /** Each bit counts, and so do names, places, shapes and element types. */
  @Test
  void statesThatDifferHaveOtherHashes() {
    NdArray one = NdArray.of(1f, 2f);
    NdArray other = NdArray.of(1f, Math.nextUp(2f));
    NdArray large = NdArray.generate(DType.FLOAT32, Shape.of(3000), i -> i);
    List<Map<String, NdArray>> states =
        List.of(
            two(one, other),
            two(other, one),
            two(one, one),
            two(one, NdArray.of(1.0, 2.0)),
            two(one, one.reshape(2, 1)),
            two(one, NdArray.of(1f, 2f, 0f)),
            two(NdArray.of(0f), one),
            two(NdArray.of(-0f), one),
            Map.of("a", one),
            Map.of("b", one),
            Map.of("a", large),
            Map.of("a", large.map(x -> x == 2999 ? 0 : x)),
            Map.of("a", large.map(x -> x == 1024 ? 0 : x)),
            Map.of("a", NdArray.zeros(DType.FLOAT32, Shape.of(0))));
    Set<String> hashes = new HashSet<>();
    for (Map<String, NdArray> each : states) {
      hashes.add(StateHash.of(each));
      assertEquals(StateHash.of(each), StateHash.of(new LinkedHashMap<>(each)));
    }
    assertEquals(states.size(), hashes.size());
  }
}
