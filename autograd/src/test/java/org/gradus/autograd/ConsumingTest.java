package org.gradus.autograd;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.exp;
import static org.gradus.autograd.ops.Ops.flatten;
import static org.gradus.autograd.ops.Ops.matmul;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.relu;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.sum;
import static org.gradus.autograd.ops.Ops.tanh;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Memory;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A walk in mode CONSUMING takes memory back, and nobody can read what is in it afterwards. */
class ConsumingTest {
  private static final Shape LARGE = Shape.of(64, 64);
  private static final String TAKEN_BACK =
      ": these values were taken back by minimize, by a backward pass in mode CONSUMING, or at the"
          + " end of Memory.tidy; read them before it, or call"
          + " step(Gradients.backward(loss)), which takes nothing back";

  private static NdArray random(DType dtype, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return NdArray.generate(dtype, LARGE, i -> random.nextDouble(-1, 1));
  }

  /** Graphs in which memory is shared, or used in an order that is easy to get wrong. */
  private static Map<String, UnaryOperator<Tensor>> graphs() {
    Map<String, UnaryOperator<Tensor>> graphs = new LinkedHashMap<>();
    graphs.put("chain", x -> tanh(exp(relu(x))));
    graphs.put("views", x -> mul(reshape(flatten(tanh(x)), 64, 64), x));
    graphs.put("diamond", x -> add(mul(tanh(x), exp(tanh(x))), x));
    graphs.put("twice in one op", x -> matmul(tanh(x), tanh(x)));
    graphs.put(
        "many paths",
        x -> {
          Tensor y = tanh(x);
          return add(add(mul(y, y), add(y, exp(y))), add(y, mul(y, x)));
        });
    graphs.put(
        "a constant that is another node's memory",
        x -> {
          Tensor y = tanh(x);
          Tensor z = exp(y);
          return add(mul(relu(x), y.detach()), mul(z.detach(), add(z, y)));
        });
    graphs.put(
        "a constant that is the memory of a node done with before",
        x -> {
          Tensor y = tanh(x);
          return add(exp(y), mul(relu(x), y.detach()));
        });
    graphs.put("the cotangent handed on", x -> add(add(x, tanh(x)), x));
    return graphs;
  }

  /** A walk that takes memory back reads its output until it is over, and leaves it to others. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void theOutputIsHeldByWalksOverValuesAlone(Mode mode) {
    Tensor x = Tensor.variable(random(DType.FLOAT32, 1));
    Tensor one = Tensor.constant(NdArray.full(DType.FLOAT32, LARGE, 1));
    List<Tensor> read = new ArrayList<>();
    Tensor y =
        Memory.tidy(
            () -> {
              Tensor made = tanh(x);
              Gradients.pullback(made, one, mode, x);
              read.add(add(made, one)); // it is there after the walk
              return made;
            });
    assertEquals(1, read.size());
    if (mode == Mode.VALUES) {
      assertEquals(Math.tanh(x.value().toDoubleArray()[7]), y.value().toDoubleArray()[7], 1e-6);
    } else {
      String message = assertThrows(IllegalStateException.class, y::value).getMessage();
      assertEquals("value" + TAKEN_BACK, message);
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void gradientsAreTheSameBits(DType dtype) {
    graphs()
        .forEach(
            (name, graph) -> {
              Tensor x = Tensor.variable(random(dtype, 1));
              NdArray expected = Gradients.backward(sum(graph.apply(x))).of(x).value();
              for (int i = 0; i < 3; i++) { // from the second time on, in memory used before
                Tensor loss = sum(graph.apply(x));
                double value = loss.item();
                NdArray gradient = Gradients.backward(loss, Mode.CONSUMING).of(x).value();
                assertEquals(expected, gradient, name);
                assertEquals(value, loss.item(), name);
              }
              assertEquals(random(dtype, 1), x.value(), name);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 64}) // the same at every size
  void valuesTakenBackAreRefused(int n) {
    Tensor x = Tensor.variable(NdArray.full(DType.FLOAT32, Shape.of(n, n), 0.5));
    Tensor y = tanh(x);
    Tensor view = reshape(y, n * n);
    Tensor loss = sum(exp(view));
    double before = loss.item();
    Gradients.backward(loss, Mode.CONSUMING);
    assertRefused("value", y::value);
    assertRefused("value", y::detach);
    assertRefused("value", view::value);
    assertRefused("exp", () -> exp(y));
    assertRefused("add", () -> add(x, y));
    assertRefused("gradients", () -> Gradients.backward(loss, Mode.CONSUMING));
    assertEquals(Shape.of(n, n), y.shape());
    assertEquals(before, loss.item());
  }

  private static void assertRefused(String what, Supplier<Object> call) {
    IllegalStateException refusal = assertThrows(IllegalStateException.class, call::get);
    assertEquals(what + TAKEN_BACK, refusal.getMessage());
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void aWalkInModeValuesNamesTheOpThatItStoppedAt(DType dtype) {
    Tensor x = Tensor.variable(random(dtype, 1));
    Tensor loss = sum(mul(tanh(x), tanh(x)));
    Gradients.backward(loss, Mode.CONSUMING);
    assertRefused("mul", () -> Gradients.backward(loss));
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void valuesThatWereAskedForStay(DType dtype) {
    Tensor x = Tensor.variable(random(dtype, 1));
    Tensor y = tanh(x);
    Tensor z = exp(y);
    Tensor loss = sum(mul(z, y));
    NdArray asked = y.value();
    NdArray view = asked.reshape(Shape.of(4096));
    Tensor carried = z.detach();
    NdArray copyOfY = asked.map(v -> v);
    NdArray copyOfZ = carried.value().map(v -> v);
    Gradients.backward(loss, Mode.CONSUMING);
    for (int i = 0; i < 20; i++) {
      Gradients.backward(sum(exp(relu(tanh(x)))), Mode.CONSUMING);
    }
    assertEquals(copyOfY, asked);
    assertEquals(copyOfY, y.value());
    assertEquals(copyOfY.reshape(Shape.of(4096)), view);
    assertEquals(copyOfZ, carried.value());
    assertEquals(copyOfZ, z.value());
  }

  /** An op that answers with an array that it keeps, against all rules but those of arrays. */
  private record Keeper(NdArray table) implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return table;
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return g;
    }
  }

  @Test
  void anArrayThatAnOpKeepsIsNotTaken() {
    NdArray table = random(DType.FLOAT32, 5);
    Op keeper = new Keeper(table);
    Tensor x = Tensor.variable(random(DType.FLOAT32, 1));
    for (int i = 0; i < 5; i++) {
      Gradients.backward(sum(exp(relu(Tensor.of(keeper, tanh(x))))), Mode.CONSUMING);
    }
    assertEquals(random(DType.FLOAT32, 5), table);
  }

  @Test
  void aConstantThatAnOpHandsOnIsNotTaken() {
    record Second() implements Op {
      @Override
      public NdArray forward(List<NdArray> in) {
        return in.get(1);
      }

      @Override
      public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
        return g;
      }
    }
    Tensor c = exp(Tensor.constant(random(DType.FLOAT32, 5)));
    Tensor x = Tensor.variable(random(DType.FLOAT32, 1));
    for (int i = 0; i < 5; i++) {
      Gradients.backward(sum(exp(Tensor.of(new Second(), tanh(x), c))), Mode.CONSUMING);
    }
    assertEquals(exp(Tensor.constant(random(DType.FLOAT32, 5))).value(), c.value());
  }

  @Test
  void whatSomebodyHoldsKeepsItsNumbers() {
    Tensor x = Tensor.variable(random(DType.FLOAT32, 1));
    Tensor y = tanh(x);
    Tensor z = exp(y);
    float[] held = (float[]) y.value().storage();
    float[] matrix = z.value().asFMatrix().data;
    float[] before = held.clone();
    float[] matrixBefore = matrix.clone();
    Gradients.backward(sum(z), Mode.CONSUMING);
    for (int i = 0; i < 20; i++) { // results that look for memory of the same length
      Gradients.backward(sum(exp(relu(tanh(x)))), Mode.CONSUMING);
    }
    assertArrayEquals(before, held);
    assertArrayEquals(matrixBefore, matrix);
    assertEquals(NdArray.of(before, 64, 64), y.value());
  }

  @Test
  void gradientsLeavesAndCotangentsAreNotTakenBack() {
    Tensor x = Tensor.variable(random(DType.FLOAT32, 1));
    Tensor c = Tensor.constant(exp(Tensor.constant(random(DType.FLOAT32, 2))).value());
    Tensor g = exp(Tensor.constant(random(DType.FLOAT32, 3)));
    NdArray constant = c.value().map(v -> v);
    NdArray cotangent = g.value().map(v -> v);
    Tensor y = add(mul(x, c), x);
    Gradients gradients = Gradients.pullback(y, g, Mode.CONSUMING);
    NdArray gradient = gradients.of(x).value().map(v -> v);
    for (int i = 0; i < 20; i++) {
      Gradients.backward(sum(exp(relu(tanh(x)))), Mode.CONSUMING);
    }
    assertEquals(constant, c.value());
    assertEquals(cotangent, g.value());
    assertEquals(gradient, gradients.of(x).value());
    assertEquals(random(DType.FLOAT32, 1), x.value());
  }

  @Test
  void gradientsOfInnerTensorsStay() {
    Tensor x = Tensor.variable(random(DType.FLOAT32, 1));
    Tensor y = tanh(x);
    Gradients expected = Gradients.backward(sum(exp(y)), x, y);
    NdArray inner = expected.of(y).value();
    Gradients consumed = Gradients.backward(sum(exp(y)), Mode.CONSUMING, x, y);
    assertEquals(inner, consumed.of(y).value());
    assertEquals(expected.of(x).value(), consumed.of(x).value());
  }

  @Test
  void stepsAllocateLittle() {
    Tensor x = Tensor.variable(random(DType.FLOAT32, 1));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long array = 4 * 64 * 64;
    long bytes = Long.MAX_VALUE;
    // until the JIT keeps vectors in registers
    for (int i = 0; i < 40_000 && bytes >= 4 * array; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      Gradients.backward(sum(relu(relu(relu(relu(relu(relu(x))))))), Mode.CONSUMING);
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertTrue(bytes < 4 * array, "bytes per step: " + bytes); // 14 arrays, were none used again
  }
}
