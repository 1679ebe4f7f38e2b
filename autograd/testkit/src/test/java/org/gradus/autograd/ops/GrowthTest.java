package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.AbstractList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Twice as many inputs, or uses of one tensor, take twice the work, forwards and backwards. Work is
 * counted: the bytes that the thread allocates, and how often a VJP looks at the inputs.
 */
class GrowthTest {

  /** A loss of so many parts. */
  record Growing(String name, IntFunction<Tensor> loss) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Growing> growing() {
    return Stream.of(
        new Growing("concat", n -> squares(Ops.concat(0, variables(n)))),
        new Growing("stack", n -> squares(Ops.stack(0, variables(n)))),
        new Growing("concat of one", n -> squares(Ops.concat(0, often(variable(1), n)))),
        new Growing("stack of one", n -> squares(Ops.stack(0, often(variable(1), n)))),
        new Growing("slices", n -> parts(n, (x, i) -> Ops.slice(x, 0, i, i + 1))),
        new Growing(
            "slices that overlap", n -> parts(n, (x, i) -> Ops.slice(x, 0, i, Math.min(n, i + 3)))),
        new Growing("slices with steps", n -> parts(n, (x, i) -> Ops.slice(x, 0, i, n, n))),
        new Growing("rows that are taken", n -> parts(n, (x, i) -> Ops.take(x, 0, i))),
        new Growing(
            "rows that are gathered",
            n -> parts(n, (x, i) -> Ops.gather(x, 0, Indices.of(new int[] {i}, 1, 1)))),
        new Growing(
            "slices and rows that are gathered",
            n ->
                parts(
                    n,
                    (x, i) ->
                        i % 2 == 0
                            ? Ops.slice(x, 0, i, i + 1)
                            : Ops.gather(x, 0, Indices.of(new int[] {i}, 1, 1)))));
  }

  /** The sum of squares of parts of one tensor [n, 1]. */
  private static Tensor parts(int n, BiFunction<Tensor, Integer, Tensor> part) {
    Tensor x = Ops.mul(variable(n, 1), 1.5);
    return squares(
        Ops.concat(
            0, IntStream.range(0, n).mapToObj(i -> part.apply(x, i)).toArray(Tensor[]::new)));
  }

  private static Tensor[] often(Tensor x, int n) {
    return Collections.nCopies(n, x).toArray(Tensor[]::new);
  }

  private static Tensor squares(Tensor x) {
    return Ops.sum(Ops.square(x));
  }

  private static Tensor variable(int... dims) {
    return Tensor.variable(NdArray.generate(DType.FLOAT32, Shape.of(dims), i -> i % 7 - 3));
  }

  private static Tensor[] variables(int n) {
    return IntStream.range(0, n).mapToObj(i -> variable(1)).toArray(Tensor[]::new);
  }

  @ParameterizedTest
  @MethodSource("growing")
  void twiceTheCountTakesTwiceTheMemory(Growing growing) {
    for (Gradients.Mode mode : Gradients.Mode.values()) {
      backward(growing, mode, 50); // classes are loaded
      long once = backward(growing, mode, 1000);
      long twice = backward(growing, mode, 2000);
      assertTrue(
          twice <= 2.3 * once, () -> mode + ": " + once + " bytes, and for twice as many " + twice);
    }
  }

  private static long backward(Growing growing, Gradients.Mode mode, int n) {
    return allocated(() -> Gradients.backward(growing.loss().apply(n), mode));
  }

  private static long allocated(Runnable work) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** A list that counts how many elements it hands out. */
  private static final class Counted extends AbstractList<Tensor> {
    private final List<Tensor> list;
    private long count;

    Counted(List<Tensor> list) {
      this.list = list;
    }

    @Override
    public Tensor get(int index) {
      count++;
      return list.get(index);
    }

    @Override
    public int size() {
      return list.size();
    }
  }

  @Test
  void aVjpLooksAtFewInputs() {
    for (Tensor y : List.of(Ops.concat(0, variables(300)), Ops.stack(0, variables(300)))) {
      Counted inputs = new Counted(y.inputs());
      Op op = y.op().orElseThrow();
      for (int i = 0; i < inputs.size(); i++) {
        op.vjp(i, y.detach(), y, inputs);
      }
      assertTrue(inputs.count <= 3L * inputs.size(), () -> op.name() + ": " + inputs.count);
    }
  }
}
