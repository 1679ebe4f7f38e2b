package org.gradus.autograd.internal.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.ColumnSingles;
import org.gradus.autograd.internal.kernel.RowSingles;

/** As many columns at once as a vector has floats, by the steps of {@link VectorRowSingles}. */
final class VectorColumnSingles implements ColumnSingles {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int WIDTH = SPECIES.length();
  private static final int LANES = WideLanes.LANES;
  private static final int SIGN = Integer.SIZE - 1;
  private static final int DISTANT_BITS = Float.floatToRawIntBits(RowSingles.DISTANT);

  /** The largest ones are kept as whole numbers that have their order. */
  @Override
  public void largest(float[] x, int from, int step, int rows, int n, float[] most) {
    Arrays.fill(most, 0, n, Float.intBitsToFloat(Integer.MIN_VALUE));
    for (int row = 0; row < rows; row++) {
      int first = from + row * step;
      for (int i = 0; i < n; i += WIDTH) {
        IntVector bits = FloatVector.fromArray(SPECIES, x, first + i).viewAsIntegralLanes();
        bits.lanewise(VectorOperators.ASHR, SIGN)
            .lanewise(VectorOperators.LSHR, 1)
            .lanewise(VectorOperators.XOR, bits)
            .sub(RowSingles.NANS)
            .max(FloatVector.fromArray(SPECIES, most, i).viewAsIntegralLanes())
            .viewAsFloatingLanes()
            .intoArray(most, i);
      }
    }
    for (int i = 0; i < n; i++) {
      most[i] = RowSingles.ofOrder(Float.floatToRawIntBits(most[i]));
    }
  }

  @Override
  public void distances(
      float[] x,
      int from,
      int step,
      int rows,
      int n,
      float[] most,
      float[] distances,
      float[] lost) {
    IntVector positive = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    for (int row = 0; row < rows; row++) {
      int first = from + row * step;
      int at = row * n;
      for (int i = 0; i < n; i += WIDTH) {
        FloatVector top = FloatVector.fromArray(SPECIES, most, i);
        FloatVector v = FloatVector.fromArray(SPECIES, x, first + i);
        FloatVector difference = top.sub(v);
        FloatVector undone = difference.sub(top);
        FloatVector left = top.sub(difference.sub(undone)).sub(v.add(undone));
        IntVector bits = difference.viewAsIntegralLanes().lanewise(VectorOperators.AND, positive);
        bits.viewAsFloatingLanes().intoArray(distances, at + i);
        bits.sub(DISTANT_BITS)
            .lanewise(VectorOperators.ASHR, SIGN)
            .lanewise(VectorOperators.AND, left.viewAsIntegralLanes())
            .viewAsFloatingLanes()
            .intoArray(lost, at + i);
      }
    }
  }

  @Override
  public void sum(float[] x, int rows, int n, double[] sums) {
    Arrays.fill(sums, 0, n, 0);
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < n; i += LANES) {
        DoubleVector sum = WideLanes.load(sums, i);
        WideLanes.load(x, row * n + i).add(sum).intoArray(sums, i);
      }
    }
  }

  @Override
  public void shares(
      float[] powers,
      float[] rests,
      int rows,
      int n,
      float[] factors,
      float[] less,
      float[] y,
      int to,
      int step) {
    FloatVector nothing = FloatVector.zero(SPECIES);
    for (int row = 0; row < rows; row++) {
      int first = to + row * step;
      int at = row * n;
      for (int i = 0; i < n; i += WIDTH) {
        FloatVector factor = FloatVector.fromArray(SPECIES, factors, i);
        FloatVector power = FloatVector.fromArray(SPECIES, powers, at + i);
        FloatVector rest = FloatVector.fromArray(SPECIES, rests, at + i).mul(factor);
        FloatVector low = FloatVector.fromArray(SPECIES, less, i).mul(power).add(rest);
        power.mul(factor).add(low).add(nothing).intoArray(y, first + i);
      }
    }
  }

  @Override
  public void logarithms(
      float[] distances,
      float[] lost,
      int rows,
      int n,
      float[] logs,
      float[] less,
      float[] y,
      int to,
      int step) {
    FloatVector nothing = FloatVector.zero(SPECIES);
    for (int row = 0; row < rows; row++) {
      int first = to + row * step;
      int at = row * n;
      for (int i = 0; i < n; i += WIDTH) {
        FloatVector rest =
            FloatVector.fromArray(SPECIES, lost, at + i)
                .add(FloatVector.fromArray(SPECIES, less, i));
        FloatVector sum =
            FloatVector.fromArray(SPECIES, distances, at + i)
                .add(FloatVector.fromArray(SPECIES, logs, i))
                .add(rest);
        nothing.sub(sum).intoArray(y, first + i);
      }
    }
  }
}
