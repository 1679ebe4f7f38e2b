package org.gradus.layers.train;

import java.util.function.ToDoubleBiFunction;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.data.Batch;

/** The mean over classes of what a confusion matrix says of each. */
record OfConfusion(String name, ToDoubleBiFunction<ConfusionMatrix, Integer> ofClass)
    implements Metric {
  @Override
  public boolean isHigherBetter() {
    return true;
  }

  @Override
  public double[] numbers(NdArray outputs, Batch batch) {
    Nulls.refuse("numbers: outputs, batch", outputs, batch);
    return ConfusionMatrix.numbers(name, outputs, batch);
  }

  @Override
  public double value(double... numbers) {
    ConfusionMatrix matrix = ConfusionMatrix.of(Nulls.given("value: numbers", numbers));
    double sum = 0;
    int occur = 0;
    for (int k = 0; k < matrix.classes(); k++) {
      if (matrix.occurs(k)) {
        sum += ofClass.applyAsDouble(matrix, k);
        occur++;
      }
    }
    return sum / occur;
  }
}
