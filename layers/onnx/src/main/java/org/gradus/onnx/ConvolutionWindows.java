package org.gradus.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.WindowOptions;

/** Convolutions of sequences, images and volumes, and transposed ones. */
final class ConvolutionWindows {
  private static final String RULES = Slide.RULES + " dilations:ints group:int kernel_shape:ints";

  private ConvolutionWindows() {}

  static List<Operator> operators() {
    return List.of(
        Operator.of("Conv", 1, 2, 3, RULES, ConvolutionWindows::conv)
            .with(Operator.Role.WEIGHT, 1, 2)
            .checked(Slide::check),
        Operator.of("ConvInteger", 10, 2, 4, RULES, ConvolutionWindows::convInteger)
            .checked(Slide::check),
        Operator.of(
                "ConvTranspose",
                1,
                2,
                3,
                RULES + " output_padding:ints output_shape:ints",
                ConvolutionWindows::transposed)
            .with(Operator.Role.WEIGHT, 1, 2)
            .checked(Slide::check));
  }

  private static Value conv(Call call) {
    Tensor w = call.tensor(1);
    Optional<Tensor> b = call.has(2) ? Optional.of(call.tensor(2)) : Optional.empty();
    return call.like(0, conv(call, call.tensor(0), w, b));
  }

  private static Value convInteger(Call call) {
    Tensor x = call.value(0).tensor(DType.FLOAT64);
    Tensor w = call.value(1).tensor(DType.FLOAT64);
    Tensor from = call.has(2) ? Ops.sub(x, call.value(2).tensor(DType.FLOAT64)) : x;
    if (call.has(3)) {
      Tensor zero = call.value(3).tensor(DType.FLOAT64);
      w = Ops.sub(w, zero.shape().rank() == 1 ? byFilter(zero, w) : zero);
    }
    Tensor y = conv(call, from, w, Optional.empty());
    return new Value.Data(y, Element.DOUBLE).host(Element.INT32);
  }

  /** A number for each filter as a shape that broadcasts with the filters. */
  private static Tensor byFilter(Tensor zero, Tensor w) {
    int[] dims = new int[w.shape().rank()];
    Arrays.fill(dims, 1);
    dims[0] = zero.shape().size();
    return Ops.reshape(zero, dims);
  }

  /** The convolution of x [N, C, ...] with w [F, C / groups, ...] as a node's attributes say. */
  static Tensor conv(Call call, Tensor x, Tensor w, Optional<Tensor> b) {
    Shape shape = w.shape();
    int[] kernel = Arrays.copyOfRange(shape.toArray(), Math.min(2, shape.rank()), shape.rank());
    requireKernel(call, kernel);
    Slide slide = Slide.of(call, x.shape(), kernel);
    int groups = call.node().whole("group", 1, 1, Integer.MAX_VALUE);
    if (slide.rank() == 3) {
      Tensor y = volumes(x, w, slide, groups);
      return b.isPresent() ? Ops.bias(y, b.orElseThrow()) : y;
    }
    ConvOptions options = options(slide, groups);
    if (slide.rank() == 1) {
      return b.isPresent() ? Ops.conv1d(x, w, b.orElseThrow(), options) : Ops.conv1d(x, w, options);
    }
    return b.isPresent() ? Ops.conv2d(x, w, b.orElseThrow(), options) : Ops.conv2d(x, w, options);
  }

  private static void requireKernel(Call call, int[] kernel) {
    long[] given = call.node().wholes("kernel_shape");
    if (given != null && !Arrays.equals(Call.ints(given), kernel)) {
      throw call.refused(
          "kernel_shape is %s, expected that of the weights, %s"
              .formatted(Arrays.toString(given), Arrays.toString(kernel)));
    }
  }

  private static ConvOptions options(Slide slide, int groups) {
    WindowOptions last = slide.along(slide.rank() - 1);
    WindowOptions first =
        slide.rank() == 1 ? ConvOptions.valid().rows() : slide.along(slide.rank() - 2);
    return new ConvOptions(first, last, groups);
  }

  // ---- volumes ---------------------------------------------------------------------------------

  /** The sum of a convolution of images for each tap along the depth. */
  private static Tensor volumes(Tensor x, Tensor w, Slide slide, int groups) {
    Tensor padded =
        Ops.pad(
            x,
            new int[] {0, 0, slide.before()[0], 0, 0},
            new int[] {0, 0, slide.after()[0], 0, 0},
            0);
    int stride = slide.stride()[0];
    int dilation = slide.dilation()[0];
    long span = dilation * (slide.kernel()[0] - 1L) + 1;
    long left = padded.shape().dim(2) - span;
    if (left < 0) {
      throw new IllegalArgumentException(
          "Conv: a window of depth %s for %s with padding".formatted(span, x.shape()));
    }
    int depth = (int) left / stride + 1;
    ConvOptions options = new ConvOptions(slide.along(1), slide.along(2), groups);
    Tensor sum = null;
    for (int tap = 0; tap < slide.kernel()[0]; tap++) {
      int from = tap * dilation;
      Tensor part = Ops.slice(padded, 2, from, from + (depth - 1) * stride + 1, stride);
      Tensor weights = Ops.squeeze(Ops.slice(w, 2, tap, tap + 1), 2);
      Tensor y = Ops.conv2d(asImages(part), weights, options);
      sum = sum == null ? y : Ops.add(sum, y);
    }
    return asVolumes(java.util.Objects.requireNonNull(sum), depth);
  }

  /** [N, C, D, H, W] as [N D, C, H, W]. */
  private static Tensor asImages(Tensor x) {
    int[] d = x.shape().toArray();
    return Ops.reshape(Ops.permute(x, 0, 2, 1, 3, 4), d[0] * d[2], d[1], d[3], d[4]);
  }

  /** [N D, C, H, W] as [N, C, D, H, W]. */
  private static Tensor asVolumes(Tensor x, int depth) {
    int[] d = x.shape().toArray();
    return Ops.permute(Ops.reshape(x, d[0] / depth, depth, d[1], d[2], d[3]), 0, 2, 1, 3, 4);
  }

  // ---- transposed ------------------------------------------------------------------------------

  /**
   * The window of a transposed convolution, and what its output has beyond it.
   *
   * @param slide with the padding that is cut off
   * @param more the output padding, by axis
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody changes them
  private record Growth(Slide slide, int[] more) {}

  private static Value transposed(Call call) {
    Tensor x = call.tensor(0);
    Tensor w = call.tensor(1);
    int[] kernel =
        Arrays.copyOfRange(w.shape().toArray(), Math.min(2, w.shape().rank()), w.shape().rank());
    requireKernel(call, kernel);
    Growth growth = growth(call, x.shape(), Slide.of(call, x.shape(), kernel));
    Slide slide = growth.slide();
    int groups = call.node().whole("group", 1, 1, Integer.MAX_VALUE);
    Tensor y =
        switch (slide.rank()) {
          case 1 -> Ops.convTranspose1d(x, w, options(slide, groups), growth.more()[0]);
          case 2 ->
              Ops.convTranspose2d(x, w, options(slide, groups), growth.more()[0], growth.more()[1]);
          default -> transposedVolumes(x, w, growth, groups);
        };
    return call.like(0, call.has(2) ? Ops.bias(y, call.tensor(2)) : y);
  }

  private static Growth growth(Call call, Shape x, Slide slide) {
    int rank = slide.rank();
    int[] more = Slide.ints(call, "output_padding", rank, 0);
    int[] before = slide.before().clone();
    int[] after = slide.after().clone();
    String auto = call.node().text("auto_pad", "NOTSET");
    boolean isSame = auto.startsWith("SAME");
    long[] wanted = call.node().wholes("output_shape");
    if (wanted != null && wanted.length > rank) { // some name the batch and the channels, too
      wanted = Arrays.copyOfRange(wanted, wanted.length - rank, wanted.length);
    }
    for (int i = 0; i < rank && (isSame || wanted != null); i++) {
      long full =
          (x.dim(i + 2) - 1L) * slide.stride()[i]
              + slide.dilation()[i] * (slide.kernel()[i] - 1L)
              + 1
              + more[i];
      long output = wanted != null ? wanted[i] : (long) x.dim(i + 2) * slide.stride()[i];
      long total = Math.max(0, full - output);
      more[i] = (int) Math.max(more[i], Math.min(Integer.MAX_VALUE / 2, more[i] + output - full));
      int half = (int) (total / 2);
      before[i] = auto.equals("SAME_UPPER") ? half : (int) total - half;
      after[i] = (int) total - before[i];
    }
    requireSize(call, x, slide, more);
    return new Growth(
        new Slide(slide.kernel(), slide.stride(), before, after, slide.dilation()), more);
  }

  /** The output with the padding that is cut off is not too large. */
  private static void requireSize(Call call, Shape x, Slide slide, int[] more) {
    long[] dims = new long[slide.rank() + 2];
    dims[0] = x.dim(0);
    dims[1] = call.shape(1).dim(1);
    for (int i = 0; i < slide.rank(); i++) {
      dims[i + 2] =
          Math.max(0, x.dim(i + 2) - 1L) * slide.stride()[i]
              + slide.dilation()[i] * (slide.kernel()[i] - 1L)
              + 1
              + Math.max(0, more[i]);
    }
    call.made(dims);
  }

  /** The sum of a transposed convolution of images for each tap along the depth. */
  private static Tensor transposedVolumes(Tensor x, Tensor w, Growth growth, int groups) {
    Slide slide = growth.slide();
    int stride = slide.stride()[0];
    int dilation = slide.dilation()[0];
    int depth = x.shape().dim(2);
    int full = (depth - 1) * stride + dilation * (slide.kernel()[0] - 1) + 1;
    int beyond = growth.more()[0];
    ConvOptions options = new ConvOptions(slide.along(1), slide.along(2), groups);
    Tensor sum = null;
    for (int tap = 0; tap < slide.kernel()[0]; tap++) {
      Tensor weights = Ops.squeeze(Ops.slice(w, 2, tap, tap + 1), 2);
      Tensor images =
          Ops.convTranspose2d(asImages(x), weights, options, growth.more()[1], growth.more()[2]);
      Tensor apart = apart(asVolumes(images, depth), stride);
      int from = tap * dilation;
      int behind = full + beyond - from - apart.shape().dim(2);
      Tensor placed =
          Ops.pad(apart, new int[] {0, 0, from, 0, 0}, new int[] {0, 0, behind, 0, 0}, 0);
      sum = sum == null ? placed : Ops.add(sum, placed);
    }
    return Ops.slice(
        java.util.Objects.requireNonNull(sum),
        2,
        slide.before()[0],
        full + beyond - slide.after()[0]);
  }

  /** With zeros between the slabs along the depth. */
  private static Tensor apart(Tensor x, int stride) {
    if (stride == 1) {
      return x;
    }
    int[] d = x.shape().toArray();
    Tensor spaced =
        Ops.pad(
            Ops.reshape(x, d[0], d[1], d[2], 1, d[3], d[4]),
            new int[6],
            new int[] {0, 0, 0, stride - 1, 0, 0},
            0);
    return Ops.slice(
        Ops.reshape(spaced, d[0], d[1], d[2] * stride, d[3], d[4]), 2, 0, (d[2] - 1) * stride + 1);
  }
}
