package org.gradus.benchmarks.peer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.stream.Stream;

/**
 * A convolution in PyTorch's engine, with its gradients or without. It calls the engine's binding
 * directly, which takes a cotangent as the engine does; DJL's own collector of gradients only
 * begins at a loss. Each run starts with new leaves on the same storage, so that gradients are not
 * added to those of the run before.
 */
final class PyTorchConv implements Side {
  private static final Shape ONE = new Shape(1, 1);
  private static final Shape ZERO = new Shape(0, 0);

  private final NDManager manager = NDManager.newBaseManager();
  private final boolean gradients;
  private final PtNDArray x;
  private final PtNDArray weight;
  private final PtNDArray bias;
  private final PtNDArray cotangent;

  PyTorchConv(ConvWork work) {
    this.gradients = work.gradients();
    this.x = create(work.images(), work.n(), work.c(), work.h(), work.w());
    this.weight = create(work.weight(), work.f(), work.c(), work.k(), work.k());
    this.bias = create(work.bias(), work.f());
    this.cotangent =
        create(work.cotangent(), work.n(), work.f(), work.outHeight(), work.outWidth());
    JniUtils.setGradMode(gradients);
  }

  private PtNDArray create(float[] values, long... dims) {
    return (PtNDArray) manager.create(values, new Shape(dims));
  }

  @Override
  public void run() {
    Stream<PtNDArray> results = gradients ? withGradients() : Stream.of(convolved(x, weight, bias));
    results.forEach(NDArray::close);
  }

  @Override
  public float[] check() {
    Stream<PtNDArray> results = gradients ? withGradients() : Stream.of(convolved(x, weight, bias));
    return GradusConv.joined(results.map(NDArray::toFloatArray));
  }

  private static PtNDArray convolved(PtNDArray x, PtNDArray weight, PtNDArray bias) {
    return JniUtils.convolution(x, weight, bias, ONE, ZERO, ONE, 1);
  }

  private Stream<PtNDArray> withGradients() {
    try (PtNDArray leafX = leaf(x);
        PtNDArray leafWeight = leaf(weight);
        PtNDArray leafBias = leaf(bias)) {
      PtNDArray y = convolved(leafX, leafWeight, leafBias);
      JniUtils.backward(y, cotangent, false, false);
      return Stream.of(y, leafX.getGradient(), leafWeight.getGradient(), leafBias.getGradient());
    }
  }

  private static PtNDArray leaf(PtNDArray array) {
    PtNDArray leaf = JniUtils.detachGradient(array);
    JniUtils.attachGradient(leaf, true);
    return leaf;
  }

  @Override
  public void close() {
    manager.close();
  }
}
