package org.gradus.autograd.internal.kernel;

/**
 * A convolution of x [batch, channels, inH, inW] with w [filters, channels / groups, kernelH,
 * kernelW] to y [batch, filters, outH, outW].
 */
public record ConvSizes(int batch, int channels, int filters, int groups, WindowSizes window) {

  /** The channels that one filter reads. */
  int groupChannels() {
    return channels / groups;
  }

  /** The filters that read the same channels. */
  int groupFilters() {
    return filters / groups;
  }

  /** The weights of one filter. */
  int filterSize() {
    return groupChannels() * window.kernelH() * window.kernelW();
  }
}
