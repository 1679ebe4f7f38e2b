package org.gradus.autograd.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Shapes against the definitions, written out on lists. */
class ShapeProperties {

  @Property(seed = "4621", tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void broadcastsAsNumPyDoes(
      @ForAll("extents") List<Integer> a, @ForAll("extents") List<Integer> b) {
    Shape left = shape(a);
    Shape right = shape(b);
    Optional<List<Integer>> expected = broadcast(a, b);
    if (expected.isPresent()) {
      assertEquals(shape(expected.get()), Shape.broadcast("op", left, right));
      assertEquals(shape(expected.get()), Shape.broadcast("op", right, left));
    } else {
      ShapeException error =
          assertThrows(ShapeException.class, () -> Shape.broadcast("op", left, right));
      String start = "op: %s and %s do not broadcast: extents ".formatted(left, right);
      assertEquals(start, error.getMessage().substring(0, start.length()));
    }
  }

  @Property(seed = "4622", tries = 500, edgeCases = EdgeCasesMode.NONE)
  void stridesLeadToTheRowMajorIndex(@ForAll("extents") List<Integer> extents) {
    Shape shape = shape(extents);
    int[] strides = shape.strides();
    for (int flat = 0; flat < shape.size(); flat++) {
      int index = 0;
      int rest = flat;
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        index += rest % shape.dim(axis) * strides[axis];
        rest /= shape.dim(axis);
      }
      assertEquals(flat, index);
    }
  }

  @Property(seed = "4623", tries = 500, edgeCases = EdgeCasesMode.NONE)
  void sizeIsTheProductOfTheExtents(@ForAll("extents") List<Integer> extents) {
    Shape shape = shape(extents);
    assertEquals(extents.stream().reduce(1, (a, b) -> a * b), shape.size());
    assertEquals(shape.size(), shape.size(0, shape.rank()));
  }

  @Provide
  Arbitrary<List<Integer>> extents() {
    return Arbitraries.of(0, 1, 1, 2, 3).list().ofMaxSize(4);
  }

  private static Shape shape(List<Integer> extents) {
    return Shape.of(extents.stream().mapToInt(extent -> extent).toArray());
  }

  /** NumPy's rules: extend the shorter on the left with 1; extents must agree, or one must be 1. */
  private static Optional<List<Integer>> broadcast(List<Integer> a, List<Integer> b) {
    if (a.size() < b.size()) {
      List<Integer> extended = new ArrayList<>(Collections.nCopies(b.size() - a.size(), 1));
      extended.addAll(a);
      return broadcast(extended, b);
    }
    if (b.size() < a.size()) {
      return broadcast(b, a);
    }
    List<Integer> result = new ArrayList<>();
    for (int axis = 0; axis < a.size(); axis++) {
      int extentA = a.get(axis);
      int extentB = b.get(axis);
      if (extentA == extentB || extentB == 1) {
        result.add(extentA);
      } else if (extentA == 1) {
        result.add(extentB);
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(result);
  }
}
