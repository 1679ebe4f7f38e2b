package org.gradus.autograd.internal.kernel;

/**
 * The sizes of a convolution: x [batch, channels, input plane] with w [filters, channels / groups,
 * kernel] gives y [batch, filters, output plane]; the window has the planes' sizes.
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
    return groupChannels() * window.rows().kernel() * window.columns().kernel();
  }
}
