package org.gradus.benchmarks.peer;

import java.util.function.Consumer;
import org.gradus.autograd.ops.ConvOptions;

/** Something made from the description of a network, layer by layer; see {@link Net}. */
interface NetBuilder {
  /** Square filters over images, with a bias. */
  NetBuilder conv(int in, int out, int kernel, ConvOptions options);

  /** As {@link #conv}, without a bias, for a normalisation follows. */
  NetBuilder convWithoutBias(int in, int out, int kernel, ConvOptions options);

  /** Filters over sequences, with stride 1 and a bias, and zeros around that keep the length. */
  NetBuilder conv1d(int in, int out, int kernel);

  /** Batch normalisation of images. */
  NetBuilder norm(int channels);

  NetBuilder relu();

  /** The maximum of windows of 2 x 2 that tile the image. */
  NetBuilder pool();

  /** The maximum of pairs that tile the sequence. */
  NetBuilder pool1d();

  /** The mean of each channel of an image. */
  NetBuilder globalPool();

  /** Each pixel becomes 2 x 2. */
  NetBuilder upsample();

  NetBuilder flatten();

  /** With a bias. */
  NetBuilder linear(int in, int out);

  /** The sum of what a body and a shortcut make of the input; an empty shortcut hands it on. */
  NetBuilder residual(Consumer<NetBuilder> body, Consumer<NetBuilder> shortcut);

  /** The input's channels, and behind them those that a body makes of it. */
  NetBuilder beside(Consumer<NetBuilder> body);
}
