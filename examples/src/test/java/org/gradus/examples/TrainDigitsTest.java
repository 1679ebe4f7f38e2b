package org.gradus.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Parameter;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.files.SafeTensors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainDigitsTest {
  @TempDir private Path temporary;

  private static Split digits;

  @BeforeAll
  static void readTheEmbeddedDigits() throws Exception {
    digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10);
  }

  @Test
  void theEmbeddedDigitsAreTenThousandOfAllClasses() {
    assertEquals("9000 examples: FLOAT32 [1, 28, 28] and FLOAT32 []", digits.train().toString());
    assertEquals("1000 examples: FLOAT32 [1, 28, 28] and FLOAT32 []", digits.test().toString());
    int[] counts = new int[10];
    for (int label : digits.test().all().labels()) {
      counts[label]++;
    }
    for (int digit = 0; digit < 10; digit++) {
      int number = digit;
      assertTrue(counts[digit] >= 80, () -> counts[number] + " images of " + number);
    }
  }

  @Test
  void theNetworkHasTheParametersOfLeNet() {
    int count = 0;
    for (Parameter parameter : TrainDigits.lenet(new SplittableRandom(1)).parameters()) {
      count += parameter.shape().size();
    }
    int convolutions = 6 * 25 + 6 + 16 * 6 * 25 + 16;
    int linear = 256 * 120 + 120 + 120 * 84 + 84 + 84 * 10 + 10;
    assertEquals(convolutions + linear, count);
  }

  /** Prints nothing that is looked at, and returns the accuracy and the weights. */
  private record Trained(double accuracy, Map<String, NdArray> weights) {}

  private Trained train(String... options) throws IOException {
    Path run = Files.createTempDirectory(temporary, "run");
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("--run", run.toString()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, UTF_8);
    int exitCode = new TrainDigits(print, print).run(arguments.toArray(new String[0]));
    String said = out.toString(UTF_8);
    assertEquals(0, exitCode, said);
    Matcher last = Pattern.compile("test accuracy (\\S+) ").matcher(said);
    assertTrue(last.find(), said);
    return new Trained(
        Double.parseDouble(last.group(1)),
        SafeTensors.read(run.resolve("best.safetensors")).tensors());
  }

  @Test
  void aShortTrainingReachesASensibleAccuracy() throws IOException {
    double norm = train("--images", "2000", "--epochs", "2").accuracy();
    assertTrue(norm > 0.85, () -> "norm " + norm);
    double lenet = train("--net", "lenet", "--images", "2000", "--epochs", "2").accuracy();
    assertTrue(lenet > 0.6, () -> "lenet " + lenet);
  }

  @Test
  void theSameSeedGivesTheSameBitsWhateverTheNumberOfThreads() throws Exception {
    String[] options = {"--images", "320", "--epochs", "2", "--seed", "7"};
    Map<String, NdArray> first = train(options).weights();
    assertEquals(first, train(options).weights());
    assertEquals(first, inPool(1, () -> train(options).weights()));
    assertEquals(first, inPool(3, () -> train(options).weights()));
    assertNotEquals(first, train("--images", "320", "--epochs", "2", "--seed", "8").weights());
  }

  private static <T> T inPool(int threads, Callable<T> task) throws Exception {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(task).get();
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void theLogitsAreOneForEachDigit() {
    Shape shape =
        TrainDigits.lenet(new SplittableRandom(1))
            .forward(Tensor.constant(digits.test().first(3).all().inputs()))
            .shape();
    assertEquals(Shape.of(3, 10), shape);
  }
}
