package org.gradus.autograd.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;

class SurveyTest {

  @Test
  void theFirstFaultIsNamedByItsIndices() {
    double[] values = new double[12];
    values[9] = Double.NaN;
    values[11] = Double.NEGATIVE_INFINITY;
    Survey survey = Survey.of(NdArray.of(values, 3, 2, 2));
    assertEquals("2 of 12 elements NaN or infinite, the first NaN at [2, 0, 1]", survey.faults());
    assertEquals("FLOAT64 [3, 2, 2], 0.0 to 0.0, 1 NaN, 1 infinite", survey.toString());
  }
}
