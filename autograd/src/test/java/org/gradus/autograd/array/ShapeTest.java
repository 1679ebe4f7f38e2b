package org.gradus.autograd.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ShapeTest {
  private static final int MOST = Integer.MAX_VALUE - 8;

  @Test
  void hasRankSizeAndExtents() {
    Shape shape = Shape.of(2, 3, 4);
    assertEquals(3, shape.rank());
    assertEquals(24, shape.size());
    assertArrayEquals(new int[] {2, 3, 4}, shape.toArray());
    assertEquals("[2, 3, 4]", shape.toString());
  }

  @Test
  void ofNoAxesIsAScalar() {
    assertSame(Shape.SCALAR, Shape.of());
    assertEquals(0, Shape.SCALAR.rank());
    assertEquals(1, Shape.SCALAR.size());
    assertEquals("[]", Shape.SCALAR.toString());
  }

  @Test
  void withAnExtentOfZeroIsEmpty() {
    assertEquals(0, Shape.of(0).size());
    assertEquals(0, Shape.of(3, 0, 5).size());
    assertEquals(3, Shape.of(3, 0, 5).rank());
  }

  @Test
  void isEqualByExtents() {
    assertEquals(Shape.of(2, 3), Shape.of(2, 3));
    assertEquals(Shape.of(2, 3).hashCode(), Shape.of(2, 3).hashCode());
    assertNotEquals(Shape.of(2, 3), Shape.of(3, 2));
    assertNotEquals(Shape.of(2, 3), Shape.of(2, 3, 1));
    assertNotEquals(Shape.of(0, 3), Shape.of(3, 0));
  }

  @Test
  void sharesNoArrayWithItsCallers() {
    int[] dims = {2, 3};
    Shape shape = Shape.of(dims);
    dims[0] = 7;
    shape.toArray()[1] = 7;
    assertEquals(Shape.of(2, 3), shape);
  }

  @Test
  void refusesNegativeExtents() {
    assertMessage("shape: [2, -1] has the negative extent -1", () -> Shape.of(2, -1));
    assertMessage("shape: [0, -3] has the negative extent -3", () -> Shape.of(0, -3));
  }

  @Test
  void refusesMoreElementsThanAnArrayHolds() {
    assertEquals(MOST, Shape.of(MOST).size());
    assertMessage(
        "shape: [2147483640] has at least 2147483640 elements, and an array holds at most"
            + " 2147483639",
        () -> Shape.of(MOST + 1));
    assertMessage(
        "shape: [65536, 65536] has at least 4294967296 elements, and an array holds at most"
            + " 2147483639",
        () -> Shape.of(1 << 16, 1 << 16));
  }

  @Test
  void refusesProductsThatWouldOverflowALong() {
    // Multiplied out, these 2^80 elements would be 0 in a long.
    assertMessage(
        "shape: [1048576, 1048576, 1048576, 1048576] has at least 1099511627776 elements, and an"
            + " array holds at most 2147483639",
        () -> Shape.of(1 << 20, 1 << 20, 1 << 20, 1 << 20));
  }

  @Test
  void namesTheOpThatMakesIt() {
    assertEquals(Shape.of(2, 3), Shape.of("pad", 2, 3));
    assertSame(Shape.SCALAR, Shape.of("pad"));
    assertMessage("pad: [2, -1] has the negative extent -1", () -> Shape.of("pad", 2, -1));
    assertMessage(
        "pad: [65536, 65536] has at least 4294967296 elements, and an array holds at most"
            + " 2147483639",
        () -> Shape.of("pad", 1 << 16, 1 << 16));
  }

  // ---- axes ------------------------------------------------------------------------------------

  @Test
  void countsAxesFromBothEnds() {
    Shape shape = Shape.of(2, 3, 4);
    assertEquals(2, shape.dim(0));
    assertEquals(4, shape.dim(2));
    assertEquals(4, shape.dim(-1));
    assertEquals(2, shape.dim(-3));
    assertEquals(1, shape.axis("sum", 1));
    assertEquals(1, shape.axis("sum", -2));
  }

  @Test
  void refusesAxesThatAreNotThere() {
    Shape shape = Shape.of(2, 3);
    assertMessage("dim: there is no axis 2 in [2, 3], which has rank 2", () -> shape.dim(2));
    assertMessage("dim: there is no axis -3 in [2, 3], which has rank 2", () -> shape.dim(-3));
    assertMessage("sum: there is no axis 0 in [], which has rank 0", () -> scalarAxis(0));
    assertMessage("sum: there is no axis -1 in [], which has rank 0", () -> scalarAxis(-1));
    assertMessage("with: there is no axis 5 in [2, 3], which has rank 2", () -> shape.with(5, 1));
  }

  private static int scalarAxis(int axis) {
    return Shape.SCALAR.axis("sum", axis);
  }

  @Test
  void replacesAnExtent() {
    Shape shape = Shape.of(2, 3);
    assertEquals(Shape.of(2, 5), shape.with(1, 5));
    assertEquals(Shape.of(4, 2, 3), shape.stacked("stack", 4));
    assertEquals(Shape.of(0), Shape.of().stacked("stack", 0));
    assertMessage("stack: [-1, 2, 3] has the negative extent -1", () -> shape.stacked("stack", -1));
    assertEquals(Shape.of(0, 3), shape.with(-2, 0));
    assertEquals(Shape.of(2, 3), shape);
    assertMessage("shape: [2, -5] has the negative extent -5", () -> shape.with(1, -5));
  }

  @Test
  void multipliesARangeOfExtents() {
    Shape shape = Shape.of(2, 3, 5);
    assertEquals(30, shape.size(0, 3));
    assertEquals(3, shape.size(1, 2));
    assertEquals(15, shape.size(1, 3));
    assertEquals(1, shape.size(2, 2));
  }

  @Test
  void stridesAreZeroWhereThereIsNothingToStepOver() {
    assertArrayEquals(new int[] {12, 4, 1}, Shape.of(2, 3, 4).strides());
    assertArrayEquals(new int[] {4, 0, 1}, Shape.of(3, 1, 4).strides());
    assertArrayEquals(new int[] {1, 0}, Shape.of(3, 1).strides());
    assertArrayEquals(new int[0], Shape.SCALAR.strides());
  }

  // ---- broadcasting ----------------------------------------------------------------------------

  @Test
  void broadcastsByTheRules() {
    assertBroadcast(Shape.of(2, 3), Shape.of(2, 3), Shape.of(2, 3));
    assertBroadcast(Shape.of(2, 3), Shape.of(3), Shape.of(2, 3));
    assertBroadcast(Shape.of(2, 1), Shape.of(1, 3), Shape.of(2, 3));
    assertBroadcast(Shape.SCALAR, Shape.of(2, 3), Shape.of(2, 3));
    assertBroadcast(Shape.of(1), Shape.SCALAR, Shape.of(1));
    assertBroadcast(Shape.of(0), Shape.of(1), Shape.of(0));
    assertBroadcast(Shape.of(8, 1, 6, 1), Shape.of(7, 1, 5), Shape.of(8, 7, 6, 5));
  }

  @Test
  void refusesExtentsThatDoNotBroadcast() {
    assertMessage(
        "mul: [2, 3] and [2] do not broadcast: extents 3 and 2 differ and neither is 1 (axes are"
            + " aligned at the right)",
        () -> Shape.broadcast("mul", Shape.of(2, 3), Shape.of(2)));
    assertMessage(
        "add: [0] and [2] do not broadcast: extents 0 and 2 differ and neither is 1 (axes are"
            + " aligned at the right)",
        () -> Shape.broadcast("add", Shape.of(0), Shape.of(2)));
    assertMessage(
        "add: [100000, 100000] has at least 10000000000 elements, and an array holds at most"
            + " 2147483639",
        () -> Shape.broadcast("add", Shape.of(100_000, 1), Shape.of(100_000)));
  }

  private static void assertBroadcast(Shape a, Shape b, Shape expected) {
    assertEquals(expected, Shape.broadcast("add", a, b));
    assertEquals(expected, Shape.broadcast("add", b, a));
  }

  private static void assertMessage(String message, Executable call) {
    assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
  }

  @Test
  void axesOutOfRangeHaveNoSize() {
    Shape shape = Shape.of(2, 3);
    assertEquals(1, shape.size(2, 2));
    assertEquals(6, shape.size(0, 2));
    for (int[] axes : new int[][] {{-1, 1}, {2, 1}, {0, 3}}) {
      assertEquals(
          "size: from axis %s to %s is not within [2, 3], which has rank 2"
              .formatted(axes[0], axes[1]),
          assertThrows(ShapeException.class, () -> shape.size(axes[0], axes[1])).getMessage());
    }
  }

  /** What is wrong for certain is said first, though the others have too many elements. */
  @Test
  void aNegativeExtentIsRefusedWhereverItStands() {
    assertEquals(
        "shape: [2147483647, 2, -3] has the negative extent -3",
        assertThrows(ShapeException.class, () -> Shape.of(Integer.MAX_VALUE, 2, -3)).getMessage());
  }
}
