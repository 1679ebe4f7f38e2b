package org.gradus.autograd.plan;

import java.lang.reflect.Array;
import java.util.Arrays;
import org.gradus.autograd.internal.kernel.Channels;

/**
 * The weights and the bias of a convolution, or of a product, while what follows it is folded in:
 * in double precision, to be rounded once.
 */
final class Weights {
  /** [outputs, ...]. */
  final double[] weights;

  final double[] bias;

  /** Of weights in which the outputs come first, and a bias of one number for each. */
  Weights(double[] weights, double[] bias) {
    this.weights = weights;
    this.bias = bias;
  }

  /** With another bias added. */
  Weights plus(Object other) {
    double[] sums = bias.clone();
    for (int i = 0; i < sums.length; i++) {
      sums[i] += at(other, i);
    }
    return new Weights(weights, sums);
  }

  /** gamma (y - mean) / sqrt(variance + epsilon) + beta. */
  Weights normalized(double epsilon, Object mean, Object variance, Object gamma, Object beta) {
    double[] scaled = weights.clone();
    double[] moved = bias.clone();
    int each = weights.length / Math.max(1, bias.length);
    for (int i = 0; i < bias.length; i++) {
      double scale = at(gamma, i) / Math.sqrt(at(variance, i) + epsilon);
      for (int j = 0; j < each; j++) {
        scaled[i * each + j] *= scale;
      }
      moved[i] = (bias[i] - at(mean, i)) * scale + at(beta, i);
    }
    return new Weights(scaled, moved);
  }

  /** Whether all are finite as numbers of the type of an array. */
  boolean areFinite(Object like) {
    double most = like instanceof float[] ? Float.MAX_VALUE : Double.MAX_VALUE;
    return Arrays.stream(weights).allMatch(w -> Math.abs(w) <= most)
        && Arrays.stream(bias).allMatch(b -> Math.abs(b) <= most);
  }

  /** Whether numbers of channels belong to the outputs, each of which has so many elements. */
  boolean fits(Channels channels, int plane) {
    return channels.count() == bias.length && channels.repeat() == plane;
  }

  /** An element of an array of either type. */
  static double at(Object array, int i) {
    return array instanceof float[] floats ? floats[i] : ((double[]) array)[i];
  }

  /** The elements of an array of either type. */
  static double[] of(Object array) {
    double[] all = new double[Array.getLength(array)];
    for (int i = 0; i < all.length; i++) {
      all[i] = at(array, i);
    }
    return all;
  }

  /** Numbers rounded to the type of an array. */
  static Object rounded(double[] numbers, Object like) {
    if (like instanceof double[]) {
      return numbers;
    }
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }
}
