package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.PoolOptions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What pooling is told, in any order. */
class PoolOptionsTest {
  @Test
  void theOrderOfPoolOptionsDoesNotMatter() {
    assertEquals(
        window(2).stride(3, 4).padding(1, 0, 1, 0).dilation(2).ignorePadding().ceil(),
        window(2).ceil().ignorePadding().dilation(2).padding(1, 0, 1, 0).stride(3, 4));
    PoolOptions last = window(2, 3).ceil().ignorePadding().stride(1);
    assertEquals(true, last.roundUp());
    assertEquals(false, last.countPadding());
    assertEquals(false, window(2).roundUp());
    assertEquals(true, window(2).ceil().countPadding());
    assertEquals(
        window(2).same().stride(3).ceil().dilation(2),
        window(2).ceil().dilation(2).stride(3).same());
  }

  @Test
  void theLastPaddingSaidIsTheOneMeant() {
    assertEquals(window(2).padding(1), window(2).same().padding(1));
    assertEquals(window(2).same(), window(2).padding(1).same());
  }
}
