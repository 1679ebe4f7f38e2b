package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Without an instruction, products and sums have the bits of the instruction. */
class FusedFloatsTest {
  @Property(tries = 20_000)
  void anyBits(@ForAll int a, @ForAll int b, @ForAll int c) {
    compare(Float.intBitsToFloat(a), Float.intBitsToFloat(b), Float.intBitsToFloat(c));
  }

  /** Sums whose last bit is decided far behind it. */
  @Property(tries = 20_000)
  void nearMidpoints(@ForAll int mantissa, @ForAll int factor, @ForAll byte exponent) {
    float a = Float.intBitsToFloat(0x3f800000 | (mantissa & 0x7fffff));
    float b = Float.intBitsToFloat(0x3f800000 | (factor & 0x7fffff));
    float near = (float) -((double) a * b);
    compare(a, b, near);
    compare(a, b, Math.scalb(1f, exponent));
    compare(a, b, -Math.scalb(1f, exponent));
    compare(1, 1, Math.scalb(a, exponent));
    compare(1 + 0x1p-23f, 0x1p-24f * b, 1);
    compare(a, Math.scalb(b, -140), Math.scalb(a, -126 - (exponent & 31)));
  }

  @Example
  void extremes() {
    float[] numbers = {
      0,
      -0f,
      1,
      -1,
      Float.MIN_VALUE,
      Float.MIN_NORMAL,
      Float.MAX_VALUE,
      0x1p-24f,
      1 + 0x1p-23f,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN
    };
    for (float a : numbers) {
      for (float b : numbers) {
        for (float c : numbers) {
          compare(a, b, c);
          compare(a, b, -c);
        }
      }
    }
  }

  private static void compare(float a, float b, float c) {
    float expected = Math.fma(a, b, c);
    assertEquals(expected, FusedFloats.inDoubles(a, b, c), () -> a + " * " + b + " + " + c);
    assertEquals(expected, FusedFloats.multiplyAdd(a, b, c), () -> a + " * " + b + " + " + c);
  }
}
