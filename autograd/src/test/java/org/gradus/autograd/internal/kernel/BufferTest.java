package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BufferTest {
  private static final int LARGE = 4321; // a length that no other test uses

  private static Buffer taken(Buffer buffer) {
    buffer.takeBack();
    return buffer;
  }

  private static boolean isGone(Buffer buffer) {
    try {
      buffer.array();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, LARGE})
  void whatNobodyReadsOrHoldsIsTaken(int n) {
    assertTrue(isGone(taken(Buffer.floats(n))));
    assertTrue(isGone(taken(Buffer.doubles(n))));
  }

  @Test
  void takenMemoryIsUsedOnceMoreAndNoMore() {
    Buffer buffer = Buffer.floats(LARGE);
    Object array = buffer.array();
    taken(taken(buffer));
    assertSame(array, Buffer.floats(LARGE).array());
    assertNotSame(array, Buffer.floats(LARGE).array());
  }

  @Test
  void whatIsHeldIsNotTaken() {
    Buffer buffer = Buffer.floats(LARGE);
    Object array = buffer.hold("test");
    assertSame(array, taken(buffer).array());
    assertSame(array, buffer.hold("test"));
    float[] own = new float[LARGE];
    assertSame(own, taken(Buffer.of(own)).array());
  }

  @Test
  void whatIsReadIsTakenOnlyAfterwards() {
    Buffer a = Buffer.floats(LARGE);
    Buffer b = Buffer.floats(LARGE);
    boolean gone =
        Buffer.reading(
            "test", List.of(a, b, a), () -> isGone(taken(a)) || isGone(taken(b)) || isGone(a));
    assertFalse(gone);
    assertTrue(isGone(taken(a)));
    assertTrue(isGone(taken(b)));
  }

  @Test
  void whatIsHeldWhileItIsReadStays() {
    Buffer buffer = Buffer.floats(LARGE);
    Buffer.reading("test", List.of(buffer), () -> buffer.hold("test"));
    assertFalse(isGone(taken(buffer)));
    Buffer.reading("test", List.of(buffer), () -> buffer);
    assertFalse(isGone(taken(buffer)));
  }

  @Test
  void readingEndsWhereTheBodyFails() {
    Buffer buffer = Buffer.floats(LARGE);
    assertThrows(
        ArithmeticException.class,
        () ->
            Buffer.reading(
                "test",
                List.of(buffer),
                () -> {
                  throw new ArithmeticException();
                }));
    assertTrue(isGone(taken(buffer)));
  }

  @Test
  void whatIsGoneIsRefusedAndNothingElseIsLeftOpen() {
    Buffer gone = taken(Buffer.floats(LARGE));
    Buffer other = Buffer.floats(LARGE);
    String text =
        "test: these values were taken back by minimize, by a backward pass in mode CONSUMING, or"
            + " at the end of Memory.tidy; read them before it, or call"
            + " step(Gradients.backward(loss)), which takes nothing back";
    assertEquals(
        text,
        assertThrows(
                IllegalStateException.class,
                () -> Buffer.reading("test", List.of(other, gone), () -> other))
            .getMessage());
    assertEquals(
        text, assertThrows(IllegalStateException.class, () -> gone.hold("test")).getMessage());
    assertTrue(isGone(taken(other)));
  }

  @Test
  void oneWalkClaimsWhatItUses() {
    Reclaimer first = new Reclaimer(true, Buffer.floats(LARGE));
    Reclaimer second = new Reclaimer(true, Buffer.floats(LARGE));
    Buffer shared = Buffer.floats(LARGE);
    Buffer output = Buffer.floats(LARGE);
    Buffer other = Buffer.floats(LARGE);
    output.hold("test");
    List.of(shared, output).forEach(first::add);
    List.of(output, other, shared).forEach(second::add);
    first.claimAll();
    assertThrows(IllegalStateException.class, () -> second.claimAll());
    Reclaimer third = new Reclaimer(true, Buffer.floats(LARGE));
    List.of(output, other).forEach(third::add);
    assertDoesNotThrow(() -> third.claimAll());
    first.end(shared);
    assertTrue(isGone(shared));
    Reclaimer late = new Reclaimer(true, Buffer.floats(LARGE));
    late.add(shared);
    assertThrows(IllegalStateException.class, () -> late.claimAll());
  }

  @Test
  void aWalkThatTakesNothingBackClaimsNothing() {
    Reclaimer walk = new Reclaimer(false, Buffer.floats(LARGE));
    Buffer buffer = Buffer.floats(LARGE);
    walk.add(buffer);
    walk.claimAll();
    walk.end(buffer);
    assertFalse(isGone(buffer));
    assertTrue(buffer.claim(this));
  }

  @Test
  void whatAWalkSparesStaysAndIsNotClaimed() {
    Buffer output = Buffer.floats(LARGE);
    Buffer taken = Buffer.floats(LARGE);
    Reclaimer walk = new Reclaimer(true, output);
    List.of(output, taken).forEach(walk::add);
    walk.claimAll();
    Reclaimer other = new Reclaimer(true, Buffer.floats(LARGE));
    other.add(output);
    assertDoesNotThrow(other::claimAll);
    other.end(output);
    assertFalse(isGone(output)); // while it is read
    List.of(output, taken).forEach(walk::end);
    assertTrue(isGone(taken));
    walk.close();
    assertFalse(isGone(output));
    output.takeBack();
    assertTrue(isGone(output));
    assertThrows(IllegalStateException.class, () -> new Reclaimer(false, output).claimAll());
  }

  @Test
  void aWalkThatIsRefusedReadsNoMore() {
    Buffer output = Buffer.floats(LARGE);
    Buffer gone = taken(Buffer.floats(LARGE));
    Reclaimer walk = new Reclaimer(true, output);
    walk.add(gone);
    assertThrows(IllegalStateException.class, walk::claimAll);
    output.takeBack();
    assertTrue(isGone(output));
  }
}
