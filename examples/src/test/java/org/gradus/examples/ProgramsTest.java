package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.train.Metric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs that are a day's work, each on little data. */
class ProgramsTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private String said() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static Split digits() throws Exception {
    return IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10);
  }

  @Test
  void theResidualNetworkLearnsDigits() throws Exception {
    Dataset train = digits().train().first(2000);
    Dataset test = digits().test().first(200);
    Layer before = ResidualDigits.network(new SplittableRandom(1));
    Layer net = ResidualDigits.train(train, test, 2, out);
    double accuracy = Metric.accuracy().of(net, test, 100);
    assertTrue(Metric.accuracy().of(before, test, 100) < 0.3);
    assertTrue(accuracy > 0.5, () -> "accuracy " + accuracy);
    assertTrue(said().contains(Numbers.text("epoch 2: %.3f of the test images right", accuracy)));
    assertEquals(before.state().keySet(), net.state().keySet());
    List<String> buffers = net.buffers().stream().map(Parameter::name).toList();
    assertEquals("1.running_mean", buffers.get(0));
    assertTrue(buffers.contains("4.0.body.1.running_var"), buffers::toString);
    NdArray mean = net.buffers().get(0).value();
    assertTrue(mean.at(0) != 0, "the running mean has not moved");
  }

  @Test
  void theLayerOfOnesOwnLearnsASineInSpiteOfNoise() {
    Layer net = OwnLayer.learn(500, out);
    assertEquals(
        """
        Sequential[
          0: Noisy[
            scale FLOAT32 [1]
            part: Linear[weight FLOAT32 [32, 1], bias FLOAT32 [32]]
          ]
          1: Tanh[]
          2: Linear[weight FLOAT32 [1, 32], bias FLOAT32 [1]]
        ]\
        """,
        net.toString());
    String last = said().lines().reduce((a, b) -> b).orElseThrow();
    assertTrue(Pattern.matches("mean square error 0\\.00\\d\\d", last), last);
    assertEquals(
        List.of("0.scale", "0.part.weight", "0.part.bias", "2.weight", "2.bias"),
        net.parameters().stream().map(Parameter::name).toList());
  }

  @Test
  void theLoopOfOnesOwnLearnsAndLeavesWhatIsFrozen() throws Exception {
    Dataset train = digits().train().first(4000);
    Dataset test = digits().test();
    Layer none = OwnLoop.train(train, test, 0, out);
    Layer net = OwnLoop.train(train, test, 2, out);
    double accuracy = Metric.accuracy().of(net, test, 100);
    assertTrue(Metric.accuracy().of(none, test, 100) < 0.3);
    assertTrue(accuracy > 0.6, () -> "accuracy " + accuracy);
    assertEquals(none.state().get("1.weight"), net.state().get("1.weight"));
    assertEquals(
        List.of("3.weight", "3.bias", "7.weight", "7.bias"),
        net.parameters().stream().map(Parameter::name).toList());
  }

  /** On digits, which are images of the same size and number of classes. */
  @Test
  void aRunInAFewLinesTakesTheBestWeights() throws Exception {
    Split few = new Split(digits().train().first(1500), digits().test());
    Layer net = ClothesByLeNet.train(few, 2, out);
    double accuracy = Metric.accuracy().of(net, few.test(), 100);
    assertTrue(accuracy > 0.7, () -> "accuracy " + accuracy);
    assertTrue(said().contains("epoch 2 of 2: loss "), this::said);
    assertTrue(
        said().contains(Numbers.text("%.4f of the test images right", accuracy)), this::said);
  }

  @Test
  void theGraphGrowsAndWithItWhatItLearns() {
    List<Double> losses = GrowTheGraph.grow(1000, out);
    assertEquals(leastLossOfALine(), losses.get(0), 1e-9);
    assertTrue(losses.get(1) < 0.2 * losses.get(0), losses::toString);
    assertTrue(losses.get(2) < 0.9 * losses.get(1), losses::toString);
    assertEquals(
        List.of(
            Numbers.text("0 hidden layers: a graph of  7 tensors, loss %.4f", losses.get(0)),
            Numbers.text("1 hidden layers: a graph of 12 tensors, loss %.4f", losses.get(1)),
            Numbers.text("2 hidden layers: a graph of 17 tensors, loss %.4f", losses.get(2))),
        said().lines().toList());
  }

  /** The points lie evenly around 0, and so does their sine: the line is y = (x y / x x) x. */
  private static double leastLossOfALine() {
    double[] x = IntStream.range(0, 60).mapToDouble(i -> -3 + 6.0 * i / 59).toArray();
    double xx = DoubleStream.of(x).map(p -> p * p).sum();
    double xy = DoubleStream.of(x).map(p -> p * Math.sin(2 * p)).sum();
    double slope = xy / xx;
    return DoubleStream.of(x).map(p -> Math.pow(Math.sin(2 * p) - slope * p, 2)).sum() / x.length;
  }

  @Test
  void threadsThatAskAtOnceAreAnsweredAsOneIs() throws Exception {
    Dataset test = digits().test().first(400);
    Layer net = ClassifyInParallel.trained(digits().train().first(600));
    List<NdArray> together = ClassifyInParallel.classify(net, test, 4, out);
    Iterator<NdArray> logits = together.iterator();
    double right = 0;
    for (Batch batch : Batches.inOrder(test, 20).epoch(1)) {
      NdArray found = logits.next();
      assertEquals(net.predict(batch.inputs()), found);
      right += Metric.accuracy().of(found, batch) / together.size();
    }
    assertEquals(20, together.size());
    assertTrue(right > 0.3 && said().contains("the bits of one thread: true"), right + said());
    assertTrue(said().matches("4 threads: \\d+ images/s\\R.*\\R"), this::said);
  }

  @Test
  void aRunThatWasStoppedEndsWithTheBitsOfOneThatWasNot(@TempDir Path folder) throws Exception {
    Dataset train = digits().train().first(250);
    Layer loaded = SaveAndResume.resume(train, 2, folder, out);
    assertEquals(
        """
        stopped, with other weights: true
        resumed, with the same bits: true
        loaded, with the same logits: true
        """,
        said().replace(System.lineSeparator(), "\n"));
    String stopped = "checkpoints/step-000000006.safetensors"; // 2 of 4 batches of the second epoch
    assertTrue(Files.exists(folder.resolve(stopped)), stopped);
    Layer whole = ResidualDigits.train(train, train.first(1), 2, out);
    assertEquals(whole.state(), loaded.state());
  }
}
