package org.gradus.layers.data;

import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;

/**
 * Some images and their labels, ready for a forward pass and a loss.
 *
 * @param images [N, C, H, W]
 * @param labels the class of each image, N of them; owned by the batch: not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record Batch(NdArray images, int[] labels) {

  /**
   * Checks that there is a label for each image.
   *
   * @throws ShapeException if there is not
   */
  public Batch {
    Nulls.refuse("batch: images, labels", images, labels);
    LabelledImages.requireCount("batch", images.shape(), labels);
  }

  /** The number of images, N. */
  public int size() {
    return labels.length;
  }
}
