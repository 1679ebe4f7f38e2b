package org.gradus.layers.data;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;

/**
 * How images are altered at random. An image is [C, H, W], float32 or float64; what is computed is
 * computed in double precision and rounded to the element type once.
 *
 * <pre>{@code
 * Batches.shuffled(data, 128, seed)
 *     .augmented(Augmentations.crop(32, 32, 4))
 *     .augmented(Augmentations.flip())
 * }</pre>
 *
 * <p>Of numbers that are drawn "from a to b", all are equally likely.
 */
public final class Augmentations {
  /** Zhong et al. erase rectangles whose sides are to each other as 0.3 to 1, up to 1 to 0.3. */
  private static final double LEAST_ASPECT = 0.3;

  private Augmentations() {}

  // ---- pixels that change their places ---------------------------------------------------------

  /**
   * A window of the image, which is padded with zeros before; each place of the window is equally
   * likely. With the size of the image itself: a move by whole pixels, at most by the padding.
   *
   * <pre>
   *   result [C, height, width]
   *   result[c, i, j] = padded[c, top + i, left + j]
   *   top from 0 to H + 2 padding - height, left from 0 to W + 2 padding - width
   * </pre>
   *
   * <p>What it makes refuses an input that is no image, one that is smaller, when padded, than the
   * window, and a window of more elements than an array holds, by a {@link ShapeException}.
   *
   * @param height of the window, at least 1
   * @param width of the window, at least 1
   * @param padding rows or columns of zeros on each side, from 0 to 65536
   * @throws IllegalArgumentException if a number is out of its range
   */
  public static Augmentation crop(int height, int width, int padding) {
    if (height < 1 || width < 1 || padding < 0 || padding > 1 << 16) {
      throw new IllegalArgumentException(
          "crop: a window of %s x %s with padding %s, expected at least 1 x 1 and 0 to %s"
              .formatted(height, width, padding, 1 << 16));
    }
    return Image.augmentation(
        "crop", (image, random) -> cropped(image, height, width, padding, random));
  }

  private static Image cropped(
      Image image, int height, int width, int padding, RandomGenerator random) {
    int tops = image.height() + 2 * padding - height;
    int lefts = image.width() + 2 * padding - width;
    if (tops < 0 || lefts < 0) {
      throw new ShapeException(
          "crop",
          "an input of [%s, %s, %s] with padding %s, expected at least [C, %s, %s] when padded"
              .formatted(image.channels(), image.height(), image.width(), padding, height, width));
    }
    int top = random.nextInt(tops + 1) - padding;
    int left = random.nextInt(lefts + 1) - padding;
    Image made = image.blank("crop", height, width);
    int from = Math.max(0, -left); // columns of the window that are columns of the image
    int to = Math.min(width, image.width() - left);
    for (int c = 0; c < image.channels(); c++) {
      for (int i = Math.max(0, -top);
          i < Math.min(height, image.height() - top) && from < to;
          i++) {
        System.arraycopy(
            image.values(),
            image.row(c, top + i) + left + from,
            made.values(),
            made.row(c, i) + from,
            to - from);
      }
    }
    return made;
  }

  /**
   * The image, or with probability 1/2 its mirror image, of which left is right: {@code result[c,
   * i, j] = input[c, i, W - 1 - j]}. What it makes refuses an input that is no image by a {@link
   * ShapeException}.
   */
  public static Augmentation flip() {
    return Image.augmentation(
        "flip", (image, random) -> random.nextBoolean() ? flipped(image) : image);
  }

  private static Image flipped(Image image) {
    Image made = image.blank("flip", image.height(), image.width());
    int width = image.width();
    for (int at = 0; at < image.values().length; at++) {
      int j = at % width;
      made.values()[at - j + width - 1 - j] = image.values()[at];
    }
    return made;
  }

  /**
   * The image, or with probability 1/2 its mirror image, of which top is bottom: {@code result[c,
   * i, j] = input[c, H - 1 - i, j]}. What it makes refuses an input that is no image by a {@link
   * ShapeException}.
   */
  public static Augmentation flipVertically() {
    return Image.augmentation(
        "flipVertically", (image, random) -> random.nextBoolean() ? upsideDown(image) : image);
  }

  private static Image upsideDown(Image image) {
    Image made = image.blank("flipVertically", image.height(), image.width());
    int width = image.width();
    for (int c = 0; c < image.channels(); c++) {
      for (int i = 0; i < image.height(); i++) {
        int to = made.row(c, image.height() - 1 - i);
        System.arraycopy(image.values(), image.row(c, i), made.values(), to, width);
      }
    }
    return made;
  }

  // ---- images that are moved, turned and scaled ------------------------------------------------

  /**
   * The image, moved: as {@link #affine} with this move alone. For moves by whole pixels, which
   * interpolate nothing, see {@link #crop}.
   *
   * @param mostPixels the largest move, at least 0: rows and columns are drawn from -mostPixels to
   *     mostPixels, each by itself
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public static Augmentation shift(double mostPixels) {
    requireSize("shift", "pixels", mostPixels);
    return affine("shift", mostPixels, 0, 1, 1);
  }

  /**
   * The image, turned about its centre: as {@link #affine} with this turn alone.
   *
   * @param mostDegrees the largest angle, at least 0: it is drawn from -mostDegrees to mostDegrees
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public static Augmentation rotate(double mostDegrees) {
    requireSize("rotate", "degrees", mostDegrees);
    return affine("rotate", 0, mostDegrees, 1, 1);
  }

  /**
   * The image, made larger or smaller about its centre: as {@link #affine} with this factor alone.
   *
   * @param least the smallest factor, more than 0
   * @param most the largest factor, at least the least; above 1 an image is made larger
   * @throws IllegalArgumentException if a factor is out of its range
   */
  public static Augmentation scale(double least, double most) {
    requireFactors("scale", least, most);
    return affine("scale", 0, 0, least, most);
  }

  /**
   * The image, scaled and turned about its centre, then moved: in one step, so that it is
   * interpolated once.
   *
   * <pre>
   *   f from least to most; a from -mostDegrees to mostDegrees, anticlockwise;
   *   d[0], d[1] from -mostPixels to mostPixels, down and to the right
   *   centre = ((H - 1) / 2, (W - 1) / 2)
   *   source(p) = centre + 1/f [cos a, sin a; -sin a, cos a] (p - centre - d)
   *   result[c, p] = sum over q of input[c, q] h(source(p)[0] - q[0]) h(source(p)[1] - q[1])
   *   h(t) = max(0, 1 - |t|)
   * </pre>
   *
   * <p>That is bilinear interpolation, with zeros outside of the image. What weighs nothing is left
   * out, so that NaN spreads to its neighbours only. What it makes refuses an input that is no
   * image by a {@link ShapeException}.
   *
   * @param mostPixels the largest move, at least 0
   * @param mostDegrees the largest angle, at least 0
   * @param least the smallest factor, more than 0
   * @param most the largest factor, at least the least
   * @throws IllegalArgumentException if a number is out of its range
   */
  public static Augmentation affine(
      double mostPixels, double mostDegrees, double least, double most) {
    requireSize("affine", "pixels", mostPixels);
    requireSize("affine", "degrees", mostDegrees);
    requireFactors("affine", least, most);
    return affine("affine", mostPixels, mostDegrees, least, most);
  }

  private static Augmentation affine(
      String function, double mostPixels, double mostDegrees, double least, double most) {
    return Image.augmentation(
        function,
        (image, random) -> {
          double factor = between(least, most, random);
          double degrees = between(-mostDegrees, mostDegrees, random);
          double down = between(-mostPixels, mostPixels, random);
          double right = between(-mostPixels, mostPixels, random);
          return Resampling.of(factor, degrees, down, right).of(image);
        });
  }

  // ---- values that change ----------------------------------------------------------------------

  /**
   * The image, with a rectangle of zeros in all channels, with this probability: random erasing, as
   * Zhong et al. have it, but that the rectangle always fits.
   *
   * <pre>
   *   s from leastShare to mostShare; ln r from ln max(0.3, s) to ln min(1 / 0.3, 1 / s)
   *   rows H sqrt(s r), columns W sqrt(s / r), each rounded, and at least 1
   * </pre>
   *
   * <p>So the rectangle is s of the image, but for rounding, and each of its places is equally
   * likely. Where inputs are to have mean 0, erase behind their normalization: 0 is the mean then.
   * What it makes refuses an input that is no image by a {@link ShapeException}.
   *
   * @param probability from 0 to 1
   * @param leastShare the smallest rectangle's share of the image, more than 0
   * @param mostShare the largest one's, at least the least and at most 1
   * @throws IllegalArgumentException if a number is out of its range
   * @see <a href="https://arxiv.org/abs/1708.04896">Zhong et al., Random erasing data
   *     augmentation</a>
   */
  public static Augmentation erase(double probability, double leastShare, double mostShare) {
    requireProbability("erase", probability);
    if (!(leastShare > 0 && leastShare <= mostShare && mostShare <= 1)) {
      throw new IllegalArgumentException(
          "erase: shares %s to %s, expected 0 < least <= most <= 1"
              .formatted(leastShare, mostShare));
    }
    return Image.augmentation(
        "erase",
        (image, random) ->
            random.nextDouble() < probability && image.values().length > 0
                ? erased(image, between(leastShare, mostShare, random), random)
                : image);
  }

  private static Image erased(Image image, double share, RandomGenerator random) {
    double least = StrictMath.log(Math.max(LEAST_ASPECT, share));
    double most = StrictMath.log(Math.min(1 / LEAST_ASPECT, 1 / share));
    double aspect = StrictMath.exp(between(least, most, random));
    int rows = side(image.height(), share * aspect);
    int columns = side(image.width(), share / aspect);
    int top = random.nextInt(image.height() - rows + 1);
    int left = random.nextInt(image.width() - columns + 1);
    for (int c = 0; c < image.channels(); c++) {
      for (int i = top; i < top + rows; i++) {
        int from = image.row(c, i) + left;
        Arrays.fill(image.values(), from, from + columns, 0);
      }
    }
    return image;
  }

  private static int side(int whole, double squaredShare) {
    return (int) Math.max(1, Math.min(whole, Math.round(whole * Math.sqrt(squaredShare))));
  }

  /**
   * The image in other colours. One factor after the other is drawn, each from 1 - strength to 1 +
   * strength, and applied:
   *
   * <pre>
   *   brightness b: x = b x
   *   contrast k:   x = m + k (x - m), where m is the mean of g over the image
   *   saturation s: x = g + s (x - g); an image of one channel stays as it is
   *   g of a pixel: 0.299 red + 0.587 green + 0.114 blue; of one channel, x
   * </pre>
   *
   * <p>Meant for values from 0 to 1, before they are normalized. What comes to lie outside of 0 to
   * 1 is not cut off. What it makes refuses inputs other than [1, H, W] and [3, H, W] by a {@link
   * ShapeException}.
   *
   * @param brightness its strength, from 0 to 1
   * @param contrast its strength, from 0 to 1
   * @param saturation its strength, from 0 to 1
   * @throws IllegalArgumentException if a strength is out of its range
   */
  public static Augmentation colour(double brightness, double contrast, double saturation) {
    requireStrength("brightness", brightness);
    requireStrength("contrast", contrast);
    requireStrength("saturation", saturation);
    return Image.augmentation(
        "colour",
        (image, random) -> {
          Colours.require(image);
          double b = between(1 - brightness, 1 + brightness, random);
          double k = between(1 - contrast, 1 + contrast, random);
          double s = between(1 - saturation, 1 + saturation, random);
          return Colours.of(image, b, k, s);
        });
  }

  /**
   * The input, to each element of which a number of its own is added, normally distributed with
   * mean 0. The input may be of any shape.
   *
   * @param deviation of the numbers, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public static Augmentation noise(double deviation) {
    requireSize("noise", "deviation", deviation);
    return (input, random) -> {
      Nulls.refuse("apply: input, random", input, random);
      double[] values = Values.of(input);
      for (int i = 0; i < values.length; i++) {
        values[i] += deviation * random.nextGaussian();
      }
      return Values.array(input.dtype(), values, input.shape());
    };
  }

  // ---- choices ---------------------------------------------------------------------------------

  /**
   * An augmentation with this probability, and else nothing.
   *
   * @param probability from 0 to 1
   * @param augmentation makes inputs of the shape that it is given
   * @throws IllegalArgumentException if the probability is out of its range
   */
  public static Augmentation sometimes(double probability, Augmentation augmentation) {
    Nulls.refuse("sometimes: augmentation", augmentation);
    requireProbability("sometimes", probability);
    return (input, random) -> {
      Nulls.refuse("apply: input, random", input, random);
      NdArray made = input;
      if (random.nextDouble() < probability) {
        made = augmentation.apply(input, random);
      }
      return made;
    };
  }

  /** A number from one to another; the first where they are equal. One number is drawn. */
  private static double between(double from, double to, RandomGenerator random) {
    return from + (to - from) * random.nextDouble();
  }

  private static void requireProbability(String function, double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "%s: probability %s, expected 0 to 1".formatted(function, probability));
    }
  }

  private static void requireStrength(String what, double strength) {
    if (!(strength >= 0 && strength <= 1)) {
      throw new IllegalArgumentException(
          "colour: %s %s, expected 0 to 1".formatted(what, strength));
    }
  }

  private static void requireSize(String function, String what, double size) {
    if (!(size >= 0 && size <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "%s: %s %s, expected at least 0, and a float32 number".formatted(function, what, size));
    }
  }

  private static void requireFactors(String function, double least, double most) {
    if (!(least >= 1e-6 && least <= most && most <= 1e6)) {
      throw new IllegalArgumentException(
          "%s: factors %s to %s, expected 0.000001 <= least <= most <= 1000000"
              .formatted(function, least, most));
    }
  }
}
