package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.concat;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.scatterAdd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * The VJPs of all {@link Slice}s, all {@link Take}s, or all {@link Gather}s of one tensor, in one
 * pass over it: an array of its size for each of n parts would take time in proportion to n
 * squared, where parts are an n-th of it. Parts along one axis that are slices apart from each
 * other are put together with the zeros between them; others, and what they have in common, are
 * added up as by {@link TakeInput}, and gathers by {@link ScatterAdd}.
 */
final class Parts {
  /** The most elements that are put together, where the whole does not have more. */
  private static final int MOST = 1 << 20;

  private final Shape whole;
  private final int axis;

  private Parts(Shape whole, int axis) {
    this.whole = whole;
    this.axis = axis;
  }

  /** A part, and its cotangent. */
  private record Use(Tensor part, Tensor cotangent) {
    Op op() {
      return part.op().orElseThrow();
    }

    Tensor vjp() {
      return op().vjp(0, cotangent, part, part.inputs());
    }

    int axis() {
      if (op() instanceof Slice slice) {
        return slice.axis();
      }
      return op() instanceof Take take ? take.axis() : ((Gather) op()).axis();
    }

    /** How many places along the axis the part has. */
    int count(int axis) {
      return op() instanceof Take take ? take.index().size() : cotangent.shape().dim(axis);
    }
  }

  /** As {@link Op.Selection#vjp(Map, Shape)}, of slices, takes and gathers. */
  static Tensor vjp(Map<Tensor, Tensor> cotangents, Shape whole) {
    Map<Integer, List<Use>> uses = new TreeMap<>();
    cotangents.forEach(
        (part, cotangent) -> {
          Use use = new Use(part, cotangent);
          uses.computeIfAbsent(whole.axis("slice", use.axis()), a -> new ArrayList<>()).add(use);
        });
    return uses.entrySet().stream()
        .map(along -> new Parts(whole, along.getKey()).vjp(along.getValue()))
        .reduce(Ops::add)
        .orElseThrow();
  }

  private Tensor vjp(List<Use> uses) {
    if (uses.size() == 1 || whole.size() == 0) { // of any extents: no position is to be listed
      return uses.stream().map(Use::vjp).reduce(Ops::add).orElseThrow();
    }
    List<Use> ordered = new ArrayList<>(uses);
    ordered.sort(
        Comparator.comparingInt(
            use -> use.op() instanceof Slice slice ? slice.first(extent()) : 0));
    if (areApart(ordered)) {
      return together(ordered);
    }
    long elements = uses.stream().mapToLong(use -> use.cotangent.shape().size()).sum();
    if (elements > Math.max(MOST, whole.size())) {
      int half = uses.size() / 2;
      return add(vjp(uses.subList(0, half)), vjp(uses.subList(half, uses.size())));
    }
    Tensor[] cotangents = uses.stream().map(this::cotangent).toArray(Tensor[]::new);
    Tensor all = concat(axis, cotangents);
    return uses.get(0).op() instanceof Gather // as all are: parts by one class of ops come together
        ? scatterAdd(all, axis, positions(uses), extent())
        : Tensor.of(new TakeInput(axis, slabs(uses), whole), all);
  }

  /** The cotangent of a part, whose places lie along the one axis, as those of the whole do. */
  private Tensor cotangent(Use use) {
    return use.op() instanceof Take
        ? reshape(use.cotangent, whole.with(axis, use.count(axis)).toArray())
        : use.cotangent;
  }

  /** Where along the axis each slab of the parts, one behind the other, lies in the whole. */
  private Indices slabs(List<Use> uses) {
    int[] positions = uses.stream().flatMapToInt(use -> Arrays.stream(places(use))).toArray();
    return Indices.wrap(positions, Shape.of(positions.length));
  }

  /** The positions that a slice or a take takes. */
  private int[] places(Use use) {
    if (use.op() instanceof Take take) {
      return take.index().storage();
    }
    Slice slice = (Slice) use.op();
    int[] places = new int[use.count(axis)];
    Arrays.setAll(places, i -> slice.first(extent()) + i * slice.step());
    return places;
  }

  private int extent() {
    return whole.dim(axis);
  }

  /** Whether all are slices without gaps, and each ends before the next one begins. */
  private boolean areApart(List<Use> ordered) {
    int end = 0;
    for (Use use : ordered) {
      if (!(use.op() instanceof Slice slice) || slice.step() != 1 || slice.first(extent()) < end) {
        return false;
      }
      end = slice.end(extent());
    }
    return true;
  }

  /** The cotangents of slices apart, with zeros where there is no slice. */
  private Tensor together(List<Use> ordered) {
    List<Tensor> pieces = new ArrayList<>();
    int end = 0;
    for (Use use : ordered) {
      Slice slice = (Slice) use.op();
      pieces.add(zeros(use.cotangent, slice.first(extent()) - end));
      pieces.add(use.cotangent);
      end = slice.end(extent());
    }
    pieces.add(zeros(pieces.get(1), extent() - end));
    pieces.removeIf(piece -> piece.shape().dim(axis) == 0);
    return concat(axis, pieces.toArray(Tensor[]::new));
  }

  private Tensor zeros(Tensor like, int count) {
    return Tensor.constant(NdArray.zeros(like.dtype(), whole.with(axis, count)));
  }

  /** Where along the axis the elements of gathers, one behind the other, lie in the whole. */
  private Indices positions(List<Use> uses) {
    int total = uses.stream().mapToInt(use -> use.count(axis)).sum();
    Shape shape = whole.with(axis, total);
    int[] positions = new int[shape.size()];
    int after = whole.size(axis + 1, whole.rank());
    int start = 0;
    for (Use use : uses) {
      int count = use.count(axis) * after;
      for (int b = 0; b < (count == 0 ? 0 : whole.size(0, axis)); b++) {
        int to = b * total * after + start;
        System.arraycopy(((Gather) use.op()).index().storage(), b * count, positions, to, count);
      }
      start += count;
    }
    return Indices.wrap(positions, shape);
  }
}
