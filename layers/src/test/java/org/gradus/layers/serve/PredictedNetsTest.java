package org.gradus.layers.serve;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.AvgPool2d;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Conv1d;
import org.gradus.layers.Conv2d;
import org.gradus.layers.ConvTranspose2d;
import org.gradus.layers.DepthwiseConv2d;
import org.gradus.layers.Dropout;
import org.gradus.layers.Flatten;
import org.gradus.layers.Gelu;
import org.gradus.layers.GlobalAvgPool2d;
import org.gradus.layers.GroupNorm;
import org.gradus.layers.Layer;
import org.gradus.layers.LayerNorm;
import org.gradus.layers.Linear;
import org.gradus.layers.LogSoftmax;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Relu;
import org.gradus.layers.Residual;
import org.gradus.layers.Sequential;
import org.gradus.layers.Sigmoid;
import org.gradus.layers.Silu;
import org.gradus.layers.Softmax;
import org.gradus.layers.Tanh;
import org.gradus.layers.UpsampleNearest;
import org.gradus.layers.init.Initializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Predictions of nets of each kind, of which only some parts are kernels of pixels. */
class PredictedNetsTest {
  private static final int MANY = 19;

  /** A net, and the shape of an example. */
  enum Kind {
    DIGITS(1, 28, 28) {
      @Override
      Layer net(SplittableRandom random) {
        return new Sequential(
            new Conv2d(1, 6, 5, random),
            new Relu(),
            new MaxPool2d(2),
            new Conv2d(6, 16, 5, random),
            new Relu(),
            new MaxPool2d(2),
            new Flatten(),
            new Linear(256, 30, random),
            new Relu(),
            new Linear(30, 10, random));
      }
    },
    FEW_CHANNELS(2, 9, 12) {
      @Override
      Layer net(SplittableRandom random) {
        return new Sequential(
            new Conv2d(2, 3, 3, same(), random),
            new Relu(),
            new DepthwiseConv2d(3, 3, same(), random),
            new MaxPool2d(3),
            new Conv2d(3, 5, 3, same(), random),
            new Tanh(),
            new Conv2d(5, 2, 1, random));
      }
    },
    SEPARABLE(3, 16, 16) {
      @Override
      Layer net(SplittableRandom random) {
        return new Sequential(
            new Conv2d(3, 24, 3, same(), random).withoutBias(),
            new BatchNorm2d(24),
            new Relu(),
            new DepthwiseConv2d(24, 3, valid().padding(1).stride(2), random),
            new BatchNorm2d(24),
            new Relu(),
            new Conv2d(24, 40, 1, random),
            new DepthwiseConv2d(40, 5, same(), random),
            new Silu(),
            new Residual(new DepthwiseConv2d(40, 3, same(), random)),
            new Relu(),
            new GlobalAvgPool2d(),
            new Flatten(),
            new Linear(40, 4, random));
      }
    },
    SMOOTH(3, 12, 12) {
      @Override
      Layer net(SplittableRandom random) {
        return new Sequential(
            new Conv2d(3, 16, 3, same(), random).withoutBias(),
            new BatchNorm2d(16),
            new Silu(),
            new Residual(
                new Sequential(
                    new Conv2d(16, 16, 3, same(), random), new BatchNorm2d(16), new Gelu())),
            new Sigmoid(),
            new Dropout(0.5),
            new AvgPool2d(2),
            new Flatten(),
            new Linear(16 * 36, 5, random),
            new LogSoftmax(1));
      }
    },
    GROUPED(4, 11, 9) {
      @Override
      Layer net(SplittableRandom random) {
        return new Sequential(
            new Conv2d(4, 16, 3, same().groups(2), random),
            new Relu(),
            new Conv2d(16, 8, 3, valid().padding(2).dilation(2), random),
            new GroupNorm(2, 8),
            new Conv2d(8, 8, 3, same(), random),
            new Relu(),
            new ConvTranspose2d(8, 4, 2, valid().stride(2), random),
            new Conv2d(4, 2, 3, same(), random));
      }
    },
    UP_AND_DOWN(1, 16, 16) {
      @Override
      Layer net(SplittableRandom random) {
        Layer first = new Sequential(new Conv2d(1, 8, 3, same(), random), new Relu());
        Layer inner =
            new Sequential(
                new MaxPool2d(2),
                new Conv2d(8, 16, 3, same(), random),
                new Relu(),
                new UpsampleNearest(2));
        Layer last = new Conv2d(24, 2, 3, same(), random);
        return new Sequential(
            first, (Layer) x -> Ops.concat(1, x, inner.forward(x)), last, new Softmax(1));
      }
    },
    SEQUENCES(2, 40) {
      @Override
      Layer net(SplittableRandom random) {
        return new Sequential(
            new Conv1d(2, 8, 5, same(), random),
            new Relu(),
            new Flatten(),
            new Linear(320, 6, random));
      }
    },
    TOKENS(7, 12) {
      @Override
      Layer net(SplittableRandom random) {
        return new Sequential(
            new Linear(12, 20, random),
            new Gelu(),
            new LayerNorm(20),
            new Residual(new Sequential(new Linear(20, 20, random), new Relu())),
            new Linear(20, 12, random),
            new Softmax(2));
      }
    },
    DOUBLES(2, 8, 8) {
      @Override
      Layer net(SplittableRandom random) {
        NdArray weight =
            NdArray.generate(DType.FLOAT64, Shape.of(8, 2, 3, 3), i -> random.nextGaussian());
        return new Sequential(
            new Conv2d(weight, same()),
            new Relu(),
            new Flatten(),
            new Linear(512, 3, Initializer.heNormal(), DType.FLOAT64, random));
      }
    };

    @SuppressWarnings("ImmutableEnumChecker") // a shape is immutable
    private final Shape example;

    Kind(int... example) {
      this.example = Shape.of(example);
    }

    Layer net() {
      return net(new SplittableRandom(7));
    }

    abstract Layer net(SplittableRandom random);

    NdArray input(int batch, Layer net) {
      SplittableRandom numbers = new SplittableRandom(batch);
      DType dtype = net.parameters().get(0).dtype();
      return NdArray.generate(dtype, example.stacked("shape", batch), i -> numbers.nextGaussian());
    }

    Predictor predictor(Layer net) {
      return Predictor.of(net, example.toArray());
    }
  }

  private static NdArray part(NdArray x, int first, int count) {
    int each = x.size() / x.shape().dim(0);
    Shape shape = x.shape().with(0, count);
    return NdArray.generate(x.dtype(), shape, i -> x.at(first * each + i));
  }

  private static void assertClose(NdArray expected, NdArray found) {
    assertEquals(expected.shape(), found.shape());
    double most = 1;
    for (int i = 0; i < expected.size(); i++) {
      most = Double.isFinite(expected.at(i)) ? Math.max(most, Math.abs(expected.at(i))) : most;
    }
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.at(i), found.at(i), 1e-5 * most);
    }
  }

  @ParameterizedTest
  @EnumSource
  void predictionsAreThoseOfForwardInAnyBatch(Kind kind) {
    Layer net = kind.net();
    Predictor predictor = kind.predictor(net);
    NdArray x = kind.input(MANY, net);
    NdArray all = predictor.predict(x);
    assertEquals(Optional.empty(), predictor.reason());
    assertClose(net.predict(x), all);
    assertEquals(net.predict(x), predictor.exact().predict(x));
    for (int count : new int[] {1, 2, 3, 7, MANY - 1}) {
      for (int first = 0; first + count <= MANY; first += Math.max(1, count - 1)) {
        assertEquals(
            part(all, first, count), predictor.predict(part(x, first, count)), count + " examples");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotFiniteIsWhatForwardMakes(Kind kind) {
    Layer net = kind.net();
    Predictor predictor = kind.predictor(net);
    int each = kind.input(1, net).size();
    double[] special = {
      Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 3e38, -3e38
    };
    for (int i = 0; i < special.length; i++) {
      double number = special[i];
      NdArray x = kind.input(3, net);
      int place = each + new SplittableRandom(i).nextInt(each); // in the second example
      NdArray odd = NdArray.generate(x.dtype(), x.shape(), at -> at == place ? number : x.at(at));
      NdArray expected = net.predict(odd);
      NdArray found = predictor.predict(odd);
      NdArray others = predictor.predict(x);
      assertEquals(part(others, 0, 1), part(found, 0, 1), "its neighbour");
      assertEquals(part(others, 2, 1), part(found, 2, 1), "its neighbour");
      if (part(expected, 1, 1).isFinite()) {
        assertClose(expected, found);
      } else {
        assertEquals(part(expected, 1, 1), part(found, 1, 1), "of " + number);
      }
    }
  }

  @Test
  void weightsThatAreNotFiniteOrWouldNotBeAreNotFolded() {
    SplittableRandom random = new SplittableRandom(3);
    for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 3e38}) {
      for (int which = 0; which < 3; which++) {
        Conv2d first = new Conv2d(2, 4, 3, same(), random);
        BatchNorm2d norm = new BatchNorm2d(4);
        Layer net = new Sequential(first, norm, new Relu(), new Conv2d(4, 2, 1, random));
        var changed = List.of(first.weight(), norm.parameters().get(0), norm.buffers().get(1));
        var parameter = changed.get(which); // in one channel: all others stay as they are
        double given = which == 2 && number != Double.POSITIVE_INFINITY ? 1e-38 : number;
        NdArray value = parameter.value();
        parameter.set(
            NdArray.generate(value.dtype(), value.shape(), i -> i == 1 ? given : value.at(i)));
        NdArray x =
            NdArray.generate(DType.FLOAT32, Shape.of(2, 2, 8, 8), i -> random.nextGaussian());
        NdArray expected = net.predict(x);
        NdArray found = Predictor.of(net, 2, 8, 8).predict(x);
        assertClose(expected, found);
      }
    }
  }

  @Test
  void onlyBatchesThatCannotBeRecordedGoByForward() {
    Linear linear = new Linear(3, 2, new SplittableRandom(1));
    Layer net =
        x -> {
          double factor = x.shape().dim(0) == 3 ? x.value().at(0) : 1;
          return Ops.mul(linear.forward(x), factor);
        };
    NdArray x = NdArray.generate(DType.FLOAT32, Shape.of(3, 3), i -> i - 3.5);
    Predictor predictor = Predictor.of(net, 3);
    assertEquals(Optional.empty(), predictor.reason());
    assertEquals(net.predict(x), predictor.predict(x));
    assertEquals(net.predict(x), predictor.exact().predict(x));
    String reason = predictor.reason(3).orElseThrow();
    assertTrue(reason.startsWith("recording: the value of the output of input"), reason);
    assertEquals(Optional.of("for N = 3: " + reason), predictor.reason());
    assertEquals(Optional.empty(), predictor.reason(2));
    assertClose(net.predict(part(x, 0, 2)), predictor.predict(part(x, 0, 2)));
    assertEquals(reason, predictor.maximumBatch(4).reason(3).orElseThrow());
    for (int batch : new int[] {0, 65}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> predictor.reason(batch)).getMessage();
      assertEquals("reason: a batch of " + batch + ", expected 1 to 64", message);
    }
  }

  @Test
  void aBatchThatTheNetRefusesIsRefusedInItsWords() {
    Layer net = x -> x.shape().dim(0) < 3 ? x : Ops.add(x, Ops.reshape(x, 7));
    Predictor predictor = Predictor.of(net, 2);
    NdArray x = NdArray.zeros(DType.FLOAT32, Shape.of(3, 2));
    String expected =
        assertThrows(IllegalArgumentException.class, () -> net.predict(x)).getMessage();
    for (int again = 0; again < 2; again++) {
      assertEquals(
          expected,
          assertThrows(IllegalArgumentException.class, () -> predictor.predict(x)).getMessage());
    }
  }

  @Test
  void eightThreadsPredictBatchesOfAllSizes() throws Exception {
    Layer net = Kind.SEPARABLE.net();
    Predictor predictor = Kind.SEPARABLE.predictor(net);
    NdArray x = Kind.SEPARABLE.input(64, net);
    NdArray all = Kind.SEPARABLE.predictor(net).predict(x);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<NdArray>> tasks = new ArrayList<>();
      for (int i = 0; i < 128; i++) {
        int count = 1 + i % 64;
        tasks.add(() -> predictor.predict(part(x, 0, count)));
      }
      List<Future<NdArray>> found = threads.invokeAll(tasks);
      for (int i = 0; i < found.size(); i++) {
        assertEquals(part(all, 0, 1 + i % 64), found.get(i).get());
      }
    } finally {
      threads.shutdown();
    }
  }
}
