package org.gradus.layers.train;

import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.data.Batch;

/** How often the label is among the k largest logits: how many, and of how many. */
record Hits(String name, int k) implements Metric {
  @Override
  public boolean isHigherBetter() {
    return true;
  }

  @Override
  public double[] numbers(NdArray outputs, Batch batch) {
    Nulls.refuse("numbers: outputs, batch", outputs, batch);
    int classes = Outputs.classes(name, outputs, batch);
    int[] labels = Outputs.labels(name, classes, batch);
    double[][] rows = Outputs.rows(outputs, classes);
    int hits = 0;
    for (int i = 0; i < labels.length; i++) {
      int place = Outputs.place(rows[i], labels[i]);
      hits += place < Math.min(k, classes) ? 1 : 0;
    }
    return new double[] {hits, labels.length};
  }

  @Override
  public double value(double... numbers) {
    return Joined.numbers(name, 2, numbers)[0] / numbers[1];
  }
}
