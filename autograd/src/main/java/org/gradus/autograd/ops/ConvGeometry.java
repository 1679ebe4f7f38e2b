package org.gradus.autograd.ops;

import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.internal.kernel.ConvSizes;

/**
 * What the three convolutions share: how the filters' window slides over the images, and in how
 * many groups the channels are. {@link ConvOptions#geometry} makes one.
 *
 * @param rows along the height
 * @param columns along the width
 * @param groups into how many parts the channels and filters are cut, at least 1
 */
public record ConvGeometry(Window rows, Window columns, int groups) {

  /**
   * Checks the groups.
   *
   * @throws IllegalArgumentException if there are fewer than 1
   */
  public ConvGeometry {
    Nulls.refuse("convGeometry: rows, columns", rows, columns);
    requireGroups(groups);
  }

  static void requireGroups(int groups) {
    if (groups < 1) {
      throw new IllegalArgumentException("conv: groups %s, expected at least 1".formatted(groups));
    }
  }

  /** Checks that images and weights fit each other and this geometry. */
  ConvSizes sizesOfXW(String op, Shape x, Shape w) {
    Images.requireRank4(op, "input", x);
    Images.requireRank4(op, "weights", w);
    requireInput(op, x);
    requireWeights(op, w);
    requireChannels(op, x, w);
    return sizes(op, x.dim(0), x.dim(1), "weights", w, w.dim(0));
  }

  /** Checks that weights and outputs fit each other and this geometry. */
  ConvSizes sizesOfWY(String op, Shape w, Shape y) {
    Images.requireRank4(op, "weights", w);
    Images.requireRank4(op, "output", y);
    requireWeights(op, w);
    requireOutput(op, y);
    if (w.dim(0) != y.dim(1)) {
      throw new ShapeException(
          op,
          "weights %s have %s filters, but the output %s has %s channels"
              .formatted(w, w.dim(0), y, y.dim(1)));
    }
    return sizes(op, y.dim(0), channels(op, w), "weights", w, w.dim(0));
  }

  /** The channels of the images that weights belong to. */
  int channels(String op, Shape w) {
    long channels = (long) w.dim(1) * groups;
    if (channels > Integer.MAX_VALUE) {
      throw new ShapeException(
          op,
          "weights %s with groups=%s make %s channels, expected at most %s"
              .formatted(w, groups, channels, Integer.MAX_VALUE));
    }
    return (int) channels;
  }

  /** Refuses outputs that no array holds, of images and weights. */
  void requireY(String op, Shape x, Shape w) {
    Shape.of(op, x.dim(0), w.dim(0), rows.output(), columns.output());
  }

  /** Refuses images that no array holds, of weights and outputs, with more rows and columns. */
  void requireX(String op, Shape w, Shape y, int below, int right) {
    Shape x = Shape.of(op, y.dim(0), channels(op, w), rows.input(), columns.input());
    Shape higher = Axes.with(op, x, 2, (long) rows.input() + below);
    Axes.with(op, higher, 3, (long) columns.input() + right);
  }

  /** Checks that images and outputs fit each other and this geometry. */
  ConvSizes sizesOfXY(String op, Shape x, Shape y) {
    Images.requireRank4(op, "input", x);
    Images.requireRank4(op, "output", y);
    requireInput(op, x);
    requireOutput(op, y);
    if (x.dim(0) != y.dim(0)) {
      throw new ShapeException(
          op,
          "input %s has %s images, but the output %s has %s".formatted(x, x.dim(0), y, y.dim(0)));
    }
    requireDivided(op, x, groups);
    return sizes(op, x.dim(0), x.dim(1), "output", y, y.dim(1));
  }

  private ConvSizes sizes(
      String op, int batch, int channels, String what, Shape shape, int filters) {
    requireFilters(op, what, shape, filters);
    return new ConvSizes(batch, channels, filters, groups, Window.sizes(rows, columns));
  }

  /** Refuses images whose channels are not those that the weights expect. */
  void requireChannels(String op, Shape x, Shape w) {
    if (x.dim(1) != (long) w.dim(1) * groups) {
      throw new ShapeException(
          op,
          "input %s has %s channels, but the weights %s with groups=%s expect %s"
              .formatted(x, x.dim(1), w, groups, (long) w.dim(1) * groups));
    }
  }

  /** Refuses images whose channels the groups do not divide. */
  static void requireDivided(String op, Shape x, int groups) {
    if (x.dim(1) % groups != 0) {
      throw new ShapeException(
          op,
          "input %s has %s channels, which groups=%s does not divide"
              .formatted(x, x.dim(1), groups));
    }
  }

  /** Refuses filters that the groups do not divide. */
  void requireFilters(String op, String what, Shape shape, int filters) {
    if (filters % groups != 0) {
      throw new ShapeException(
          op,
          "%s %s: %s filters, which groups=%s does not divide"
              .formatted(what, shape, filters, groups));
    }
  }

  private void requireInput(String op, Shape x) {
    Images.requireSize(op, "input", x, rows.input(), columns.input());
  }

  private void requireWeights(String op, Shape w) {
    Images.requireSize(op, "weights", w, rows.kernel(), columns.kernel());
  }

  private void requireOutput(String op, Shape y) {
    Images.requireSize(op, "output", y, rows.output(), columns.output());
  }
}
