package org.gradus.examples;

import static org.gradus.autograd.functional.Derivatives.hessian;
import static org.gradus.autograd.ops.Ops.argMax;
import static org.gradus.autograd.ops.Ops.div;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.relu;
import static org.gradus.autograd.ops.Ops.square;
import static org.gradus.autograd.ops.Ops.sub;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.check.GradientCheck;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.Softmax;
import org.gradus.layers.Summary;
import org.gradus.layers.files.IdxDataset;
import org.gradus.onnx.OnnxExport;
import org.gradus.onnx.OnnxNet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The answers to the exercises of the tutorial, a test for each page. */
class AnswersTest {

  private static Tensor loss(Tensor a, Tensor b) {
    return square(sub(mul(b, relu(mul(a, 2))), 4));
  }

  /**
   * At a = 3: s = a x = 6, h = relu(s) = 6, p = b h = -6, d = p - t = -10, L = d^2 = 100. Back:
   *
   * <pre>
   *   dL/dd = 2 d            = -20
   *   dL/dp = dL/dd          = -20
   *   dL/db = h dL/dp        = -120
   *   dL/dh = b dL/dp        = 20
   *   dL/ds = dL/dh, s > 0   = 20
   *   dL/da = x dL/ds        = 40
   * </pre>
   *
   * <p>At a = -3, s < 0, and relu is flat there: L does not change with a, so a step leaves a as it
   * is. And h = 0, so dL/db = 0, too: this unit has died, and no step on this example revives it.
   */
  @Test
  void page1() {
    Tensor b = Tensor.variable(NdArray.of(-1.0));
    Tensor a = Tensor.variable(NdArray.of(3.0));
    Gradients gradients = Gradients.backward(loss(a, b));
    assertEquals(100, loss(a, b).item());
    assertEquals(40, gradients.of(a).item());
    assertEquals(-120, gradients.of(b).item());

    Tensor negative = Tensor.variable(NdArray.of(-3.0));
    Gradients dead = Gradients.backward(loss(negative, b));
    assertEquals(0, Math.abs(dead.of(negative).item()));
    assertEquals(0, Math.abs(dead.of(b).item()));
  }

  /**
   * The length of (a, b), element by element.
   *
   * <pre>
   *   y = sqrt(a^2 + b^2)
   *   VJP: a: g a / y   b: g b / y
   * </pre>
   *
   * With y, no root is computed once more. Not differentiable at (0, 0), where the VJPs are 0/0,
   * NaN: better than a number that means nothing.
   */
  record Length() implements Op {
    @Override
    public int arity() {
      return 2;
    }

    @Override
    public NdArray forward(List<NdArray> in) {
      if (!in.get(0).shape().equals(in.get(1).shape())) {
        throw new ShapeException(
            "length", "inputs %s and %s differ".formatted(in.get(0).shape(), in.get(1).shape()));
      }
      return in.get(0).zip(in.get(1), StrictMath::hypot);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return mul(g, div(in.get(input), y));
    }
  }

  @Test
  void page2() {
    NdArray a = NdArray.of(3.0, -0.6, 0.0);
    NdArray b = NdArray.of(4.0, 0.8, -2.0);
    assertTrue(GradientCheck.of(new Length()).check(a, b).comparisons() > 20);

    Tensor x = Tensor.variable(a);
    Tensor y = Tensor.of(new Length(), x, Tensor.constant(b));
    assertEquals(NdArray.of(5.0, 1.0, 2.0), y.value());
    assertEquals(NdArray.of(0.6, -0.6, 0.0), Gradients.backward(sum(y)).of(x).value());

    Tensor zero = Tensor.variable(NdArray.of(0.0));
    Tensor atZero = Tensor.of(new Length(), zero, Tensor.constant(NdArray.of(0.0)));
    assertTrue(Double.isNaN(Gradients.backward(atZero).of(zero).item()));
  }

  private static Layer net(int features) {
    RandomGenerator random = new SplittableRandom(1);
    return new Sequential(
        new Conv2d(1, 8, 5, random),
        new Relu(),
        new MaxPool2d(2),
        new Conv2d(8, 16, 3, random),
        new Relu(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(features, 10, random));
  }

  /**
   * 28 columns become 24, 12, 10 and 5, and 16 channels of 5 by 5 are 400. The parameters: 8 (25 +
   * 1) = 208, 16 (8 * 9 + 1) = 1168, and 10 (400 + 1) = 4010.
   */
  @Test
  void page3() {
    Summary summary = Summary.of(net(400), Shape.of(1, 1, 28, 28));
    assertEquals(208 + 1168 + 4010, summary.parameters());
    var refused =
        assertThrows(ShapeException.class, () -> Summary.of(net(256), Shape.of(1, 1, 28, 28)));
    assertEquals(
        "7: linear: input [1, 400] has 400 features, but the weight [10, 256] expects 256",
        refused.getMessage());
  }

  @Test
  void page4(@TempDir Path folder) throws Exception {
    Layer net = net(400);
    Path file = folder.resolve("probabilities.onnx");
    OnnxExport.of(new Sequential(net, new Softmax(1)), 1, 1, 28, 28).save(file);

    NdArray images =
        IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10).test().first(20).all().inputs();
    Tensor read = Tensor.constant(OnnxNet.load(file).predict(images));
    NdArray rows = sum(read, 1).value();
    for (int i = 0; i < 20; i++) {
      assertEquals(1, rows.at(i), 1e-6);
    }
    assertEquals(argMax(Tensor.constant(net.predict(images)), 1), argMax(read, 1));
  }

  /** Six steps: 3, 2.5, 2.2917, 2.2515, ..., each of the last ones with twice the right digits. */
  @Test
  void cookbook() {
    UnaryOperator<Tensor> f = x -> sub(square(square(x)), mul(mul(square(x), x), 3));
    double x = 3;
    int steps = 0;
    for (; Math.abs(x - 2.25) > 1e-12 && steps < 50; steps++) {
      Tensor at = Tensor.variable(NdArray.of(x));
      double slope = Gradients.backward(f.apply(at)).of(at).item();
      x -= slope / hessian(f, at).item();
    }
    assertEquals(6, steps);
  }
}
