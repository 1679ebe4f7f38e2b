package org.gradus.layers.train;

import static org.gradus.autograd.ops.Ops.crossEntropy;
import static org.gradus.autograd.ops.Ops.mul;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Dropout;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Nets;
import org.gradus.layers.Observation;
import org.gradus.layers.Pass;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batch;
import org.gradus.layers.optim.NonFiniteStepException;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.optim.ParameterGradients;
import org.junit.jupiter.api.Test;

class MicroBatchesTest {

  /** With statistics, and with random numbers. */
  private static Layer net() {
    SplittableRandom random = new SplittableRandom(1);
    return new Sequential(
        new Conv2d(1, 3, 3, random),
        new BatchNorm2d(3),
        new Relu(),
        new Flatten(),
        new Dropout(0.3),
        new Linear(48, 3, random));
  }

  private static Batch batch(int size) {
    return Nets.noise(DType.FLOAT32, size, new SplittableRandom(2));
  }

  private static MicroBatches.Objective objective(Layer net) {
    return (part, pass) -> crossEntropy(net.forward(part.inputs(), pass), part.labels());
  }

  private static MicroBatches step(Layer net) {
    return new MicroBatches(net, Loss.crossEntropy()).measuring(List.of(Metric.accuracy()));
  }

  /** All bits of a sum. */
  private static List<Object> bits(MicroBatches.Sum sum) {
    List<Object> bits =
        new ArrayList<>(List.of(sum.examples(), sum.loss(), sum.measures().values()));
    sum.gradients().parameters().forEach(p -> bits.add(sum.gradients().of(p)));
    for (Observation each : sum.pass().observed()) {
      bits.addAll(List.of(each.buffer().name(), each.share(), each.value()));
    }
    return bits;
  }

  @Test
  void onePartIsAStepByMinimize() {
    Layer net = net();
    Layer other = net();
    Optimizer adam = new Optimizer(net, new Adam(0.01));
    Optimizer same = new Optimizer(other, new Adam(0.01));
    for (int i = 0; i < 3; i++) {
      Pass pass = Pass.training(5, same.steps());
      double loss = same.minimize(objective(other).loss(batch(8), pass), pass);
      MicroBatches.Sum sum = step(net).of(batch(8), Pass.training(5, adam.steps()));
      adam.step(sum.gradients(), sum.pass());
      assertEquals(loss, sum.loss());
      assertEquals(other.state(), net.state());
    }
  }

  @Property(tries = 60)
  void theBitsDoNotDependOnHowManyPartsAreComputedAtATime(
      @ForAll @IntRange(min = 2, max = 20) int size,
      @ForAll @IntRange(min = 1, max = 9) int parts,
      @ForAll @IntRange(min = 2, max = 5) int together) {
    Layer net = net();
    MicroBatches step = step(net).parts(Math.min(parts, size / 2)); // of one example no variance
    Pass pass = Pass.training(7, 3);
    List<Object> bits = bits(step.of(batch(size), pass));
    assertEquals(bits, bits(step.together(together).of(batch(size), pass)));
  }

  @Property(tries = 60)
  void theBitsDoNotDependOnWhoComputesWhichBlock(
      @ForAll @IntRange(min = 1, max = 17) int parts, @ForAll @IntRange(max = 4) int power) {
    Layer net = net();
    Pass pass = Pass.training(7, 3);
    Batch whole = batch(36);
    MicroBatches step = step(net).parts(parts);
    List<Batch> all = whole.split(parts);
    List<MicroBatches.Sum> one =
        IntStream.range(0, parts).mapToObj(i -> step.part(all.get(i), i, 36, pass)).toList();
    List<MicroBatches.Sum> blocks = new ArrayList<>();
    for (int from = 0; from < parts; from += 1 << power) {
      blocks.add(MicroBatches.sum(one.subList(from, Math.min(parts, from + (1 << power)))));
    }
    assertEquals(bits(step.of(whole, pass)), bits(MicroBatches.sum(blocks)));
  }

  @Property(tries = 40)
  void partsAddUpToTheGradientOfTheBatch(
      @ForAll @IntRange(min = 1, max = 20) int size,
      @ForAll @IntRange(min = 1, max = 9) int parts) {
    SplittableRandom random = new SplittableRandom(5);
    Layer net = Nets.tinyCnn(DType.FLOAT64, random); // whose examples do not meet
    Batch batch = Nets.noise(DType.FLOAT64, size, random);
    Pass pass = Pass.training(1, 0);
    MicroBatches.Sum whole = step(net).of(batch, pass);
    MicroBatches.Sum sum = step(net).parts(parts).of(batch, pass);
    assertEquals(size, sum.examples());
    assertEquals(whole.loss(), sum.loss(), 1e-14 * Math.abs(whole.loss()));
    double error = sum.gradients().plus(whole.gradients().scaled(-1)).norm();
    assertTrue(error < 1e-13 * whole.gradients().norm(), () -> "error " + error);
  }

  @Test
  void statisticsAreTheMeanOverThePartsByTheirSizes() {
    Layer net = net();
    Pass pass = Pass.training(1, 0);
    Batch batch = batch(7);
    List<Batch> parts = batch.split(3); // of 2, 2 and 3 examples
    List<List<Observation>> seen = new ArrayList<>();
    for (Batch part : parts) {
      Pass own = Pass.training(9, 0);
      net.forward(part.inputs(), own);
      seen.add(own.observed());
    }
    List<Observation> observed = step(net).parts(3).of(batch, pass).pass().observed();
    assertEquals(2, observed.size()); // mean and variance
    for (int k = 0; k < observed.size(); k++) {
      for (int i = 0; i < 3; i++) {
        double mean = 0;
        for (int p = 0; p < 3; p++) {
          mean += parts.get(p).size() / 7.0 * seen.get(p).get(k).value().at(i);
        }
        assertEquals(mean, observed.get(k).value().at(i), 1e-6);
        assertEquals(seen.get(0).get(k).share(), observed.get(k).share());
      }
    }
    assertEquals(List.of(), pass.observed()); // what comes of the parts is in the sum's pass
  }

  @Test
  void aStepPutsTheMeanInPlaceAndRefusesAPassThatHasSeenNothing() {
    Layer net = net();
    Optimizer adam = new Optimizer(net, new Adam(0.01));
    MicroBatches.Sum sum = step(net).parts(4).of(batch(8), Pass.training(1, 0));
    NdArray before = net.buffers().get(0).value();
    NdArray seen = sum.pass().observed().get(0).value();
    adam.step(sum.gradients(), sum.pass());
    assertEquals(before.zip(seen, (old, x) -> 0.9 * old + 0.1 * x), net.buffers().get(0).value());
    ParameterGradients again = step(net).parts(4).of(batch(8), Pass.training(1, 1)).gradients();
    assertThrows(IllegalStateException.class, () -> adam.step(again, Pass.training(1, 1)));
  }

  @Test
  void eachPartHasRandomNumbersOfItsOwn() {
    Map<Integer, NdArray> drawn = new ConcurrentHashMap<>();
    Layer dropout = new Dropout(0.5);
    Linear linear = new Linear(64, 2, new SplittableRandom(1));
    NdArray ones = NdArray.full(DType.FLOAT32, Shape.of(3, 64), 1);
    MicroBatches step =
        new MicroBatches(
                linear.parameters(),
                (part, pass) -> {
                  var kept = dropout.forward(part.inputs(), pass);
                  drawn.put((int) part.targets().at(0), kept.value());
                  return crossEntropy(linear.forward(kept, pass), 0);
                })
            .parts(3);
    step.of(new Batch(ones, 0, 1, 2), Pass.training(1, 0));
    assertNotEquals(drawn.get(0), drawn.get(1));
    assertNotEquals(drawn.get(1), drawn.get(2));
    Map<Integer, NdArray> first = Map.copyOf(drawn);
    step.together(3).of(new Batch(ones, 0, 1, 2), Pass.training(1, 0));
    assertEquals(first, drawn);
    step.of(new Batch(ones, 0, 1, 2), Pass.training(1, 1));
    assertNotEquals(first, drawn);
  }

  @Test
  void aLossThatIsNotFiniteIsToldWithItsPart() {
    Linear linear = new Linear(2, 2, new SplittableRandom(1));
    MicroBatches.Objective objective =
        (part, pass) ->
            mul(
                crossEntropy(linear.forward(part.inputs(), pass), part.labels()),
                part.targets().at(0) == 1 ? Double.POSITIVE_INFINITY : 1);
    Batch batch = new Batch(NdArray.full(DType.FLOAT32, Shape.of(2, 2), 1), 0, 1);
    for (int together = 1; together <= 2; together++) {
      MicroBatches step =
          new MicroBatches(linear.parameters(), objective).parts(2).together(together);
      Pass pass = Pass.training(1, 0);
      String message =
          assertThrows(NonFiniteStepException.class, () -> step.of(batch, pass)).getMessage();
      assertTrue(
          message.startsWith("microBatches: the loss of part 1 is Infinity\n"), () -> message);
      assertEquals(Double.POSITIVE_INFINITY, step.allowNonFinite().of(batch, pass).loss());
    }
  }

  @Test
  void wrongNumbersAreRefused() {
    Layer net = net();
    MicroBatches step = step(net);
    Pass pass = Pass.training(1, 0);
    assertEquals("parts: 0, expected at least 1", refused(() -> step.parts(0)));
    assertEquals("together: -1, expected at least 1", refused(() -> step.together(-1)));
    assertEquals(
        "part: number -1, of 2 examples in a batch of 2",
        refused(() -> step.part(batch(2), -1, 2, pass)));
    assertEquals(
        "part: number 0, of 2 examples in a batch of 1",
        refused(() -> step.part(batch(2), 0, 1, pass)));
    assertEquals(
        "sum: sums is empty, expected one or more", refused(() -> MicroBatches.sum(List.of())));
    assertEquals(
        "and: share 1.5, expected 0 to 1", refused(() -> pass.and(Pass.training(1, 0), 1.5)));
    MicroBatches vector =
        new MicroBatches(net.parameters(), (part, own) -> net.forward(part.inputs(), own));
    assertEquals(
        "consuming: the loss has shape [2, 3], expected one element",
        refused(() -> vector.of(batch(2), pass)));
  }

  private static String refused(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }
}
