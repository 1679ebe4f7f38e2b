package org.gradus.layers.train;

import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.data.Batch;

/** The mean absolute error, or the root of the mean squared one: the sum, and of how many. */
record Errors(String name) implements Metric {
  @Override
  public boolean isHigherBetter() {
    return false;
  }

  private boolean isSquared() {
    return name.equals("rmse");
  }

  @Override
  public double[] numbers(NdArray outputs, Batch batch) {
    Nulls.refuse("numbers: outputs, batch", outputs, batch);
    Outputs.requireLike(name, outputs, batch);
    double sum = 0;
    for (int i = 0; i < outputs.size(); i++) {
      double error = outputs.at(i) - batch.targets().at(i);
      sum += isSquared() ? error * error : Math.abs(error);
    }
    return new double[] {sum, outputs.size()};
  }

  @Override
  public double value(double... numbers) {
    double mean = Joined.numbers(name, 2, numbers)[0] / numbers[1];
    return isSquared() ? Math.sqrt(mean) : mean;
  }
}
