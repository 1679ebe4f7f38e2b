package org.gradus.benchmarks.peer;

import static org.gradus.autograd.ops.Ops.conv2d;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;

/** A convolution in Gradus, with its gradients or without. */
final class GradusConv implements Side {
  private final boolean gradients;
  private final Tensor x;
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor cotangent;

  GradusConv(ConvWork work) {
    this.gradients = work.gradients();
    this.x = leaf(work.images(), work.n(), work.c(), work.h(), work.w());
    this.weight = leaf(work.weight(), work.f(), work.c(), work.k(), work.k());
    this.bias = leaf(work.bias(), work.f());
    Shape y = Shape.of(work.n(), work.f(), work.outHeight(), work.outWidth());
    this.cotangent = Tensor.constant(NdArray.wrap(work.cotangent(), y));
  }

  private Tensor leaf(float[] values, int... dims) {
    NdArray array = NdArray.wrap(values, Shape.of(dims));
    return gradients ? Tensor.variable(array) : Tensor.constant(array);
  }

  @Override
  public void run() {
    compute();
  }

  private List<Tensor> compute() {
    Tensor y = conv2d(x, weight, bias, ConvOptions.valid());
    if (!gradients) {
      return List.of(y);
    }
    Gradients found = Gradients.pullback(y, cotangent, Mode.VALUES, x, weight, bias);
    return List.of(y, found.of(x), found.of(weight), found.of(bias));
  }

  @Override
  public float[] check() {
    return joined(compute().stream().map(tensor -> tensor.value().toFloatArray()));
  }

  /** All elements of some arrays, one behind the other. */
  static float[] joined(Stream<float[]> arrays) {
    List<float[]> parts = arrays.toList();
    FloatBuffer all = FloatBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
    parts.forEach(all::put);
    return all.array();
  }
}
