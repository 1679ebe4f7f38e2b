package org.gradus.layers.train;

import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.data.Batch;

/**
 * The coefficient of determination: of the sum of squared errors, and of the number of targets,
 * their mean, and the sum of squared distances from it.
 */
record R2() implements Metric {
  private static final int ERRORS = 0;
  private static final int COUNT = 1;
  private static final int MEAN = 2;
  private static final int SPREAD = 3;

  @Override
  public String name() {
    return "r2";
  }

  @Override
  public boolean isHigherBetter() {
    return true;
  }

  @Override
  public double[] numbers(NdArray outputs, Batch batch) {
    Nulls.refuse("numbers: outputs, batch", outputs, batch);
    Outputs.requireLike(name(), outputs, batch);
    double[] targets = batch.targets().toDoubleArray();
    double[] numbers = new double[4];
    double first = targets.length == 0 ? 0 : targets[0];
    numbers[MEAN] = first; // and the mean distance from it, which is 0 if all are the same
    for (double target : targets) {
      numbers[MEAN] += (target - first) / targets.length;
    }
    for (int i = 0; i < targets.length; i++) {
      double error = outputs.at(i) - targets[i];
      double distance = targets[i] - numbers[MEAN];
      numbers[ERRORS] += error * error;
      numbers[SPREAD] += distance * distance;
    }
    numbers[COUNT] = targets.length;
    return numbers;
  }

  /**
   * By Chan, Golub and LeVeque's formula for the squares, in which nothing cancels.
   *
   * @see <a href="https://doi.org/10.1080/00031305.1983.10483115">Algorithms for computing the
   *     sample variance, 1983</a>
   */
  @Override
  public double[] joined(double[] first, double[] next) {
    Nulls.refuse("joined: first, next", first, next);
    Joined.numbers(name(), 4, first);
    Joined.numbers(name(), 4, next);
    double count = first[COUNT] + next[COUNT];
    if (count == 0) {
      return first;
    }
    double apart = next[MEAN] - first[MEAN];
    double share = next[COUNT] / count;
    return new double[] {
      first[ERRORS] + next[ERRORS],
      count,
      first[MEAN] + apart * share,
      first[SPREAD] + next[SPREAD] + apart * apart * first[COUNT] * share
    };
  }

  @Override
  public double value(double... numbers) {
    double spread = Joined.numbers(name(), 4, numbers)[SPREAD];
    return spread > 0 ? 1 - numbers[ERRORS] / spread : Double.NaN;
  }
}
