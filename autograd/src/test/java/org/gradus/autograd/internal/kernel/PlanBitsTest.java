package org.gradus.autograd.internal.kernel;

import static org.gradus.autograd.ops.ConvOptions.valid;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.plan.Planner;
import org.junit.jupiter.api.Test;

/** The bits of what a plan computes that folds: the same for all widths of vectors. */
class PlanBitsTest {
  private static final int NETS = 60;
  private static final int BATCH = 5;

  /** What is drawn, in one order. */
  private static final class Drawn {
    private final SplittableRandom random;
    private final DType dtype;

    Drawn(int seed, DType dtype) {
      this.random = new SplittableRandom(seed);
      this.dtype = dtype;
    }

    /** Numbers, some of which are so small that products of them are -0. */
    private Tensor drawn(int... dims) {
      return Tensor.constant(
          NdArray.generate(
              dtype,
              Shape.of(dims),
              i -> random.nextGaussian() * (random.nextInt(9) == 0 ? 1e-30 : 1)));
    }

    private Tensor layer(Tensor x, int next) {
      int channels = x.shape().dim(1);
      int kernel = 1 + 2 * random.nextInt(3);
      ConvOptions options = valid().padding(kernel / 2).stride(1 + random.nextInt(2));
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          Tensor w = drawn(next, channels, kernel, kernel);
          return Ops.conv2d(x, Ops.mul(w, 0.1), drawn(next), options);
        }
        case 2 -> {
          Tensor w = drawn(channels, 1, kernel, kernel);
          return Ops.relu(Ops.conv2d(x, w, drawn(channels), options.groups(channels)));
        }
        case 3 -> {
          Tensor w = drawn(channels, channels, 3, 3);
          return Ops.relu(Ops.add(x, Ops.conv2d(x, Ops.mul(w, 0.1), valid().padding(1))));
        }
        case 4 -> {
          return x.shape().dim(2) > 2 && x.shape().dim(3) > 2 ? Ops.maxPool2d(x, 2) : Ops.relu6(x);
        }
        default -> {
          return Ops.silu(x);
        }
      }
    }

    private UnaryOperator<Tensor> net(int[] widths) {
      int seed = random.nextInt();
      return x -> {
        Drawn same = new Drawn(seed, dtype);
        Tensor y = x;
        for (int width : widths) {
          y = same.layer(y, width);
        }
        Tensor rows = Ops.reshape(y, x.shape().dim(0), -1);
        return Ops.relu(Ops.matmul(rows, same.drawn(rows.shape().dim(1), widths[0])));
      };
    }

    static NdArray made(int seed, DType dtype) {
      Drawn drawn = new Drawn(seed, dtype);
      int[] widths = new int[4];
      for (int i = 0; i < widths.length; i++) {
        widths[i] = drawn.random.nextInt(1, i == 0 ? 9 : 40);
      }
      UnaryOperator<Tensor> net = drawn.net(widths);
      Tensor x = drawn.drawn(BATCH, drawn.random.nextInt(1, 6), 13, 11);
      return Planner.of(net).folding().plan(x.value()).run(x.value());
    }
  }

  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      Map<String, List<Integer>> hashes = new TreeMap<>();
      for (DType dtype : DType.values()) {
        List<Integer> all = new ArrayList<>();
        for (int seed = 0; seed < NETS; seed++) {
          int hash = 1;
          NdArray made = Drawn.made(seed, dtype);
          for (int i = 0; i < made.size(); i++) {
            hash = 31 * hash + Double.hashCode(made.at(i)); // in which -0 is not 0
          }
          all.add(hash);
        }
        hashes.put(dtype.name(), all);
      }
      KernelProvider.Pair kernels = KernelProvider.vector().orElseThrow();
      System.out.println(kernels.floats().lanes() + " " + kernels.doubles().lanes());
      System.out.println(hashes);
    }
  }

  @Test
  void vectorsOfEachWidthGiveTheSameBits() throws Exception {
    ChildJvm.assertSameForEachWidth(Child.class);
  }
}
