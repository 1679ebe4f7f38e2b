package org.gradus.layers;

/** What layers that normalise share. */
final class Norm {
  private Norm() {}

  static void requireEpsilon(String layer, double epsilon) {
    if (!(epsilon > 0 && Double.isFinite(epsilon))) {
      throw new IllegalArgumentException(
          "%s: epsilon %s, expected a finite number above 0".formatted(layer, epsilon));
    }
  }
}
