package org.gradus.autograd.internal.kernel;

/**
 * A convolution of x [batch, channels, inH, inW] with w [filters, channels / groups, kernelH,
 * kernelW] to y [batch, filters, outH, outW].
 */
public record ConvSizes(int batch, int channels, int filters, int groups, WindowSizes window) {

  /** The channels that one filter reads. */
  public int groupChannels() {
    return channels / groups;
  }

  /** The filters that read the same channels. */
  public int groupFilters() {
    return filters / groups;
  }

  /** The weights of one filter. */
  public int filterSize() {
    return groupChannels() * window.kernelH() * window.kernelW();
  }
}
