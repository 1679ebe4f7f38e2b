package org.gradus.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/** Tensors of which some places are changed. */
final class Scattering {
  private static final String REDUCTION = "reduction:string=none|add|mul|max|min@16-";

  private Scattering() {}

  static List<Operator> operators() {
    return List.of(
        Operator.of("Scatter", 9, 3, 3, "axis:int", Scattering::elements).until(10),
        Operator.of("ScatterElements", 11, 3, 3, "axis:int " + REDUCTION, Scattering::elements),
        Operator.of("ScatterND", 11, 3, 3, REDUCTION, Scattering::blocks));
  }

  private static Value elements(Call call) {
    Shape shape = call.shape(0);
    int axis = call.axis((int) call.node().whole("axis", 0), shape.rank());
    Indices index = call.value(1).host(Element.INT64).on(shape.dim(axis));
    if (!index.shape().equals(call.shape(2))) {
      throw call.refused(
          "indices %s and updates %s, expected one shape".formatted(index.shape(), call.shape(2)));
    }
    int[] places = Indexing.flat(call, shape, axis, index);
    return scattered(call, places, shape.size(), 1);
  }

  private static Value blocks(Call call) {
    Shape shape = call.shape(0);
    int depth = call.shape(1).rank() == 0 ? 0 : call.shape(1).dim(-1);
    if (depth < 1 || depth > shape.rank()) {
      throw call.refused("indices %s for %s".formatted(call.shape(1), shape));
    }
    int[] rows = Indexing.rows(call, shape, 0, depth);
    int width = shape.size(depth, shape.rank());
    if (call.shape(2).size() != rows.length * width) {
      throw call.refused(
          "updates %s, expected %s blocks of %s".formatted(call.shape(2), rows.length, width));
    }
    return scattered(call, rows, shape.size(0, depth), width);
  }

  /**
   * Input 0 as blocks, with those of input 2 in some places.
   *
   * @param rows for each update, the block that it goes to
   * @param count of blocks
   * @param width of a block
   */
  private static Value scattered(Call call, int[] rows, int count, int width) {
    Value x = call.value(0);
    boolean isHost = x instanceof Value.Host && call.value(2) instanceof Value.Host;
    DType dtype = isHost ? DType.FLOAT64 : call.dtype();
    Tensor blocks = Ops.reshape(x.tensor(dtype), count, width);
    Tensor updates = Ops.reshape(call.value(2).tensor(dtype), rows.length, width);
    Tensor y =
        switch (call.node().text("reduction", "none")) {
          case "add" -> added(blocks, updates, rows, count, width);
          case "mul" -> combined(blocks, updates, rounds(rows, count), Ops::mul);
          case "max" -> combined(blocks, updates, rounds(rows, count), Ops::maximum);
          case "min" -> combined(blocks, updates, rounds(rows, count), Ops::minimum);
          default -> combined(blocks, updates, List.of(last(rows, count)), (a, b) -> b);
        };
    Value result = new Value.Data(Ops.reshape(y, x.shape().toArray()), x.type());
    return isHost ? result.host(x.type()) : result;
  }

  private static Tensor added(Tensor blocks, Tensor updates, int[] rows, int count, int width) {
    int[] index = new int[rows.length * width];
    for (int i = 0; i < index.length; i++) {
      index[i] = rows[i / width];
    }
    Indices places = Indices.of(index, rows.length, width);
    return Ops.add(blocks, Ops.scatterAdd(updates, 0, places, count));
  }

  /** For each block, the last update that goes to it; -1 if there is none. */
  private static int[] last(int[] rows, int count) {
    int[] last = new int[count];
    Arrays.fill(last, -1);
    for (int i = 0; i < rows.length; i++) {
      last[rows[i]] = i;
    }
    return last;
  }

  /** As {@link #last}, for the first updates of all blocks, then the second ones, and so on. */
  private static List<int[]> rounds(int[] rows, int count) {
    List<int[]> rounds = new ArrayList<>();
    int[] times = new int[count];
    for (int i = 0; i < rows.length; i++) {
      int round = times[rows[i]]++;
      if (round == rounds.size()) {
        int[] none = new int[count];
        Arrays.fill(none, -1);
        rounds.add(none);
      }
      rounds.get(round)[rows[i]] = i;
    }
    return rounds;
  }

  private static Tensor combined(
      Tensor blocks, Tensor updates, List<int[]> rounds, BinaryOperator<Tensor> function) {
    Tensor y = blocks;
    if (updates.shape().size() == 0) {
      return y;
    }
    for (int[] round : rounds) {
      Tensor mask =
          Tensor.constant(
              NdArray.generate(y.dtype(), Shape.of(round.length, 1), i -> round[i] < 0 ? 0 : 1));
      int[] from = Arrays.stream(round).map(i -> Math.max(0, i)).toArray();
      Tensor moved = Ops.take(updates, 0, from);
      y = Ops.where(mask, function.apply(y, moved), y);
    }
    return y;
  }
}
