package org.gradus.layers.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Flatten;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Dataset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricTest {

  @Test
  void countsTheRowsWhoseLargestLogitIsAtTheLabel() {
    NdArray logits = NdArray.of(new float[] {1, 2, 3, 3, 2, 1, -1, 0, -2, 5, 6, 7}, 4, 3);

    assertEquals(0.75, Metric.accuracy().of(logits, labelled(2, 0, 1, 0)));
    assertEquals(0.75, Metric.accuracy().of(logits.as(DType.FLOAT64), labelled(2, 0, 1, 0)));
  }

  @ParameterizedTest
  @CsvSource({
    // a tie goes to the first
    "1, 1, 0, 0, 1",
    "1, 1, 0, 1, 0",
    "0, 1, 1, 1, 1",
    "0, 1, 1, 2, 0",
    "0, -0.0, 0, 0, 1",
    "-Infinity, -Infinity, -Infinity, 0, 1",
    "Infinity, 1, 2, 0, 1",
    // NaN is never right, wherever it is
    "NaN, NaN, NaN, 0, 0",
    "NaN, 1, 2, 0, 0",
    "NaN, 1, 2, 2, 0",
    "2, NaN, 1, 0, 0",
    "2, 1, NaN, 0, 0"
  })
  void tiesAndSpecialValues(double a, double b, double c, int label, double accuracy) {
    NdArray logits = NdArray.of(new double[] {a, b, c}, 1, 3);

    assertEquals(accuracy, Metric.accuracy().of(logits, labelled(label)));
  }

  @Test
  void aSingleClassIsRightUnlessItIsNan() {
    assertEquals(
        0.5, Metric.accuracy().of(NdArray.of(new double[] {-1, Double.NaN}, 2, 1), labelled(0, 0)));
  }

  @Test
  void ofNoRowsIsNan() {
    assertEquals(Double.NaN, Metric.accuracy().of(NdArray.of(new double[0], 0, 3), labelled()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 100})
  void overADataSetInBatches(int batchSize) {
    NdArray images = NdArray.of(new float[] {1, 2, 4, 3, 5, 6, 8, 7}, 4, 1, 1, 2);
    Dataset data = Dataset.of(images, 1, 0, 0, 0);

    assertEquals(0.75, Metric.accuracy().of(new Flatten(), data, batchSize));
  }

  private static Batch labelled(int... labels) {
    return new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(labels.length)), labels);
  }

  private static Batch targets(double... targets) {
    NdArray numbers = NdArray.of(targets, targets.length);
    return new Batch(numbers, numbers);
  }

  private static NdArray column(double... outputs) {
    return NdArray.of(outputs, outputs.length, 1);
  }

  // ---- by definition ---------------------------------------------------------------------------

  /** Logits of few different values, so that many are equal, and labels. */
  private static Batch drawn(SplittableRandom random, int count, int classes) {
    NdArray logits =
        NdArray.generate(DType.FLOAT64, Shape.of(count, classes), i -> random.nextInt(4));
    return new Batch(logits, random.ints(count, 0, classes).toArray());
  }

  private static int predicted(NdArray logits, int row) {
    int best = 0;
    for (int k = 1; k < logits.shape().dim(1); k++) {
      best = logits.get(row, k) > logits.get(row, best) ? k : best;
    }
    return best;
  }

  @Property
  void measuresOfClassesAreTheirDefinitions(
      @ForAll @IntRange(min = 1, max = 40) int count,
      @ForAll @IntRange(min = 2, max = 5) int classes,
      @ForAll long seed) {
    Batch batch = drawn(new SplittableRandom(seed), count, classes);
    int[] labels = batch.labels();
    double right = 0;
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    int occur = 0;
    for (int k = 0; k < classes; k++) {
      double hits = 0;
      double said = 0;
      double are = 0;
      for (int i = 0; i < count; i++) {
        boolean is = predicted(batch.inputs(), i) == k;
        hits += is && labels[i] == k ? 1 : 0;
        said += is ? 1 : 0;
        are += labels[i] == k ? 1 : 0;
      }
      right += hits;
      double p = said == 0 ? 0 : hits / said;
      double r = are == 0 ? 0 : hits / are;
      precision += p;
      recall += r;
      f1 += p + r == 0 ? 0 : 2 * p * r / (p + r);
      occur += said + are > 0 ? 1 : 0;
    }
    assertEquals(right / count, Metric.accuracy().of(batch.inputs(), batch), 1e-12);
    assertEquals(right / count, Metric.topK(1).of(batch.inputs(), batch), 1e-12);
    assertEquals(1, Metric.topK(classes).of(batch.inputs(), batch));
    assertEquals(precision / occur, Metric.precision().of(batch.inputs(), batch), 1e-12);
    assertEquals(recall / occur, Metric.recall().of(batch.inputs(), batch), 1e-12);
    assertEquals(f1 / occur, Metric.f1().of(batch.inputs(), batch), 1e-12);
  }

  @Property
  void theAreaUnderTheCurveIsTheShareOfPairsInOrder(
      @ForAll @IntRange(min = 1, max = 30) int count, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] scores = random.ints(count, -3, 3).asDoubleStream().toArray();
    int[] labels = random.ints(count, 0, 2).toArray();
    double inOrder = 0;
    double pairs = 0;
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        if (labels[i] == 1 && labels[j] == 0) {
          inOrder += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
          pairs++;
        }
      }
    }
    assertEquals(inOrder / pairs, Metric.auc().of(column(scores), labelled(labels)), 1e-12);
    NdArray two =
        NdArray.generate(
            DType.FLOAT64, Shape.of(count, 2), i -> i % 2 == 0 ? 1 : 1 + scores[i / 2]);
    assertEquals(inOrder / pairs, Metric.auc().of(two, labelled(labels)), 1e-12);
  }

  @Property
  void measuresOfNumbersAreTheirDefinitions(
      @ForAll @IntRange(min = 2, max = 40) int count, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] outputs = random.doubles(count, -2, 2).toArray();
    double[] targets = random.doubles(count, 1e6, 1e6 + 2).toArray(); // far from 0
    double mean = 0;
    for (double target : targets) {
      mean += (target - 1e6) / count;
    }
    double absolute = 0;
    double squared = 0;
    double spread = 0;
    for (int i = 0; i < count; i++) {
      outputs[i] += targets[i];
      double error = outputs[i] - targets[i];
      absolute += Math.abs(error);
      squared += error * error;
      spread += Math.pow(targets[i] - 1e6 - mean, 2);
    }
    NdArray column = column(outputs);
    Batch batch = targets(targets);
    assertEquals(absolute / count, Metric.mae().of(column, batch), 1e-9);
    assertEquals(Math.sqrt(squared / count), Metric.rmse().of(column, batch), 1e-9);
    double r2 = 1 - squared / spread;
    assertEquals(r2, Metric.r2().of(column, batch), 1e-6 * (1 + Math.abs(r2)));
    assertEquals(squared / count, Metric.loss("mse", Loss.mse()).of(column, batch), 1e-9);
  }

  private static void assertClose(double expected, double actual, String name) {
    if (Double.isNaN(expected)) {
      assertEquals(expected, actual, name);
    } else {
      assertEquals(expected, actual, 1e-9 * (1 + Math.abs(expected)), name);
    }
  }

  /** Whatever the batches, the measure is that of all examples. */
  @Property
  void numbersOfBatchesAreJoined(
      @ForAll @IntRange(min = 1, max = 40) int count,
      @ForAll @IntRange(min = 1, max = 9) int batchSize,
      @ForAll long seed) {
    Batch binary = drawn(new SplittableRandom(seed), count, 2);
    Dataset data = Dataset.of(binary.inputs(), binary.labels());
    for (Metric metric :
        List.of(
            Metric.accuracy(),
            Metric.topK(2),
            Metric.precision(),
            Metric.recall(),
            Metric.f1(),
            Metric.auc(),
            Metric.loss("loss", Loss.crossEntropy()))) {
      double whole = metric.of(binary.inputs(), binary);
      assertClose(whole, metric.of(new Flatten(), data, batchSize), metric.name());
    }
    NdArray targets = binary.inputs().map(x -> x * x + 1000);
    Dataset numbers = Dataset.of(binary.inputs(), targets);
    for (Metric metric : List.of(Metric.mae(), Metric.rmse(), Metric.r2())) {
      double whole = metric.of(binary.inputs(), numbers.all());
      assertClose(whole, metric.of(new Flatten(), numbers, batchSize), metric.name());
    }
  }

  // ---- what is not ordinary --------------------------------------------------------------------

  @Test
  void oneLogitIsThatOfClassOne() {
    NdArray logits = column(-1, 0, 2, Double.POSITIVE_INFINITY, Double.NaN);
    assertEquals(0.8, Metric.accuracy().of(logits, labelled(0, 0, 1, 1, 1)));
    assertEquals(0.8, Metric.accuracy().of(logits.reshape(Shape.of(5)), labelled(0, 0, 1, 1, 1)));
    assertEquals(
        List.of(List.of(2L, 0L, 0L), List.of(0L, 2L, 1L)),
        ConfusionMatrix.of(Metric.f1().numbers(logits, labelled(0, 0, 1, 1, 1))).counts());
  }

  @Test
  void whatCannotBeMeasuredIsNan() {
    assertEquals(Double.NaN, Metric.auc().of(column(1, 2), labelled(1, 1)));
    assertEquals(Double.NaN, Metric.auc().of(column(1, Double.NaN), labelled(1, 0)));
    assertEquals(Double.NaN, Metric.auc().of(column(), labelled()));
    assertEquals(Double.NaN, Metric.r2().of(column(1, 2), targets(3, 3)));
    assertEquals(Double.NaN, Metric.mae().of(column(), targets()));
    assertEquals(Double.NaN, Metric.mae().of(column(Double.NaN), targets(1)));
    Dataset none = Dataset.of(column(), new int[0]);
    assertEquals(Double.NaN, Metric.f1().of(new Flatten(), none, 3));
    assertEquals(Double.NaN, Metric.loss("loss", Loss.mse()).of(new Flatten(), none, 3));
  }

  @Test
  void probabilitiesAreOfTheirLargestClass() {
    NdArray logits = NdArray.of(new double[] {1, 2, 0, 3, 0, 1}, 2, 3);
    NdArray mixed = NdArray.of(new double[] {0.1, 0.7, 0.2, 0.4, 0, 0.6}, 2, 3);
    assertEquals(0.5, Metric.accuracy().of(logits, new Batch(logits, mixed)));
    assertEquals(1, Metric.accuracy().of(column(-1, 2), new Batch(logits, column(0, 1))));
  }

  @Test
  void equalTargetsHaveNoSpread() {
    double[] same = new double[10];
    for (double target : new double[] {0.1, 7, 1e8 + 0.1}) {
      Arrays.fill(same, target);
      NdArray outputs = column(same).map(x -> x + 0.5);
      assertEquals(Double.NaN, Metric.r2().of(outputs, targets(same)));
      Dataset data = Dataset.of(outputs, column(same));
      assertEquals(Double.NaN, Metric.r2().of(new Flatten(), data, 3));
    }
  }

  /** In time that is in proportion to the number of batches, and not to its square. */
  @Test
  void manyBatchesAreJoined() {
    Measures measures = new Measures(List.of(Metric.auc(), Metric.accuracy()));
    NdArray outputs = column(-1, 1);
    Batch batch = labelled(0, 1);
    for (int i = 0; i < 50_000; i++) {
      measures = measures.and(outputs, batch);
    }
    assertEquals(Map.of("auc", 1.0, "accuracy", 1.0), measures.values());
  }

  @Test
  void severalMeasuresAtOnce() {
    Measures none = new Measures(List.of(Metric.accuracy(), Metric.auc()));
    assertEquals(Map.of("accuracy", Double.NaN, "auc", Double.NaN), none.values());
    Measures measures = none.and(column(-1, 2), labelled(0, 1)).and(column(3, 1), labelled(0, 1));
    assertEquals("{accuracy=0.75, auc=0.5}", measures.toString());
    assertEquals(measures.values(), none.and(measures).and(none).values());
  }

  @Test
  void aConfusionMatrixSaysWhichClassWasTakenForWhich() {
    NdArray logits =
        NdArray.of(new double[] {1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1, Double.NaN, 0}, 5, 3);
    Dataset data = Dataset.of(logits, 0, 0, 1, 2, 2);
    ConfusionMatrix matrix = ConfusionMatrix.of(new Flatten(), data, 2);
    assertEquals("1 1 0 0\n0 1 0 0\n0 0 1 1", matrix.toString());
    assertEquals(3, matrix.classes());
    assertEquals(1, matrix.count(0, 1));
    assertEquals(0.6, matrix.accuracy());
    assertEquals(0.5, matrix.precision(1));
    assertEquals(1, matrix.recall(1));
    assertEquals(2.0 / 3, matrix.f1(1));
    assertEquals(0.5, matrix.recall(2));
  }

  static Stream<Arguments> wrongCalls() {
    NdArray logits = NdArray.zeros(DType.FLOAT32, Shape.of(2, 3));
    Measures accuracy = new Measures(List.of(Metric.accuracy()));
    return Stream.of(
        row(
            () -> Metric.accuracy().of(logits, labelled(1)),
            "accuracy: outputs [2, 3] of 1 examples, expected [1, classes]"),
        row(
            () -> Metric.accuracy().of(logits, targets(0.5, 1)),
            "accuracy: label 0.5 of example 0, expected 0 to 2"),
        row(
            () ->
                Metric.accuracy().of(logits, new Batch(logits, logits.reshape(Shape.of(2, 3, 1)))),
            "accuracy: targets [2, 3, 1] of 2 examples, expected the class of each"),
        row(() -> Metric.f1().value(1, 2, 3), "confusionMatrix: 3 numbers, expected K (K + 1)"),
        row(
            () -> ConfusionMatrix.of(1, 0, 0, 0, 1, 0).recall(2),
            "recall: there is no class 2 among 2"),
        row(
            () -> Metric.mae().joined(List.of()),
            "mae: no numbers to join, expected those of one batch or more"),
        row(() -> Loss.huber(0), "huber: delta 0.0, expected above 0"),
        row(
            () -> Loss.crossEntropy(1),
            "crossEntropy: smoothing 1.0, expected at least 0 and below 1"),
        row(
            () -> Loss.mse().plus(Double.NaN, Loss.l1()),
            "plus: weight NaN, expected a finite number"),
        row(
            () -> Loss.crossEntropy().of(Tensor.constant(column(1)), labelled(0)),
            "crossEntropy: outputs [1, 1] have one class, expected 2 or more; one logit is for"
                + " binaryCrossEntropy"),
        row(
            () -> Metric.accuracy().of(logits.reshape(Shape.of(1, 2, 3)), labelled(1)),
            "accuracy: outputs [1, 2, 3] of 1 examples, expected [1, classes]"),
        row(
            () -> Metric.accuracy().of(logits, labelled(1, 3)),
            "accuracy: label 3 of example 1, expected 0 to 2"),
        row(
            () -> Metric.f1().of(logits, labelled(1, 3)),
            "f1: label 3 of example 1, expected 0 to 2"),
        row(() -> Metric.auc().of(logits, labelled(1, 1)), "auc: 3 classes, expected 2"),
        row(() -> Metric.topK(0), "topK: k is 0, expected at least 1"),
        row(
            () -> Metric.mae().of(logits, targets(1, 2)),
            "mae: outputs [2, 3] with targets [2], expected one shape"),
        row(
            () -> Metric.r2().of(logits, targets(1, 2)),
            "r2: outputs [2, 3] with targets [2], expected one shape"),
        row(
            () -> new Measures(List.of(Metric.mae(), Metric.rmse(), Metric.mae())),
            "measures: two metrics of one name among [mae, rmse, mae]"),
        row(
            () -> accuracy.and(new Measures(List.of(Metric.mae()))),
            "measures: of [accuracy] and of [mae], expected the same metrics"),
        row(
            () -> Metric.accuracy().joined(new double[2], new double[3]),
            "accuracy: 2 numbers joined with 3, expected as many"),
        row(
            () -> new ConfusionMatrix(List.of(List.of(1L))),
            "confusionMatrix: a row [1] of 1 classes, expected 2 counts of at least 0"),
        row(
            () -> ConfusionMatrix.of(new Flatten(), Dataset.of(column(), new int[0]), 1),
            "confusionMatrix: no examples, expected one or more"));
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void refuses(Executable call, String message) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  private static Arguments row(Executable call, String message) {
    return Arguments.of(call, message);
  }
}
