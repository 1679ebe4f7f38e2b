package org.gradus.layers.train;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.data.Batch;

/** The mean of a loss over examples: the sum, and how many. */
record MeanLoss(String name, Loss loss) implements Metric {
  @Override
  public boolean isHigherBetter() {
    return false;
  }

  @Override
  public double[] numbers(NdArray outputs, Batch batch) {
    Nulls.refuse("numbers: outputs, batch", outputs, batch);
    if (batch.size() == 0) {
      return new double[2];
    }
    double mean = loss.of(Tensor.constant(outputs), batch).item();
    return new double[] {mean * batch.size(), batch.size()};
  }

  @Override
  public double value(double... numbers) {
    return Joined.numbers(name, 2, numbers)[0] / numbers[1];
  }
}
