package org.gradus.benchmarks.peer;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.stream.IntStream;

/** The way to PyTorch's engine. */
final class Torch {
  private Torch() {}

  /** Loads the engine, and tells it how many threads to compute with. */
  static void start() {
    Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(Threads.count());
    JniUtils.setGradMode(true); // a script decides for itself; the engine begins without
    JniUtils.setGraphExecutorOptimize(false); // scripts run as they stand, as in a Python program
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
