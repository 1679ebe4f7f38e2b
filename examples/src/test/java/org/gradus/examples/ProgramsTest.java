package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.train.Metric;
import org.junit.jupiter.api.Test;

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

  @Test
  void theTwoNetworksFindTheCircle() {
    double before = Gan.distance(Gan.learn(0, out));
    double after = Gan.distance(Gan.learn(1200, out));
    assertTrue(before > 0.3, () -> "distance " + before + ": nothing was to be learnt");
    assertTrue(after < 0.15, () -> "distance " + after);
    assertTrue(said().contains("step 1000: losses "), this::said);
  }
}
