package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is known about an array saves work, and changes no bit of any result. */
class KnownTest {
  private static final List<Slices> SLICES =
      List.of(
          new Slices(1, 5, 3, 49), // channels of a batch
          new Slices(1, 1, 2, 300),
          new Slices(2, 1, 1, 200), // runs of neighbours
          new Slices(1, 150, 4, 1),
          new Slices(1, 150, 40, 1), // columns, many at once
          new Slices(1, 2, 3, 9)); // too short to be kept

  /** A kernel, and the length of its result. */
  private record Call(int length, Function<Knowledge, Body> body) {}

  /** Writes a result. */
  private interface Body {
    void write(Kernels<Object> kernels, Object y);
  }

  /** About x and about g. */
  private record Knowledge(Known x, Known g) {
    static Knowledge never() {
      return new Knowledge(Known.never(), Known.never());
    }
  }

  private static List<Call> calls(Precision p, Slices s, Object x, Object g) {
    int size = s.count() * s.size();
    List<Call> calls = new ArrayList<>();
    calls.add(new Call(2 * s.count(), n -> (k, y) -> k.moments(s, x, n.x, y)));
    for (double e : new double[] {0.1, 1e-5}) {
      calls.add(new Call(size, n -> (k, y) -> k.normalize(s, e, x, n.x, y)));
      calls.add(new Call(size, n -> (k, y) -> k.normalizeInput(s, e, x, n.x, g, y)));
      Channels c =
          s.outer() == 1 ? new Channels(s.inner(), s.length()) : new Channels(s.length(), 1);
      Object gamma = p.fractions(c.count(), 3);
      Object beta = p.fractions(c.count(), 4);
      calls.add(new Call(size, n -> (k, y) -> k.normalizeAffine(s, e, c, x, n.x, gamma, beta, y)));
      calls.add(
          new Call(size, n -> (k, y) -> k.normalizeAffineInput(s, e, c, x, n.x, gamma, g, n.g, y)));
      calls.add(new Call(c.count(), n -> (k, y) -> k.normalizedSums(s, e, c, x, n.x, g, n.g, y)));
    }
    return calls;
  }

  @ParameterizedTest
  @EnumSource
  void resultsHaveTheSameBitsWhateverIsKnown(Precision p) {
    Random random = new Random(7);
    for (Slices s : SLICES) {
      int size = s.count() * s.size();
      double most = p.isFloat() ? 1e30 : 1e300; // whose squares are too large
      for (double scale : new double[] {1, most, 1 / most, 0}) {
        Object drawn = p.fractions(size, 1);
        Object x = p.generate(size, i -> scale * Precision.at(drawn, i));
        Object g = p.fractions(size, 2);
        List<Call> calls = calls(p, s, x, g);
        Knowledge shared = new Knowledge(Known.nothing(), Known.nothing());
        for (int turn = 0; turn < 4; turn++) { // in any order
          Collections.shuffle(calls, random);
          for (Call call : calls) {
            Object expected = p.zeros(call.length);
            Object actual = p.zeros(call.length);
            call.body.apply(Knowledge.never()).write(p.kernels(), expected);
            call.body.apply(shared).write(p.kernels(), actual);
            assertArrayEquals(
                Precision.values(expected), Precision.values(actual), () -> s + " times " + scale);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsKnownIsUsed(Precision p) {
    Slices s = SLICES.get(0);
    int size = s.count() * s.size();
    Object x = p.fractions(size, 1);
    Object others = p.fractions(size, 9);
    Known known = Known.nothing();
    Object first = p.zeros(size);
    Object second = p.zeros(size);
    Object fresh = p.zeros(size);
    p.kernels().normalize(s, 0.1, x, known, first);
    p.kernels().normalize(s, 0.1, others, known, second); // by the moments of x
    p.kernels().normalize(s, 0.1, others, Known.never(), fresh);
    assertFalse(Arrays.equals(Precision.values(fresh), Precision.values(second)));
  }

  @Test
  void theLastFindingIsKept() {
    Known known = Known.nothing();
    assertNull(known.find("a", Integer.class));
    known.keep("a", 1);
    assertEquals(1, known.find("a", Integer.class));
    assertEquals(1, known.find(new String("a"), Integer.class));
    known.keep("b", 2);
    assertNull(known.find("a", Integer.class));
    assertEquals(2, known.find("b", Integer.class));
  }

  @Test
  void whereNothingMayBeKnownNothingIsKept() {
    Known known = Known.never();
    known.keep("a", 1);
    assertNull(known.find("a", Integer.class));
  }

  @Test
  void aBufferKnowsAboutItsElementsUntilSomebodyMayWriteToThem() {
    Buffer made = Buffer.floats(600);
    made.known().keep("a", 1);
    assertSame(made.known(), made.known());
    assertEquals(1, made.known().find("a", Integer.class));
    made.hold("a test");
    assertNull(made.known().find("a", Integer.class));
    made.known().keep("a", 2);
    assertNull(made.known().find("a", Integer.class));

    Buffer given = Buffer.of(new float[600]);
    given.known().keep("a", 1);
    assertNull(given.known().find("a", Integer.class));
    Buffer blank = new Recorder().blank(new float[600]);
    blank.known().keep("a", 1);
    assertNull(blank.known().find("a", Integer.class));
  }
}
