package org.gradus.autograd.internal.kernel.vector;

import java.util.List;
import java.util.Optional;
import org.gradus.autograd.internal.kernel.Binary;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.KernelProvider;
import org.gradus.autograd.internal.kernel.MatmulSizes;
import org.gradus.autograd.internal.kernel.PixelKernels;
import org.gradus.autograd.internal.kernel.Unary;
import org.gradus.autograd.internal.kernel.Update;
import org.gradus.autograd.internal.kernel.Way;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.kernel.plain.DoublePlainKernels;
import org.gradus.autograd.internal.kernel.plain.DoublePooling;
import org.jspecify.annotations.Nullable;

/**
 * The kernels on the Vector API: products, convolutions, and what elementwise loops gain from it.
 * The rest is that of {@link DoublePlainKernels}. Nothing but {@link KernelProvider} makes them,
 * and that by name: the module may be absent.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
public final class DoubleVectorKernels extends DoublePlainKernels {
  /** The way of all convolutions that can go it. */
  private final @Nullable Way forced;

  private final DoublePixelKernels pixels = new DoublePixelKernels();

  /** As the sizes say. */
  public DoubleVectorKernels() {
    this(null);
  }

  private DoubleVectorKernels(@Nullable Way forced) {
    super(new VectorBlocks(), DoubleRunLanes.make());
    this.forced = forced;
  }

  @Override
  public int lanes() {
    return DoubleTiles.LANES;
  }

  @Override
  public void unary(Unary f, /*wide*/ double c, double[] x, double[] y) {
    if (DoubleLanewise.has(f)) {
      DoubleLanewise.unary(f, c, x, y);
    } else {
      super.unary(f, c, x, y);
    }
  }

  @Override
  public void binary(
      Binary f, int[] shape, double[] a, int[] stridesA, double[] b, int[] stridesB, double[] y) {
    DoubleLanewise.binary(f, shape, a, stridesA, b, stridesB, y);
  }

  @Override
  public void where(
      int[] shape,
      double[] mask,
      int[] stridesMask,
      double[] a,
      int[] stridesA,
      double[] b,
      int[] stridesB,
      double[] y) {
    DoubleLanewise.where(shape, mask, stridesMask, a, stridesA, b, stridesB, y);
  }

  @Override
  public void update(Update rule, double[] g, double[] p, List<double[]> kept, double[] y) {
    DoubleUpdateLanes.update(rule, g, p, kept, y);
  }

  @Override
  public boolean isFinite(double[] x) {
    return DoubleTiles.areFinite(x, 0, x.length);
  }

  @Override
  public boolean isBetween(/*wide*/ double least, /*wide*/ double most, double[] x) {
    return DoubleExtremeLanes.areBetween(false, (double) least, (double) most, x);
  }

  @Override
  public boolean isWithin(/*wide*/ double least, /*wide*/ double most, double[] x) {
    return DoubleExtremeLanes.areBetween(true, (double) least, (double) most, x);
  }

  @Override
  public void argMax(boolean largest, int before, int axis, int after, double[] x, int[] index) {
    DoubleExtremeLanes.argMax(largest, before, axis, after, x, index);
  }

  @Override
  public void max(boolean largest, int before, int axis, int after, double[] x, double[] y) {
    DoubleExtremeLanes.max(largest, before, axis, after, x, y);
  }

  @Override
  public void matmul(MatmulSizes s, double[] a, double[] b, double[] c) {
    DoubleVectorMatmul.matmul(s, a, b, c);
  }

  @Override
  public List<Way> ways(ConvSizes s) {
    return List.of(way(Ways.forward(s), s), way(Ways.inInput(s), s), way(Ways.inWeights(s), s));
  }

  @Override
  public DoubleVectorKernels forcedTo(Way way) {
    return new DoubleVectorKernels(way);
  }

  /** The way that all convolutions go, if it can be gone, or else the one that was chosen. */
  private Way way(Way chosen, ConvSizes s) {
    return forced != null && Ways.allow(forced, s) ? forced : chosen;
  }

  @Override
  public Optional<PixelKernels<double[]>> pixels() {
    return Optional.of(pixels);
  }

  @Override
  public void conv2d(ConvSizes s, double[] x, double[] w, double[] b, double[] y) {
    switch (way(Ways.forward(s), s)) {
      case DEPTHWISE -> DoubleDepthwise.conv2d(s, x, w, b, y);
      case WINOGRAD -> DoubleWinograd.conv2d(s, x, w, b, y);
      case SLABS, TAPS -> // TAPS if forced, and means slabs here
          DoubleConvolution.conv2d(s, x, w, b, y);
      case IM2COL -> super.conv2d(s, x, w, b, y);
    }
  }

  @Override
  public void conv2dInput(ConvSizes s, double[] w, double[] y, double[] x) {
    switch (way(Ways.inInput(s), s)) {
      case DEPTHWISE -> DoubleDepthwise.conv2dInput(s, w, y, x);
      case WINOGRAD -> DoubleWinograd.conv2dInput(s, w, y, x);
      case SLABS -> DoubleInputByPhases.conv2dInput(s, w, y, x);
      case TAPS -> DoubleInputByTaps.conv2dInput(s, w, y, x);
      case IM2COL -> super.conv2dInput(s, w, y, x);
    }
  }

  @Override
  public void conv2dWeight(ConvSizes s, double[] x, double[] y, double[] w) {
    switch (way(Ways.inWeights(s), s)) {
      case DEPTHWISE -> DoubleDepthwise.conv2dWeight(s, x, y, w);
      case WINOGRAD -> DoubleWinogradWeight.conv2dWeight(s, x, y, w);
      case SLABS, TAPS -> DoubleConvolutionWeight.conv2dWeight(s, x, y, w);
      case IM2COL -> super.conv2dWeight(s, x, y, w);
    }
  }

  @Override
  public void maxPool(int planes, WindowSizes sizes, double[] x, double[] h, double[] y) {
    if (sizes.areWhole() && x == h) {
      DoubleExtremeLanes.max(true, planes, sizes.inPlane(), 1, x, y);
    } else {
      DoubleQuads.maxPool(planes, sizes, x, h, y);
    }
  }

  @Override
  public void maxPoolInput(int planes, WindowSizes sizes, double[] x, double[] g, double[] h) {
    DoublePooling.shared(
        sizes, g, h, (from, to) -> DoubleQuads.maxPoolInput(planes, sizes, x, from, to));
  }
}
