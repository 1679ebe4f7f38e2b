package org.gradus.layers.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Memory;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.BatchNorm1d;
import org.gradus.layers.Layer;
import org.gradus.layers.Observation;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Mixing;
import org.gradus.layers.optim.ParameterGradients;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Steps whose blocks are computed by other nets, and go from there to the trainer as arrays. */
class StepsTest {
  private static final int PARTS = 5;

  /** What a net elsewhere tells of a block. */
  private record Told(
      int examples,
      double loss,
      Map<String, NdArray> gradients,
      Map<String, Map<String, List<Observation>>> places,
      List<double[]> numbers) {}

  /** Each block of so many parts is computed by a net of its own. */
  private record Elsewhere(Trainer trainer, int block, List<Batches> batches) implements Steps {
    private Batches here() {
      return batches.get(0);
    }

    @Override
    public int count() {
      return here().count();
    }

    @Override
    public Iterable<Computation> epoch(long number, int first) {
      int[] order = here().numbers(number);
      return IntStream.range(first, count())
          .<Computation>mapToObj(k -> (seed, step) -> sum(number, order, k, seed, step))
          .toList();
    }

    private MicroBatches.Sum sum(long epoch, int[] order, int k, long seed, long step) {
      int from = k * here().batchSize();
      int size = Math.min(here().batchSize(), order.length - from);
      int[] bounds = Batch.bounds(size, PARTS);
      List<MicroBatches.Sum> blocks = new ArrayList<>();
      for (int part = 0; part < bounds.length - 1; part += block) {
        List<Batch> parts = new ArrayList<>();
        for (int i = part; i < Math.min(part + block, bounds.length - 1); i++) {
          int[] numbers = Arrays.copyOfRange(order, from + bounds[i], from + bounds[i + 1]);
          parts.add(here().of(epoch, numbers));
        }
        blocks.add(here(told(parts, part, size, Pass.training(seed, step)), seed, step));
      }
      return MicroBatches.sum(blocks);
    }

    private Told told(List<Batch> parts, int first, int size, Pass pass) {
      Run other = new Run(PARTS);
      other.net.load(trainer.net().state());
      MicroBatches.Sum sum = other.trainer.step().block(parts, first, size, pass);
      Map<String, NdArray> gradients = new HashMap<>();
      for (Parameter each : other.net.parameters()) {
        gradients.put(each.name(), sum.gradients().of(each));
      }
      Map<String, Map<String, List<Observation>>> places = new LinkedHashMap<>();
      sum.pass().places().forEach((place, all) -> places.put(place, named(other.net, all)));
      return new Told(sum.examples(), sum.loss(), gradients, places, sum.measures().numbers());
    }

    private static Map<String, List<Observation>> named(Layer net, List<Observation> all) {
      Map<String, List<Observation>> named = new LinkedHashMap<>();
      for (Observation each : all) {
        Parameter buffer =
            net.buffers().stream().filter(each.buffer()::equals).findFirst().orElseThrow();
        named.put(buffer.name(), List.of(each));
      }
      return named;
    }

    private MicroBatches.Sum here(Told told, long seed, long step) {
      Layer net = trainer.net();
      Map<Parameter, NdArray> gradients = new HashMap<>();
      net.parameters().forEach(each -> gradients.put(each, told.gradients.get(each.name())));
      Map<String, List<Observation>> places = new LinkedHashMap<>();
      told.places.forEach(
          (place, byName) -> {
            List<Observation> all = new ArrayList<>();
            for (Parameter buffer : net.buffers()) {
              for (Observation each : byName.getOrDefault(buffer.name(), List.of())) {
                all.add(new Observation(buffer, each.share(), each.value()));
              }
            }
            places.put(place, all);
          });
      return new MicroBatches.Sum(
          told.examples,
          told.loss,
          ParameterGradients.of(gradients, net.parameters()),
          Pass.training(seed, step).observed(net, places),
          new Measures(trainer.step().metrics()).and(told.numbers));
    }

    @Override
    public String toString() {
      return here().toString();
    }
  }

  @Test
  void blocksThatOthersComputeGiveTheBitsOfOneTrainer() {
    Run here = new Run(PARTS);
    here.trainer.fit(Run.batches().dropLast(), 2);
    for (int block : new int[] {1, 2, 4, 8}) {
      Run run = new Run(PARTS);
      run.trainer.fit(new Elsewhere(run.trainer, block, List.of(Run.batches().dropLast())), 2);
      assertEquals(here.outcome(), run.outcome(), () -> "blocks of " + block);
    }
  }

  @Test
  void theOrderOfAnEpochIsThatOfItsBatches() {
    Batches batches = Run.batches();
    int[] order = batches.numbers(3);
    int k = 0;
    for (Batch batch : batches.epoch(3)) {
      int from = batches.batchSize() * k++;
      int[] numbers = Arrays.copyOfRange(order, from, from + batch.size());
      assertEquals(batch.inputs(), batches.of(3, numbers).inputs());
    }
    assertEquals(batches.count(), k);
    Batches inOrder = Batches.inOrder(Run.points(3, 1), 2);
    assertArrayEquals(new int[] {0, 1, 2}, inOrder.numbers(1));
  }

  @Test
  void partsOfMixedBatchesAreRefused() {
    Batches mixed = Run.batches().mixed(Mixing.mixup(2, 1));
    String message = assertThrows(IllegalStateException.class, () -> mixed.of(1, 0)).getMessage();
    assertEquals(
        "batches: they are mixed, so that a part depends on the whole batch; leave out mixed",
        message);
  }

  @Test
  void aBatchIsCutWhereItsPartsBegin() {
    assertArrayEquals(new int[] {0, 3, 6, 10}, Batch.bounds(10, 3));
    assertArrayEquals(new int[] {0, 1, 2}, Batch.bounds(2, 3));
    assertArrayEquals(new int[] {0, 0}, Batch.bounds(0, 3));
    assertEquals(
        "batch: 1 parts of -1 examples, expected at least 1", refused(() -> Batch.bounds(-1, 1)));
    assertEquals("batch: 0 parts, expected at least 1", refused(() -> Batch.bounds(1, 0)));
  }

  @Test
  void whatComesFromElsewhereMustFit() {
    Run run = new Run(PARTS);
    List<Parameter> parameters = run.net.parameters();
    NdArray one = NdArray.zeros(DType.FLOAT64, Shape.of(1));
    assertEquals(
        "of: the gradient of 0.weight is FLOAT64 [1], expected FLOAT32 [16, 2]",
        refused(() -> ParameterGradients.of(Map.of(parameters.get(0), one), parameters)));
    assertEquals(
        "of: there is no gradient of 0.bias, only of [0.weight]",
        refused(
            () -> ParameterGradients.of(Map.of(parameters.get(1), one), parameters.subList(0, 1))));
    ParameterGradients none = ParameterGradients.of(Map.of(), parameters);
    assertEquals(false, none.reached(parameters.get(0)));
    Measures measures = new Measures(List.of(Metric.accuracy()));
    assertEquals(
        "measures: numbers of 2 metrics, expected those of [accuracy]",
        refused(() -> measures.and(List.of(new double[1], new double[1]))));
    assertEquals(
        "block: there are no parts, expected one or more",
        refused(() -> run.trainer.step().block(List.of(), 0, 1, Pass.training(1, 1))));
    Batch four = new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(4, 2)), new int[4]);
    assertEquals(
        "block: parts of 4 examples, of a batch of 3",
        refused(() -> run.trainer.step().block(four.split(2), 0, 3, Pass.training(1, 1))));
    assertEquals(
        "block: 2 parts from number 2147483646 on, expected numbers from 0",
        refused(
            () ->
                run.trainer
                    .step()
                    .block(four.split(2), Integer.MAX_VALUE - 1, 4, Pass.training(1, 1))));
  }

  @Test
  void whatNetsHaveSeenElsewhereIsSeenBesideTheRest() {
    BatchNorm1d one = new BatchNorm1d(2);
    BatchNorm1d other = new BatchNorm1d(2);
    NdArray x = NdArray.of(new float[] {1, 2, 3, 6}, 2, 2);
    Pass ofOne = Pass.training(1, 1);
    one.forward(x, ofOne);
    Pass ofOther = Pass.training(1, 1);
    other.forward(x, ofOther);
    Pass both = Pass.training(1, 1).observed(one, ofOne.places()).observed(other, ofOther.places());
    assertEquals(1, both.calls(one));
    assertEquals(1, both.calls(other));
    both.commit();
    for (BatchNorm1d each : List.of(one, other)) {
      assertArrayEquals(
          new double[] {0.2, 0.4}, each.buffers().get(0).value().toDoubleArray(), 1e-6);
    }
    assertEquals(
        "observed: %s is no buffer of the net, which has %s"
            .formatted(other.buffers().get(0), one.buffers()),
        refused(() -> Pass.training(1, 1).observed(one, ofOther.places())));
  }

  @Test
  void statisticsThatATidyPassHasSeenStay() {
    for (double share : new double[] {0.1, 1}) {
      BatchNorm1d norm = new BatchNorm1d(600, 1e-5, share, DType.FLOAT32);
      Pass pass = Pass.training(1, 1);
      NdArray x = NdArray.generate(DType.FLOAT32, Shape.of(2, 600), i -> i);
      Memory.tidy(
          () -> {
            Object seen = norm.forward(x, pass);
            pass.commit();
            return seen;
          });
      assertEquals(share * 300, norm.buffers().get(0).value().at(0), 1e-3);
    }
  }

  // ---- steps that are not what they are said to be ---------------------------------------------

  /** Steps of a trainer, of which an epoch is as a function makes it. */
  private record Altered(Steps real, UnaryOperator<List<Computation>> made) implements Steps {
    @Override
    public int count() {
      return real.count();
    }

    @Override
    public Iterable<Computation> epoch(long number, int first) {
      List<Computation> all = new ArrayList<>();
      real.epoch(number, first).forEach(all::add);
      return made.apply(all);
    }

    @Override
    public String toString() {
      return "altered";
    }
  }

  private static Altered altered(Run run, UnaryOperator<List<Steps.Computation>> made) {
    return new Altered(new Elsewhere(run.trainer, 8, List.of(Run.batches().dropLast())), made);
  }

  @Test
  void anEpochHasAsManyStepsAsItIsSaidToHave() {
    int count = Run.batches().dropLast().count();
    Run less = new Run(PARTS);
    assertEquals(
        "fit: an epoch of altered has %s steps, expected %s".formatted(count - 1, count),
        refused(() -> less.trainer.fit(altered(less, all -> all.subList(1, all.size())), 1)));
    assertEquals(List.of(), less.trainer.history().epochs());
    Run more = new Run(PARTS);
    Steps.Computation notTaken =
        (seed, step) -> {
          throw new AssertionError("a step is taken that is one too many");
        };
    UnaryOperator<List<Steps.Computation>> oneMore =
        all -> {
          List<Steps.Computation> longer = new ArrayList<>(all);
          longer.add(notTaken);
          return longer;
        };
    assertEquals(
        "fit: an epoch of altered has more steps, expected %s".formatted(count),
        refused(() -> more.trainer.fit(altered(more, oneMore), 1)));
  }

  @Test
  void stepsThatAreMissingAreRefusedInWords() {
    Run run = new Run(PARTS);
    assertEquals("fit: the epoch of altered is null", isNull(altered(run, all -> null), run));
    assertEquals(
        "fit: a step of altered is null",
        isNull(altered(run, all -> Arrays.asList(new Steps.Computation[1])), run));
    assertEquals(
        "fit: what came of a step is null",
        isNull(altered(run, all -> List.of((seed, step) -> null)), run));
    assertEquals(new Run(PARTS).outcome(), run.outcome());
  }

  private static String isNull(Steps steps, Run run) {
    return assertThrows(NullPointerException.class, () -> run.trainer.fit(steps, 1)).getMessage();
  }

  @Test
  void aStepThatHasMeasuredSomethingElseIsNotTaken() {
    Run run = new Run(PARTS);
    UnaryOperator<List<Steps.Computation>> unmeasured =
        all -> all.stream().map(StepsTest::unmeasured).toList();
    assertEquals(
        "measures: of [accuracy, f1] and of [], expected the same metrics",
        refused(() -> run.trainer.fit(altered(run, unmeasured), 1)));
    assertEquals(new Run(PARTS).outcome(), run.outcome());
  }

  private static Steps.Computation unmeasured(Steps.Computation step) {
    return (seed, number) -> {
      MicroBatches.Sum sum = step.of(seed, number);
      Measures none = new Measures(List.of());
      return new MicroBatches.Sum(sum.examples(), sum.loss(), sum.gradients(), sum.pass(), none);
    };
  }

  // ---- values ----------------------------------------------------------------------------------

  @Test
  void measuresShareNoArrays() {
    double[] given = {3, 4};
    Measures measures = new Measures(List.of(Metric.accuracy())).and(List.of(given));
    given[0] = 0;
    measures.numbers().get(0)[0] = 0;
    assertEquals(0.75, measures.values().get("accuracy"));
  }

  @Test
  void numbersOfAMetricAreAsManyAsItTakes() {
    for (Metric metric : List.of(Metric.accuracy(), Metric.topK(2), Metric.mae(), Metric.rmse())) {
      assertEquals(metric.name() + ": 3 numbers, expected 2", refused(() -> metric.value(1, 2, 3)));
    }
    assertEquals("l: 1 numbers, expected 2", refused(() -> Metric.loss("l", Loss.mse()).value(1)));
    assertEquals("r2: 2 numbers, expected 4", refused(() -> Metric.r2().value(1, 2)));
    double[] four = new double[4];
    assertEquals(
        "r2: 5 numbers, expected 4", refused(() -> Metric.r2().joined(four, new double[5])));
    assertEquals(
        "r2: 1 numbers, expected 4", refused(() -> Metric.r2().joined(new double[1], four)));
    assertEquals("auc: 3 numbers, expected 2", refused(() -> Metric.auc().value(1, 2, 3)));
    assertEquals(
        "confusionMatrix: 3 numbers, expected K (K + 1)",
        refused(() -> Metric.f1().value(1, 2, 3)));
  }

  @Test
  void gradientsFromElsewhereAreThoseOfTheseParameters() {
    Run run = new Run(PARTS);
    List<Parameter> parameters = run.net.parameters();
    Parameter first = parameters.get(0);
    Parameter namesake = new Run(PARTS).net.parameters().get(0);
    assertEquals(
        "of: there is no gradient of another parameter that is called 0.weight, only of [0.weight]",
        refused(
            () ->
                ParameterGradients.of(
                    Map.of(namesake, namesake.value()), parameters.subList(0, 1))));
    Map<Parameter, NdArray> gradients = new HashMap<>();
    gradients.put(first, null);
    assertEquals("of: the gradient of 0.weight is null", isNull(gradients, parameters));
    gradients.clear();
    gradients.put(null, first.value());
    assertEquals("of: a parameter of the gradients is null", isNull(gradients, parameters));
  }

  private static String isNull(Map<Parameter, NdArray> gradients, List<Parameter> parameters) {
    return assertThrows(
            NullPointerException.class, () -> ParameterGradients.of(gradients, parameters))
        .getMessage();
  }

  private static String refused(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
