package org.gradus.benchmarks.peer;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import com.sun.jna.Function;
import java.util.List;
import java.util.stream.IntStream;

/** The way to PyTorch's engine. */
final class Torch {
  private static final int M_TRIM_THRESHOLD = -1;
  private static final int M_MMAP_MAX = -4;

  private Torch() {}

  /** Loads the engine, and tells it how many threads to compute with. */
  static void start() {
    Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(Threads.count());
    JniUtils.setGradMode(true); // a script decides for itself; the engine begins without
    JniUtils.setGraphExecutorOptimize(false); // scripts run as they stand, as in a Python program
  }

  /**
   * Tells the C library to keep memory that was freed, instead of handing it back: or else PyTorch
   * pays for its large arrays by page faults, in some runs and not in others, and takes up to three
   * times as long. On Linux with the GNU C library only.
   */
  static void keepMemory() {
    Function mallopt = Function.getFunction("c", "mallopt");
    mallopt.invokeInt(new Object[] {M_MMAP_MAX, 0});
    mallopt.invokeInt(new Object[] {M_TRIM_THRESHOLD, Integer.MAX_VALUE});
  }

  /** A manager of arrays, which are freed when it is closed. */
  static PtNDManager manager() {
    return (PtNDManager) NDManager.newBaseManager("PyTorch");
  }

  /** An array for a parameter of this name. */
  static NDArray array(
      NDManager manager, String name, float[] values, org.gradus.autograd.array.Shape shape) {
    NDArray array = manager.create(values, shape(shape));
    array.setName(name);
    return array;
  }

  static Shape shape(org.gradus.autograd.array.Shape shape) {
    return new Shape(IntStream.range(0, shape.rank()).mapToLong(shape::dim).toArray());
  }

  /** The numbers of some arrays, which are freed. */
  static List<float[]> floats(NDList arrays) {
    try (arrays) {
      return arrays.stream().map(NDArray::toFloatArray).toList();
    }
  }
}
