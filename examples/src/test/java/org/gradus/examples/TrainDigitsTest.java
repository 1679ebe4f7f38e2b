package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.examples.TrainDigits.Epoch;
import org.gradus.examples.TrainDigits.Settings;
import org.gradus.examples.TrainDigits.Trained;
import org.gradus.layers.Parameter;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TrainDigitsTest {
  private static final Settings QUICK = new Settings(1, 32, 0.03, 0.9, 0, 1, 1);

  private static Split digits;

  @BeforeAll
  static void readTheEmbeddedDigits() throws Exception {
    digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10);
  }

  private static Split few(int train, int test) {
    return new Split(digits.train().first(train), digits.test().first(test));
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

  @Test
  void aShortTrainingReachesASensibleAccuracy() {
    List<Epoch> heard = new ArrayList<>();
    Trained trained = TrainDigits.train(few(3000, 1000), QUICK, heard::add);
    Epoch epoch = trained.epochs().get(0);
    assertTrue(epoch.testAccuracy() > 0.8, epoch::toString);
    assertTrue(epoch.trainAccuracy() > 0.5, epoch::toString);
    assertTrue(epoch.loss() > 0.1 && epoch.loss() < 1.5, epoch::toString);
    assertTrue(epoch.seconds() > 0 && epoch.imagesPerSecond() > 0, epoch::toString);
    assertEquals(trained.epochs(), heard);
  }

  @Test
  void theSameSeedGivesTheSameBitsWhateverTheNumberOfThreads() throws Exception {
    Split data = few(320, 10);
    Settings settings = new Settings(2, 32, 0.03, 0.9, 5e-4, 1, 7);
    List<NdArray> first = parameters(data, settings);
    assertEquals(first, parameters(data, settings));
    assertEquals(first, inPool(1, () -> parameters(data, settings)));
    assertEquals(first, inPool(3, () -> parameters(data, settings)));
    assertNotEquals(first, parameters(data, new Settings(2, 32, 0.03, 0.9, 5e-4, 1, 8)));
  }

  private static List<NdArray> parameters(Split data, Settings settings) {
    Trained trained = TrainDigits.train(data, settings, epoch -> {});
    return trained.net().parameters().stream().map(Parameter::value).toList();
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
  void theLearningRateFallsEvenly() {
    Settings settings = new Settings(4, 32, 0.2, 0, 0, 0, 1);
    assertEquals(0.2, settings.rateOf(1), 1e-15);
    assertEquals(0.15, settings.rateOf(2), 1e-15);
    assertEquals(0.05, settings.rateOf(4), 1e-15);
  }

  @Test
  void aLossThatIsNotFiniteStopsTheTraining() {
    Split data = few(320, 10);
    Settings tooFast = new Settings(3, 32, 1e6, 0.9, 0, 0, 1);
    List<Epoch> heard = new ArrayList<>();
    ArithmeticException error =
        assertThrows(ArithmeticException.class, () -> TrainDigits.train(data, tooFast, heard::add));
    assertEquals(
        "the loss of epoch 1 is not finite; try a smaller learning rate than 1000000.0",
        error.getMessage());
    assertEquals(List.of(), heard);
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
