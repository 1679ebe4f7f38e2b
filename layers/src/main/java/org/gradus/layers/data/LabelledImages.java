package org.gradus.layers.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Images and the class of each: a data set, or a part of one. Immutable; labels are copied on the
 * way in and out, images are shared.
 */
public final class LabelledImages {
  private final NdArray images;
  private final int[] labels;
  private final int classes;

  /**
   * These images with these labels.
   *
   * @param images [N, C, H, W]; pixels of IDX files are from 0 to 1
   * @param labels N of them, each from 0 to classes - 1
   * @param classes how many classes there are, at least 1
   * @throws ShapeException if the images have another rank or number
   * @throws IllegalArgumentException if a label or the number of classes is out of its range
   */
  public LabelledImages(NdArray images, int[] labels, int classes) {
    Nulls.refuse("labelled images: images, labels", images, labels);
    requireCount("labelled images", images.shape(), labels);
    requireClasses("labelled images", classes);
    this.images = images;
    this.labels = labels.clone();
    this.classes = classes;
    for (int i = 0; i < this.labels.length; i++) {
      if (this.labels[i] < 0 || this.labels[i] >= classes) {
        throw new IllegalArgumentException(
            "labelled images: label %s of image %s, expected 0 to %s"
                .formatted(this.labels[i], i, classes - 1));
      }
    }
  }

  static void requireCount(String what, Shape images, int[] labels) {
    if (images.rank() != 4 || images.dim(0) != labels.length) {
      throw new ShapeException(
          what,
          "images %s with %s labels, expected [%s, C, H, W]"
              .formatted(images, labels.length, labels.length));
    }
  }

  static void requireClasses(String what, int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException(
          "%s: %s classes, expected at least 1".formatted(what, classes));
    }
  }

  /** The images [N, C, H, W]. */
  public NdArray images() {
    return images;
  }

  /** The class of each image, in a new array. */
  public int[] labels() {
    return labels.clone();
  }

  /**
   * The class of an image, from 0 to classes - 1.
   *
   * @param image from 0 to size - 1
   * @throws IllegalArgumentException if there is no such image
   */
  public int label(int image) {
    if (image < 0 || image >= labels.length) {
      throw new IllegalArgumentException(
          "labelled images: there is no image %s among %s".formatted(image, labels.length));
    }
    return labels[image];
  }

  /** How many classes there are. */
  public int classes() {
    return classes;
  }

  /** The number of images, N. */
  public int size() {
    return labels.length;
  }

  /**
   * Copies of some images and their labels, in this order.
   *
   * @param indices from 0 to size - 1; one may be there more than once
   * @throws IllegalArgumentException if there is no such image
   */
  public Batch select(int... indices) {
    Nulls.refuse("select: indices", indices);
    Shape shape = images.shape().with(0, indices.length);
    int length = images.shape().size(1, 4);
    int[] selected = Arrays.stream(indices).map(this::label).toArray();
    if (images.storage() instanceof float[] pixels) {
      float[] copies = new float[shape.size()];
      gather(pixels, copies, length, indices);
      return new Batch(NdArray.wrap(copies, shape), selected);
    }
    double[] copies = new double[shape.size()];
    gather(images.storage(), copies, length, indices);
    return new Batch(NdArray.wrap(copies, shape), selected);
  }

  private static void gather(Object from, Object to, int length, int[] indices) {
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(from, indices[i] * length, to, i * length, length);
    }
  }

  /**
   * The first images and labels; all of them if there are no more.
   *
   * @throws IllegalArgumentException if the count is negative
   */
  public LabelledImages first(int count) {
    if (count < 0) {
      throw new IllegalArgumentException(
          "labelled images: the first %s, expected at least 0".formatted(count));
    }
    Batch batch = select(IntStream.range(0, Math.min(count, size())).toArray());
    return new LabelledImages(batch.images(), batch.labels(), classes);
  }

  /** For example {@code 9000 images of [1, 28, 28] in 10 classes}. */
  @Override
  public String toString() {
    int[] dims = images.shape().toArray();
    return "%s images of %s in %s classes"
        .formatted(size(), Arrays.toString(Arrays.copyOfRange(dims, 1, 4)), classes);
  }
}
