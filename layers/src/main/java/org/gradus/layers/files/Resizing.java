package org.gradus.layers.files;

import java.util.Arrays;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * How one axis of an image becomes longer or shorter: each new pixel is a weighted mean of old
 * ones.
 *
 * <p>With s = old / new extent, the middle of the new pixel i lies at c = (i + 1/2) s among the old
 * ones, and the old pixel j, whose middle lies at j + 1/2, weighs max(0, 1 - |j + 1/2 - c| / max(1,
 * s)). Weights are divided by their sum, so that the edge needs no pixels beyond it. An axis that
 * grows (s &lt; 1) is interpolated between two neighbours; one that shrinks is averaged over all
 * old pixels that a new one covers, and those beside it.
 */
final class Resizing {
  private final int[] firsts;
  private final double[][] weights;

  /**
   * A window of a resampled axis.
   *
   * @param before the old extent
   * @param after the new extent
   * @param from the first new pixel of the window
   * @param count the new pixels of the window
   */
  Resizing(int before, long after, long from, int count) {
    firsts = new int[count];
    weights = new double[count][];
    double scale = (double) before / after;
    double reach = Math.max(1, scale);
    for (int i = 0; i < count; i++) {
      double middle = (from + i + 0.5) * scale;
      int first = (int) Math.max(0, Math.floor(middle - reach - 0.5) + 1);
      int end = (int) Math.min(before, Math.ceil(middle + reach - 0.5));
      firsts[i] = first;
      weights[i] = new double[end - first];
      double sum = 0;
      for (int j = first; j < end; j++) {
        double weight = Math.max(0, 1 - Math.abs(j + 0.5 - middle) / reach);
        weights[i][j - first] = weight;
        sum += weight;
      }
      for (int j = 0; j < end - first; j++) {
        weights[i][j] /= sum;
      }
    }
  }

  private int count() {
    return firsts.length;
  }

  private int first() {
    return firsts[0];
  }

  private int end() {
    return firsts[count() - 1] + weights[count() - 1].length;
  }

  /**
   * The window of an image [..., H, W], resampled in both axes. All is computed in double precision
   * and rounded once.
   */
  static NdArray resampled(NdArray image, Resizing rows, Resizing columns) {
    Shape old = image.shape();
    int rank = old.rank();
    int width = old.dim(rank - 1);
    int plane = old.dim(rank - 2) * width;
    Shape shape = old.with(rank - 2, rows.count()).with(rank - 1, columns.count());
    double[] line = new double[width];
    double[] doubles =
        image.storage() instanceof double[] ? new double[shape.size()] : new double[0];
    float[] floats = image.storage() instanceof double[] ? new float[0] : new float[shape.size()];
    int to = 0;
    for (int start = 0; to < shape.size(); start += plane) {
      for (int y = 0; y < rows.count(); y++) {
        rows.mix(image, start, width, y, line, columns);
        for (int x = 0; x < columns.count(); x++) {
          double mixed = columns.mixed(line, x);
          if (image.storage() instanceof double[]) {
            doubles[to++] = mixed;
          } else {
            floats[to++] = (float) mixed;
          }
        }
      }
    }
    return Elements.wrapped(image.storage() instanceof double[] ? doubles : floats, shape);
  }

  /** One new row, as far as the columns of the window need it, before they are mixed. */
  private void mix(NdArray image, int start, int width, int y, double[] line, Resizing columns) {
    int from = columns.first();
    int end = columns.end();
    Arrays.fill(line, from, end, 0);
    for (int j = 0; j < weights[y].length; j++) {
      int row = start + (firsts[y] + j) * width;
      double weight = weights[y][j];
      if (image.storage() instanceof float[] floats) {
        for (int x = from; x < end; x++) {
          line[x] += weight * floats[row + x];
        }
      } else {
        double[] doubles = (double[]) image.storage();
        for (int x = from; x < end; x++) {
          line[x] += weight * doubles[row + x];
        }
      }
    }
  }

  private double mixed(double[] line, int x) {
    double sum = 0;
    for (int j = 0; j < weights[x].length; j++) {
      sum += weights[x][j] * line[firsts[x] + j];
    }
    return sum;
  }
}
