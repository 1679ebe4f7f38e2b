package org.gradus.autograd.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ArithmeticTest {

  @Test
  void kernelsAreNamed() {
    assertEquals("vector kernels of 512 bits", new Arithmetic("vector", 512).toString());
    assertEquals("plain kernels", new Arithmetic("plain", 32).toString());
    for (Executable wrong :
        new Executable[] {() -> new Arithmetic("x", 512), () -> new Arithmetic("vector", 31)}) {
      String message = assertThrows(IllegalArgumentException.class, wrong).getMessage();
      assertTrue(
          message.matches(
              "arithmetic: '(x' of 512|vector' of 31) bits, expected vector or plain, of at least"
                  + " 32"),
          message);
    }
  }

  @Test
  void thoseOfThisProcessAreKnown() {
    Arithmetic here = Arithmetic.here();
    assertEquals(here.bits() == Float.SIZE ? "plain" : "vector", here.name());
  }
}
