package org.gradus.benchmarks.peer;

/** Something made from the description of a network, layer by layer; see {@link Net}. */
interface NetBuilder {
  /** Square filters with stride 1, {@code padding} zeros on each side, and a bias. */
  NetBuilder conv(int in, int out, int kernel, int padding);

  NetBuilder relu();

  /** The maximum of windows of 2 x 2 that tile the image. */
  NetBuilder pool();

  NetBuilder flatten();

  /** With a bias. */
  NetBuilder linear(int in, int out);
}
