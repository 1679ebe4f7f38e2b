package org.gradus.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.Ops;

/** Convolutions with bias: of images, of their transposed kind, and of sequences. */
final class ConvolutionCases {
  private static final ConvOptions PLAIN = ConvOptions.valid();

  private ConvolutionCases() {}

  static List<Case> all() {
    ConvOptions around = PLAIN.padding(1);
    List<Op> ops =
        List.of(
            images(32, 64, 32, 64, 3, around.groups(64)),
            images(32, 64, 32, 64, 3, around.groups(64).stride(2)),
            images(32, 64, 32, 128, 1, PLAIN),
            images(32, 256, 8, 256, 1, PLAIN),
            images(1, 256, 8, 256, 1, PLAIN),
            images(8, 3, 112, 64, 7, PLAIN.padding(3).stride(2)),
            images(32, 64, 32, 128, 3, around.stride(2)),
            images(32, 64, 56, 64, 3, around),
            images(32, 32, 32, 64, 3, PLAIN),
            images(1, 64, 56, 64, 3, around),
            images(32, 32, 16, 32, 5, PLAIN.padding(2)),
            images(64, 8, 14, 16, 5, PLAIN),
            images(64, 1, 28, 8, 5, PLAIN),
            images(32, 64, 16, 64, 3, around.groups(4)),
            images(32, 32, 32, 32, 3, PLAIN.padding(2).dilation(2)),
            transposed(32, 64, 16, 32, 4, around.stride(2)),
            sequences(64, 16, 512, 32, 5, 2));
    List<Case> cases = new ArrayList<>();
    ops.forEach(op -> cases.addAll(op.both()));
    return cases;
  }

  /** Of n square images of c channels, by f square filters. */
  private static Op images(int n, int c, int size, int f, int kernel, ConvOptions options) {
    Input x = Input.variable("x", n, c, size, size);
    Input w = Input.variable("w", f, c / options.groups(), kernel, kernel);
    return op(
        "conv2d %s, %s of %sx%s%s".formatted(x.shape(), f, kernel, kernel, text(options)),
        in -> Ops.conv2d(in.get(0), in.get(1), in.get(2), options),
        "torch.conv2d(x, w, b, [%1$s, %1$s], [%2$s, %2$s], [%3$s, %3$s], %4$s)"
            .formatted(stride(options), padding(options), dilation(options), options.groups()),
        x,
        w,
        f);
  }

  private static Op transposed(int n, int c, int size, int f, int kernel, ConvOptions options) {
    Input x = Input.variable("x", n, c, size, size);
    Input w = Input.variable("w", c, f, kernel, kernel);
    return op(
        "convTranspose2d %s, %s of %sx%s%s".formatted(x.shape(), f, kernel, kernel, text(options)),
        in -> Ops.convTranspose2d(in.get(0), in.get(1), in.get(2), options),
        "torch.conv_transpose2d(x, w, b, [%1$s, %1$s], [%2$s, %2$s], [0, 0], 1, [1, 1])"
            .formatted(stride(options), padding(options)),
        x,
        w,
        f);
  }

  private static Op sequences(int n, int c, int length, int f, int kernel, int padding) {
    Input x = Input.variable("x", n, c, length);
    Input w = Input.variable("w", f, c, kernel);
    ConvOptions options = PLAIN.padding(0, padding);
    return op(
        "conv1d %s, %s of %s".formatted(x.shape(), f, kernel),
        in -> Ops.conv1d(in.get(0), in.get(1), in.get(2), options),
        "torch.conv1d(x, w, b, [1], [%s], [1], 1)".formatted(padding),
        x,
        w,
        f);
  }

  private static Op op(
      String name,
      java.util.function.Function<Values, Tensor> ours,
      String theirs,
      Input x,
      Input w,
      int filters) {
    Op op = Op.of(name, ours, theirs, x, w, Input.variable("b", filters));
    Shape y = op.cotangent().shape();
    // Each weight meets each place of a channel: of the output, or, transposed, of the input.
    boolean transposed = name.startsWith("convTranspose2d");
    int places = (transposed ? x.shape() : y).size() / (transposed ? x.shape() : y).dim(1);
    return op.flops(2.0 * places * w.shape().size());
  }

  private static int stride(ConvOptions options) {
    return options.rows().stride();
  }

  private static int padding(ConvOptions options) {
    return options.rows().padBefore();
  }

  private static int dilation(ConvOptions options) {
    return options.rows().dilation();
  }

  private static String text(ConvOptions options) {
    StringBuilder text = new StringBuilder();
    append(text, "padding", padding(options), 0);
    append(text, "stride", stride(options), 1);
    append(text, "dilation", dilation(options), 1);
    append(text, "groups", options.groups(), 1);
    return text.toString();
  }

  private static void append(StringBuilder text, String name, int number, int usual) {
    if (number != usual) {
      text.append(", ").append(name).append(' ').append(number);
    }
  }
}
