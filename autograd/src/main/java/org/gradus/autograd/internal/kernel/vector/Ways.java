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
 *   condition                  forward            in the input    in the weights
 *   3x3, stride 1, no          DoubleWinograd     DoubleWinograd  DoubleWinogradWeight
 *   dilation, no groups,
 *   many channels
 *   slabs much larger          DoubleIm2col       DoubleIm2col    DoubleIm2col
 *   than the image
 *   stride 1, and the image    DoubleConvolution  DoubleTaps      DoubleConvolutionWeight
 *   larger than the output
 *   any other                  DoubleConvolution  DoublePhases    DoubleConvolutionWeight
 * </pre>
 *
 * <p>The methods are conv2d, conv2dInput and conv2dWeight. Few filters of any slab meet its pixels
 * without panels: see {@link #filters}. All depends on sizes alone. Values decide inside the ways
 * of Winograd: {@code DoubleCertificate} and {@code DoubleSparseWeight} say why.
 */
final class Ways {
  /** The fewest channels and filters for which Winograd's transforms pay. */
  private static final int CHANNELS = 16;

  /** The fewest pixels of an output for which they pay. */
  private static final int PIXELS = 64;

  /** The least part of the tiles' pixels that the output must have. */
  private static final double FILLED = 0.5;

  /** How many times as large as an image, or a small one, what is copied of it may be. */
  private static final int LARGER = 16;

  /** The pixels of a small image. */
  private static final int SMALL = 1 << 10;

  /** Pixels of the input for each output, of which phases compute too many. */
  private static final double PADDING = 1.3;

  /** The same for so few channels that they fill no tile of all taps and channels. */
  private static final double PADDING_OF_FEW = 4;

  /** The most filters, or channels, that are too few for tiles. */
  private static final int FEW = 2;

  /** The most filters for which it does not pay to fill panels, if they come in pairs. */
  private static final int PAIRS = 8;

  private Ways() {}

  static Way forward(ConvSizes s) {
    return transformsPay(s) ? Way.WINOGRAD : slabsFit(s) ? Way.SLABS : Way.WINDOWS;
  }

  static Way inInput(ConvSizes s) {
    Way way = forward(s);
    return way == Way.SLABS && phasesPad(s) ? Way.TAPS : way;
  }

  static Way inWeights(ConvSizes s) {
    return forward(s);
  }

  /** Whether a way can be gone, well or not. */
  static boolean allow(Way way, ConvSizes s) {
    return switch (way) {
      case WINDOWS -> true;
      case SLABS -> slabsFit(s);
      case TAPS -> slabsFit(s) && hasStrideOne(s.window());
      case WINOGRAD -> isThreeByThree(s);
    };
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

  /** Whether phases would compute much more than there is: windows without padding do. */
  private static boolean phasesPad(ConvSizes s) {
    WindowSizes v = s.window();
    double padding = s.groupChannels() > FEW ? PADDING : PADDING_OF_FEW;
    return hasStrideOne(v) && v.inPlane() > padding * v.outPlane();
  }

  /** How the filters of one group meet the pixels of a slab. */
  enum Filters {
    /** In tiles of a strip of filters and a panel that is filled with pixels. */
    IN_TILES,
    /** In pairs, straight from the slab, some vectors of pixels at once. */
    IN_PAIRS,
    /** One at a time, over whole rows of the slab and what is between. */
    ONE_BY_ONE
  }

  /**
   * How so many filters meet the pixels: a panel must be worth its filling.
   *
   * @param columns of pixels in a row
   * @param step from one pixel of the result to the next
   */
  static Filters filters(int filters, int columns, int step, int lanes) {
    if (filters <= PAIRS && filters % 2 == 0 && step == 1 && columns >= lanes) {
      return Filters.IN_PAIRS;
    }
    return filters <= FEW ? Filters.ONE_BY_ONE : Filters.IN_TILES;
  }
}
