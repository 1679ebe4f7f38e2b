package org.gradus.autograd;

import static org.gradus.autograd.TinyOps.add;
import static org.gradus.autograd.TinyOps.constant;
import static org.gradus.autograd.TinyOps.cube;
import static org.gradus.autograd.TinyOps.mul;
import static org.gradus.autograd.TinyOps.scale;
import static org.gradus.autograd.TinyOps.total;
import static org.gradus.autograd.TinyOps.values;
import static org.gradus.autograd.TinyOps.variable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.TinyOps.Add;
import org.gradus.autograd.TinyOps.Journal;
import org.gradus.autograd.TinyOps.Mul;
import org.gradus.autograd.TinyOps.MulAdd;
import org.gradus.autograd.TinyOps.Scale;
import org.gradus.autograd.TinyOps.Total;
import org.gradus.autograd.TinyOps.Visit;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The laws of the engine, by their numbers. */
class EngineLawsTest {
  private static final int DEEP = 100_000;

  @Nested
  @DisplayName("1. An op is a record of its attributes")
  class OpIsRecord {

    @Test
    @DisplayName("its VJP is given the cotangent, its output and its inputs, and nothing else")
    void vjpSeesItsArguments() {
      Journal journal = new Journal();
      Tensor a = variable(2, 3);
      Tensor b = variable(5, 7);
      Tensor y = journal.of(new Mul(), a, b);
      Tensor cotangent = constant(11, 13);
      Gradients.pullback(y, cotangent, Mode.VALUES);
      assertEquals(List.of("mul 0", "mul 1"), journal.words());
      for (Visit visit : journal.visits()) {
        assertSame(cotangent, visit.cotangent());
        assertSame(y.value(), visit.output().value());
        assertEquals(2, visit.inputs().size());
        assertSame(a.value(), visit.inputs().get(0).value());
        assertSame(b.value(), visit.inputs().get(1).value());
      }
    }

    @Test
    @DisplayName("equal ops are interchangeable: one instance serves any number of nodes")
    void oneInstanceServesManyNodes() {
      Op mul = new Mul();
      assertEquals(mul, new Mul());
      assertEquals(new Scale(2), new Scale(2));
      Tensor x = variable(2, -3);
      Tensor shared = Tensor.of(mul, x, Tensor.of(mul, x, x));
      Tensor fresh = Tensor.of(new Mul(), x, Tensor.of(new Mul(), x, x));
      assertArrayEquals(new double[] {12, 27}, values(Gradients.backward(total(shared)).of(x)));
      assertArrayEquals(new double[] {12, 27}, values(Gradients.backward(total(fresh)).of(x)));
    }

    @Test
    @DisplayName("VJPs written in ops give every order of derivative")
    void everyOrder() {
      Tensor x = variable(2, -1, 0.5);
      Tensor y = cube(x);
      List<double[]> derivatives = new ArrayList<>();
      for (int order = 1; order <= 4; order++) {
        y = Gradients.backward(total(y), Mode.DIFFERENTIABLE, x).of(x);
        derivatives.add(values(y));
      }
      assertArrayEquals(new double[] {12, 3, 0.75}, derivatives.get(0));
      assertArrayEquals(new double[] {12, -6, 3}, derivatives.get(1));
      assertArrayEquals(new double[] {6, 6, 6}, derivatives.get(2));
      assertArrayEquals(new double[] {0, 0, 0}, derivatives.get(3));
    }
  }

  @Nested
  @DisplayName("2. First order costs nothing extra")
  class FirstOrder {

    @Test
    @DisplayName("unless asked, no VJP is given or makes a tracked tensor")
    void recordsNoGraph() {
      Journal journal = new Journal();
      Tensor x = variable(2, 3);
      Gradients gradients = Gradients.backward(watchedCube(journal, x));
      assertEquals(5, journal.visits().size());
      assertEquals(0, tracked(journal));
      assertFalse(gradients.of(x).isTracked());
      assertTrue(gradients.of(x).op().isEmpty());
      assertEquals(List.of(), gradients.of(x).inputs());
    }

    @Test
    @DisplayName("nor does it where the cotangent is tracked")
    void recordsNoGraphOfTheCotangent() {
      Journal journal = new Journal();
      Tensor x = variable(2, 3);
      Tensor cotangent = variable(1, 1);
      Tensor y = journal.of(new Mul(), x, x);
      Gradients gradients = Gradients.pullback(y, cotangent, Mode.VALUES, x, cotangent);
      assertEquals(0, tracked(journal));
      assertFalse(gradients.of(x).isTracked());
      assertArrayEquals(new double[] {0, 0}, values(gradients.of(cotangent)));
    }

    @Test
    @DisplayName("when asked, outputs, inputs and products are nodes of the graph")
    void recordsWhenAsked() {
      Journal journal = new Journal();
      Tensor x = variable(2, 3);
      Tensor loss = watchedCube(journal, x);
      Gradients gradients = Gradients.backward(loss, Mode.DIFFERENTIABLE);
      assertEquals(5, journal.visits().size());
      assertSame(loss, journal.visits().get(0).output());
      assertEquals(loss.inputs(), journal.visits().get(0).inputs());
      assertTrue(journal.visits().get(4).product().isTracked());
      assertTrue(gradients.of(x).isTracked());
      assertEquals("accumulate", gradients.of(x).op().orElseThrow().name());
    }

    @Test
    @DisplayName("both modes give the same bits")
    void modesAgree() {
      Tensor x = variable(0.1, 0.7, -1.3);
      Tensor loss = total(mul(cube(x), add(x, scale(x, 1 / 3.0))));
      assertEquals(
          Gradients.backward(loss).of(x).value(),
          Gradients.backward(loss, Mode.DIFFERENTIABLE).of(x).value());
    }

    private static Tensor watchedCube(Journal journal, Tensor x) {
      return journal.of(new Total(), journal.of(new Mul(), x, journal.of(new Mul(), x, x)));
    }

    private static long tracked(Journal journal) {
      return journal.visits().stream()
          .flatMap(visit -> visit.tensors().stream())
          .filter(Tensor::isTracked)
          .count();
    }
  }

  @Nested
  @DisplayName("3. Gradients are a value")
  class GradientsAreValue {

    @Test
    @DisplayName("several threads walk one graph at once")
    void threadsShareGraph() throws Exception {
      int threads = 4;
      Tensor x = variable(0.3, -0.7, 1.9);
      Tensor y = x;
      for (int i = 0; i < 50; i++) {
        y = i % 3 == 0 ? scale(mul(y, x), 0.9) : add(y, x);
      }
      Tensor loss = total(y);
      NdArray expected = Gradients.backward(loss).of(x).value();
      CyclicBarrier start = new CyclicBarrier(threads);
      Callable<Set<NdArray>> walk =
          () -> {
            start.await();
            Set<NdArray> found = new HashSet<>();
            for (int i = 0; i < 50; i++) {
              found.add(
                  Gradients.backward(loss, i % 2 == 0 ? Mode.VALUES : Mode.DIFFERENTIABLE)
                      .of(x)
                      .value());
            }
            return found;
          };
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      try {
        for (Future<Set<NdArray>> result : pool.invokeAll(Collections.nCopies(threads, walk))) {
          assertEquals(Set.of(expected), result.get());
        }
      } finally {
        pool.shutdown();
      }
    }

    @Test
    @DisplayName("nothing adds up from one pass to the next, or is changed by it")
    void passesAreIndependent() {
      Tensor x = variable(2, 3);
      Tensor y = mul(x, x);
      Tensor loss = total(y);
      Gradients first = Gradients.backward(loss);
      Tensor before = first.of(x);
      Gradients.backward(total(scale(y, 10)));
      assertArrayEquals(new double[] {4, 6}, values(Gradients.backward(loss).of(x)));
      assertSame(before, first.of(x));
      assertArrayEquals(new double[] {4, 6}, values(before));
    }

    @Test
    @DisplayName("a VJP may itself ask for gradients")
    void passesNest() {
      Tensor x = variable(2, 3);
      Tensor loss = total(Tensor.of(new RecomputedCube(), scale(x, 2)));
      assertArrayEquals(new double[] {96, 216}, values(Gradients.backward(loss).of(x)));
    }

    @Test
    @DisplayName("no class of the engine has a field that changes after construction")
    void noFieldChanges() {
      for (Class<?> type :
          List.of(Tensor.class, Gradients.class, Gradients.Accumulate.class, NdArray.class)) {
        for (Field field : type.getDeclaredFields()) {
          // Those that instruments add to measure coverage are synthetic.
          assertTrue(
              field.isSynthetic() || Modifier.isFinal(field.getModifiers()), field.toString());
        }
      }
    }

    /** x^3, whose VJP computes it once more and differentiates that. */
    private record RecomputedCube() implements Op {
      @Override
      public NdArray forward(List<NdArray> in) {
        return in.get(0).map(x -> x * x * x);
      }

      @Override
      public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
        Tensor leaf = Tensor.variable(in.get(0).value());
        return Gradients.pullback(cube(leaf), g, Mode.VALUES).of(leaf);
      }
    }
  }

  @Nested
  @DisplayName("4. Tensors are immutable")
  class TensorsAreImmutable {

    @Test
    @DisplayName("a step makes a new leaf; the old graph keeps its values")
    void oldGraphKeepsValues() {
      Tensor old = variable(3);
      Tensor loss = total(mul(old, old));
      NdArray gradient = Gradients.backward(loss).of(old).value();
      Tensor stepped = Tensor.variable(old.value().plusScaled(-0.5, gradient));
      assertArrayEquals(new double[] {0}, values(stepped));
      assertArrayEquals(new double[] {3}, values(old));
      assertEquals(9, loss.item());
      assertArrayEquals(new double[] {6}, values(Gradients.backward(loss).of(old)));
      assertArrayEquals(new double[] {0}, values(Gradients.backward(loss, stepped).of(stepped)));
    }

    @Test
    @DisplayName(
        "the inputs of a node cannot be changed, through the array they came in or the list")
    void inputsAreFixed() {
      Tensor a = variable(1);
      Tensor b = variable(2);
      Tensor[] inputs = {a, b};
      Tensor sum = Tensor.of(new Add(), inputs);
      inputs[0] = b;
      assertEquals(List.of(a, b), sum.inputs());
      assertThrows(UnsupportedOperationException.class, () -> sum.inputs().set(0, b));
    }

    @Test
    @DisplayName("ops are given lists that they cannot change")
    void opsCannotChangeLists() {
      Op vandal =
          new Op() {
            @Override
            public NdArray forward(List<NdArray> in) {
              assertThrows(UnsupportedOperationException.class, () -> in.set(0, in.get(0)));
              return in.get(0);
            }

            @Override
            public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
              assertThrows(UnsupportedOperationException.class, () -> in.set(0, g));
              return g;
            }
          };
      Tensor x = variable(1);
      Tensor y = Tensor.of(vandal, x);
      for (Mode mode : Mode.values()) {
        assertArrayEquals(new double[] {1}, values(Gradients.backward(y, mode).of(x)));
      }
    }
  }

  @Nested
  @DisplayName("5. Walks are iterative")
  class WalksAreIterative {

    @Test
    @DisplayName("a chain of 100,000 nodes, on a thread with a small stack")
    void deepChain() throws Exception {
      onSmallStack(
          () -> {
            Tensor x = variable(1.5);
            Tensor loss = chain(x);
            assertEquals(1.5 + DEEP, loss.item());
            assertArrayEquals(new double[] {1}, values(Gradients.backward(loss).of(x)));
            assertArrayEquals(new double[] {1}, values(Gradients.backward(loss, x).of(x)));
          });
    }

    @Test
    @DisplayName("a chain of 100,000 nodes, differentiated twice")
    void deepChainTwice() throws Exception {
      onSmallStack(
          () -> {
            Tensor x = variable(1);
            Tensor y = mul(x, x);
            for (int i = 0; i < DEEP; i++) {
              y = mul(y, constant(i % 2 == 0 ? 2 : 0.5));
            }
            Tensor slope = Gradients.backward(y, Mode.DIFFERENTIABLE).of(x);
            assertArrayEquals(new double[] {2}, values(slope));
            assertArrayEquals(new double[] {2}, values(Gradients.backward(slope).of(x)));
          });
    }

    @Test
    @DisplayName("100,000 paths into one variable, differentiated twice")
    void wideFan() throws Exception {
      onSmallStack(
          () -> {
            Tensor x = variable(3);
            Tensor loss = constant(0);
            for (int i = 0; i < DEEP / 2; i++) {
              loss = add(loss, mul(x, x));
            }
            Tensor slope = Gradients.backward(loss, Mode.DIFFERENTIABLE).of(x);
            assertArrayEquals(new double[] {3 * DEEP}, values(slope));
            assertArrayEquals(new double[] {DEEP}, values(Gradients.backward(slope).of(x)));
          });
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("each node is visited once: 30 diamonds, 2^30 paths, 60 VJPs")
    void diamonds(Mode mode) {
      Journal journal = new Journal();
      Tensor x = variable(1);
      Tensor y = x;
      for (int i = 0; i < 30; i++) {
        y = journal.of(new Add(), y, y);
      }
      Gradients gradients = Gradients.backward(y, mode);
      assertEquals(60, journal.visits().size());
      assertArrayEquals(new double[] {1 << 30}, values(gradients.of(x)));
    }

    @Test
    @DisplayName("a node comes after all that depend on it, and with its whole cotangent")
    void reverseTopologicalOrder() {
      Journal journal = new Journal();
      Tensor x = variable(2);
      Tensor a = journal.of(new Scale(3), x);
      Tensor b = journal.of(new Mul(), a, x);
      Tensor c = journal.of(new Add(), b, a);
      Tensor d = journal.of(new Mul(), c, a);
      Tensor e = journal.of(new Add(), d, b);
      Gradients gradients = Gradients.backward(e);
      List<NdArray> order =
          journal.visits().stream().map(visit -> visit.output().value()).distinct().toList();
      assertEquals(Stream.of(e, d, c, b, a).map(Tensor::value).toList(), order);
      // e = (3x^2 + 3x) 3x + 3x^2 = 9x^3 + 12x^2
      assertArrayEquals(new double[] {27 * 4 + 24 * 2}, values(gradients.of(x)));
    }

    private static Tensor chain(Tensor x) {
      Tensor y = x;
      for (int i = 0; i < DEEP; i++) {
        y = add(y, constant(1));
      }
      return y;
    }

    /** On a stack that a recursion of this depth would overflow many times over. */
    private static void onSmallStack(Runnable body) throws Exception {
      FutureTask<Void> task = new FutureTask<>(body, null);
      new Thread(null, task, "small stack", 256 << 10).start();
      task.get();
    }
  }

  @Nested
  @DisplayName("6. Accumulation")
  class Accumulation {

    @Test
    @DisplayName("the first cotangent is aliased")
    void firstIsAliased() {
      Journal journal = new Journal();
      Tensor x = variable(2, 3);
      Tensor cotangent = constant(5, 7);
      Gradients gradients = Gradients.pullback(journal.of(new Scale(4), x), cotangent, Mode.VALUES);
      assertSame(journal.visits().get(0).product().value(), gradients.of(x).value());
      Gradients whole = Gradients.pullback(x, cotangent, Mode.VALUES);
      assertSame(cotangent.value(), whole.of(x).value());
    }

    @Test
    @DisplayName("the second allocates the sum")
    void secondAllocates() {
      Journal journal = new Journal();
      Tensor x = variable(2, 3);
      Tensor cotangent = constant(5, 7);
      Tensor sum = journal.of(new Add(), x, x);
      NdArray gradient = Gradients.pullback(sum, cotangent, Mode.VALUES).of(x).value();
      assertArrayEquals(new double[] {10, 14}, gradient.toDoubleArray());
      assertArrayEquals(new double[] {5, 7}, values(cotangent));
      for (Visit visit : journal.visits()) {
        assertNotSame(visit.product().value().storage(), gradient.storage());
      }
    }

    @Test
    @DisplayName("further ones add into what the engine allocated: 20 arrivals, one new array")
    void furtherOnesAddInPlace() {
      Shape shape = Shape.of(1 << 18);
      long bytes = 8L * shape.size();
      Tensor x = Tensor.variable(NdArray.full(DType.FLOAT64, shape, 1));
      Tensor y = x;
      for (int i = 0; i < 19; i++) {
        y = add(y, x);
      }
      Tensor sum = y;
      Tensor cotangent = Tensor.constant(x.value());
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      Gradients.pullback(sum, cotangent, Mode.VALUES);
      long before = threads.getCurrentThreadAllocatedBytes();
      Gradients gradients = Gradients.pullback(sum, cotangent, Mode.VALUES);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(allocated >= bytes && allocated < 2 * bytes, allocated + " bytes");
      assertEquals(NdArray.full(x.dtype(), shape, 20), gradients.of(x).value());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("100,000 uses of one tensor in float32: 0.1 each is 10,000 within 49 roundings")
    void manyArrivalsKeepTheirDigits(Mode mode) {
      int uses = 100_000;
      Tensor x = Tensor.variable(NdArray.scalar(DType.FLOAT32, 1));
      Tensor y = x;
      for (int i = 1; i < uses; i++) {
        y = add(y, x);
      }
      Tensor tenth = Tensor.constant(NdArray.scalar(DType.FLOAT32, 0.1));
      double gradient = Gradients.pullback(y, tenth, mode).of(x).item();
      double exact = uses * (double) 0.1f;
      assertEquals(exact, gradient, 49 * 0x1p-24 * exact);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("nothing else is ever written to, though VJPs return one array for both inputs")
    void nothingElseIsWritten(Mode mode) {
      Journal journal = new Journal();
      Tensor x = variable(2, 3);
      Tensor w = variable(-1, 4);
      Tensor shared = journal.of(new Mul(), x, w);
      Tensor y = shared;
      for (int i = 0; i < 4; i++) {
        y = journal.of(new Add(), y, journal.of(new Add(), x, shared));
      }
      Tensor cotangent = constant(10, 100);
      Stream.of(x, w, shared, y, cotangent).forEach(tensor -> journal.see(tensor.value()));
      Gradients gradients = Gradients.pullback(y, cotangent, mode);
      // y = 5 x w + 4 x
      assertArrayEquals(new double[] {10 * (-5 + 4), 100 * (20 + 4)}, values(gradients.of(x)));
      assertArrayEquals(new double[] {10 * 10, 100 * 15}, values(gradients.of(w)));
      assertEquals(18, journal.visits().size());
      journal.assertNothingWritten();
    }

    @Test
    @DisplayName("a sum in the middle of the graph is not shared with what VJPs made of it")
    void sumsAreNotShared() {
      Journal journal = new Journal();
      Tensor x = variable(2, 3);
      Tensor middle = journal.of(new Scale(1), x);
      // Three cotangents meet at the middle; the VJP of the sum below hands the total on twice.
      Tensor left = journal.of(new Add(), middle, middle);
      Tensor y = journal.of(new Add(), left, middle);
      Tensor fanned = journal.of(new Add(), y, x);
      Gradients gradients = Gradients.backward(total(fanned), x, middle);
      assertArrayEquals(new double[] {4, 4}, values(gradients.of(x)));
      assertArrayEquals(new double[] {3, 3}, values(gradients.of(middle)));
      journal.assertNothingWritten();
    }
  }

  @Nested
  @DisplayName("7. A gradient nobody asked for is not computed")
  class NotComputed {

    @Test
    @DisplayName("no VJP is called for a constant")
    void notForConstants() {
      Journal journal = new Journal();
      Tensor x = variable(2);
      Tensor loss =
          journal.of(new MulAdd(), x, constant(3), journal.of(new Mul(), constant(1), constant(4)));
      assertArrayEquals(new double[] {3}, values(Gradients.backward(loss).of(x)));
      assertEquals(List.of("mulAdd 0"), journal.words());
    }

    @Test
    @DisplayName("asked for one tensor, only the paths to it are walked")
    void onlyPathsToWhatIsAsked() {
      Journal journal = new Journal();
      Tensor x = variable(2);
      Tensor w = variable(3);
      Tensor left = journal.of(new Scale(5), x);
      Tensor right = journal.of(new Scale(7), w);
      Tensor loss = journal.of(new Mul(), left, right);
      assertArrayEquals(new double[] {7 * 10}, values(Gradients.backward(loss, w).of(w)));
      assertEquals(List.of("mul 1", "scale 0"), journal.words());
      assertEquals(new Scale(7), journal.visits().get(1).op());
    }

    @Test
    @DisplayName("asked for a tensor in the middle, the walk stops there")
    void stopsInTheMiddle() {
      Journal journal = new Journal();
      Tensor x = variable(2);
      Tensor middle = journal.of(new Scale(5), x);
      Tensor loss = journal.of(new Scale(7), middle);
      assertArrayEquals(new double[] {7}, values(Gradients.backward(loss, middle).of(middle)));
      assertEquals(1, journal.visits().size());
    }

    @Test
    @DisplayName("asked for what the loss does not depend on, no VJP is called")
    void unrelated() {
      Journal journal = new Journal();
      Tensor unused = variable(1, 2);
      Tensor loss = journal.of(new Scale(5), variable(2));
      assertArrayEquals(new double[] {0, 0}, values(Gradients.backward(loss, unused).of(unused)));
      assertEquals(List.of(), journal.words());
    }

    @Test
    @DisplayName("a variable that is neither used nor named is refused, not answered by zero")
    void strangerIsRefused() {
      Tensor stranger = variable(3);
      Gradients gradients = Gradients.backward(scale(variable(1), 2));
      assertThrows(IllegalArgumentException.class, () -> gradients.of(stranger));
      assertFalse(gradients.reached(stranger));
    }

    @Test
    @DisplayName("an unused variable that is named has gradient zero, of its shape and type")
    void unusedIsZero() {
      Tensor used = variable(1);
      Tensor unused = Tensor.variable(NdArray.of(new float[6], 2, 3));
      Gradients gradients = Gradients.backward(scale(used, 2), used, unused);
      assertEquals(NdArray.of(new float[6], 2, 3), gradients.of(unused).value());
      assertFalse(gradients.of(unused).isTracked());
    }

    @Test
    @DisplayName("a loss that is not a scalar is refused without a cotangent")
    void scalarsOnly() {
      Tensor loss = variable(1, 2, 3);
      ShapeException error = assertThrows(ShapeException.class, () -> Gradients.backward(loss));
      assertEquals(
          "gradients: the loss has shape [3], expected one element; reduce it, or use pullback",
          error.getMessage());
    }
  }

  @Nested
  @DisplayName("8. Shapes of graph that must work")
  class GraphShapes {

    @ParameterizedTest
    @EnumSource
    @DisplayName("a diamond")
    void diamond(Mode mode) {
      Tensor x = variable(3);
      Tensor loss = mul(scale(x, 2), scale(x, 5));
      assertArrayEquals(new double[] {60}, values(Gradients.backward(loss, mode).of(x)));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("the same tensor twice in one op")
    void sameTensorTwice(Mode mode) {
      Tensor x = variable(3);
      assertArrayEquals(new double[] {6}, values(Gradients.backward(mul(x, x), mode).of(x)));
      assertArrayEquals(new double[] {2}, values(Gradients.backward(add(x, x), mode).of(x)));
      Tensor three = Tensor.of(new MulAdd(), x, x, x);
      assertArrayEquals(new double[] {7}, values(Gradients.backward(three, mode).of(x)));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an op with several inputs")
    void severalInputs(Mode mode) {
      Tensor a = variable(2);
      Tensor b = variable(3);
      Tensor c = variable(5);
      Gradients gradients = Gradients.backward(Tensor.of(new MulAdd(), a, b, c), mode);
      assertArrayEquals(new double[] {3}, values(gradients.of(a)));
      assertArrayEquals(new double[] {2}, values(gradients.of(b)));
      assertArrayEquals(new double[] {1}, values(gradients.of(c)));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an input that is a constant")
    void constantInput(Mode mode) {
      Tensor x = variable(3);
      Tensor loss = mul(constant(4), mul(x, constant(-2)));
      assertArrayEquals(new double[] {-8}, values(Gradients.backward(loss, mode).of(x)));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a loss that is the variable, and a loss that is a constant")
    void noOpAtAll(Mode mode) {
      Tensor x = variable(3);
      assertArrayEquals(new double[] {1}, values(Gradients.backward(x, mode).of(x)));
      assertArrayEquals(new double[] {0}, values(Gradients.backward(constant(3), mode, x).of(x)));
    }
  }

  @Nested
  @DisplayName("9. The same bits, and exact zeros")
  class SameBits {

    @ParameterizedTest
    @EnumSource
    @DisplayName("running backward twice gives the same bits")
    void twice(Mode mode) {
      Tensor x = variable(0.1, -0.7, 1e-17);
      Tensor w = variable(1e9, 1 / 3.0, 0.3);
      Tensor y = x;
      for (int i = 0; i < 10; i++) {
        y = add(mul(y, w), add(scale(x, 0.1), y));
      }
      Tensor loss = total(y);
      Gradients first = Gradients.backward(loss, mode);
      Gradients second = Gradients.backward(loss, mode);
      assertEquals(first.of(x).value(), second.of(x).value());
      assertEquals(first.of(w).value(), second.of(w).value());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a zero cotangent gives exactly zero")
    void zeroCotangent(Mode mode) {
      Tensor x = variable(0.1, -0.7, 1e100);
      Tensor y = add(cube(x), scale(x, -3));
      Gradients gradients = Gradients.pullback(y, constant(0, 0, 0), mode);
      for (double gradient : values(gradients.of(x))) {
        assertTrue(gradient == 0, "gradient " + gradient);
      }
    }
  }
}
