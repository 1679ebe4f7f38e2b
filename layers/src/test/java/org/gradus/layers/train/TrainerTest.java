package org.gradus.layers.train;

import static org.gradus.autograd.ops.Ops.abs;
import static org.gradus.autograd.ops.Ops.crossEntropy;
import static org.gradus.autograd.ops.Ops.mean;
import static org.gradus.autograd.ops.Ops.sub;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.CrossEntropyOptions;
import org.gradus.autograd.update.Adam;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Pass;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.optim.NonFiniteStepException;
import org.gradus.layers.optim.Optimizer;
import org.junit.jupiter.api.Test;

class TrainerTest {

  private static Layer net() {
    return Run.net();
  }

  private static Batches batches() {
    return Run.batches();
  }

  @Test
  void theCircleIsLearnt() {
    Layer net = net();
    Trainer trainer =
        new Trainer(net, new Optimizer(net, new Adam(0.02)), Loss.crossEntropy())
            .measuring(Metric.accuracy())
            .validating(Run.points(200, 2), 64);
    double before = trainer.evaluate(Run.points(200, 2), 64).get("accuracy");
    History history = trainer.fit(Batches.shuffled(Run.points(1000, 1), 32, 1), 40);
    Epoch last = history.last().orElseThrow();
    assertTrue(before < 0.8, () -> "accuracy " + before);
    assertTrue(last.value("val_accuracy") > 0.93, last::toString);
    assertTrue(last.value("loss") < history.epochs().get(0).value("loss"), last::toString);
    assertEquals(40, history.epochs().size());
    assertEquals(40 * 32, last.steps());
    assertEquals(
        List.of("loss", "accuracy", "val_loss", "val_accuracy"),
        List.copyOf(last.values().keySet()));
  }

  /** What the trainer does, written out. */
  @Test
  void aRunIsALoopOfSteps() {
    Layer net = net();
    Trainer trainer = new Trainer(net, Run.adam(net), Loss.crossEntropy()).seed(11);
    trainer.fit(batches(), 3);
    Layer other = net();
    Optimizer optimizer = Run.adam(other);
    List<Double> losses = new ArrayList<>();
    for (int epoch = 1; epoch <= 3; epoch++) {
      double sum = 0;
      for (Batch batch : batches().epoch(epoch)) {
        Pass pass = Pass.training(11, optimizer.steps());
        Tensor logits = other.forward(batch.inputs(), pass);
        sum += optimizer.minimize(crossEntropy(logits, batch.labels()), pass) * batch.size();
      }
      losses.add(sum / 104);
    }
    assertEquals(other.state(), net.state());
    assertEquals(
        losses, trainer.history().epochs().stream().map(each -> each.value("loss")).toList());
  }

  @Property(tries = 25)
  void aRunThatIsStoppedGoesOnWithTheSameBits(
      @ForAll @IntRange(min = 1, max = 25) int stop,
      @ForAll @IntRange(min = 1, max = 25) int again) {
    Run whole = new Run(1);
    whole.trainer.fit(batches(), 4);
    Run run = new Run(1);
    int[] steps = new int[1];
    run.stopAfter(stop);
    run.trainer.telling(
        new Listener() {
          @Override
          public void onStep(Step step) {
            steps[0]++;
            if (steps[0] == stop + again) {
              Thread.currentThread().interrupt();
            }
          }
        });
    run.trainer.fit(batches(), 4);
    assertEquals(stop, steps[0]);
    run.trainer.fit(batches(), 4);
    assertEquals(Math.min(28, stop + again), steps[0]);
    assertEquals(stop + again <= 28, Thread.interrupted());
    run.trainer.fit(batches(), 4);
    assertEquals(28, steps[0]);
    assertEquals(whole.outcome(), run.outcome());
  }

  @Test
  void prefetchingAndPartsAtATimeChangeNoBit() {
    Run run = new Run(3);
    run.trainer.fit(batches(), 3);
    Run same = new Run(3);
    same.trainer.together(3).fit(batches().prefetch(3), 3);
    assertEquals(run.outcome(), same.outcome());
    Run whole = new Run(1);
    whole.trainer.fit(batches(), 3);
    assertNotEquals(run.outcome(), whole.outcome()); // statistics of parts
  }

  @Test
  void theBestEpochIsKeptAndARunWithoutHopeEnds() {
    Layer net = net();
    List<Integer> heard = new ArrayList<>();
    Trainer trainer =
        new Trainer(net, new Optimizer(net, new Sgd(0)), Loss.crossEntropy()) // never better
            .validating(Run.points(50, 2), 50)
            .judgedBy(Metric.accuracy())
            .stoppingEarly(3)
            .telling(
                new Listener() {
                  @Override
                  public void onEpoch(Epoch epoch) {
                    heard.add(epoch.number());
                  }
                });
    Map<String, NdArray> before = net.state();
    History history = trainer.fit(Batches.inOrder(Run.points(20, 1), 20), 100);
    Best best = trainer.best().orElseThrow();
    double most =
        history.epochs().stream().mapToDouble(e -> e.value("val_accuracy")).max().orElseThrow();
    assertEquals(most, best.value());
    assertEquals(best.epoch() + 3, history.epochs().size());
    assertEquals(heard.size(), history.epochs().size());
    assertEquals(before.get("0.weight"), best.state().get("0.weight"));
    net.load(best.state());
    assertEquals(most, trainer.evaluate(Run.points(50, 2), 7).get("accuracy"));
    assertEquals(history, trainer.fit(Batches.inOrder(Run.points(20, 1), 20), 100)); // still over
  }

  @Test
  void listenersAreToldOfEachStep() {
    List<Step> steps = new ArrayList<>();
    Trainer trainer =
        new Run(1)
            .trainer.telling(
                new Listener() {
                  @Override
                  public void onStep(Step step) {
                    steps.add(step);
                  }
                });
    trainer.fit(batches(), 2);
    assertEquals(14, steps.size());
    Step last = steps.get(13);
    assertEquals(
        List.of(2, 2, 7, 7, 104L),
        List.of(last.epoch(), last.epochs(), last.batch(), last.batches(), last.examples()));
    Epoch epoch = trainer.history().last().orElseThrow();
    assertEquals(epoch.value("loss"), last.values().get("loss"));
    assertEquals(epoch.value("accuracy"), last.values().get("accuracy"));
    assertEquals(0.02, trainer.history().epochs().get(0).rate(), 0.02);
  }

  @Test
  void numbersAreLearntAndPredicted() {
    NdArray x = NdArray.generate(DType.FLOAT32, Shape.of(64, 1), i -> i / 32.0 - 1);
    Dataset data = Dataset.of(x, x.map(v -> 3 * v - 1).reshape(Shape.of(64)));
    Layer line = new Linear(1, 1, new SplittableRandom(1));
    Loss absolute =
        (output, batch) ->
            mean(
                abs(
                    sub(
                        output,
                        Loss.targets(output, batch)
                            .then(t -> Tensor.constant(t.value().reshape(output.shape()))))));
    Trainer trainer =
        new Trainer(line, new Optimizer(line, new Adam(0.05)), Loss.mse().plus(0.1, absolute))
            .measuring(Metric.r2(), Metric.mae());
    trainer.fit(Batches.shuffled(data, 8, 1), 60);
    Map<String, Double> found = trainer.evaluate(data, 10);
    assertTrue(found.get("r2") > 0.999, found::toString);
    NdArray outputs = trainer.predict(data, 10);
    assertEquals(Shape.of(64, 1), outputs.shape());
    assertEquals(line.predict(data.select(17).inputs()).at(0), outputs.at(17));
  }

  /** Whatever throws, and wherever: the next fit goes on as if nothing had been. */
  @Test
  void whatThrowsCostsNothing() {
    Run whole = new Run(1);
    whole.trainer.fit(batches(), 2);
    Run run = new Run(1);
    int[] calls = new int[2];
    run.trainer.telling(
        new Listener() {
          @Override
          public void onStep(Step step) {
            calls[0]++;
            if (calls[0] % 3 == 1) { // also at the last step of an epoch
              throw new IllegalStateException("step");
            }
          }

          @Override
          public void onEpoch(Epoch epoch) {
            calls[1]++;
            throw new IllegalStateException("epoch");
          }
        });
    int thrown = 0;
    while (run.trainer.history().epochs().size() < 2) {
      try {
        run.trainer.fit(batches(), 2);
      } catch (IllegalStateException e) {
        thrown++;
      }
    }
    assertEquals(14, calls[0]);
    assertEquals(2, calls[1]);
    assertEquals(7, thrown); // of 5 steps and 2 epochs
    assertEquals(whole.outcome(), run.outcome());
  }

  @Test
  void aValidationThatThrowsIsTakenOnceMoreAndNoStep() {
    Run whole = new Run(1);
    whole.trainer.fit(batches(), 1);
    Run run = new Run(1);
    boolean[] failed = new boolean[1];
    Trainer trainer =
        run.trainer.validating(
            Dataset.of(
                50,
                i -> {
                  if (!failed[0]) {
                    failed[0] = true;
                    throw new IllegalStateException("cannot be read");
                  }
                  return Run.points(50, 2).select(i);
                }),
            20);
    assertThrows(IllegalStateException.class, () -> trainer.fit(batches(), 1));
    assertEquals(List.of(), trainer.history().epochs());
    trainer.fit(batches(), 1);
    assertEquals(whole.outcome(), run.outcome());
  }

  @Test
  void anEpochOfNanIsNeverBetterAndTheRunEnds() {
    Layer net = net();
    Trainer trainer =
        new Trainer(net, new Optimizer(net, new Sgd(0.1)), Loss.crossEntropy())
            .judgedBy(
                Metric.loss(
                    "nan", (y, b) -> Tensor.constant(NdArray.scalar(DType.FLOAT32, Double.NaN))))
            .stoppingEarly(2);
    assertEquals(3, trainer.fit(batches(), 30).epochs().size());
    assertEquals(1, trainer.best().orElseThrow().epoch());
  }

  @Test
  void aStopBeforeTheRunIsNotLost() {
    Run run = new Run(1);
    run.trainer.stop();
    assertEquals(List.of(), run.trainer.fit(batches(), 1).epochs());
    assertEquals(1, run.trainer.fit(batches(), 1).epochs().size());
  }

  @Test
  void optionsThatWouldTearAnEpochAreRefused() {
    Run run = new Run(1);
    run.stopAfter(3);
    run.trainer.fit(batches(), 1);
    for (Runnable call :
        List.<Runnable>of(
            () -> run.trainer.parts(2),
            () -> run.trainer.seed(2),
            () -> run.trainer.measuring(),
            () -> run.trainer.judgedBy(Metric.auc()))) {
      String message = assertThrows(IllegalStateException.class, call::run).getMessage();
      assertTrue(message.endsWith(": 3 batches of an epoch are done"), message);
    }
    assertTrue(
        refused(() -> run.trainer.fit(Run.others(), 1))
            .startsWith("fit: 3 of the batches of an epoch are done, which were 7 batches"));
  }

  @Test
  void aLossThatIsNotFiniteEndsTheRunAndNothingIsLost() {
    Layer net = net();
    Trainer trainer =
        new Trainer(
            net,
            new Optimizer(net, new Sgd(0.1)),
            (output, batch) -> Tensor.constant(NdArray.scalar(DType.FLOAT32, Double.NaN)));
    Map<String, NdArray> before = net.state();
    assertThrows(NonFiniteStepException.class, () -> trainer.fit(batches(), 1));
    assertEquals(before, net.state());
    assertEquals(List.of(), trainer.history().epochs());
  }

  @Test
  void wrongCallsAreRefused() {
    Trainer trainer = new Run(1).trainer;
    Dataset none = Dataset.of(NdArray.zeros(DType.FLOAT32, Shape.of(0, 2)), new int[0]);
    assertEquals("parts: 0, expected at least 1", refused(() -> trainer.parts(0)));
    assertEquals("together: 0, expected at least 1", refused(() -> trainer.together(0)));
    assertEquals("stoppingEarly: 0, expected at least 1", refused(() -> trainer.stoppingEarly(0)));
    assertEquals(
        "clippingNorm: most is 0.0, expected a finite number above 0",
        refused(() -> trainer.clippingNorm(0)));
    assertEquals(
        "measuring: a metric is called 'loss', expected one line, and neither loss nor val_ and"
            + " more",
        refused(() -> trainer.measuring(Metric.loss("loss", Loss.mse()))));
    assertEquals(
        "validating: no examples, expected one or more",
        refused(() -> trainer.validating(none, 1)));
    assertEquals(
        "batches: batch size 0, expected at least 1",
        refused(() -> trainer.validating(Run.points(2, 1), 0)));
    assertEquals(
        "fit: -1 epochs of 7 batches, expected at least 0 of at least 1",
        refused(() -> trainer.fit(batches(), -1)));
    assertEquals(
        "fit: 1 epochs of 0 batches, expected at least 0 of at least 1",
        refused(() -> trainer.fit(Batches.inOrder(none, 1), 1)));
    assertEquals(
        "predict: no examples, expected one or more", refused(() -> trainer.predict(none, 1)));
    assertEquals(
        "judgedBy: a metric is called 'val_x', expected one line, and neither loss nor val_ and"
            + " more",
        refused(() -> trainer.judgedBy(Metric.loss("val_x", Loss.mse()))));
    assertEquals(
        "evaluate: no examples, expected one or more", refused(() -> trainer.evaluate(none, 1)));
    trainer.fit(batches(), 1);
    assertEquals(
        "judgedBy: 1 epochs were judged by val_loss, lower",
        assertThrows(IllegalStateException.class, () -> trainer.judgedBy(Metric.f1()))
            .getMessage());
    assertEquals(
        "epoch: there is no value x, only [loss, accuracy, f1, val_loss, val_accuracy, val_f1]",
        refused(() -> trainer.history().last().orElseThrow().value("x")));
  }

  private static String refused(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }

  @Test
  void aLossIsToldByItsName() {
    Loss own = (output, batch) -> output;
    assertEquals("cross-entropy", Loss.crossEntropy().toString());
    assertEquals("cross-entropy, smoothed by 0.1", Loss.crossEntropy(0.1).toString());
    assertEquals(
        "cross-entropy of places (mean, ignoring 255, weights [1.0, 2.0], smoothing 0.1)",
        Loss.crossEntropy(
                CrossEntropyOptions.mean()
                    .ignoring(255)
                    .weights(NdArray.of(1.0, 2.0))
                    .smoothing(0.1))
            .toString());
    assertEquals("binary cross-entropy", Loss.binaryCrossEntropy().toString());
    assertEquals("mean absolute error", Loss.l1().toString());
    assertEquals("Huber loss from 2.0 on", Loss.huber(2).toString());
    assertEquals("mean squared error + 0.5 of " + own, Loss.mse().plus(0.5, own).toString());
  }
}
