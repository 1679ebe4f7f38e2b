package org.gradus.onnx;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.WindowOptions;

/**
 * How a window slides along the axes of images, of sequences, or of volumes.
 *
 * @param kernel the window's extents
 * @param stride from one output to the next, by axis
 * @param before padding, by axis
 * @param after padding, by axis
 * @param dilation between taps, by axis
 */
@SuppressWarnings("ArrayRecordComponent") // nobody changes them
record Slide(int[] kernel, int[] stride, int[] before, int[] after, int[] dilation) {

  /** The attributes of all operators with windows. */
  static final String RULES =
      "auto_pad:string=NOTSET|SAME_UPPER|SAME_LOWER|VALID strides:ints pads:ints";

  /** Refuses attributes that no window has. */
  static void check(Node node) {
    int rank = rank(node);
    require(node, "kernel_shape", rank, 1);
    require(node, "strides", rank, 1);
    require(node, "dilations", rank, 1);
    require(node, "pads", rank < 0 ? -1 : 2 * rank, 0);
    if (node.whole("group", 1) < 1) {
      throw new IllegalArgumentException(
          "attribute group is %s, expected at least 1".formatted(node.whole("group", 1)));
    }
  }

  private static int rank(Node node) {
    long[] kernel = node.wholes("kernel_shape");
    if (kernel != null && (kernel.length < 1 || kernel.length > 3)) {
      throw new IllegalArgumentException(
          "attribute kernel_shape is %s, expected 1 to 3 axes".formatted(Arrays.toString(kernel)));
    }
    return kernel == null ? -1 : kernel.length;
  }

  private static void require(Node node, String attribute, int count, long least) {
    long[] given = node.wholes(attribute);
    if (given == null) {
      return;
    }
    boolean isFit = count < 0 || given.length == count;
    if (!isFit || LongStream.of(given).anyMatch(i -> i < least || i > Integer.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "attribute %s is %s, expected %snumbers of at least %s"
              .formatted(attribute, Arrays.toString(given), count < 0 ? "" : count + " ", least));
    }
  }

  /**
   * The window of a call.
   *
   * @param x the shape of what it slides over, [N, C, ...]
   * @param extents of the window
   */
  static Slide of(Call call, Shape x, int[] extents) {
    int rank = x.rank() - 2;
    if (rank < 1 || rank > 3 || extents.length != rank) {
      throw call.refused(
          "input %s and a window of %s, expected one of 1 to 3 axes"
              .formatted(x, Arrays.toString(extents)));
    }
    Node node = call.node();
    int[] stride = ints(call, "strides", rank, 1);
    int[] dilation = ints(call, "dilations", rank, 1);
    int[] pads = ints(call, "pads", 2 * rank, 0);
    int[] before = Arrays.copyOf(pads, rank);
    int[] after = Arrays.copyOfRange(pads, rank, 2 * rank);
    String auto = node.text("auto_pad", "NOTSET");
    if (auto.equals("VALID")) {
      Arrays.fill(before, 0);
      Arrays.fill(after, 0);
    } else if (auto.startsWith("SAME")) {
      for (int i = 0; i < rank; i++) {
        int input = x.dim(i + 2);
        long outputs = (input + (long) stride[i] - 1) / stride[i];
        long needed = (outputs - 1) * stride[i] + dilation[i] * (extents[i] - 1L) + 1 - input;
        long total = Math.max(0, Math.min(Integer.MAX_VALUE, needed));
        int half = (int) (total / 2);
        before[i] = auto.equals("SAME_UPPER") ? half : (int) total - half;
        after[i] = (int) total - before[i];
      }
    }
    requirePadding(call, x, before, after);
    return new Slide(extents, stride, before, after, dilation);
  }

  /** Padding does not make too much of less. */
  private static void requirePadding(Call call, Shape x, int[] before, int[] after) {
    long[] dims = Arrays.stream(x.toArray()).asLongStream().toArray();
    boolean isPadded = false;
    for (int i = 0; i < before.length; i++) {
      long more = (long) before[i] + after[i];
      isPadded |= more > dims[i + 2];
      dims[i + 2] += more;
    }
    if (isPadded) {
      call.made(dims);
    }
  }

  /** An attribute with a number for each axis; the other one for all if it is not there. */
  static int[] ints(Call call, String attribute, int count, int other) {
    long[] given = call.node().wholes(attribute);
    if (given == null || given.length == 0) {
      int[] all = new int[count];
      Arrays.fill(all, other);
      return all;
    }
    if (given.length != count) {
      throw call.refused(
          "%s are %s, expected %s numbers".formatted(attribute, Arrays.toString(given), count));
    }
    return Call.ints(given);
  }

  int rank() {
    return kernel.length;
  }

  /** How it slides along an axis. */
  WindowOptions along(int axis) {
    return new WindowOptions(stride[axis], before[axis], after[axis], dilation[axis], false, false);
  }

  /** The same without the padding of an axis. */
  Slide unpadded(int axis) {
    int[] newBefore = before.clone();
    int[] newAfter = after.clone();
    newBefore[axis] = 0;
    newAfter[axis] = 0;
    return new Slide(kernel, stride, newBefore, newAfter, dilation);
  }
}
