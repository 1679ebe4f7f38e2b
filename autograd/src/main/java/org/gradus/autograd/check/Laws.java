package org.gradus.autograd.check;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.mul;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;

/** The laws of a function made of ops that need no numeric derivative, in either element type. */
final class Laws {
  private final String where;
  private final Function<List<Tensor>, Tensor> f;
  private final List<NdArray> inputs;
  private final NdArray cotangent;
  private final List<Tensor> x;
  private final Tensor y;
  private final List<NdArray> gradients;

  private Laws(
      String where,
      Function<List<Tensor>, Tensor> f,
      List<NdArray> inputs,
      NdArray cotangent,
      NdArray value) {
    this.where = where;
    this.f = f;
    this.inputs = inputs;
    this.cotangent = cotangent;
    this.x = GradientCheck.variables(inputs);
    this.y = f.apply(x);
    require(where, value.equals(y.value()), "the value depends on whether inputs are tracked");
    this.gradients = gradients(y, x, cotangent);
  }

  static void check(
      String where, Function<List<Tensor>, Tensor> f, List<NdArray> inputs, NdArray cotangent) {
    List<NdArray> before = inputs.stream().map(Laws::copy).toList();
    NdArray cotangentBefore = copy(cotangent);
    NdArray value = f.apply(GradientCheck.constants(inputs)).value();
    NdArray valueBefore = copy(value);
    Laws laws = new Laws(where, f, inputs, cotangent, value);
    laws.checkThatPullbacksAgree();
    laws.checkShapes();
    laws.checkLinearity();
    laws.checkEachInputByItself();
    laws.checkTwoUses();
    laws.checkSharedInputs();
    laws.require(before.equals(inputs), "an input was modified");
    laws.require(cotangentBefore.equals(cotangent), "the cotangent was modified");
    laws.require(
        valueBefore.equals(value) && value.equals(laws.y.value()), "the output was modified");
    laws.checkThatOutputsStay(value, valueBefore);
  }

  private void checkThatPullbacksAgree() {
    require(
        gradients.equals(gradients(cotangent, Mode.VALUES)), "two pullbacks differ in their bits");
    require(
        gradients.equals(gradients(cotangent, Mode.DIFFERENTIABLE)),
        "the gradients differ between the modes");
    List<Tensor> others = GradientCheck.variables(inputs);
    List<NdArray> consumed = gradients(f.apply(others), others, cotangent, Mode.CONSUMING);
    require(gradients.equals(consumed), "the gradients differ in mode CONSUMING");
  }

  private void checkShapes() {
    for (int i = 0; i < x.size(); i++) {
      NdArray gradient = gradients.get(i);
      require(
          gradient.shape().equals(inputs.get(i).shape())
              && gradient.dtype() == inputs.get(i).dtype(),
          "the gradient of input %s is %s %s".formatted(i, gradient.dtype(), gradient.shape()));
    }
  }

  private void checkLinearity() {
    NdArray zero = NdArray.zeros(cotangent.dtype(), cotangent.shape());
    List<NdArray> before = gradients.stream().map(Laws::copy).toList();
    List<NdArray> ofZero = gradients(zero, Mode.VALUES);
    require(before.equals(gradients), "a gradient was modified by another pullback");
    for (NdArray gradient : ofZero) {
      if (!isZero(gradient)) {
        require(false, "a zero cotangent gives " + gradient);
      }
    }
    for (double factor : List.of(4.0, 0x1p40, 0x1p-40)) {
      // By powers of two nothing is rounded.
      List<NdArray> larger = gradients(cotangent.map(g -> factor * g), Mode.VALUES);
      for (int i = 0; i < x.size(); i++) {
        String times = factor == 4 ? "four" : "%s".formatted(factor);
        require(
            isMultiple(larger.get(i), factor, gradients.get(i)),
            "%s times the cotangent does not give %s times the gradient of input %s"
                .formatted(times, times, i));
      }
    }
    NdArray ones = NdArray.full(cotangent.dtype(), cotangent.shape(), 1);
    List<NdArray> ofOnes = gradients(ones, Mode.VALUES);
    List<NdArray> ofSum = gradients(cotangent.map(g -> g + 1), Mode.VALUES);
    for (int i = 0; i < x.size(); i++) {
      require(
          isNear(ofSum.get(i), gradients.get(i).plusScaled(1, ofOnes.get(i))),
          "a cotangent and ones do not add up in the gradient of input " + i);
    }
  }

  private static boolean isZero(NdArray array) {
    for (int i = 0; i < array.size(); i++) {
      if (array.at(i) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether elements are so many times others, but for what is too small or large for a type. */
  private static boolean isMultiple(NdArray actual, double factor, NdArray one) {
    boolean single = actual.dtype() == DType.FLOAT32;
    double least = single ? Float.MIN_NORMAL : Double.MIN_NORMAL;
    for (int i = 0; i < actual.size(); i++) {
      double expected = single ? (float) (factor * one.at(i)) : factor * one.at(i);
      double lost = Math.abs(actual.at(i) - expected);
      if (Double.compare(actual.at(i), expected) != 0 && !(lost <= Math.max(1, factor) * least)) {
        return false;
      }
    }
    return true;
  }

  /** Each input as the only variable among constants. */
  private void checkEachInputByItself() {
    for (int i = 0; i < x.size(); i++) {
      List<Tensor> one = new ArrayList<>(GradientCheck.constants(inputs));
      one.set(i, x.get(i));
      for (Mode mode : new Mode[] {Mode.VALUES, Mode.DIFFERENTIABLE}) {
        require(
            gradients(f.apply(one), one.subList(i, i + 1), cotangent, mode)
                .equals(gradients.subList(i, i + 1)),
            "the gradient of input %s depends on whether others are tracked".formatted(i));
      }
    }
  }

  /** As where a tensor is used in two places: what both send back is added up. */
  private void checkTwoUses() {
    Tensor both = add(y, mul(f.apply(x), 4));
    List<NdArray> total = gradients(both, x, cotangent, Mode.VALUES);
    for (int i = 0; i < x.size(); i++) {
      require(
          isNear(total.get(i), gradients.get(i).map(g -> 5 * g)),
          "two uses do not add up in the gradient of input " + i);
    }
  }

  /** One tensor as two inputs: its gradient is the sum of those of two with the same numbers. */
  private void checkSharedInputs() {
    for (int j = 1; j < x.size(); j++) {
      int i = j - 1;
      if (inputs.get(i).shape().equals(inputs.get(j).shape())) {
        List<Tensor> apart = new ArrayList<>(GradientCheck.variables(inputs));
        apart.set(j, Tensor.variable(copy(inputs.get(i))));
        List<Tensor> shared = new ArrayList<>(apart);
        shared.set(j, apart.get(i));
        Tensor ofTwo;
        try {
          ofTwo = f.apply(apart);
        } catch (IllegalArgumentException e) {
          continue; // the domains of the inputs differ
        }
        if (ofTwo.shape().equals(cotangent.shape())) {
          Tensor ofOne = f.apply(shared);
          List<NdArray> two = gradients(ofTwo, List.of(apart.get(i), apart.get(j)), cotangent);
          for (Mode mode : new Mode[] {Mode.VALUES, Mode.DIFFERENTIABLE}) {
            List<NdArray> one = gradients(ofOne, List.of(apart.get(i)), cotangent, mode);
            require(
                ofOne.value().equals(ofTwo.value())
                    && isNear(one.get(0), two.get(0).plusScaled(1, two.get(1))),
                "one tensor as inputs %s and %s is not as two of the same numbers".formatted(i, j));
          }
        }
      }
    }
  }

  /** An output is not scratch memory: a later call with other numbers does not change it. */
  private void checkThatOutputsStay(NdArray value, NdArray before) {
    List<NdArray> others = inputs.stream().map(input -> input.map(v -> 0.75 * v)).toList();
    try {
      Tensor unused = f.apply(GradientCheck.variables(others));
    } catch (IllegalArgumentException e) {
      return; // then nothing was computed
    }
    require(before.equals(value), "the output was modified when the function was applied again");
  }

  /** But for rounding; a wrong factor of 1.001 is seen. */
  private static boolean isNear(NdArray actual, NdArray expected) {
    double unit = actual.dtype() == DType.FLOAT32 ? 1e-4 : 1e-6;
    double largest = 1;
    for (int i = 0; i < expected.size(); i++) {
      largest = Math.max(largest, Math.abs(expected.at(i)));
    }
    for (int i = 0; i < expected.size(); i++) {
      double a = actual.at(i);
      double e = expected.at(i);
      if (Double.compare(a, e) != 0 && !(Math.abs(a - e) <= unit * largest)) {
        return false;
      }
    }
    return true;
  }

  private List<NdArray> gradients(NdArray g, Mode mode) {
    return gradients(y, x, g, mode);
  }

  private static List<NdArray> gradients(Tensor y, List<Tensor> x, NdArray g) {
    return gradients(y, x, g, Mode.VALUES);
  }

  private static List<NdArray> gradients(Tensor y, List<Tensor> x, NdArray g, Mode mode) {
    Gradients gradients = Gradients.pullback(y, Tensor.constant(g), mode, x.toArray(Tensor[]::new));
    return x.stream().map(gradients::of).map(Tensor::value).toList();
  }

  private static NdArray copy(NdArray array) {
    return array.map(v -> v);
  }

  private void require(boolean holds, String what) {
    require(where, holds, what);
  }

  private static void require(String where, boolean holds, String what) {
    if (!holds) {
      throw new GradientCheckError("gradient check: %s: %s".formatted(where, what));
    }
  }
}
