package org.gradus.layers.train;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.data.Batch;

/** The area under the ROC curve, of the output and the label of each example. */
record Auc() implements Metric {
  @Override
  public String name() {
    return "auc";
  }

  @Override
  public boolean isHigherBetter() {
    return true;
  }

  @Override
  public double[] numbers(NdArray outputs, Batch batch) {
    Nulls.refuse("numbers: outputs, batch", outputs, batch);
    int classes = Outputs.classes(name(), outputs, batch);
    if (classes != 2) {
      throw new IllegalArgumentException("auc: %s classes, expected 2".formatted(classes));
    }
    int[] labels = Outputs.labels(name(), 2, batch);
    double[][] rows = Outputs.rows(outputs, 2);
    double[] numbers = new double[2 * labels.length];
    for (int i = 0; i < labels.length; i++) {
      numbers[2 * i] = rows[i][1] - rows[i][0];
      numbers[2 * i + 1] = labels[i];
    }
    return numbers;
  }

  @Override
  public double[] joined(double[] first, double[] next) {
    return Joined.oneBehindTheOther(first, next);
  }

  /** In one piece: to join two at a time would take time in proportion to the square. */
  @Override
  public double[] joined(List<double[]> all) {
    Nulls.refuse("joined: all", all);
    return all.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  /** By the ranks of the examples of class 1: Mann and Whitney's U over the number of pairs. */
  @Override
  public double value(double... numbers) {
    int count = Nulls.given("value: numbers", numbers).length / 2;
    Joined.numbers(name(), 2 * count, numbers);
    double[][] pairs = new double[count][];
    Arrays.setAll(pairs, i -> new double[] {numbers[2 * i], numbers[2 * i + 1]});
    Arrays.sort(pairs, Comparator.comparingDouble(pair -> pair[0]));
    long below = 0; // of class 0
    double pairsInOrder = 0;
    long ones = 0;
    for (int from = 0, to; from < count; from = to) {
      long equalOnes = 0;
      for (to = from; to < count && !(pairs[to][0] > pairs[from][0]); to++) {
        equalOnes += (long) pairs[to][1];
      }
      long equalZeros = to - from - equalOnes;
      pairsInOrder += equalOnes * (below + equalZeros / 2.0);
      below += equalZeros;
      ones += equalOnes;
    }
    boolean known = count > 0 && !Double.isNaN(pairs[count - 1][0]); // NaN is the last in order
    return known ? pairsInOrder / ((double) ones * below) : Double.NaN;
  }
}
