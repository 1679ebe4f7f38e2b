package org.gradus.layers.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;

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

  /**
   * This batch in parts, in order, whose sizes differ by one at most: for gradients of one part
   * after the other, in less memory. The loss of the batch is the sum of the losses of the parts,
   * each times the part's share of the images.
   *
   * @param parts at least 1; a batch of fewer images has as many parts as images, and one of none
   *     has one
   * @throws IllegalArgumentException if there are fewer
   */
  public List<Batch> split(int parts) {
    if (parts < 1) {
      throw new IllegalArgumentException("batch: %s parts, expected at least 1".formatted(parts));
    }
    int count = Math.max(1, Math.min(parts, size()));
    return IntStream.range(0, count)
        .mapToObj(i -> part(start(i, count), start(i + 1, count)))
        .toList();
  }

  private int start(int part, int count) {
    return (int) ((long) size() * part / count);
  }

  private Batch part(int from, int to) {
    return new Batch(
        Ops.slice(Tensor.constant(images), 0, from, to).value(),
        Arrays.copyOfRange(labels, from, to));
  }

  /** The number of images, N. */
  public int size() {
    return labels.length;
  }
}
