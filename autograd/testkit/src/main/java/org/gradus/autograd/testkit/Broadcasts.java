package org.gradus.autograd.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.gradus.autograd.array.Shape;

/** Enumerates the ways in which shapes broadcast to a common one; see {@link Draw#broadcasts}. */
final class Broadcasts {
  private static final int MAX_RANK = 3;

  private Broadcasts() {}

  static List<List<Shape>> of(int count) {
    List<List<Shape>> found = new ArrayList<>();
    extend(new ArrayList<>(), count, found);
    return found;
  }

  /** Goes on with every shape of rank 0 to 3, as long as all broadcast. */
  private static void extend(List<Shape> first, int count, List<List<Shape>> found) {
    if (first.size() == count) {
      found.add(List.copyOf(first));
      return;
    }
    for (Shape next : shapes(count)) {
      if (first.stream().allMatch(shape -> agree(shape, next))) {
        first.add(next);
        extend(first, count, found);
        first.remove(first.size() - 1);
      }
    }
  }

  private static boolean agree(Shape a, Shape b) {
    for (int k = 1; k <= Math.min(a.rank(), b.rank()); k++) {
      int one = a.dim(-k);
      int other = b.dim(-k);
      if (one != other && one != 1 && other != 1) {
        return false;
      }
    }
    return true;
  }

  private static List<Shape> shapes(int count) {
    List<Shape> all = new ArrayList<>();
    for (int rank = 0; rank <= MAX_RANK; rank++) {
      boolean withNothing = count <= 2 || rank < MAX_RANK;
      extend(new int[rank], rank - 1, dim -> dim > 0 || withNothing, all);
    }
    return all;
  }

  /** Counted from the right, where shapes are aligned, an axis has extent 2, 3, 2. */
  private static void extend(int[] dims, int axis, IntPredicate allowed, List<Shape> all) {
    if (axis < 0) {
      all.add(Shape.of(dims));
      return;
    }
    int whole = (dims.length - axis) % 2 == 1 ? 2 : 3;
    for (int dim : new int[] {whole, 1, 0}) {
      if (allowed.test(dim)) {
        dims[axis] = dim;
        extend(dims, axis - 1, allowed, all);
      }
    }
  }
}
