package org.gradus.autograd.internal.kernel.vector;

import org.gradus.autograd.internal.kernel.Axis;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.Way;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.number.Integers;

/**
 * Which way a convolution goes. The first line that holds decides:
 *
 * <pre>
 *   condition                  forward            in the input         in the weights
 *   DEPTHWISE: a filter of     DoubleDepthwise    DoubleDepthwise      DoubleDepthwise
 *   3x3 for each plane, padded
 *   by 1, of stride 1 or 2
 *   WINOGRAD: 3x3, stride 1,   DoubleWinograd     DoubleWinograd       DoubleWinogradWeight
 *   no dilation, no groups,
 *   at least 16 channels, 16                                               (from 17 channels
 *   filters and 64 outputs,                                                and filters on)
 *   tiles at least half full
 *   IM2COL: slabs would be     DoubleIm2col       DoubleIm2col         DoubleIm2col
 *   much larger than the image
 *   TAPS: stride 1, input 1.3  DoubleConvolution  DoubleInputByTaps    DoubleConvolutionWeight
 *   times the output or more
 *   SLABS: any other           DoubleConvolution  DoubleInputByPhases  DoubleConvolutionWeight
 * </pre>
 *
 * <p>The columns are the methods conv2d, conv2dInput and conv2dWeight of the class named. On slabs,
 * 1 or 2 filters skip the panel of pixels, which so few do not repay, and so do 4, 6 and 8 where a
 * row of pixels fills a vector: see {@link #filters}. In the weights, filters that fill most of the
 * lanes go by {@code DoubleWeightByFilters}. All depends on sizes alone. Values decide inside the
 * ways of Winograd: {@code DoubleCertificate} and {@code DoubleSparseWeight} say why.
 */
final class Ways {
  /** The fewest channels and filters for which Winograd's transforms pay. */
  private static final int CHANNELS = 16;

  /** The same for the gradient in the weights, whose direct way is faster. */
  private static final int WEIGHTS = 17;

  /** The fewest pixels of an output for which they pay. */
  private static final int PIXELS = 64;

  /** The least share of the tiles' pixels that must lie in the output. */
  private static final double FILLED = 0.5;

  /** The largest slab, in multiples of the image, or of SMALL pixels if the image is smaller. */
  private static final int LARGER = 16;

  /** The pixels of a small image. */
  private static final int SMALL = 1 << 10;

  /**
   * Input pixels for each output pixel, above which taps are faster: phases compute every input
   * pixel with all taps, many of which meet zeros.
   */
  private static final double PADDING = 1.3;

  /** The same for at most FEW channels: too few rows for tiles of taps and channels. */
  private static final double PADDING_OF_FEW = 4;

  /** The longest row of a plane that is laid out with others like it. */
  private static final int LONG = 1 << 20;

  /** The most filters, or channels, that are too few for tiles. */
  private static final int FEW = 2;

  /** The most filters for which it does not pay to fill panels, if they come in pairs. */
  private static final int PAIRS = 8;

  private Ways() {}

  static Way forward(ConvSizes s) {
    if (isDepthwise(s)) {
      return Way.DEPTHWISE;
    }
    return transformsPay(s) ? Way.WINOGRAD : slabsFit(s) ? Way.SLABS : Way.IM2COL;
  }

  static Way inInput(ConvSizes s) {
    Way way = forward(s);
    return way == Way.SLABS && phasesPad(s) ? Way.TAPS : way;
  }

  static Way inWeights(ConvSizes s) {
    Way way = forward(s);
    boolean few = Math.min(s.channels(), s.filters()) < WEIGHTS;
    return way == Way.WINOGRAD && few && slabsFit(s) ? Way.SLABS : way;
  }

  /** Whether a way works for these sizes, fast or not. */
  static boolean allow(Way way, ConvSizes s) {
    return switch (way) {
      case IM2COL -> true;
      case SLABS -> slabsFit(s);
      case TAPS -> slabsFit(s) && hasStrideOne(s.window());
      case DEPTHWISE -> isDepthwise(s);
      case WINOGRAD -> isThreeByThree(s);
    };
  }

  /** Of planes with one filter each, and an output for each input or each second one. */
  private static boolean isDepthwise(ConvSizes s) {
    return s.groupChannels() == 1
        && s.groupFilters() == 1
        && isPadded(s.window().rows())
        && isPadded(s.window().columns())
        && s.window().rows().stride() == s.window().columns().stride();
  }

  private static boolean isPadded(Axis axis) {
    return axis.kernel() == 3
        && axis.dilation() == 1
        && axis.before() == 1
        && axis.input() <= LONG
        && (axis.stride() == 1 || axis.stride() == 2)
        && axis.output() == Integers.ceilDiv(axis.input(), axis.stride());
  }

  private static boolean transformsPay(ConvSizes s) {
    WindowSizes v = s.window();
    int side = DoubleTransforms.OUT;
    long tiles =
        (long) Integers.ceilDiv(v.rows().output(), side)
            * Integers.ceilDiv(v.columns().output(), side);
    return isThreeByThree(s)
        && s.channels() >= CHANNELS
        && s.filters() >= CHANNELS
        && v.outPlane() >= tiles * side * side * FILLED
        && v.outPlane() >= PIXELS;
  }

  private static boolean isThreeByThree(ConvSizes s) {
    return isOfThree(s.window().rows()) && isOfThree(s.window().columns()) && s.groups() == 1;
  }

  /** Whether windows are the pixels of the image, one by one. */
  static boolean isPointwise(ConvSizes s) {
    return isOfOne(s.window().rows()) && isOfOne(s.window().columns());
  }

  private static boolean isOfOne(Axis axis) {
    return axis.kernel() == 1
        && axis.stride() == 1
        && axis.before() == 0
        && axis.output() == axis.input();
  }

  private static boolean isOfThree(Axis axis) {
    return axis.kernel() == 3 && axis.stride() == 1 && axis.dilation() == 1;
  }

  private static boolean hasStrideOne(WindowSizes v) {
    return v.rows().stride() == 1 && v.columns().stride() == 1;
  }

  /**
   * Whether slabs and phases are not much larger than the image. A stride or a dilation that leads
   * far beyond it is left to kernels that copy no more than the windows.
   */
  private static boolean slabsFit(ConvSizes s) {
    WindowSizes v = s.window();
    return extent(v.rows()) * extent(v.columns()) <= LARGER * Math.max(SMALL, (long) v.inPlane());
  }

  private static long extent(Axis axis) {
    return axis.input() + (axis.kernel() - 1L) * axis.dilation() + axis.stride();
  }

  /** Whether phases would mostly multiply zeros around the cotangent, as without padding. */
  private static boolean phasesPad(ConvSizes s) {
    WindowSizes v = s.window();
    double padding = s.groupChannels() > FEW ? PADDING : PADDING_OF_FEW;
    return hasStrideOne(v) && v.inPlane() > padding * v.outPlane();
  }

  /** How the filters of one group meet the pixels of a slab. */
  enum Filters {
    /**
     * In tiles of a strip of filters and a panel that is filled with pixels, or, where {@link
     * DoubleSlabTiles} suit, and pay, with those of the slab itself.
     */
    IN_TILES,
    /**
     * In the lanes, straight from the slab, which needs vectors of 512 bits. To copy the outputs
     * costs as much as some thirty taps: so it pays where they lie apart, and tiles copy them too.
     */
    IN_LANES,
    /** In pairs, straight from the slab, some vectors of pixels at once. */
    IN_PAIRS,
    /** One at a time, over whole rows of the slab and what is between. */
    ONE_BY_ONE
  }

  /**
   * How this many filters meet the pixels: to fill a panel pays only if enough filters share it.
   *
   * @param columns of pixels in a row
   * @param step from one pixel of the result to the next
   * @param wide whether vectors have 512 bits
   */
  static Filters filters(int filters, int columns, int step, int lanes, boolean wide) {
    if (filters <= PAIRS && filters % 2 == 0 && step == 1 && columns >= lanes) {
      return Filters.IN_PAIRS;
    }
    if (wide && step > 1 && 2 * filters >= lanes) {
      return Filters.IN_LANES;
    }
    return filters <= FEW ? Filters.ONE_BY_ONE : Filters.IN_TILES;
  }
}
