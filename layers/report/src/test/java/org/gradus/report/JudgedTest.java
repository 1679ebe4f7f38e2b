package org.gradus.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.train.ConfusionMatrix;
import org.junit.jupiter.api.Test;

/** What a net says of classified examples; here the inputs are the logits. */
class JudgedTest {
  private static final Layer SAME = x -> x;

  private static Judged judged(Dataset data, int batchSize) {
    return Judged.of(SAME, new Examples.Classified(data, List.of(), batchSize));
  }

  /** As the definition has it: softmax, the first of the largest, and a list that is sorted. */
  @Property(tries = 60)
  void isTheSameForAnySizeOfBatches(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 90) int count,
      @ForAll @IntRange(min = 2, max = 4) int classes,
      @ForAll @IntRange(min = 1, max = 100) int batchSize) {
    SplittableRandom random = new SplittableRandom(seed);
    NdArray logits =
        NdArray.generate(DType.FLOAT64, Shape.of(count, classes), i -> random.nextInt(-3, 4));
    int[] labels = random.ints(count, 0, classes).toArray();
    Dataset data = Dataset.of(logits, labels);
    List<Judged.Judgement> wrong = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double sum = 0;
      int said = 0;
      for (int k = 0; k < classes; k++) {
        sum += Math.exp(logits.get(i, k));
        said = logits.get(i, k) > logits.get(i, said) ? k : said;
      }
      if (said != labels[i]) {
        double probability = Math.exp(logits.get(i, said)) / sum;
        wrong.add(new Judged.Judgement(i, labels[i], said, probability));
      }
    }
    wrong.sort((a, b) -> Double.compare(rounded(b), rounded(a))); // stable: the first example first

    Judged judged = judged(data, batchSize);

    assertEquals(ConfusionMatrix.of(SAME, data, 7), judged.confusion());
    assertEquals(count, judged.examples());
    assertEquals(Shape.of(classes), judged.input());
    assertEquals(Math.min(24, wrong.size()), judged.wrong().size());
    for (int i = 0; i < judged.wrong().size(); i++) {
      Judged.Judgement found = judged.wrong().get(i);
      Judged.Judgement expected = wrong.get(i);
      assertEquals(expected.probability(), found.probability(), 1e-12);
      if (i > 0) {
        double before = judged.wrong().get(i - 1).probability();
        boolean isLower = found.probability() < before;
        boolean isLater = found.number() > judged.wrong().get(i - 1).number();
        assertEquals(true, isLower || (found.probability() == before && isLater));
      }
    }
  }

  private static double rounded(Judged.Judgement judgement) {
    return Math.rint(judgement.probability() * 1e10);
  }

  @Test
  void wrongOnesAreInTheOrderOfTheirProbability() {
    NdArray logits = NdArray.of(new double[] {0, 1, 3, 0, 0, 2, 0, 2, 9, 0}, 5, 2);
    Judged judged = judged(Dataset.of(logits, 0, 1, 0, 0, 0), 2);
    assertEquals(
        List.of(1, 2, 3, 0), judged.wrong().stream().map(Judged.Judgement::number).toList());
    assertEquals(1 / (1 + Math.exp(-3)), judged.wrong().get(0).probability(), 1e-15);
    assertEquals(List.of(4), judged.right().stream().map(Judged.Judgement::number).toList());
  }

  @Test
  void oneLogitIsOfTwoClasses() {
    NdArray logits = NdArray.of(new double[] {-1, 0, 2}, 3, 1);
    Judged judged = judged(Dataset.of(logits, 0, 1, 0), 10);
    assertEquals(
        new ConfusionMatrix(List.of(List.of(1L, 1L, 0L), List.of(1L, 0L, 0L))), judged.confusion());
    assertEquals(1 / (1 + Math.exp(-2)), judged.wrong().get(0).probability(), 1e-15);
    assertEquals(0.5, judged.wrong().get(1).probability());
  }

  @Test
  void ofNanNoClassIsSaidAndInfinityIsSure() {
    double infinity = Double.POSITIVE_INFINITY;
    NdArray logits = NdArray.of(new double[] {Double.NaN, 0, infinity, 0}, 2, 2);
    Judged judged = judged(Dataset.of(logits, 0, 1), 10);
    assertEquals(1, judged.confusion().count(0, 2));
    assertEquals(List.of(new Judged.Judgement(1, 1, 0, 1)), judged.wrong());
  }

  @Test
  void targetsMayBeProbabilities() {
    NdArray logits = NdArray.of(new double[] {0, 1, 1, 0}, 2, 2);
    NdArray targets = NdArray.of(new double[] {0.3, 0.7, 0.4, 0.6}, 2, 2);
    assertEquals(0.5, judged(Dataset.of(logits, targets), 1).confusion().accuracy());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    NdArray logits = NdArray.of(new double[] {0, 1, 1, 0}, 2, 2);
    assertEquals(
        "classified: label 2 of example 1, expected 0 to 1", refusal(Dataset.of(logits, 0, 2)));
    assertEquals(
        "classified: label 0.5 of example 0, expected 0 to 1",
        refusal(Dataset.of(logits, NdArray.of(0.5, 1.0))));
    assertEquals(
        "classified: no examples, expected one or more",
        refusal(Dataset.of(logits, 0, 1).first(0)));
    assertEquals(
        "classified: outputs [1, 2, 1] of 1 examples, expected [1, classes]",
        refusal(Dataset.of(logits.reshape(1, 2, 2).reshape(2, 2, 1), 0, 1).first(1)));
    assertEquals(
        "classified: targets [2, 3] of 2 examples, expected the class of each",
        assertThrows(
                ShapeException.class,
                () -> judged(Dataset.of(logits, NdArray.of(new double[6], 2, 3)), 2))
            .getMessage());
    assertEquals(
        "classified: 2001 classes, expected at most 2000",
        refusal(Dataset.of(NdArray.of(new double[2001], 1, 2001), 0)));
  }

  private static String refusal(Dataset data) {
    return assertThrows(IllegalArgumentException.class, () -> judged(data, 2)).getMessage();
  }

  @Test
  void aWrongLabelIsToldWithItsNumberInTheData() {
    NdArray logits = NdArray.zeros(DType.FLOAT32, Shape.of(5, 2));
    Dataset data = Dataset.of(logits, 0, 1, 0, 7, 1);
    assertEquals(
        "classified: label 7 of example 3, expected 0 to 1",
        assertThrows(IllegalArgumentException.class, () -> judged(data, 2)).getMessage());
  }
}
