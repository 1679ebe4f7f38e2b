package org.gradus.autograd.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTest {
  private static final StackTraceElement CONV = frame("org.gradus.layers.Conv2d", "forward", 150);
  private static final StackTraceElement NET = frame("org.gradus.layers.Sequential", "forward", 58);
  private static final StackTraceElement STREAM = frame("java.util.stream.Stream", "map", 1);
  private static final StackTraceElement OPS = frame("org.gradus.autograd.ops.Ops", "relu", 2);
  private static final StackTraceElement STEP = frame("org.example.Train", "step", 12);
  private static final StackTraceElement MAIN = frame("org.example.Train", "main", 34);

  private static StackTraceElement frame(String type, String method, int line) {
    return new StackTraceElement(type, method, type.replaceAll(".*\\.", "") + ".java", line);
  }

  @Test
  void aPlaceIsTheCallerAndIfThatIsALayerItsCallerToo() {
    assertEquals("at org.example.Train.step(Train.java:12)", Fault.place(List.of(STEP, MAIN, NET)));
    assertEquals(
        "at org.gradus.layers.Conv2d.forward(Conv2d.java:150), from"
            + " org.example.Train.step(Train.java:12)",
        Fault.place(List.of(CONV, STREAM, OPS, NET, STEP, MAIN)));
    assertEquals(
        "at org.gradus.layers.Conv2d.forward(Conv2d.java:150)", Fault.place(List.of(CONV, NET)));
    assertEquals("within this library", Fault.place(List.of()));
  }
}
