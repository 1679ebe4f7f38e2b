package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Memory;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.Ops;
import org.junit.jupiter.api.Test;

/**
 * A convolution, which is mostly one kind of operator, comes first; functions of many operators
 * after it make no objects of vectors all the same, once they are compiled. What the JIT makes of
 * them depends on when it comes to which method: two processes of three are enough.
 */
class MixedProfilesTest {
  /** So many processes of one kind decide. */
  private static final int ENOUGH = 2;

  private static final int ELEMENTS = 1 << 18;

  /**
   * A quarter of what one vector of each eight floats takes as an object, on one of two threads.
   */
  private static final long FEW_BYTES = ELEMENTS / 8 * 64L / 2 / 4;

  private static final long MOST_SECONDS = 30;

  /** The child: prints the functions whose every call makes objects. */
  static final class Functions {
    public static void main(String[] args) {
      Ops.conv2d(
          drawn(8, 32, 32, 32), drawn(32, 1, 3, 3), ConvOptions.valid().padding(1).groups(32));
      Map<String, UnaryOperator<Tensor>> functions = new LinkedHashMap<>();
      functions.put("tanh", Ops::tanh);
      functions.put("erf", Ops::erf);
      functions.put("softmax", x -> Ops.softmax(x, 1));
      functions.forEach(
          (name, f) -> {
            if (!becomesLean(f, drawn(ELEMENTS / 128, 128))) {
              System.out.println(name);
            }
          });
    }

    private static boolean becomesLean(UnaryOperator<Tensor> f, Tensor x) {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long end = System.nanoTime() + MOST_SECONDS * 1_000_000_000;
      long bytes;
      do {
        long before = threads.getCurrentThreadAllocatedBytes();
        Memory.tidy(() -> f.apply(x).shape());
        bytes = threads.getCurrentThreadAllocatedBytes() - before;
      } while (bytes > FEW_BYTES && System.nanoTime() < end);
      return bytes <= FEW_BYTES;
    }

    private static Tensor drawn(int... dims) {
      SplittableRandom random = new SplittableRandom(1);
      Shape shape = Shape.of(dims);
      return Tensor.constant(
          NdArray.generate(DType.FLOAT32, shape, i -> random.nextDouble(0.1, 3)));
    }
  }

  @Test
  void functionsAfterOneConvolution() throws IOException, InterruptedException {
    List<List<String>> heavy = new ArrayList<>();
    for (int lean = 0; lean < ENOUGH && heavy.size() < ENOUGH; ) {
      List<String> lines = ofOneProcess();
      if (lines.isEmpty()) {
        lean++;
      } else {
        heavy.add(lines);
      }
    }
    assertTrue(heavy.size() < ENOUGH, () -> "objects of vectors in " + heavy);
  }

  private static List<String> ofOneProcess() throws IOException, InterruptedException {
    ChildJvm child =
        ChildJvm.start(
            Functions.class,
            "--add-modules=jdk.incubator.vector",
            "-Djava.util.concurrent.ForkJoinPool.common.parallelism=1");
    return child.lines().stream().filter(line -> !line.startsWith("WARNING")).toList();
  }
}
