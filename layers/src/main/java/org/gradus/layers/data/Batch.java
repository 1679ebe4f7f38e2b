package org.gradus.layers.data;

import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;

/**
 * Some images and their labels, ready for a forward pass and a loss.
 *
 * @param images [N, C, H, W]
 * @param labels the class of each image, N of them, none negative; copied on the way in and out
 */
@SuppressWarnings("ArrayRecordComponent")
public record Batch(NdArray images, int[] labels) {

  /**
   * Checks that there is a label for each image, and that it can be a class.
   *
   * @throws ShapeException if there is not one for each image
   * @throws IllegalArgumentException if a label is negative
   */
  public Batch {
    Nulls.refuse("batch: images, labels", images, labels);
    LabelledImages.requireCount("batch", images.shape(), labels);
    labels = labels.clone();
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0) {
        throw new IllegalArgumentException(
            "batch: label %s of image %s, expected at least 0".formatted(labels[i], i));
      }
    }
  }

  /** The class of each image, in a new array. */
  @Override
  public int[] labels() {
    return labels.clone();
  }

  /** The number of images, N. */
  public int size() {
    return labels.length;
  }
}
