package org.gradus.autograd.testkit;

import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fixtures.right.Cube;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Exp;
import org.gradus.autograd.ops.Log;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.Reciprocal;
import org.gradus.autograd.ops.Sin;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import waves.Wave;
import wrong.WritesInSinglePrecision;
import wrong.WrongAtOrderThree;
import wrong.WrongAtTheEnd;
import wrong.WrongBetween;
import wrong.WrongByLittleInSinglePrecision;
import wrong.WrongForOnes;
import wrong.WrongForShapes;
import wrong.WrongWhere;

/** Faults that a few drawn cases would seldom meet: the contract catches each with any seed. */
class CaughtForCertainTest {
  private static final int SEEDS = 10;

  // ---- shapes ----------------------------------------------------------------------------------

  @Test
  void aFaultForOneWayToBroadcast() {
    for (List<Boolean> ones :
        List.of(
            List.of(false, true), // [n, 1] with [1, m]
            List.of(true, false, true))) { // [1, n, 1] with [m, 1, k]
      OpRow row = OpRow.broadcasting(new WrongForOnes(ones), nonzero(), nonzero());
      assertCaught("each way to broadcast", row, 1); // none is drawn
    }
  }

  @Test
  void aFaultForOneWayToBroadcastThreeInputs() {
    assertCaughtOfThree(shapes -> is(shapes, Shape.of(3, 1), Shape.of(1, 2), Shape.of()));
    assertCaughtOfThree(shapes -> is(shapes, Shape.of(2), Shape.of(3, 1), Shape.of(2, 1, 1)));
  }

  private static void assertCaughtOfThree(Predicate<List<Shape>> wrong) {
    Op op = new WrongForShapes(in -> wrong.test(in.stream().map(Tensor::shape).toList()));
    OpRow row =
        OpRow.of(
                WrongForShapes.class,
                Draw.seeds().map(seed -> of(op, seed, Shape.of(2), Shape.of(2), Shape.of(2))))
            .edges(of(op, 1, Shape.of(), Shape.of(), Shape.of()))
            .broadcasts(inputs -> OpCase.of(op, inputs), nonzero(), nonzero(), nonzero())
            .refuses(ShapeException.class, "x: y", CaughtForCertainTest::refuse);
    assertCaught("each way to broadcast", row, 1); // none is drawn
  }

  private static OpCase of(Op op, long seed, Shape... shapes) {
    return OpCase.of(op, Draw.fill(seed, nonzero(), shapes));
  }

  private static boolean is(List<Shape> shapes, Shape... expected) {
    return shapes.equals(List.of(expected));
  }

  private static void refuse() {
    throw new ShapeException("x", "y");
  }

  /** On each axis both extents equal, either 1, both 1, either axis missing, and extents of 0. */
  @Test
  void everyWayToBroadcastIsAmongThem() {
    List<List<Shape>> pairs = Draw.broadcasts(2);
    assertEquals(pairs.size(), new HashSet<>(pairs).size());
    int[] extents = {2, 3, 2};
    List<Shape> all = new ArrayList<>();
    for (int rank = 0; rank <= 3; rank++) {
      for (int choice = 0; choice < Math.pow(3, rank); choice++) {
        int[] dims = new int[rank];
        for (int k = 0, rest = choice; k < rank; k++, rest /= 3) {
          dims[rank - 1 - k] = rest % 3 == 0 ? 0 : rest % 3 == 1 ? 1 : extents[k];
        }
        all.add(Shape.of(dims));
      }
    }
    int expected = 0;
    for (Shape a : all) {
      for (Shape b : all) {
        if (broadcast(a, b)) {
          expected++;
          assertTrue(pairs.contains(List.of(a, b)), () -> a + " and " + b);
        }
      }
    }
    assertEquals(expected, pairs.size());
    assertEquals(940, expected);
    assertTrue(
        Draw.broadcasts(3).contains(List.of(Shape.of(2), Shape.of(1, 3, 1), Shape.of(2, 1, 2))));
  }

  private static boolean broadcast(Shape a, Shape b) {
    try {
      Shape.broadcast("x", a, b);
      return true;
    } catch (ShapeException e) {
      return false;
    }
  }

  // ---- many elements ---------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {27, 63, 64, 999, 1024, 4096})
  void aFaultAboveSomeElements(int elements) {
    Op op = new WrongWhere(shape -> shape.size() > elements);
    OpRow enumerated = OpRow.unary(op, nonzero());
    assertCaught("holds for many elements", enumerated);
    OpRow drawn =
        OpRow.of(
                WrongWhere.class,
                Draw.arrays(Draw.shapes(0, 3), nonzero()).map(x -> OpCase.of(op, x)))
            .edges(OpCase.of(op, NdArray.zeros(DType.FLOAT64, Shape.of(0))))
            .refuses(ShapeException.class, "x: y", CaughtForCertainTest::refuse);
    assertCaught("holds for many elements", drawn);
  }

  /** A loop over two axes, as for matrices; more axes; a tail of three elements behind blocks. */
  @Test
  void aFaultForSomeShapesOfManyElements() {
    for (Predicate<Shape> shapes :
        List.<Predicate<Shape>>of(
            shape -> shape.rank() == 2 && shape.dim(0) > 3 && shape.dim(1) > 3,
            shape -> shape.rank() == 3 && shape.dim(0) > 3 && shape.dim(2) > 3,
            shape -> shape.rank() > 3 && shape.size() > 30,
            shape -> shape.rank() > 6,
            shape -> shape.size() > 32 && shape.size() % 4 == 3)) {
      OpRow row = OpRow.unary(new WrongWhere(shapes), nonzero());
      assertCaught("holds for many elements", row, 1); // none is drawn
    }
    for (int elements : new int[] {64, 1000}) {
      OpRow drawn =
          OpRow.of(
              WrongWhere.class,
              Draw.arrays(Draw.shapes(0, 3), nonzero())
                  .map(x -> OpCase.of(new WrongWhere(s -> twoAreLong(elements, s)), x)));
      assertCaught("holds for many elements", drawn);
    }
  }

  private static boolean twoAreLong(int elements, Shape shape) {
    int most = shape.rank() < 2 ? 0 : shape.size() / 3;
    return most >= elements / 3 && IntStream.of(shape.toArray()).allMatch(dim -> dim <= most);
  }

  /** Matrices with a row, a column; a row with a column; three axes, and four. */
  @Test
  void aFaultForOneWayToBroadcastManyElements() {
    for (List<Shape> wrong :
        List.of(
            List.of(Shape.of(9, 7), Shape.of(7)),
            List.of(Shape.of(1, 7), Shape.of(9, 7)),
            List.of(Shape.of(9, 7), Shape.of(9, 1)),
            List.of(Shape.of(9, 1), Shape.of(1, 7)),
            List.of(Shape.of(4, 1, 6), Shape.of(1, 5, 1)),
            List.of(Shape.of(4, 5, 4, 6), Shape.of(4, 5, 4, 6)),
            List.of(Shape.of(4, 1, 4, 1), Shape.of(1, 5, 1, 6)))) {
      Op op = new WrongForShapes(in -> in.stream().map(Tensor::shape).toList().equals(wrong));
      assertCaught("holds for many elements", OpRow.broadcasting(op, nonzero(), nonzero()), 1);
    }
  }

  @Test
  void aFaultBehindTheLastBlock() {
    assertCaught("holds for many elements", OpRow.unary(new WrongAtTheEnd(), nonzero()));
  }

  // ---- very small and very large numbers -------------------------------------------------------

  @Test
  void aFaultForLargeOrSmallNumbers() {
    Tensor x = Tensor.variable(NdArray.scalar(DType.FLOAT64, 0));
    Op softplus = Ops.softplus(x).op().orElseThrow();
    for (Op op : List.of(new Cube(), new Exp(), new Sin(), softplus, new Reciprocal())) {
      assertCaught(5, Double.POSITIVE_INFINITY, op, nonzero());
      assertCaught(0, 0.01, op, nonzero());
    }
    assertCaught(5, Double.POSITIVE_INFINITY, new Log(), Domain.positive());
    assertCaught(0, 0.01, new Log(), Domain.positive());
  }

  private static void assertCaught(double least, double most, Op op, Domain domain) {
    assertCaught(
        "holds for very small and very large numbers",
        OpRow.unary(new WrongBetween(op, least, most), domain));
  }

  /** x + sin^2(2 x) / 2, whose waves are lost beside a large x, so that differences are all 1. */
  @Test
  void whatDifferencesCannotSeeIsNoFault() {
    for (long seed = 0; seed < SEEDS; seed++) {
      OpRow row = OpRow.unary(new Wave(), nonzero());
      OpContract.of(row, new Trials(Trials.USUAL, seed, 2))
          .tests()
          .filter(test -> test.getDisplayName().contains("very small and very large"))
          .forEach(test -> assertDoesNotThrow(test.getExecutable()));
    }
  }

  // ---- float32 and higher orders ---------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFaultOfAFewUnitsInTheLastPlaceOfFloat32(boolean value) {
    Op op = new WrongByLittleInSinglePrecision(value);
    assertCaught("computes the same in float32", OpRow.unary(op, nonzero()));
  }

  @Test
  void aLawBrokenInSinglePrecision() {
    OpRow row = OpRow.unary(new WritesInSinglePrecision(), nonzero()).exact();
    assertCaught("computes the same in float32", row);
  }

  @Test
  void aFaultAtOrderThree() {
    OpRow row = OpRow.unary(new WrongAtOrderThree(), nonzero());
    OpContract.of(row).check(); // nobody asked
    assertCaught("has gradients of the higher orders", row.orders(3), 3);
    for (long seed = 0; seed < 3; seed++) {
      OpContract asked = OpContract.of(row, new Trials(Trials.USUAL, seed, 3));
      String message = assertThrows(AssertionError.class, asked::check).getMessage();
      assertTrue(message.contains("has gradients of the higher orders"), message);
      assertTrue(message.contains("order 3"), message);
    }
  }

  @Test
  void ordersAreAtLeastTwo() {
    OpRow row = OpRow.unary(new Cube(), nonzero());
    assertEquals(
        "op row: cube: orders 1, expected at least 2",
        assertThrows(IllegalArgumentException.class, () -> row.orders(1)).getMessage());
    assertEquals(
        "op row: cube: factors from 2.0 to 3.0, expected from at most 1 to at least 1",
        assertThrows(IllegalArgumentException.class, () -> row.factors(2, 3)).getMessage());
  }

  /** Caught by one of the promises by itself, whatever is drawn. */
  private static void assertCaught(String promise, OpRow row) {
    assertCaught(promise, row, SEEDS);
  }

  private static void assertCaught(String promise, OpRow row, int seeds) {
    for (long seed = 0; seed < seeds; seed++) {
      OpContract contract = OpContract.of(row, new Trials(Trials.USUAL, seed, 2));
      DynamicTest test =
          contract.tests().filter(t -> t.getDisplayName().contains(promise)).findFirst().get();
      String message = assertThrows(AssertionError.class, test.getExecutable()).getMessage();
      assertTrue(message.contains(promise), message);
    }
  }
}
