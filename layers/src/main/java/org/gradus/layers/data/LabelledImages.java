package org.gradus.layers.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.gradus.autograd.array.NdArray;
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
    this(images, labels.clone(), classes, images.shape());
    if (classes < 1) {
      throw new IllegalArgumentException(
          "labelled images: %d classes, expected at least 1".formatted(classes));
    }
    for (int i = 0; i < this.labels.length; i++) {
      if (this.labels[i] < 0 || this.labels[i] >= classes) {
        throw new IllegalArgumentException(
            "labelled images: label %d of image %d, expected 0 to %d"
                .formatted(this.labels[i], i, classes - 1));
      }
    }
  }

  private LabelledImages(NdArray images, int[] owned, int classes, Shape shape) {
    if (shape.rank() != 4) {
      throw new ShapeException(
          "labelled images",
          "the images %s have rank %d, expected 4".formatted(shape, shape.rank()));
    }
    if (shape.dim(0) != owned.length) {
      throw new ShapeException(
          "labelled images",
          "the images %s are %d, but there are %d labels"
              .formatted(shape, shape.dim(0), owned.length));
    }
    this.images = images;
    this.labels = owned;
    this.classes = classes;
  }

  /** The images [N, C, H, W]. */
  public NdArray images() {
    return images;
  }

  /** The class of each image, in a new array. */
  public int[] labels() {
    return labels.clone();
  }

  /** The class of an image, from 0 to classes - 1. */
  public int label(int image) {
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
   * @throws IndexOutOfBoundsException if one is out of its range
   */
  public Batch select(int... indices) {
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

  /** The first images and labels, for a quick try; all of them if there are no more. */
  public LabelledImages first(int count) {
    int[] indices = IntStream.range(0, Math.min(count, size())).toArray();
    Batch batch = select(indices);
    return new LabelledImages(batch.images(), batch.labels(), classes);
  }

  /** For example {@code 9000 images of [1, 28, 28] in 10 classes}. */
  @Override
  public String toString() {
    int[] dims = images.shape().toArray();
    return "%d images of %s in %d classes"
        .formatted(size(), Arrays.toString(Arrays.copyOfRange(dims, 1, 4)), classes);
  }
}
