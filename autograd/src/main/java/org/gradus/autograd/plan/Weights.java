package org.gradus.autograd.plan;

import java.lang.reflect.Array;
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

  /** Adds another bias. */
  void add(Object other) {
    for (int i = 0; i < bias.length; i++) {
      bias[i] += at(other, i);
    }
  }

  /** gamma (y - mean) / sqrt(variance + epsilon) + beta. */
  void normalize(double epsilon, Object mean, Object variance, Object gamma, Object beta) {
    int each = weights.length / Math.max(1, bias.length);
    for (int i = 0; i < bias.length; i++) {
      double scale = at(gamma, i) / Math.sqrt(at(variance, i) + epsilon);
      for (int j = 0; j < each; j++) {
        weights[i * each + j] *= scale;
      }
      bias[i] = (bias[i] - at(mean, i)) * scale + at(beta, i);
    }
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
