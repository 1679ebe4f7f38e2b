package org.gradus.layers.files;

import java.util.LinkedHashMap;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.PoolOptions;
import org.gradus.layers.AbstractLayer;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Dropout;
import org.gradus.layers.Flatten;
import org.gradus.layers.GlobalAvgPool2d;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Pass;
import org.gradus.layers.Relu;
import org.gradus.layers.Relu6;
import org.gradus.layers.Sequential;

/**
 * Three nets, each made of layers, and beside it the names and shapes of its state in PyTorch, as
 * the rules of torchvision's models give them: with the counts of steps, which are scalars.
 */
final class TorchNets {
  private TorchNets() {}

  // ---- layers ----------------------------------------------------------------------------------

  private static Conv2d conv(int in, int out, int kernel, int stride, int groups) {
    ConvOptions options = ConvOptions.valid().stride(stride).padding(kernel / 2).groups(groups);
    return new Conv2d(zeros(out, in / groups, kernel, kernel), options);
  }

  private static Linear linear(int in, int out) {
    return new Linear(zeros(out, in), zeros(out));
  }

  private static NdArray zeros(int... dims) {
    return NdArray.zeros(DType.FLOAT32, Shape.of(dims));
  }

  /** The net of LeCun and others for digits [N, 1, 28, 28]. */
  static Layer leNet() {
    ConvOptions same = ConvOptions.valid().padding(2);
    return new Sequential()
        .then("conv1", new Conv2d(zeros(6, 1, 5, 5), zeros(6), same))
        .then("relu1", new Relu())
        .then("pool1", new MaxPool2d(2))
        .then("conv2", new Conv2d(zeros(16, 6, 5, 5), zeros(16), ConvOptions.valid()))
        .then("relu2", new Relu())
        .then("pool2", new MaxPool2d(2))
        .then("flat", new Flatten())
        .then("fc1", linear(400, 120))
        .then("relu3", new Relu())
        .then("fc2", linear(120, 84))
        .then("relu4", new Relu())
        .then("fc3", linear(84, 10));
  }

  /** Two convolutions, beside which the input goes by. */
  private static final class BasicBlock extends AbstractLayer {
    private final Layer conv1;
    private final Layer bn1;
    private final Layer conv2;
    private final Layer bn2;
    private final Layer downsample;

    BasicBlock(int in, int out, int stride) {
      conv1 = part("conv1", conv(in, out, 3, stride, 1));
      bn1 = part("bn1", new BatchNorm2d(out));
      conv2 = part("conv2", conv(out, out, 3, 1, 1));
      bn2 = part("bn2", new BatchNorm2d(out));
      boolean isSame = in == out && stride == 1;
      downsample =
          part(
              "downsample",
              isSame
                  ? new Sequential()
                  : new Sequential(conv(in, out, 1, stride, 1), new BatchNorm2d(out)));
    }

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      Tensor y = Ops.relu(bn1.forward(conv1.forward(x, pass), pass));
      y = bn2.forward(conv2.forward(y, pass), pass);
      return Ops.relu(Ops.add(y, downsample.forward(x, pass)));
    }
  }

  static Layer resNet18() {
    Sequential net =
        new Sequential()
            .then("conv1", conv(3, 64, 7, 2, 1))
            .then("bn1", new BatchNorm2d(64))
            .then("relu", new Relu())
            .then("maxpool", new MaxPool2d(PoolOptions.window(3).stride(2).padding(1)));
    int in = 64;
    for (int i = 1; i <= 4; i++) {
      int out = 32 << i;
      Layer first = new BasicBlock(in, out, i == 1 ? 1 : 2);
      net = net.then("layer" + i, new Sequential(first, new BasicBlock(out, out, 1)));
      in = out;
    }
    return net.then("avgpool", new GlobalAvgPool2d())
        .then("flat", new Flatten())
        .then("fc", linear(512, 1000));
  }

  private static Sequential normalised(Conv2d conv, int out) {
    return new Sequential(conv, new BatchNorm2d(out), new Relu6());
  }

  /** Widens, filters each channel by itself, narrows; beside which the input may go by. */
  private static final class InvertedResidual extends AbstractLayer {
    private final Layer conv;
    private final boolean isResidual;

    InvertedResidual(int in, int out, int stride, int factor) {
      int hidden = in * factor;
      isResidual = stride == 1 && in == out;
      Sequential all = new Sequential();
      int place = 0;
      if (factor > 1) {
        all = all.then("" + place++, normalised(conv(in, hidden, 1, 1, 1), hidden));
      }
      all = all.then("" + place++, normalised(conv(hidden, hidden, 3, stride, hidden), hidden));
      all = all.then("" + place++, conv(hidden, out, 1, 1, 1));
      conv = part("conv", all.then("" + place, new BatchNorm2d(out)));
    }

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      Tensor y = conv.forward(x, pass);
      return isResidual ? Ops.add(x, y) : y;
    }
  }

  /** Factor, channels, repetitions and first stride of the groups of MobileNet-v2. */
  private static final int[][] GROUPS = {
    {1, 16, 1, 1},
    {6, 24, 2, 2},
    {6, 32, 3, 2},
    {6, 64, 4, 2},
    {6, 96, 3, 1},
    {6, 160, 3, 2},
    {6, 320, 1, 1}
  };

  static Layer mobileNetV2() {
    Sequential features = new Sequential().then("0", normalised(conv(3, 32, 3, 2, 1), 32));
    int in = 32;
    int place = 1;
    for (int[] group : GROUPS) {
      for (int i = 0; i < group[2]; i++) {
        int stride = i == 0 ? group[3] : 1;
        features =
            features.then("" + place++, new InvertedResidual(in, group[1], stride, group[0]));
        in = group[1];
      }
    }
    features = features.then("" + place, normalised(conv(in, 1280, 1, 1, 1), 1280));
    return new Sequential()
        .then("features", features)
        .then("pool", new GlobalAvgPool2d())
        .then("flat", new Flatten())
        .then("classifier", new Sequential(new Dropout(0.2), linear(1280, 1000)));
  }

  // ---- names -----------------------------------------------------------------------------------

  /** Names and shapes of a state. */
  static final class Names {
    private final Map<String, Shape> all = new LinkedHashMap<>();

    Map<String, Shape> all() {
      return all;
    }

    private Names conv(String name, int out, int in, int kernel) {
      all.put(name + ".weight", Shape.of(out, in, kernel, kernel));
      return this;
    }

    private Names norm(String name, int channels) {
      for (String own : new String[] {"weight", "bias", "running_mean", "running_var"}) {
        all.put(name + "." + own, Shape.of(channels));
      }
      all.put(name + ".num_batches_tracked", Shape.SCALAR);
      return this;
    }

    private Names linear(String name, int in, int out) {
      all.put(name + ".weight", Shape.of(out, in));
      return bias(name, out);
    }

    private Names bias(String name, int out) {
      all.put(name + ".bias", Shape.of(out));
      return this;
    }
  }

  static Map<String, Shape> leNetNames() {
    return new Names()
        .conv("conv1", 6, 1, 5)
        .bias("conv1", 6)
        .conv("conv2", 16, 6, 5)
        .bias("conv2", 16)
        .linear("fc1", 400, 120)
        .linear("fc2", 120, 84)
        .linear("fc3", 84, 10)
        .all();
  }

  static Map<String, Shape> resNet18Names() {
    Names names = new Names().conv("conv1", 64, 3, 7).norm("bn1", 64);
    int[] channels = {64, 64, 128, 256, 512};
    for (int i = 1; i <= 4; i++) {
      for (int block = 0; block < 2; block++) {
        String name = "layer%s.%s.".formatted(i, block);
        int in = block == 0 ? channels[i - 1] : channels[i];
        names.conv(name + "conv1", channels[i], in, 3).norm(name + "bn1", channels[i]);
        names.conv(name + "conv2", channels[i], channels[i], 3).norm(name + "bn2", channels[i]);
        if (i > 1 && block == 0) {
          names.conv(name + "downsample.0", channels[i], in, 1);
          names.norm(name + "downsample.1", channels[i]);
        }
      }
    }
    return names.linear("fc", 512, 1000).all();
  }

  static Map<String, Shape> mobileNetV2Names() {
    Names names = new Names().conv("features.0.0", 32, 3, 3).norm("features.0.1", 32);
    names.conv("features.1.conv.0.0", 32, 1, 3).norm("features.1.conv.0.1", 32);
    names.conv("features.1.conv.1", 16, 32, 1).norm("features.1.conv.2", 16);
    int[] channels = {16, 24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320};
    for (int i = 1; i < channels.length; i++) {
      String name = "features.%s.conv.".formatted(i + 1);
      int wide = 6 * channels[i - 1];
      names.conv(name + "0.0", wide, channels[i - 1], 1).norm(name + "0.1", wide);
      names.conv(name + "1.0", wide, 1, 3).norm(name + "1.1", wide);
      names.conv(name + "2", channels[i], wide, 1).norm(name + "3", channels[i]);
    }
    names.conv("features.18.0", 1280, 320, 1).norm("features.18.1", 1280);
    return names.linear("classifier.1", 1280, 1000).all();
  }
}
