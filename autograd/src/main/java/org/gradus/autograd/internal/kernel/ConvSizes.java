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

  /** For a stride of 1, the convolution that the gradient in the input is, with turned weights. */
  public ConvSizes adjoint() {
    WindowSizes turned = new WindowSizes(window.rows().adjoint(), window.columns().adjoint());
    return new ConvSizes(batch, /* channels= */ filters, /* filters= */ channels, groups, turned);
  }
}
