package org.gradus.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.functional.Checkpoint;
import org.gradus.autograd.ops.Ops;
import org.junit.jupiter.api.Test;

class TraceTest {
  private static final NdArray X =
      NdArray.generate(DType.FLOAT32, Shape.of(2, 4), i -> 0.25 * i - 0.8);

  private final SplittableRandom random = new SplittableRandom(1);

  /** The places, those of leaves with a star. */
  private static List<String> places(Trace trace) {
    return trace.calls().stream().map(call -> call.place() + (call.isLeaf() ? "*" : "")).toList();
  }

  // ---- calls -----------------------------------------------------------------------------------

  @Test
  void tellsTheCallsOfANetInNets() {
    Linear shared = new Linear(4, 4, random);
    Residual residual = new Residual(new Sequential(shared, new Tanh()), new Linear(4, 4, random));
    Layer last = x -> Ops.sum(x);
    Sequential net =
        new Sequential().then("block", residual).then("again", shared).then("last", last);

    Trace trace = Trace.of(net, X);

    assertEquals(
        List.of(
            "",
            "block",
            "block.body",
            "block.body.0*",
            "block.body.1*",
            "block.shortcut*",
            "again*",
            "last*"),
        places(trace));
    assertSame(net, trace.calls().get(0).layer());
    assertSame(last, trace.at("last").layer());
    assertSame(shared, trace.at("block.body.0").layer());
    assertSame(shared, trace.at("again").layer());
    assertSame(trace.output(), trace.at("").output());
    assertSame(trace.output(), trace.at("last").output());
    assertSame(trace.at("").input(), trace.at("block.shortcut").input());
    assertSame(trace.at("block.body.0").output(), trace.at("block.body.1").input());
    assertSame(trace.at("block").output(), trace.at("again").input());
    assertEquals(net.predict(X), trace.output().value());
    assertEquals("block.body.0: Linear [2, 4] -> [2, 4]", trace.calls().get(3).toString());
    assertEquals("Sequential [2, 4] -> []", trace.calls().get(0).toString());
    for (Trace.Call call : trace.calls()) { // each says what its layer makes of its input
      assertEquals(
          call.layer().predict(call.input().value()), call.output().value(), call::toString);
    }
  }

  /** One part in two places of one layer is told apart by the count of its call. */
  @Test
  void tellsTheSecondCallOfAPart() {
    Layer twice =
        new AbstractLayer() {
          private final Layer inner = part("inner", new Sequential(new Linear(4, 4, random)));

          @Override
          protected Tensor compute(Tensor x, Pass pass) {
            return inner.forward(inner.forward(x, pass), pass);
          }
        };
    Trace trace = Trace.of(twice, X);
    assertEquals(List.of("", "inner", "inner.0*", "inner#2", "inner#2.0*"), places(trace));
    assertSame(trace.at("inner").output(), trace.at("inner#2.0").input());
  }

  @Test
  void aLayerThatCallsNoneIsALeaf() {
    assertEquals(List.of("*"), places(Trace.of(new Relu(), X)));
    assertEquals(List.of("*"), places(Trace.of(Ops::neg, X)));
    assertEquals(List.of("*"), places(Trace.of(new Sequential(), X)));
    Sequential inner = new Sequential(new Relu());
    assertEquals(List.of("*"), places(Trace.of(x -> inner.forward(x), X)));
    assertEquals(List.of("", "0*"), places(Trace.of(inner.frozen(), X)));
  }

  @Test
  void placesBeginWithThatOfThePass() {
    Trace trace = Trace.of(new Sequential(new Relu()), X, Pass.inference().in("real"));
    assertEquals(List.of("real", "real.0*"), places(trace));
  }

  @Test
  void tellsWhichPlacesThereAre() {
    Trace trace = Trace.of(new Sequential(new Relu()), X);
    assertEquals(
        "at: no layer was called in '1', expected one of [, 0]",
        assertThrows(IllegalArgumentException.class, () -> trace.at("1")).getMessage());
  }

  // ---- gradients -------------------------------------------------------------------------------

  /**
   * y = sum((tanh(x w + b))^2): at the tanh the gradient is 2 tanh, before it 2 tanh (1-tanh^2).
   */
  @Test
  void thereAreGradientsAtWhatWasComputed() {
    Sequential net = new Sequential(new Linear(4, 3, random), new Tanh());
    Trace trace = Trace.of(net, X);
    Tensor loss = Ops.sum(Ops.mul(trace.output(), trace.output()));
    Tensor product = trace.at("0").output();
    Gradients gradients = Gradients.backward(loss, product, trace.output());
    for (int i = 0; i < 6; i++) {
      double y = Math.tanh(product.value().at(i));
      assertEquals(2 * y, gradients.of(trace.output()).value().at(i), 1e-6);
      assertEquals(2 * y * (1 - y * y), gradients.of(product).value().at(i), 1e-6);
    }
    Tensor input = Tensor.variable(X);
    Trace ofInput = Trace.of(new Sequential(new Tanh()), input);
    assertSame(input, ofInput.at("0").input());
    assertTrue(Gradients.backward(Ops.sum(ofInput.output()), input).reached(input));
  }

  /** Weights that did not come from the pass are cut off, and the trace has what is left. */
  @Test
  void withoutGradientsNothingIsTracked() {
    Linear linear = new Linear(4, 4, random);
    Layer own =
        new AbstractLayer() {
          private final Linear inner = part("inner", linear);

          @Override
          protected Tensor compute(Tensor x, Pass pass) {
            return Ops.matmul(x, inner.weight().tensor());
          }
        };
    Trace trace = Trace.of(new Sequential(own, linear), X, Pass.inference().withoutGradients());
    assertEquals(List.of("", "0*", "1*"), places(trace));
    assertFalse(trace.calls().stream().anyMatch(call -> call.output().isTracked()));
    assertSame(trace.at("0").output(), trace.at("1").input());
    assertTrue(Trace.of(linear, X).output().isTracked());
  }

  // ---- training --------------------------------------------------------------------------------

  @Test
  void inTrainingItIsThePassItself() {
    Sequential net = new Sequential(new BatchNorm1d(4), new Dropout(0.5));
    Pass pass = Pass.training(1, 2);
    Trace trace = Trace.of(net, Tensor.constant(X), pass);
    NdArray same = net.forward(X, Pass.training(1, 2)).value();
    assertEquals(same, trace.output().value());
    assertEquals(2, pass.observed().size());
    assertEquals(1, pass.calls(net));
  }

  /** Its function computes again for the gradients, which adds nothing to the trace. */
  @Test
  void aCheckpointIsTracedOnce() {
    AtomicInteger computed = new AtomicInteger();
    Layer counted =
        x -> {
          computed.incrementAndGet();
          return Ops.tanh(x);
        };
    Layer net =
        new AbstractLayer() {
          private final Layer inner = part("inner", counted);

          @Override
          protected Tensor compute(Tensor x, Pass pass) {
            Pass again = pass.in("again");
            return Checkpoint.checkpoint(z -> inner.forward(z, again), x);
          }
        };
    Tensor x = Tensor.variable(X);
    Trace trace = Trace.of(net, x);
    int before = computed.get();
    Gradients.backward(Ops.sum(trace.output()), x);
    assertTrue(computed.get() > before);
    List<String> expected = new ArrayList<>(List.of(""));
    for (int i = 0; i < before; i++) {
      expected.add("again.inner*");
    }
    assertEquals(expected, places(trace));
  }

  @Test
  void callsByOtherThreadsCount() {
    Layer net =
        new AbstractLayer() {
          private final Layer inner = part("inner", new Sequential(new Tanh()));

          @Override
          protected Tensor compute(Tensor x, Pass pass) {
            List<Pass> passes = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
              passes.add(pass.in("thread" + i));
            }
            return passes.parallelStream()
                .map(each -> inner.forward(x, each))
                .reduce(Ops::add)
                .orElseThrow();
          }
        };
    Trace trace = Trace.of(net, X);
    Set<String> expected = new HashSet<>(Set.of(""));
    for (int i = 0; i < 8; i++) {
      expected.add("thread" + i + ".inner");
      expected.add("thread" + i + ".inner.0*");
    }
    assertEquals("", places(trace).get(0));
    assertEquals(17, trace.calls().size());
    assertEquals(expected, Set.copyOf(places(trace)));
  }

  // ---- refusals --------------------------------------------------------------------------------

  @Test
  void whatTheNetRefusesIsRefused() {
    Layer net = new Sequential(new Linear(4, 4, random), new Linear(5, 4, random));
    assertEquals(
        "1: linear: input [2, 4] has 4 features, but the weight [4, 5] expects 5",
        assertThrows(ShapeException.class, () -> Trace.of(net, X)).getMessage());
  }

  /** A net may try one layer and, where it refuses, go on with another. */
  @Test
  void aCallThatWasRefusedIsLeftOut() {
    Layer net =
        new AbstractLayer() {
          private final Layer first = part("first", new Linear(5, 4, random));
          private final Layer second = part("second", new Linear(4, 4, random));

          @Override
          protected Tensor compute(Tensor x, Pass pass) {
            try {
              return first.forward(x, pass);
            } catch (ShapeException e) {
              return second.forward(x, pass);
            }
          }
        };
    assertEquals(List.of("", "second*"), places(Trace.of(net, X)));
    Map<String, Shape> rows =
        Summary.of(net, X.shape()).rows().stream()
            .collect(Collectors.toMap(Summary.Row::path, Summary.Row::output));
    assertEquals(Map.of("", Shape.of(2, 4), "second", Shape.of(2, 4)), rows);
  }

  @Test
  void tellsWhatIsFrozen() {
    Layer frozen = new Sequential(new Linear(4, 4, random)).frozen();
    Trace trace =
        Trace.of(new Sequential(frozen, new Linear(4, 3, random)), X, Pass.training(1, 1));
    assertEquals(
        List.of("0", "0.0"),
        trace.calls().stream().filter(Trace.Call::isFrozen).map(Trace.Call::place).toList());
  }

  /** Calls in a scope can be repeated, so they are not told apart. */
  @Test
  void callsInAScopeShareAPlace() {
    Layer net =
        new AbstractLayer() {
          private final Layer inner = part("inner", new Tanh());

          @Override
          protected Tensor compute(Tensor x, Pass pass) {
            Pass scope = pass.in("scope");
            return inner.forward(inner.forward(x, scope), scope);
          }
        };
    Trace trace = Trace.of(net, X);
    assertEquals(List.of("", "scope.inner*", "scope.inner*"), places(trace));
    assertSame(trace.calls().get(1), trace.at("scope.inner"));
    assertEquals("layer [2, 4] -> [2, 4]", trace.at("").toString()); // an anonymous class
  }
}
