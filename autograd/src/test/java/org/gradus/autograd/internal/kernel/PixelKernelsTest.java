package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Kernels of pixels beside bare loops, over drawn sizes. */
class PixelKernelsTest {
  private static final double ERROR = 1e-5;

  private final SplittableRandom random = new SplittableRandom(1);
  private final PixelKernels<float[]> kernels =
      KernelProvider.vector().orElseThrow().floats().pixels().orElseThrow();

  private float[] drawn(int n) {
    float[] all = new float[n];
    for (int i = 0; i < n; i++) {
      all[i] = (float) random.nextGaussian();
    }
    return all;
  }

  /** Images with a border of zeros. */
  private float[] images(Pixels p) {
    float[] all = new float[p.size()];
    for (int image = 0; image < p.images(); image++) {
      for (int place : PixelConv.places(p)) {
        System.arraycopy(drawn(p.channels()), 0, all, image * p.image() + place, p.channels());
      }
    }
    return all;
  }

  private int from(int... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private PixelConv sizes(boolean isDepthwise) {
    int channels = from(1, 2, 3, 7, 16, 17, 33, 64, 300);
    int outputs = isDepthwise ? channels : from(1, 6, 15, 16, 17, 31, 32, 33, 48, 50, 120, 130);
    int kernel = from(1, 3, 5);
    int stride = from(1, 1, 2);
    int border = kernel / 2 + random.nextInt(2);
    int height = from(kernel, 5, 9);
    int width = from(kernel, 6, 11);
    Pixels in = new Pixels(from(1, 2, 3, 5, 13), channels, height, width, border);
    int rows = (height + kernel / 2 * 2 - kernel) / stride + 1;
    int columns = (width + kernel / 2 * 2 - kernel) / stride + 1;
    Pixels out = new Pixels(in.images(), outputs, rows, columns, random.nextInt(2));
    return new PixelConv(in, out, kernel, kernel, stride, stride, kernel / 2, kernel / 2);
  }

  @Test
  void convolutionsAreThoseOfBareLoops() {
    for (int i = 0; i < 200; i++) {
      boolean isDepthwise = i % 4 == 0;
      PixelConv s = sizes(isDepthwise);
      int outputs = s.out().channels();
      float[] x = images(s.in());
      float[] w = drawn(isDepthwise ? s.depth() : s.depth() * outputs);
      float[] b = drawn(outputs);
      boolean adds = random.nextBoolean();
      Pixels other = new Pixels(s.out().images(), outputs, s.out().height(), s.out().width(), 1);
      float[] added = images(other);
      double least = random.nextBoolean() ? 0 : Double.NEGATIVE_INFINITY;
      double most = random.nextBoolean() ? 1 : Double.POSITIVE_INFINITY;
      float[] bias = kernels.bias(s, b);
      PixelKernels.Ready<float[]> ready =
          isDepthwise
              ? kernels.depthwise(s, w, bias, other, adds, least, most).ready()
              : kernels.dense(s, kernels.panels(s, w), bias, other, adds, least, most).ready();
      float[] y = new float[s.out().size()];
      float[] expected = new float[y.length];
      int[] windows = s.windows();
      int[] taps = s.taps();
      int[] places = PixelConv.places(s.out());
      int[] others = PixelConv.places(other);
      for (int image = 0; image < s.out().images(); image++) {
        for (int pixel = 0; pixel < s.out().plane(); pixel++) {
          for (int f = 0; f < outputs; f++) {
            double sum = b[f];
            for (int tap = 0; tap < taps.length; tap++) {
              for (int c = 0; c < s.in().channels(); c++) {
                int at = image * s.in().image() + windows[pixel] + taps[tap] + c;
                int weight = tap * s.in().channels() + c;
                sum +=
                    !isDepthwise
                        ? (double) x[at] * w[f * s.depth() + weight]
                        : c == f ? (double) x[at] * w[weight] : 0;
              }
            }
            sum += adds ? added[image * other.image() + others[pixel] + f] : 0;
            int to = image * s.out().image() + places[pixel] + f;
            expected[to] = (float) Math.min(most, Math.max(least, sum));
          }
        }
      }
      for (int again = 0; again < 2; again++) {
        ready.run(x, added, y);
        double scale = 1 + Math.sqrt(s.depth());
        for (int j = 0; j < y.length; j++) {
          assertEquals(expected[j], y[j], ERROR * scale, s.toString());
        }
      }
    }
  }

  /** So that neither the batch nor the threads make a difference. */
  @Test
  void anImageHasTheSameBitsAlone() {
    for (int i = 0; i < 200; i++) {
      boolean isDepthwise = i % 4 == 0;
      PixelConv s = sizes(isDepthwise);
      float[] x = images(s.in());
      float[] w = drawn(isDepthwise ? s.depth() : s.depth() * s.out().channels());
      float[] all = run(s, isDepthwise, x, w);
      for (int image = 0; image < s.in().images(); image++) {
        PixelConv one =
            new PixelConv(
                one(s.in()),
                one(s.out()),
                s.kernelRows(),
                s.kernelColumns(),
                s.strideRows(),
                s.strideColumns(),
                s.top(),
                s.left());
        int n = s.in().image();
        float[] alone = run(one, isDepthwise, Arrays.copyOfRange(x, image * n, image * n + n), w);
        int m = s.out().image();
        assertArrayEquals(Arrays.copyOfRange(all, image * m, image * m + m), alone, s.toString());
      }
    }
  }

  private static Pixels one(Pixels p) {
    return new Pixels(1, p.channels(), p.height(), p.width(), p.border());
  }

  private float[] run(PixelConv s, boolean isDepthwise, float[] x, float[] w) {
    float[] bias = kernels.bias(s, new float[s.out().channels()]);
    float[] y = new float[s.out().size()];
    PixelKernels.Prepared<float[]> function =
        isDepthwise
            ? kernels.depthwise(s, w, bias, s.out(), false, 0, 1)
            : kernels.dense(s, kernels.panels(s, w), bias, s.out(), false, 0, 1);
    function.ready().run(x, x, y);
    return y;
  }

  @Test
  void planesBecomePixelsAndBack() {
    for (int i = 0; i < 50; i++) {
      Pixels p = new Pixels(from(1, 3), from(1, 3, 16, 20), from(1, 4), from(1, 7), from(0, 2));
      float[] x = drawn(p.images() * p.channels() * p.plane());
      float[] y = new float[p.size()];
      kernels.fromPlanes(p).ready().run(x, x, y);
      for (int image = 0; image < p.images(); image++) {
        for (int c = 0; c < p.channels(); c++) {
          for (int pixel = 0; pixel < p.plane(); pixel++) {
            float expected = x[(image * p.channels() + c) * p.plane() + pixel];
            assertEquals(expected, y[image * p.image() + PixelConv.places(p)[pixel] + c]);
          }
        }
      }
      float[] back = new float[x.length];
      kernels.toPlanes(p).ready().run(y, y, back);
      assertArrayEquals(x, back);
    }
  }

  @Test
  void poolsAreThoseOfBareLoops() {
    for (int i = 0; i < 50; i++) {
      int kernel = from(2, 3);
      int stride = from(1, 2, 3);
      Pixels in = new Pixels(from(1, 3), from(1, 6, 16, 20), from(4, 7), from(3, 8), from(0, 1));
      Pixels out =
          new Pixels(
              in.images(),
              in.channels(),
              (in.height() - kernel) / stride + 1,
              (in.width() - kernel) / stride + 1,
              from(0, 1));
      PixelConv s = new PixelConv(in, out, kernel, kernel, stride, stride, 0, 0);
      float[] x = images(in);
      float[] y = new float[out.size()];
      kernels.maxPool(s).ready().run(x, x, y);
      float[] mean = new float[in.images() * in.channels()];
      kernels.mean(in).ready().run(x, x, mean);
      for (int image = 0; image < in.images(); image++) {
        for (int c = 0; c < in.channels(); c++) {
          double sum = 0;
          for (int place : PixelConv.places(in)) {
            sum += x[image * in.image() + place + c];
          }
          assertEquals(sum / in.plane(), mean[image * in.channels() + c], ERROR);
          for (int pixel = 0; pixel < out.plane(); pixel++) {
            float most = Float.NEGATIVE_INFINITY;
            for (int tap : s.taps()) {
              most = Math.max(most, x[image * in.image() + s.windows()[pixel] + tap + c]);
            }
            assertEquals(most, y[image * out.image() + PixelConv.places(out)[pixel] + c]);
          }
        }
      }
    }
  }
}
