package org.gradus.layers.serve;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Conv2d;
import org.gradus.layers.DepthwiseConv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.GlobalAvgPool2d;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Parameter;
import org.gradus.layers.Relu;
import org.gradus.layers.Relu6;
import org.gradus.layers.Residual;
import org.gradus.layers.Sequential;
import org.gradus.layers.Sigmoid;
import org.gradus.layers.Softmax;
import org.junit.jupiter.api.Test;

class PredictorTest {
  private static final int SIZE = 12;

  /** From images [N, 3, 12, 12] to probabilities [N, 4], drawn: through most kinds of layers. */
  private static Layer drawn(int seed) {
    RandomGenerator random = new SplittableRandom(seed);
    List<Layer> layers = new ArrayList<>();
    int channels = 3;
    for (int i = 0; i < 4; i++) {
      int next = random.nextInt(1, 40);
      int kernel = 1 + 2 * random.nextInt(3);
      layers.add(new Conv2d(channels, next, kernel, same().stride(random.nextInt(1, 3)), random));
      channels = next;
      if (random.nextBoolean()) {
        layers.add(new BatchNorm2d(channels));
      }
      layers.add(random.nextBoolean() ? new Relu() : new Relu6());
      if (random.nextBoolean()) {
        layers.add(new DepthwiseConv2d(channels, 3, valid().padding(1), random));
        layers.add(new BatchNorm2d(channels));
        layers.add(random.nextBoolean() ? new Sigmoid() : new Relu());
      }
      if (random.nextBoolean()) {
        layers.add(
            new Residual(
                new Sequential(
                    new Conv2d(channels, channels, 3, same(), random).withoutBias(),
                    new BatchNorm2d(channels),
                    new Relu(),
                    new Conv2d(channels, channels, 3, same(), random))));
        layers.add(new Relu());
      }
      if (i == 0) {
        layers.add(new MaxPool2d(2));
      }
    }
    layers.add(random.nextBoolean() ? new GlobalAvgPool2d() : x -> Ops.globalMaxPool2d(x));
    layers.add(new Flatten());
    layers.add(new Linear(channels, 70, random));
    layers.add(new Relu());
    layers.add(new Linear(70, 4, random));
    layers.add(new Softmax(1));
    Layer net = new Sequential(layers);
    for (Parameter parameter : all(net)) { // running statistics, too, as after some training
      boolean positive = parameter.name().endsWith("running_var");
      Shape shape = parameter.shape();
      NdArray moved = parameter.value().plusScaled(0.1, normal(shape, random));
      parameter.set(positive ? moved.map(Math::abs) : moved);
    }
    return net;
  }

  private static List<Parameter> all(Layer net) {
    List<Parameter> all = new ArrayList<>(net.parameters());
    all.addAll(net.buffers());
    return all;
  }

  private static NdArray normal(Shape shape, RandomGenerator random) {
    return NdArray.generate(DType.FLOAT32, shape, i -> random.nextGaussian());
  }

  private static NdArray images(int count, int seed) {
    return normal(Shape.of(count, 3, SIZE, SIZE), new SplittableRandom(seed));
  }

  // ---- what is predicted -----------------------------------------------------------------------

  @Test
  void exactPredictionsHaveTheBitsOfForward() {
    for (int seed = 0; seed < 30; seed++) {
      Layer net = drawn(seed);
      Predictor predictor = Predictor.of(net, 3, SIZE, SIZE).exact();
      for (int batch : new int[] {1, 5, 2, 5, 1}) {
        NdArray x = images(batch, seed + batch);
        assertEquals(net.predict(x), predictor.predict(x), "net " + seed);
      }
    }
  }

  @Test
  void othersAreWithinOneMillionthOrTen() {
    for (int seed = 0; seed < 30; seed++) {
      Layer net = drawn(seed);
      NdArray x = images(3, seed);
      NdArray expected = net.predict(x);
      NdArray found = Predictor.of(net, 3, SIZE, SIZE).predict(x);
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.at(i), found.at(i), 1e-5, "net " + seed);
      }
    }
  }

  @Test
  void anImageHasTheSameBitsInAnyBatch() {
    for (int seed = 0; seed < 10; seed++) {
      Predictor predictor = Predictor.of(drawn(seed), 3, SIZE, SIZE);
      NdArray x = images(64, seed);
      NdArray all = predictor.predict(x);
      for (int first = 0, count = 1; first + count <= 64; first += count, count++) {
        assertEquals(part(all, first, count), predictor.predict(part(x, first, count)));
      }
    }
  }

  private static NdArray part(NdArray x, int first, int count) {
    int each = x.size() / x.shape().dim(0);
    Shape shape = x.shape().with(0, count);
    return NdArray.generate(x.dtype(), shape, i -> x.at(first * each + i));
  }

  @Test
  void float64IsPredictedToo() {
    Layer net = new Sequential(new Relu(), x -> Ops.mul(x, 3), new Softmax(1));
    NdArray x = NdArray.of(new double[][] {{1, -2, 0.5}, {0, 1, 2}});
    assertEquals(net.predict(x), Predictor.of(net, x).predict(x));
  }

  @Test
  void whatIsNotComputedIsPredictedToo() {
    NdArray x = images(2, 1);
    NdArray same = Predictor.of(y -> y, x).predict(x);
    assertEquals(x, same);
    assertNotSame(x.storage(), same.storage(), "a result has memory of its own");
    Layer constant = y -> Ops.mul(Tensor.constant(NdArray.of(new float[][] {{2}})), 3);
    assertEquals(NdArray.of(new float[][] {{6}}), Predictor.of(constant, x).predict(x));
    Layer flat = new Flatten();
    assertEquals(flat.predict(x), Predictor.of(flat, x).predict(x));
  }

  @Test
  void anEmptyBatchIsPredicted() {
    Layer net = new Sequential(new Flatten(), new Linear(4, 2, new SplittableRandom(1)));
    NdArray nothing = NdArray.zeros(DType.FLOAT32, Shape.of(0, 2, 2));
    assertEquals(Shape.of(0, 2), Predictor.of(net, 2, 2).predict(nothing).shape());
  }

  @Test
  void aNetThatMixesTheBatchIsPredicted() {
    Layer net = x -> Ops.sub(x, Ops.mean(x, 0));
    NdArray x = images(4, 1);
    assertEquals(net.predict(x), Predictor.of(net, x).predict(x));
  }

  @Test
  void whatIsTrainedAfterwardsDoesNotChangeIt() {
    Linear net = new Linear(2, 2, new SplittableRandom(1));
    Predictor predictor = Predictor.of(net, 2);
    NdArray x = NdArray.of(new float[][] {{1, 2}});
    NdArray before = net.predict(x);
    net.weight().set(NdArray.of(new float[][] {{1, 2}, {3, 4}}));
    assertEquals(before, predictor.predict(x));
    assertEquals(before, predictor.exact().predict(x));
    NdArray two = NdArray.of(new float[][] {{1, 2}, {1, 2}});
    assertEquals(before, part(predictor.predict(two), 1, 1));
  }

  @Test
  void resultsStayAsTheyAre() {
    Predictor predictor = Predictor.of(drawn(1), 3, SIZE, SIZE);
    NdArray first = predictor.predict(images(2, 1));
    NdArray copy = NdArray.wrap(first.toFloatArray(), first.shape());
    predictor.predict(images(2, 2));
    assertEquals(copy, first);
  }

  /** Within the few objects that a result is made of; once, for a helper may have been asleep. */
  @Test
  void aWarmPredictionMakesNothingButItsResult() {
    RandomGenerator random = new SplittableRandom(1);
    Layer block =
        new Sequential(
            new Conv2d(16, 16, 3, same(), random),
            new BatchNorm2d(16),
            new Relu(),
            new DepthwiseConv2d(16, 3, valid().padding(1), random));
    Layer net =
        new Sequential(
            new Conv2d(3, 16, 3, same(), random),
            new MaxPool2d(2),
            new Residual(block),
            new Relu6(),
            new GlobalAvgPool2d(),
            new Flatten(),
            new Linear(16, 4, random));
    Predictor predictor = Predictor.of(net, 3, SIZE, SIZE);
    NdArray x = images(16, 1);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    long most = 16 * 4 * Float.BYTES + 200;
    boolean isVector = System.getProperty("gradus.kernels", "vector").equals("vector");
    for (int i = 0; i < 300_000 && isVector && least > most; i++) { // until all is compiled
      long before = threads.getCurrentThreadAllocatedBytes();
      predictor.predict(x);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    long made = least;
    assertTrue(!isVector || made <= most, () -> made + " bytes, expected at most " + most);
  }

  @Test
  void manyThreadsPredictAtOnce() throws Exception {
    Predictor predictor = Predictor.of(drawn(3), 3, SIZE, SIZE);
    List<NdArray> inputs = new ArrayList<>();
    List<NdArray> expected = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      inputs.add(images(1 + i % 7, i));
      expected.add(Predictor.of(drawn(3), 3, SIZE, SIZE).predict(inputs.get(i)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<NdArray>> tasks = new ArrayList<>();
      for (int again = 0; again < 10; again++) {
        inputs.forEach(x -> tasks.add(() -> predictor.predict(x)));
      }
      List<Future<NdArray>> found = threads.invokeAll(tasks);
      for (int i = 0; i < found.size(); i++) {
        assertEquals(expected.get(i % inputs.size()), found.get(i).get());
      }
    } finally {
      threads.shutdown();
    }
  }

  // ---- what has no plan ------------------------------------------------------------------------

  @Test
  void aNetThatLooksAtValuesIsPredictedByForward() {
    Layer net = x -> Ops.mul(x, x.value().at(0) > 0 ? 2 : 3);
    Predictor predictor = Predictor.of(net, 1);
    NdArray x = NdArray.of(new float[][] {{1}, {5}});
    NdArray y = NdArray.of(new float[][] {{-1}, {5}});
    assertEquals(net.predict(x), predictor.predict(x));
    assertEquals(net.predict(y), predictor.predict(y));
    String reason = predictor.reason().orElseThrow();
    assertTrue(reason.startsWith("recording: the value of the output of input"), reason);
    assertEquals(
        "predictor of layer for [N, 1], N up to 64, by forward: " + reason, predictor.toString());
  }

  @Test
  void aNetThatIsNotTheSameEachTimeIsPredictedByForward() {
    SplittableRandom random = new SplittableRandom(1);
    Layer net = x -> Ops.mul(x, random.nextDouble());
    String reason = Predictor.of(net, 1).reason().orElseThrow();
    assertTrue(reason.startsWith("plan: MulScalar["), reason);
    assertTrue(reason.endsWith("a plan is for what is the same each time"), reason);
    Layer constants = x -> Ops.add(x, Tensor.constant(normal(Shape.of(1), random)));
    assertTrue(Predictor.of(constants, 1).reason().isPresent());
    Layer counts = x -> random.nextInt(1 << 20) == 0 ? x : Ops.relu(x);
    assertEquals(Optional.empty(), Predictor.of(counts, 1).reason());
  }

  // ---- what is refused -------------------------------------------------------------------------

  @Test
  void wrongInputsAreRefusedInWords() {
    Predictor predictor = Predictor.of(drawn(1), 3, SIZE, SIZE).maximumBatch(4);
    assertRefused(
        "predict: input [4, 3, 12, 11], expected [N, 3, 12, 12] with N up to 4",
        () -> predictor.predict(NdArray.zeros(DType.FLOAT32, Shape.of(4, 3, 12, 11))));
    assertRefused(
        "predict: input [5, 3, 12, 12], expected [N, 3, 12, 12] with N up to 4",
        () -> predictor.predict(images(5, 1)));
    assertRefused(
        "predict: input [3, 12, 12], expected [N, 3, 12, 12] with N up to 4",
        () -> predictor.predict(NdArray.zeros(DType.FLOAT32, Shape.of(3, 12, 12))));
    assertEquals(
        "predict: input is FLOAT64, but the net is FLOAT32",
        assertThrows(DTypeException.class, () -> predictor.predict(images(1, 1).as(DType.FLOAT64)))
            .getMessage());
    assertEquals(
        "predictor: a maximum batch of 0, expected at least 1",
        assertThrows(IllegalArgumentException.class, () -> predictor.maximumBatch(0)).getMessage());
    assertRefused(
        "predictor: the batch has rank 0, expected [N, ...]",
        () -> Predictor.of(x -> x, NdArray.scalar(DType.FLOAT32, 1)));
    assertThrows(ShapeException.class, () -> Predictor.of(drawn(1), 4, SIZE, SIZE));
  }

  private static void assertRefused(
      String message, org.junit.jupiter.api.function.Executable call) {
    assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
  }

  @Test
  void itTellsWhatItIs() {
    Predictor predictor = Predictor.of(drawn(1), 3, SIZE, SIZE).maximumBatch(8);
    assertEquals("predictor of sequential for [N, 3, 12, 12], N up to 8", predictor.toString());
    assertEquals(Shape.of(3, SIZE, SIZE), predictor.example());
    assertEquals(8, predictor.maximumBatch());
  }
}
