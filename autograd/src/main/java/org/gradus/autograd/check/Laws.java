package org.gradus.autograd.check;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/** The laws of a function made of ops that need no numeric derivative; all hold exactly. */
final class Laws {
  private Laws() {}

  static void check(
      String where, Function<List<Tensor>, Tensor> f, List<NdArray> inputs, NdArray cotangent) {
    List<NdArray> before = inputs.stream().map(Laws::copy).toList();
    NdArray cotangentBefore = copy(cotangent);
    NdArray value = f.apply(GradientCheck.constants(inputs)).value();
    List<Tensor> x = GradientCheck.variables(inputs);
    Tensor y = f.apply(x);
    require(value.equals(y.value()), where, "the value depends on whether inputs are tracked");

    List<NdArray> gradients = gradients(y, cotangent, Mode.VALUES, x);
    require(
        gradients.equals(gradients(y, cotangent, Mode.VALUES, x)),
        where,
        "two pullbacks differ in their bits");
    require(
        gradients.equals(gradients(y, cotangent, Mode.DIFFERENTIABLE, x)),
        where,
        "the gradients differ between the modes");
    for (int i = 0; i < x.size(); i++) {
      NdArray gradient = gradients.get(i);
      require(
          gradient.shape().equals(inputs.get(i).shape())
              && gradient.dtype() == inputs.get(i).dtype(),
          where,
          "the gradient of input %s is %s %s".formatted(i, gradient.dtype(), gradient.shape()));
    }
    NdArray zero = NdArray.zeros(cotangent.dtype(), cotangent.shape());
    for (NdArray gradient : gradients(y, zero, Mode.VALUES, x)) {
      for (int i = 0; i < gradient.size(); i++) {
        require(gradient.at(i) == 0, where, "a zero cotangent gives " + gradient);
      }
    }
    List<NdArray> larger = gradients(y, cotangent.map(g -> 4 * g), Mode.VALUES, x);
    for (int i = 0; i < x.size(); i++) {
      NdArray lost = larger.get(i).zip(gradients.get(i), (four, one) -> Math.abs(four - 4 * one));
      require(
          IntStream.range(0, lost.size()).noneMatch(j -> lost.at(j) > Double.MIN_NORMAL),
          where,
          "four times the cotangent does not give four times the gradient of input " + i);
    }
    require(before.equals(inputs), where, "an input was modified");
    require(cotangentBefore.equals(cotangent), where, "the cotangent was modified");
    require(value.equals(y.value()), where, "the output was modified");
  }

  private static List<NdArray> gradients(Tensor y, NdArray cotangent, Mode mode, List<Tensor> x) {
    Gradients gradients = Gradients.pullback(y, Tensor.constant(cotangent), mode);
    return x.stream().map(gradients::of).map(Tensor::value).toList();
  }

  private static NdArray copy(NdArray array) {
    return array.map(v -> v);
  }

  private static void require(boolean holds, String where, String what) {
    if (!holds) {
      throw new GradientCheckError("gradient check: %s: %s".formatted(where, what));
    }
  }
}
