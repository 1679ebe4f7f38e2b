package org.gradus.benchmarks.peer;

import java.util.SplittableRandom;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;

/** The networks: each is described once, and built from that for both sides. */
enum Net {
  /** As in the example {@code TrainDigits}: 6 and 16 filters of 5x5, then 120, 84, 10. */
  LENET("LeNet-5", 1, 28, 28) {
    @Override
    void describe(NetBuilder net) {
      net.conv(1, 6, 5, PLAIN).relu().pool(); // [N, 6, 12, 12]
      net.conv(6, 16, 5, PLAIN).relu().pool(); // [N, 16, 4, 4]
      net.flatten().linear(256, 120).relu().linear(120, 84).relu().linear(84, CLASSES);
    }
  },

  /** Two hidden layers of 512. */
  MLP("MLP 784-512-512-10", 784) {
    @Override
    void describe(NetBuilder net) {
      net.linear(784, 512).relu().linear(512, 512).relu().linear(512, CLASSES);
    }
  },

  /** Three convolutions of sequences. */
  SEQUENCES("1-D CNN", 1, 512) {
    @Override
    void describe(NetBuilder net) {
      net.conv1d(1, 16, 7).relu().pool1d(); // [N, 16, 256]
      net.conv1d(16, 32, 5).relu().pool1d(); // [N, 32, 128]
      net.conv1d(32, 64, 5).relu().pool1d(); // [N, 64, 64]
      net.flatten().linear(64 * 64, CLASSES);
    }
  },

  /** Pairs of 3x3 convolutions of 32, 64 and 128 filters, each pair with pooling behind it. */
  VGG("VGG-like net", 3, 32, 32) {
    @Override
    void describe(NetBuilder net) {
      net.conv(3, 32, 3, AROUND).relu().conv(32, 32, 3, AROUND).relu().pool(); // [N, 32, 16, 16]
      net.conv(32, 64, 3, AROUND).relu().conv(64, 64, 3, AROUND).relu().pool(); // [N, 64, 8, 8]
      net.conv(64, 128, 3, AROUND).relu().conv(128, 128, 3, AROUND).relu().pool();
      net.flatten().linear(128 * 4 * 4, CLASSES);
    }
  },

  /** Of He et al., for small images: three stages of three residual blocks. */
  RESNET("ResNet-20", 3, 32, 32) {
    @Override
    void describe(NetBuilder net) {
      net.convWithoutBias(3, 16, 3, AROUND).norm(16).relu();
      int in = 16;
      for (int width : new int[] {16, 32, 64}) {
        for (int block = 0; block < 3; block++) {
          residual(net, in, width);
          in = width;
        }
      }
      net.globalPool().flatten().linear(64, CLASSES);
    }

    private void residual(NetBuilder net, int in, int out) {
      int stride = out / in;
      net.residual(
          body -> {
            body.convWithoutBias(in, out, 3, AROUND.stride(stride)).norm(out).relu();
            body.convWithoutBias(out, out, 3, AROUND).norm(out);
          },
          shortcut -> {
            if (stride > 1) {
              shortcut.convWithoutBias(in, out, 1, PLAIN.stride(stride)).norm(out);
            }
          });
      net.relu();
    }
  },

  /** Depthwise and 1x1 convolutions in turn, after Howard et al. */
  MOBILENET("MobileNet-like net", 3, 32, 32) {
    @Override
    void describe(NetBuilder net) {
      net.convWithoutBias(3, 32, 3, AROUND).norm(32).relu();
      separable(net, 32, 64, 1);
      separable(net, 64, 128, 2);
      separable(net, 128, 128, 1);
      separable(net, 128, 256, 2);
      separable(net, 256, 256, 1);
      net.globalPool().flatten().linear(256, CLASSES);
    }

    private void separable(NetBuilder net, int in, int out, int stride) {
      net.convWithoutBias(in, in, 3, AROUND.stride(stride).groups(in)).norm(in).relu();
      net.convWithoutBias(in, out, 1, PLAIN).norm(out).relu();
    }
  },

  /** After Ronneberger et al.: down twice, up twice, with what was seen on the way down. */
  UNET("U-Net-like net", 1, 64, 64) {
    @Override
    void describe(NetBuilder net) {
      pair(net, 1, 16);
      net.beside(
          half -> {
            half.pool();
            pair(half, 16, 32);
            half.beside(
                quarter -> {
                  quarter.pool();
                  pair(quarter, 32, 64);
                  quarter.upsample();
                });
            pair(half, 32 + 64, 32);
            half.upsample();
          });
      pair(net, 16 + 32, 16);
      net.conv(16, 1, 1, PLAIN);
    }

    private void pair(NetBuilder net, int in, int out) {
      net.conv(in, out, 3, AROUND).relu().conv(out, out, 3, AROUND).relu();
    }

    @Override
    boolean makesImages() {
      return true;
    }
  };

  static final int CLASSES = 10;
  private static final ConvOptions PLAIN = ConvOptions.valid();
  private static final ConvOptions AROUND = PLAIN.padding(1);

  private final String title;
  private final int[] example;

  Net(String title, int... example) {
    this.title = title;
    this.example = example;
  }

  abstract void describe(NetBuilder net);

  /** Whether the output is an image of the input's shape, and not a row of logits. */
  boolean makesImages() {
    return false;
  }

  /** What it is called in the table. */
  String title() {
    return title;
  }

  /** The shape of a batch of examples. */
  Shape inputs(int batch) {
    int[] dims = new int[example.length + 1];
    dims[0] = batch;
    System.arraycopy(example, 0, dims, 1, example.length);
    return Shape.of(dims);
  }

  /** The network in Gradus; the same weights each time. */
  GradusNet gradus() {
    GradusNet net = new GradusNet(new SplittableRandom(1));
    describe(net);
    return net;
  }

  /** The network as lines of TorchScript. */
  ScriptNet script(boolean training) {
    ScriptNet net = new ScriptNet(training);
    describe(net);
    return net;
  }
}
