package org.gradus.autograd.array;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ArithmeticTest {

  @Test
  void kernelsAreNamed() {
    assertEquals("vector kernels of 512 bits", new Arithmetic("vector", 512).toString());
    assertEquals("plain kernels", new Arithmetic("plain", 32).toString());
  }

  @Test
  void thoseOfThisProcessAreKnown() {
    Arithmetic here = Arithmetic.here();
    assertEquals(here.bits() == Float.SIZE ? "plain" : "vector", here.name());
  }
}
