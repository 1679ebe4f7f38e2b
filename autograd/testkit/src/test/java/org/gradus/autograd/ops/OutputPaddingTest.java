package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.Values.zeros;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.check.GradientCheck;
import org.junit.jupiter.api.Test;

/** Transposed convolution with every output padding from 0 to max(stride, dilation) - 1. */
class OutputPaddingTest {
  private record Case(
      int n, int kernel, int stride, int before, int after, int dilation, int more) {
    int size() {
      return (n - 1) * stride - before - after + dilation * (kernel - 1) + 1 + more;
    }

    /** What the windows read has a size of its own. */
    boolean isPossible() {
      return size() - more >= 0;
    }

    ConvOptions alongHeight() {
      return valid().stride(stride, 1).padding(before, after, 0, 0).dilation(dilation, 1);
    }

    ConvOptions alongWidth() {
      return valid().stride(1, stride).padding(0, 0, before, after).dilation(1, dilation);
    }
  }

  /** y[h] = sum of x[i] w[a] for i s - p + a d = h, by itself on each axis. */
  @Test
  void isTheFormulaAndItsAdjoint() {
    int[] most = {3, 3, 3, 2, 2, 4, 3};
    int[] least = {1, 1, 1, 0, 0, 1, 0};
    int[] v = least.clone();
    int cases = 0;
    for (int digit = 0; digit < v.length; ) {
      Case c = new Case(v[0], v[1], v[2], v[3], v[4], v[5], v[6]);
      if (c.more <= Math.max(c.stride, c.dilation) - 1 && c.isPossible()) {
        NdArray x = integers(c.n, 1);
        NdArray w = integers(c.kernel, 2);
        NdArray g = integers(c.size(), 3);
        agrees(c, c.alongHeight(), x, w, g, true);
        agrees(c, c.alongWidth(), x, w, g, false);
        cases++;
      }
      for (digit = 0; digit < v.length && ++v[digit] > most[digit]; digit++) {
        v[digit] = least[digit];
      }
    }
    assertTrue(cases > 1500, cases + " cases");
  }

  private static void agrees(
      Case c, ConvOptions options, NdArray x, NdArray w, NdArray g, boolean high) {
    double[] y = new double[c.size()];
    double[] dx = new double[c.n];
    double[] dw = new double[c.kernel];
    for (int i = 0; i < c.n; i++) {
      for (int a = 0; a < c.kernel; a++) {
        int h = i * c.stride - c.before + a * c.dilation;
        if (h >= 0 && h < y.length) {
          y[h] += x.at(i) * w.at(a);
          dx[i] += g.at(h) * w.at(a);
          dw[a] += g.at(h) * x.at(i);
        }
      }
    }
    Tensor tx = Tensor.variable(x.reshape(plane(c.n, high)));
    Tensor tw = Tensor.variable(w.reshape(plane(c.kernel, high)));
    Tensor ty = Ops.convTranspose2d(tx, tw, options, high ? c.more : 0, high ? 0 : c.more);
    assertEquals(NdArray.of(y, plane(y.length, high).toArray()), positive(ty.value()), c::toString);
    Tensor cotangent = Tensor.constant(g.reshape(plane(y.length, high)));
    Gradients gradients = Gradients.pullback(ty, cotangent, Gradients.Mode.VALUES);
    assertEquals(
        NdArray.of(dx, tx.shape().toArray()), positive(gradients.of(tx).value()), c::toString);
    assertEquals(
        NdArray.of(dw, tw.shape().toArray()), positive(gradients.of(tw).value()), c::toString);
  }

  /** Without negative zeros. */
  private static NdArray positive(NdArray x) {
    return x.map(value -> value + 0.0);
  }

  private static Shape plane(int size, boolean high) {
    return high ? Shape.of(1, 1, size, 1) : Shape.of(1, 1, 1, size);
  }

  private static NdArray integers(int size, int seed) {
    return NdArray.generate(DType.FLOAT64, Shape.of(size), i -> (seed * 31 + i * 17) % 11 - 5);
  }

  @Test
  void hasDerivativesOfSecondOrder() {
    ConvOptions options = valid().dilation(4, 3).padding(0, 1, 0, 0).stride(1, 2);
    NdArray x = integers(24, 4).reshape(Shape.of(2, 2, 2, 3));
    NdArray w = integers(24, 5).reshape(Shape.of(2, 3, 2, 2));
    GradientCheck.of(
            "convTranspose2d", in -> Ops.convTranspose2d(in.get(0), in.get(1), options, 3, 2))
        .linear()
        .check(x, w);
  }

  /** Where nothing leads to is the bias alone. */
  @Test
  void theBiasIsAddedEverywhere() {
    ConvOptions options = valid().stride(2, 1).dilation(1, 3);
    NdArray x = integers(24, 4).reshape(Shape.of(2, 2, 2, 3));
    NdArray w = integers(24, 5).reshape(Shape.of(2, 3, 2, 2));
    NdArray b = integers(3, 6);
    Tensor plain = Ops.convTranspose2d(Tensor.constant(x), Tensor.constant(w), options, 1, 2);
    Tensor biased =
        Ops.convTranspose2d(
            Tensor.constant(x), Tensor.constant(w), Tensor.constant(b), options, 1, 2);
    assertEquals(Ops.bias(plain, Tensor.constant(b)).value(), biased.value());
    GradientCheck.of(
            "convTranspose2d",
            in -> Ops.convTranspose2d(in.get(0), in.get(1), in.get(2), options, 1, 2))
        .linear()
        .check(x, w, b);

    NdArray sequences = x.reshape(Shape.of(2, 2, 6));
    NdArray filters = w.reshape(Shape.of(2, 3, 4));
    ConvOptions along = valid().stride(1, 2);
    Tensor line =
        Ops.convTranspose1d(Tensor.constant(sequences), Tensor.constant(filters), along, 1);
    Tensor shifted =
        Ops.convTranspose1d(
            Tensor.constant(sequences), Tensor.constant(filters), Tensor.constant(b), along, 1);
    assertEquals(Shape.of(2, 3, 15), shifted.shape());
    assertEquals(Ops.bias(line, Tensor.constant(b)).value(), shifted.value());
  }

  @Test
  void isOneOpWhereWindowsReachTheEnd() {
    Tensor x = Tensor.variable(NdArray.zeros(DType.FLOAT64, Shape.of(1, 1, 2, 2)));
    ConvOptions options = valid().stride(2).dilation(3).padding(2);
    assertEquals("conv2dInput", name(Ops.convTranspose2d(x, zeros(1, 1, 2, 2), options, 2, 2)));
    assertEquals("pad", name(Ops.convTranspose2d(x, zeros(1, 1, 2, 2), options.padding(0), 2, 0)));
    assertEquals("pad", name(Ops.convTranspose2d(x, zeros(1, 1, 2, 2), options.padding(0), 0, 2)));
  }

  private static String name(Tensor tensor) {
    return tensor.op().orElseThrow().name();
  }

  /** The part that is beyond all windows counts, too. */
  @Test
  void refusesWhatNoArrayHolds() {
    Tensor x = zeros(1 << 20, 1, 1);
    ConvOptions options = valid().dilation(1, 2049);
    assertEquals(
        "convTranspose1d: [1048576, 1, 2049] has at least 2148532224 elements, and an array holds"
            + " at most 2147483639",
        assertThrowsExactly(
                ShapeException.class, () -> Ops.convTranspose1d(x, zeros(1, 1, 1), options, 2048))
            .getMessage());
  }

  @Test
  void refusesMore() {
    refused("convTranspose2d: height: output padding 3, expected 0 to 2", valid().dilation(3), 3);
    refused("convTranspose2d: height: output padding 1, expected 0 to 0", same().dilation(3), 1);
    refused(
        "convTranspose2d: height: output padding 2, expected 0 to 1",
        valid().stride(2).dilation(3).strict(),
        2);
    refused( // which it is, though the padding has room for it
        "convTranspose2d: strict height: stride 2 leaves a remainder of 1 after the last of the"
            + " windows of 2 over 7, padded by 1 and 1",
        valid().stride(2).padding(1).strict(),
        1);
  }

  @Test
  void bothAxesHaveTheirMargin() {
    Tensor x = Tensor.constant(NdArray.full(DType.FLOAT64, Shape.of(1, 1, 2, 2), 1));
    Tensor w = Tensor.constant(NdArray.full(DType.FLOAT64, Shape.of(1, 1, 1, 1), 1));
    Tensor y = Ops.convTranspose2d(x, w, valid().dilation(3), 2, 2);
    assertEquals(Shape.of(1, 1, 4, 4), y.shape());
    assertEquals(4, Ops.sum(y).item());
  }

  private static void refused(String message, ConvOptions options, int more) {
    var error =
        assertThrowsExactly(
            IllegalArgumentException.class,
            () -> Ops.convTranspose2d(zeros(1, 1, 4, 4), zeros(1, 1, 2, 2), options, more, 0));
    assertEquals(message, error.getMessage());
  }
}
