package org.gradus.benchmarks.peer;

import java.util.SplittableRandom;
import org.gradus.autograd.array.Shape;

/** The networks that are trained: each is described once, and built from that by both sides. */
enum Net {
  /** As in the example {@code TrainDigits}: 6 and 16 filters of 5x5, then 120, 84, 10. */
  LENET("LeNet-5", 1, 28) {
    @Override
    void describe(NetBuilder builder) {
      builder.conv(1, 6, 5, 0).relu().pool(); // [N, 6, 12, 12]
      builder.conv(6, 16, 5, 0).relu().pool(); // [N, 16, 4, 4]
      builder.flatten().linear(256, 120).relu().linear(120, 84).relu().linear(84, CLASSES);
    }
  },

  /** Pairs of 3x3 convolutions of 32, 64 and 128 filters, each pair with pooling behind it. */
  VGG("VGG-like net", 3, 32) {
    @Override
    void describe(NetBuilder builder) {
      builder.conv(3, 32, 3, 1).relu().conv(32, 32, 3, 1).relu().pool(); // [N, 32, 16, 16]
      builder.conv(32, 64, 3, 1).relu().conv(64, 64, 3, 1).relu().pool(); // [N, 64, 8, 8]
      builder.conv(64, 128, 3, 1).relu().conv(128, 128, 3, 1).relu().pool(); // [N, 128, 4, 4]
      builder.flatten().linear(128 * 4 * 4, CLASSES);
    }
  };

  static final int CLASSES = 10;

  private final String title;
  private final int channels;
  private final int size;

  Net(String title, int channels, int size) {
    this.title = title;
    this.channels = channels;
    this.size = size;
  }

  abstract void describe(NetBuilder builder);

  /** What it is called in the table. */
  String title() {
    return title;
  }

  /** The shape of a batch of images. */
  Shape images(int batch) {
    return Shape.of(batch, channels, size, size);
  }

  /** The network in Gradus; the same weights each time. */
  GradusNet gradus() {
    GradusNet net = new GradusNet(new SplittableRandom(1));
    describe(net);
    return net;
  }

  /** Floating-point operations of a training step on a batch; see {@link StepFlops}. */
  double stepFlops(int batch) {
    StepFlops flops = new StepFlops(size);
    describe(flops);
    return flops.ofOneImage() * batch;
  }
}
