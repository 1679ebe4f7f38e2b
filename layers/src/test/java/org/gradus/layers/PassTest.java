package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.functional.Checkpoint;
import org.gradus.autograd.ops.Ops;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PassTest {
  private static final Tensor ONES = Tensor.constant(NdArray.full(DType.FLOAT32, Shape.of(64), 1));

  /** A layer that is written as the test wants it. */
  private interface Body {
    Tensor compute(Tensor x, Pass pass);
  }

  private static final class Written extends AbstractLayer {
    private final Body body;

    Written(Body body, Layer... parts) {
      this.body = body;
      for (int i = 0; i < parts.length; i++) {
        part("part" + i, parts[i]);
      }
    }

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      return body.compute(x, pass);
    }
  }

  private static Set<Integer> kept(Tensor y) {
    Set<Integer> kept = new HashSet<>();
    for (int i = 0; i < y.shape().size(); i++) {
      if (y.value().at(i) != 0) {
        kept.add(i);
      }
    }
    return kept;
  }

  // ---- random numbers --------------------------------------------------------------------------

  @Test
  void everyPlaceEveryStepAndEverySeedDropsOtherElements() {
    Layer drop = new Dropout(0.5);
    Layer inner = new Sequential(drop, drop);
    List<Set<Integer>> seen = new ArrayList<>();
    Layer look =
        x -> {
          seen.add(kept(x));
          return ONES;
        };
    Layer one = new Sequential(drop, look, drop, look, new Dropout(0.5), look);
    Layer twice =
        new Written(
            (x, pass) -> {
              seen.add(kept(drop.forward(x, pass)));
              seen.add(kept(drop.forward(x, pass)));
              return inner.forward(x, pass);
            },
            drop,
            inner);
    Layer net = new Sequential(one, twice, new Sequential(one));
    for (Pass pass :
        List.of(
            Pass.training(1, 1),
            Pass.training(1, 2),
            Pass.training(2, 1),
            Pass.training(1, 1).in("fake"))) {
      Tensor unused = net.forward(ONES, pass);
    }
    assertEquals(4 * (3 + 2 + 3), seen.size());
    assertEquals(seen.size(), Set.copyOf(seen).size(), "two places drop the same elements");
  }

  @Test
  void aPassGivesTheSameAgain() {
    Layer drop = new Dropout(0.3);
    Layer net =
        new Sequential(
            drop, new Written((x, p) -> add(drop.forward(x, p), drop.forward(x, p)), drop));
    Pass pass = Pass.training(7, 3);
    NdArray first = net.forward(ONES, pass).value();
    assertEquals(first, net.forward(ONES, pass).value());
    assertEquals(first, net.forward(ONES, Pass.training(7, 3)).value());
    assertNotEquals(first, net.forward(ONES, Pass.training(7, 4)).value());
    assertEquals(net.forward(ONES, pass.in("0")).value(), net.forward(ONES, pass.in("0")).value());
  }

  @Test
  void aGeneratorGoesOnWithinACallAndBeginsAnewInTheNext() {
    List<Long> drawn = new ArrayList<>();
    Layer layer =
        new Written(
            (x, pass) -> {
              drawn.add(pass.random().nextLong());
              drawn.add(pass.random().nextLong());
              return x;
            });
    Pass pass = Pass.training(1, 1);
    Tensor unused = layer.forward(ONES, pass);
    Tensor unusedAgain = layer.forward(ONES, pass);
    assertNotEquals(drawn.get(0), drawn.get(1));
    assertEquals(drawn.subList(0, 2), drawn.subList(2, 4));
  }

  @Test
  void inferenceHasNoRandomNumbers() {
    Layer layer = new Written((x, pass) -> mul(x, pass.random().nextDouble()));
    Layer net = new Sequential(layer);
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> net.forward(ONES));
    assertEquals("0.random: asked for in inference; ask isTraining() first", refusal.getMessage());
  }

  /** The function of a checkpoint is called again when gradients are asked for. */
  @Test
  void aCheckpointDropsTheSameElementsWhenItComputesAgain() {
    Layer drop = new Dropout(0.5);
    Layer plain = new Written((x, p) -> drop.forward(mul(x, x), p.in("inner")), drop);
    Layer kept =
        new Written(
            (x, p) -> {
              Pass inner = p.in("inner");
              return Checkpoint.checkpoint(z -> drop.forward(mul(z, z), inner), x);
            },
            drop);
    Tensor x = Tensor.variable(NdArray.generate(DType.FLOAT32, Shape.of(64), i -> 1 + i));
    Pass pass = Pass.training(1, 1);
    Tensor expected = Gradients.backward(sum(plain.forward(x, pass))).of(x);
    Tensor actual = Gradients.backward(sum(kept.forward(x, pass))).of(x);
    assertEquals(expected.value(), actual.value());
    assertTrue(kept(actual).size() > 10 && kept(actual).size() < 54);
  }

  /** In a scope, too, parts have their places and their names, and must be parts. */
  @Test
  void partsOfAScopeHaveTheirPlaces() {
    Layer one = new Dropout(0.5);
    Layer two = new Dropout(0.5);
    Linear stranger = new Linear(64, 1, new SplittableRandom(1));
    List<Set<Integer>> kept = new ArrayList<>();
    Layer layer =
        new Written(
            (x, pass) -> {
              Pass scope = pass.in("scope");
              kept.add(kept(one.forward(x, scope)));
              kept.add(kept(two.forward(x, scope)));
              kept.add(kept(one.forward(x, scope)));
              kept.add(kept(one.forward(x, pass.in("scope"))));
              return x;
            },
            one,
            two);
    Tensor unused = layer.forward(ONES, Pass.training(1, 1));
    assertNotEquals(kept.get(0), kept.get(1));
    assertEquals(kept.get(0), kept.get(2));
    assertNotEquals(kept.get(0), kept.get(3));
    Layer wrong = new Written((x, pass) -> stranger.forward(x, pass.in("scope")));
    assertEquals(
        "0.scope: written: computes with the layer linear, which is none of its parts; declare it"
            + " by part",
        assertThrows(IllegalStateException.class, () -> new Sequential(wrong).forward(ONES))
            .getMessage());
    Layer random = new Written((x, pass) -> new Dropout(0.5).forward(x, pass.in("scope")));
    assertEquals(
        "scope: written: computes with the layer dropout, which is none of its parts; declare it by"
            + " part",
        assertThrows(IllegalStateException.class, () -> random.forward(ONES, Pass.training(1, 1)))
            .getMessage());
    Layer narrow = new Written((x, pass) -> stranger.forward(x, pass.in("scope")), stranger);
    Tensor four = Tensor.constant(NdArray.zeros(DType.FLOAT32, Shape.of(4)));
    assertEquals(
        "scope.part0: linear: input [4] has 4 features, but the weight [1, 64] expects 64",
        assertThrows(ShapeException.class, () -> narrow.forward(four)).getMessage());
  }

  /** All that a training step takes from a body is the same if the body is computed twice. */
  @Test
  void aCheckpointOfALayerWithParametersTrainsTheSame() {
    SplittableRandom random = new SplittableRandom(1);
    Layer body =
        new Sequential(
            new Linear(4, 8, random),
            new BatchNorm1d(8),
            new Dropout(0.5),
            new Linear(8, 2, random));
    Layer plain = new Written((x, pass) -> body.forward(x, pass.in("part0")), body);
    List<Parameter> parameters = body.parameters();
    Layer thrifty =
        new Written(
            (x, pass) -> {
              Pass inner = pass.in("part0");
              List<Tensor> inputs = new ArrayList<>(List.of(x));
              parameters.forEach(parameter -> inputs.add(pass.use(parameter)));
              return Checkpoint.checkpoint(
                  in -> {
                    Map<Parameter, Tensor> given = new HashMap<>();
                    for (int i = 0; i < parameters.size(); i++) {
                      given.put(parameters.get(i), in.get(i + 1));
                    }
                    return body.forward(in.get(0), inner.with(given));
                  },
                  inputs);
            },
            body);
    Tensor x = Tensor.variable(NdArray.randn(DType.FLOAT32, Shape.of(6, 4), random));
    Pass first = Pass.training(1, 1);
    Pass second = Pass.training(1, 1);
    Tensor expected = plain.forward(x, first);
    Tensor actual = thrifty.forward(x, second);
    assertEquals(expected.value(), actual.value());
    Gradients wanted = Gradients.backward(sum(mul(expected, expected)));
    Gradients found = Gradients.backward(sum(mul(actual, actual)));
    assertEquals(wanted.of(x).value(), found.of(x).value());
    for (Parameter parameter : parameters) {
      assertEquals(
          wanted.of(parameter.tensor()).value(),
          found.of(parameter.tensor()).value(),
          parameter::name);
    }
    assertEquals(first.observed(), second.observed());
    assertEquals(2, second.observed().size());
  }

  @Test
  void thePassOfACallIsRefusedAfterIt() {
    Layer drop = new Dropout(0.5);
    List<Pass> escaped = new ArrayList<>();
    Layer net =
        new Sequential(
            new Written(
                (x, pass) -> {
                  escaped.add(pass);
                  return x;
                },
                drop));
    Tensor unused = net.forward(ONES, Pass.training(1, 1));
    Pass late = escaped.get(0);
    String words =
        "0: the pass is used after the layer has computed; take one by in(name) for that";
    for (Callable<?> use :
        List.<Callable<?>>of(
            () -> drop.forward(ONES, late), late::random, () -> late.in("later"))) {
      assertEquals(words, assertThrows(IllegalStateException.class, use::call).getMessage());
    }
  }

  // ---- what stands for parameters --------------------------------------------------------------

  @Test
  void otherTensorsStandForParameters() {
    Linear linear = new Linear(NdArray.of(new double[] {2}, 1, 1));
    Layer net = new Sequential(linear);
    Tensor x = Tensor.constant(NdArray.of(new double[] {3}, 1, 1));
    Tensor weight = Tensor.variable(NdArray.of(new double[] {5}, 1, 1));
    Tensor y = net.forward(x, Pass.inference().with(linear.weight(), weight));
    assertEquals(15, y.item());
    assertEquals(3, Gradients.backward(sum(y)).of(weight).item());
    assertEquals(6, net.forward(x).item());
    Parameter w = linear.weight();
    ShapeException refusal =
        assertThrows(ShapeException.class, () -> Pass.inference().with(w, ONES));
    assertEquals(
        "with: a tensor [64] in the place of the parameter weight FLOAT64 [1, 1]",
        refusal.getMessage());
  }

  /** Whoever has a pass without gradients gets none, whatever stands for the parameters. */
  @Test
  void whatStandsForAParameterIsAConstantWithoutGradients() {
    Linear linear = new Linear(4, 3, new SplittableRandom(1));
    NdArray x = NdArray.full(DType.FLOAT32, Shape.of(2, 4), 0.5);
    Tensor zeros = Tensor.variable(NdArray.zeros(DType.FLOAT32, Shape.of(3, 4)));
    Pass pass = Pass.inference().with(linear.weight(), zeros);
    assertTrue(linear.forward(x, pass).isTracked());
    assertFalse(linear.forward(x, pass.withoutGradients()).isTracked());
    assertFalse(linear.frozen().forward(x, pass).isTracked());
    assertEquals(NdArray.zeros(DType.FLOAT32, Shape.of(2, 3)), linear.predict(x, pass));
  }

  @Test
  void whatGoesRoundThePassGetsNoGradientEither() {
    Linear linear = new Linear(4, 4, new SplittableRandom(1));
    Layer round = new Written((x, pass) -> linear.forward(x), linear);
    Tensor x = Tensor.constant(NdArray.full(DType.FLOAT32, Shape.of(2, 4), 0.5));
    assertTrue(round.forward(x).isTracked());
    assertFalse(round.frozen().forward(x, Pass.training(1, 1)).isTracked());
    assertEquals(linear.forward(x).value(), round.predict(x.value()));
  }

  /** As when a style is sought by which a generator, which stays as it is, makes what one wants. */
  @Test
  void otherVariablesGetTheirGradientInAFrozenPart() {
    Tensor style = Tensor.variable(NdArray.full(DType.FLOAT32, Shape.of(4), 0.5));
    Linear linear = new Linear(4, 4, new SplittableRandom(1));
    Layer generator = new Sequential(linear, y -> mul(y, style)).frozen();
    Tensor x = Tensor.constant(NdArray.full(DType.FLOAT32, Shape.of(2, 4), 0.5));
    Gradients gradients = Gradients.backward(sum(generator.forward(x)));
    assertTrue(gradients.reached(style));
    assertFalse(gradients.reached(linear.weight().tensor()));
  }

  @Test
  void whatIsNotDeclaredIsRefused() {
    Parameter weight = new Parameter("scale", NdArray.of(new float[] {2}, 1));
    Parameter buffer = Parameter.buffer("mean", NdArray.of(new float[] {2}, 1));
    Layer uses = new Written((x, pass) -> mul(x, pass.use(weight)));
    Layer observes =
        new Written(
            (x, pass) -> {
              pass.in("scope").observe(buffer, 0.5, buffer.value());
              return x;
            });
    assertEquals(
        "0: written: computes with scale FLOAT32 [1], which is none of its parameters; declare it"
            + " by parameter, buffer, statistic or shared",
        assertThrows(IllegalStateException.class, () -> new Sequential(uses).forward(ONES))
            .getMessage());
    assertEquals(
        "scope: written: computes with mean FLOAT32 [1], which is none of its parameters; declare"
            + " it by parameter, buffer, statistic or shared",
        assertThrows(IllegalStateException.class, () -> observes.forward(ONES)).getMessage());
    Linear part = new Linear(2, 2, new SplittableRandom(1));
    Layer ofAPart = new Written((x, pass) -> pass.use(part.weight()), part);
    assertEquals(part.weight().value(), ofAPart.forward(ONES).value());
  }

  @Test
  void aLayerWithoutAnOutputIsToldByItsPlace() {
    Layer nothing = new Written((x, pass) -> null);
    Linear linear = new Linear(4, 4, new SplittableRandom(1));
    Layer net = new Sequential(nothing, linear);
    assertEquals(
        "0: written: the output is null",
        assertThrows(NullPointerException.class, () -> net.forward(ONES)).getMessage());
    assertEquals(
        "written: the output is null",
        assertThrows(NullPointerException.class, () -> nothing.predict(ONES.value())).getMessage());
    Layer hands = new Written((x, pass) -> linear.forward((Tensor) null, pass), linear);
    assertEquals(
        "0.part0: linear: x is null",
        assertThrows(NullPointerException.class, () -> new Sequential(hands).forward(ONES))
            .getMessage());
  }

  @Test
  void thePassOfACallIsOfOneThread() {
    Layer drop = new Dropout(0.5);
    Layer parallel =
        new Written(
            (x, pass) -> {
              Pass left = pass.in("left");
              assertEquals(
                  "0: the pass is used by another thread; take one by in(name) before, and hand"
                      + " it over",
                  inAnotherThread(() -> drop.forward(x, pass)).getMessage());
              assertEquals(null, inAnotherThread(() -> drop.forward(x, left)));
              return x;
            },
            drop);
    Tensor unused = new Sequential(parallel).forward(ONES, Pass.training(1, 1));
  }

  private static @Nullable Throwable inAnotherThread(Callable<?> call) {
    FutureTask<?> task = new FutureTask<>(call);
    Thread thread = new Thread(task);
    thread.start();
    return assertDoesNotThrow(
        () -> {
          thread.join();
          try {
            Object unused = task.get();
            return null;
          } catch (ExecutionException e) {
            return e.getCause();
          }
        });
  }

  @Test
  void aPredictionIsOutsideAnyGraph() {
    Linear linear = new Linear(4, 3, new SplittableRandom(1));
    Layer net = new Sequential(linear, new Dropout(0.5), Ops::relu);
    NdArray x = NdArray.full(DType.FLOAT32, Shape.of(2, 4), 0.5);
    assertEquals(net.forward(Tensor.constant(x)).value(), net.predict(x));
    assertFalse(net.forward(Tensor.constant(x), Pass.inference().withoutGradients()).isTracked());
    assertTrue(net.forward(Tensor.constant(x)).isTracked());
  }

  @Test
  void aFrozenPartIsAConstantThatComputesAsInInference() {
    Linear first = new Linear(4, 4, new SplittableRandom(1));
    Linear last = new Linear(4, 2, new SplittableRandom(2));
    Layer body = new Sequential(first, new Dropout(0.5));
    Layer net = new Sequential(body.frozen(), last);
    Tensor x = Tensor.constant(NdArray.full(DType.FLOAT32, Shape.of(2, 4), 0.5));
    Tensor y = net.forward(x, Pass.training(1, 1));
    assertEquals(new Sequential(body, last).forward(x).value(), y.value());
    Gradients gradients = Gradients.backward(sum(y));
    assertTrue(gradients.reached(last.weight().tensor()));
    assertFalse(gradients.reached(first.weight().tensor()));
    assertEquals(List.of("1.weight", "1.bias"), names(net.parameters()));
    assertEquals(List.of("0.0.weight", "0.0.bias"), names(net.buffers()));
    assertEquals(new Sequential(body, last).state().keySet(), net.state().keySet());
    assertSame(body.frozen().frozen().getClass(), body.frozen().getClass());
    assertEquals(
        "0: linear: input [64] has 64 features, but the weight [4, 4] expects 4",
        assertThrows(ShapeException.class, () -> body.frozen().forward(ONES)).getMessage());
    assertEquals(
        "0.0: linear: input [64] has 64 features, but the weight [4, 4] expects 4",
        assertThrows(ShapeException.class, () -> net.forward(ONES, Pass.training(1, 1)))
            .getMessage());
  }

  @Test
  void aPartCanBeFrozenWhereItComputes() {
    Linear linear = new Linear(64, 2, new SplittableRandom(1));
    Layer frozen = linear.frozen();
    Layer net =
        new Written((x, pass) -> add(linear.forward(x, pass), frozen.forward(x, pass)), linear);
    Tensor y = net.forward(ONES, Pass.training(1, 1));
    assertEquals(add(linear.forward(ONES), linear.forward(ONES)).value(), y.value());
    Layer body = new Sequential(linear, new Sequential(new BatchNorm1d(2)));
    assertEquals(List.of(), body.frozen().parts().get("0").parameters());
    assertEquals(List.of(), body.frozen().parts().get("1").parts().get("0").parameters());
    Layer function = Ops::relu;
    assertEquals("frozen layer", function.frozen().toString());
  }

  private static List<String> names(List<Parameter> parameters) {
    return parameters.stream().map(Parameter::name).toList();
  }

  // ---- observations ----------------------------------------------------------------------------

  /** Follows the mean of its input, by a half. */
  private static final class Follower extends AbstractLayer {
    private final Parameter mean = statistic("mean", NdArray.zeros(DType.FLOAT32, Shape.SCALAR));

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      pass.observe(mean, 0.5, Ops.mean(x).value());
      return x;
    }
  }

  @Test
  void whatIsObservedIsPutInPlaceByTheCommit() {
    Follower follower = new Follower();
    Layer net = new Sequential(follower, x -> mul(x, 3), follower);
    Pass pass = Pass.training(1, 1);
    Tensor unused = net.forward(ONES, pass);
    Tensor unusedAgain = net.forward(ONES, pass);
    assertEquals(0, follower.mean.value().item());
    assertEquals(List.of(1.0, 3.0), pass.observed().stream().map(o -> o.value().item()).toList());
    pass.commit();
    assertEquals(1.75, follower.mean.value().item()); // ((0 + 1) / 2 + 3) / 2
    assertEquals(List.of(), pass.observed());
    pass.commit();
    assertEquals(1.75, follower.mean.value().item());
    Tensor unusedInference = net.forward(ONES);
    assertEquals(1.75, follower.mean.value().item());
    assertEquals(List.of("0.mean"), names(net.buffers()));
    assertEquals(List.of(), net.parameters());
  }

  /** Be it the layer that observes, one behind it, or one around it that refuses. */
  @Test
  void nothingIsObservedOfACallThatWasRefused() {
    Follower follower = new Follower();
    Layer net =
        new Sequential(
            follower,
            x -> {
              if (x.value().at(0) > 1) {
                throw new IllegalArgumentException("too much");
              }
              return x;
            });
    Pass pass = Pass.training(1, 1);
    Tensor twos = mul(ONES, 2);
    assertEquals(
        "1: too much",
        assertThrows(IllegalArgumentException.class, () -> net.forward(twos, pass)).getMessage());
    assertEquals(List.of(), pass.observed());
    Tensor unused = net.forward(ONES, pass.in("half"));
    pass.commit();
    assertEquals(0.5, follower.mean.value().item());
  }

  /** As a checkpoint does, whose function is called again for the gradients. */
  @Test
  void whatIsComputedOnceMoreAddsNothing() {
    Follower follower = new Follower();
    List<Pass> scopes = new ArrayList<>();
    Layer net =
        new Written(
            (x, pass) -> {
              scopes.add(pass.in("scope"));
              return follower.forward(x, scopes.get(0));
            },
            follower);
    Pass pass = Pass.training(1, 1);
    Tensor unused = net.forward(ONES, pass);
    Tensor unusedAgain = follower.forward(mul(ONES, 3), scopes.get(0));
    assertEquals(List.of(3.0), pass.observed().stream().map(o -> o.value().item()).toList());
    pass.commit();
    assertEquals(1.5, follower.mean.value().item());
    Tensor unusedLate = follower.forward(ONES, scopes.get(0));
    assertEquals(List.of(), pass.observed());
    Tensor unusedNew = follower.forward(ONES, scopes.get(0).in("later"));
    assertEquals(1, pass.observed().size());
  }

  @Test
  void callsOfANetAreCounted() {
    Follower follower = new Follower();
    Layer net = new Sequential(follower, new Relu());
    Pass pass = Pass.training(1, 1);
    assertEquals(0, pass.calls(net));
    Tensor unused = net.forward(ONES, pass.in("a"));
    Tensor unusedPart = follower.forward(ONES, pass.in("b"));
    Tensor unusedOther = new Relu().forward(ONES, pass);
    assertEquals(2, pass.calls(net));
    assertEquals(0, pass.calls(new Sequential(new Follower())));
    Pass inference = Pass.inference();
    Tensor unusedInference = net.forward(ONES, inference);
    assertEquals(0, inference.calls(net));
  }

  /** By two threads, say. */
  @Test
  void itDoesNotMatterWhichPartOfABatchWasFirst() {
    List<Double> results = new ArrayList<>();
    for (List<String> order : List.of(List.of("2", "10"), List.of("10", "2"))) {
      Follower follower = new Follower();
      Pass pass = Pass.training(1, 1);
      for (String part : order) {
        Tensor unused = follower.forward(mul(ONES, Integer.parseInt(part)), pass.in(part));
      }
      pass.commit();
      results.add(follower.mean.value().item());
    }
    assertEquals(List.of(5.5, 5.5), results); // ((0 + 2) / 2 + 10) / 2
  }

  @Test
  void twoPartsOfABatchAreObservedOneAfterTheOther() {
    Follower follower = new Follower();
    Pass pass = Pass.training(1, 1);
    Tensor unusedFirst = follower.forward(ONES, pass.in("0"));
    Tensor unusedSecond = follower.forward(mul(ONES, 3), pass.in("1"));
    pass.commit();
    assertEquals(1.75, follower.mean.value().item());
  }

  @Test
  void onlyStatisticsAreObserved() {
    Parameter learnt = new Parameter("weight", NdArray.of(new float[] {1}, 1));
    Parameter buffer = Parameter.statistic("mean", NdArray.of(new float[] {1}, 1));
    Parameter table = Parameter.buffer("table", NdArray.of(new float[] {1}, 1));
    NdArray one = NdArray.of(new float[] {1}, 1);
    Pass pass = Pass.training(1, 1);
    assertEquals(
        "observation: weight FLOAT32 [1] is no statistic; declare it by statistic",
        assertThrows(IllegalArgumentException.class, () -> pass.observe(learnt, 0.1, one))
            .getMessage());
    assertEquals(
        "observation: table FLOAT32 [1] is no statistic; declare it by statistic",
        assertThrows(IllegalArgumentException.class, () -> pass.observe(table, 0.1, one))
            .getMessage());
    assertEquals(
        "observation: share 1.5 of mean, expected 0 to 1",
        assertThrows(IllegalArgumentException.class, () -> pass.observe(buffer, 1.5, one))
            .getMessage());
    assertEquals(
        "observation: share NaN of mean, expected 0 to 1",
        assertThrows(IllegalArgumentException.class, () -> pass.observe(buffer, Double.NaN, one))
            .getMessage());
    assertEquals(
        "observation: the value is FLOAT64, but the buffer is mean FLOAT32 [1]",
        assertThrows(DTypeException.class, () -> pass.observe(buffer, 0.1, one.as(DType.FLOAT64)))
            .getMessage());
    assertEquals(
        "observation: the value has shape [], but the buffer is mean FLOAT32 [1]",
        assertThrows(
                ShapeException.class,
                () -> pass.observe(buffer, 0.1, NdArray.scalar(DType.FLOAT32, 1)))
            .getMessage());
    assertEquals(List.of(), pass.observed());
  }

  // ---- places ----------------------------------------------------------------------------------

  @Test
  void aRefusalTellsThePlaceOnce() {
    Linear linear = new Linear(4, 3, new SplittableRandom(1));
    Layer inner = new Sequential().then("fc", linear);
    Layer net = new Sequential(new Relu(), new Written((x, p) -> inner.forward(x, p), inner));
    ShapeException refusal = assertThrows(ShapeException.class, () -> net.forward(ONES));
    String words = "linear: input [64] has 64 features, but the weight [3, 4] expects 4";
    assertEquals("1.part0.fc: " + words, refusal.getMessage());
    assertEquals(words, refusal.getCause().getMessage());
    assertEquals(
        "real.1.part0.fc: " + words,
        assertThrows(ShapeException.class, () -> net.forward(ONES, Pass.training(1, 1).in("real")))
            .getMessage());
    assertEquals(
        words, assertThrows(ShapeException.class, () -> linear.forward(ONES)).getMessage());
    Tensor wide = Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(1, 4)));
    assertEquals(
        "1.part0.fc: linear: the weight is FLOAT32, but input 0 is FLOAT64; convert one with"
            + " NdArray.as",
        assertThrows(DTypeException.class, () -> net.forward(wide)).getMessage());
    Layer op = new Sequential(x -> Ops.reshape(x, 7));
    String message = assertThrows(ShapeException.class, () -> op.forward(ONES)).getMessage();
    assertTrue(message.startsWith("0: reshape: "), message);
  }

  /** What a layer catches and tells in other words is told with its own place. */
  @Test
  void aLayerMayRefuseInItsOwnWords() {
    Layer inner =
        new Written(
            (x, pass) -> {
              throw new IllegalArgumentException("inner: no");
            });
    Layer outer =
        new Written(
            (x, pass) -> {
              try {
                return inner.forward(x, pass);
              } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("outer: not this", e);
              }
            },
            inner);
    Layer net = new Sequential(outer);
    assertEquals(
        "0: outer: not this",
        assertThrows(IllegalArgumentException.class, () -> net.forward(ONES)).getMessage());
  }

  @Test
  void theSecondCallOfAPartIsAPlaceOfItsOwn() {
    List<String> paths = new ArrayList<>();
    Layer inner =
        new Written(
            (x, pass) -> {
              paths.add(pass.path());
              return x;
            });
    Layer net =
        new Sequential(
            new Written((x, p) -> inner.forward(inner.forward(x, p), p), inner),
            new Written((x, p) -> inner.forward(x, p.in("loop")), inner));
    Tensor unused = net.forward(ONES);
    assertEquals(List.of("0.part0", "0.part0#2", "1.loop.part0"), paths);
    assertEquals("training, seed 1, step 2, in a", Pass.training(1, 2).in("a").toString());
    assertEquals("inference", Pass.inference().toString());
  }

  // ---- layers that would be forgotten ----------------------------------------------------------

  @Test
  void aLayerWithParametersThatIsNoPartIsRefused() {
    Linear linear = new Linear(64, 3, new SplittableRandom(1));
    Layer forgets = new Written((x, pass) -> linear.forward(x, pass));
    assertEquals(
        "written: computes with the layer linear, which is none of its parts; declare it by part",
        assertThrows(IllegalStateException.class, () -> forgets.forward(ONES)).getMessage());
    Layer functions =
        new Written((x, pass) -> new Relu().forward(new Dropout(0.5).forward(x, pass), pass));
    assertEquals(ONES.value(), functions.forward(ONES).value());
  }

  private record Old(Linear inner) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return inner.forward(x);
    }

    @Override
    public List<Parameter> parameters() {
      return inner.parameters();
    }
  }

  @Test
  void aLayerThatWouldLoseThePassIsRefused() {
    Layer old = new Old(new Linear(64, 3, new SplittableRandom(1)));
    assertEquals(Shape.of(3), old.forward(ONES).shape());
    assertEquals(
        "0: old: has parameters, but computes without the pass; let it extend AbstractLayer",
        assertThrows(IllegalStateException.class, () -> new Sequential(old).forward(ONES))
            .getMessage());
  }

  @Test
  void whatComesTooLateOrHasNoNameIsRefused() {
    final class Late extends AbstractLayer {
      void add(String name) {
        part(name, new Relu());
      }

      void addItself() {
        part("me", this);
      }

      void addItselfFrozen() {
        part("me", frozen());
      }

      @Override
      protected Tensor compute(Tensor x, Pass pass) {
        return x;
      }
    }
    Late late = new Late();
    late.add("a");
    assertEquals(
        "late: me is the layer itself",
        assertThrows(IllegalArgumentException.class, late::addItself).getMessage());
    assertEquals(
        "late: me is the layer itself",
        assertThrows(IllegalArgumentException.class, late::addItselfFrozen).getMessage());
    for (Map.Entry<String, String> wrong :
        Map.of(
                "a", "late: the name a is taken",
                "a.b", "late: 'a.b' is no name, expected ASCII letters, digits, _ and -",
                "", "late: '' is no name, expected ASCII letters, digits, _ and -")
            .entrySet()) {
      assertEquals(
          wrong.getValue(),
          assertThrows(IllegalArgumentException.class, () -> late.add(wrong.getKey()))
              .getMessage());
    }
    Tensor unused = late.forward(ONES);
    assertEquals(
        "late: b comes too late; declare it where the layer is made",
        assertThrows(IllegalStateException.class, () -> late.add("b")).getMessage());
    assertEquals(Set.of("a"), late.parts().keySet());
    assertEquals(
        "in: 'a b' is no name, expected ASCII letters, digits, _ and -",
        assertThrows(IllegalArgumentException.class, () -> Pass.inference().in("a b"))
            .getMessage());
  }

  // ---- threads ---------------------------------------------------------------------------------

  @Test
  void threadsShareAPass() throws Exception {
    Follower follower = new Follower();
    Layer net = new Sequential(new Dropout(0.5), follower, new Dropout(0.5));
    Pass pass = Pass.training(1, 1);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<NdArray>> outputs = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        String name = "part" + i % 8;
        outputs.add(threads.submit(() -> net.forward(ONES, pass.in(name)).value()));
      }
      for (int i = 0; i < 64; i++) {
        NdArray expected = net.forward(ONES, Pass.training(1, 1).in("part" + i % 8)).value();
        assertEquals(expected, outputs.get(i).get());
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(8, pass.observed().size());
  }
}
