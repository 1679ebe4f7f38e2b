package org.gradus.autograd.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;

import org.junit.jupiter.api.Test;

class IndicesTest {
  private final Indices indices = Indices.of(new int[] {3, 1, 4, 1, 5, 9}, 2, 3);

  @Test
  void areNumbersInAShape() {
    assertEquals(Shape.of(2, 3), indices.shape());
    assertEquals(6, indices.size());
    assertEquals(4, indices.at(2));
    for (int flat : new int[] {-1, indices.size()}) {
      assertEquals(
          "at: there is no element %s in %s, which has %s"
              .formatted(flat, indices.shape(), indices.size()),
          assertThrows(ShapeException.class, () -> indices.at(flat)).getMessage());
    }
    assertArrayEquals(new int[] {3, 1, 4, 1, 5, 9}, indices.toArray());
  }

  @Test
  void ofAndToArrayCopy() {
    int[] given = {1, 2};
    Indices copy = Indices.of(given, 2);
    given[0] = 7;
    copy.toArray()[1] = 7;
    assertArrayEquals(new int[] {1, 2}, copy.toArray());
  }

  @Test
  void wrapStorageAndReshapeShare() {
    int[] given = {1, 2};
    Indices shared = Indices.wrap(given, Shape.of(2));
    assertSame(given, shared.storage());
    assertSame(given, shared.reshape(1, 2).storage());
    assertNotSame(given, shared.toArray());
    assertEquals(Shape.of(1, 2), shared.reshape(1, 2).shape());
  }

  @Test
  void areEqualIfShapeAndNumbersAre() {
    Indices same = Indices.of(new int[] {3, 1, 4, 1, 5, 9}, 2, 3);
    assertEquals(same, indices);
    assertEquals(same.hashCode(), indices.hashCode());
    assertNotEquals(indices, indices.reshape(3, 2));
    assertNotEquals(indices.hashCode(), indices.reshape(3, 2).hashCode());
    Indices other = Indices.of(new int[] {3, 1, 4, 1, 5, 8}, 2, 3);
    assertNotEquals(indices, other);
    assertNotEquals(indices.hashCode(), other.hashCode());
    assertNotEquals(indices, new Object());
  }

  @Test
  void areShownUpToSixteenOfThem() {
    assertEquals("[2, 3] {3, 1, 4, 1, 5, 9}", indices.toString());
    assertEquals("[0] {}", Indices.of(new int[0], 0).toString());
    assertEquals(
        "[16] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}",
        Indices.of(new int[16], 16).toString());
    assertEquals(
        "[17] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...}",
        Indices.of(new int[17], 17).toString());
  }

  @Test
  void refuseNumbersThatDoNotFillTheShape() {
    assertEquals(
        "indices: 3 values do not fill the shape [2, 2], which has 4",
        assertThrowsExactly(ShapeException.class, () -> Indices.of(new int[3], 2, 2)).getMessage());
    assertEquals(
        "indices: 6 values do not fill the shape [4], which has 4",
        assertThrowsExactly(ShapeException.class, () -> indices.reshape(4)).getMessage());
  }
}
