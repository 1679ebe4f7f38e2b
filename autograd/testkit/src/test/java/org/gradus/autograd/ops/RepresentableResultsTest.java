package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * No function overflows, or loses what it must not, on the way to a value or gradient that float32
 * can represent: all are compared with themselves in float64, whose range is wider, for numbers and
 * cotangents of all sizes. And as float64 has no wider type beside it, functions that scale are
 * compared with themselves at scales of powers of two, where they are the same to the last bit.
 */
class RepresentableResultsTest {
  private static final int TRIALS = 3000;

  /** Units in the last place of float32, beside those that the terms of a sum are rounded by. */
  private static final double UNITS = 4;

  // ---- element by element ----------------------------------------------------------------------

  @TestFactory
  Stream<DynamicTest> functionsOfOneNumber() {
    Map<String, UnaryOperator<Tensor>> functions = new LinkedHashMap<>();
    functions.put("abs", Ops::abs);
    functions.put("square", Ops::square);
    functions.put("reciprocal", Ops::reciprocal);
    functions.put("sqrt", Ops::sqrt);
    functions.put("exp", Ops::exp);
    functions.put("expm1", Ops::expm1);
    functions.put("log", Ops::log);
    functions.put("log1p", Ops::log1p);
    functions.put("sin", Ops::sin);
    functions.put("cos", Ops::cos);
    functions.put("erf", Ops::erf);
    functions.put("tanh", Ops::tanh);
    functions.put("sigmoid", Ops::sigmoid);
    functions.put("softplus", Ops::softplus);
    functions.put("silu", Ops::silu);
    functions.put("gelu", Ops::gelu);
    functions.put("geluTanh", Ops::geluTanh);
    functions.put("mish", Ops::mish);
    functions.put("selu", Ops::selu);
    functions.put("relu6", Ops::relu6);
    functions.put("hardSigmoid", Ops::hardSigmoid);
    functions.put("hardSwish", Ops::hardSwish);
    functions.put("softsign", Ops::softsign);
    functions.put("pow of a number", x -> Ops.pow(1.5, x));
    functions.put("relu", Ops::relu);
    functions.put("leakyRelu", x -> Ops.leakyRelu(x, 0.25));
    functions.put("leakyRelu of no slope", x -> Ops.leakyRelu(x, 0));
    functions.put("leakyRelu of a slope below float32", x -> Ops.leakyRelu(x, 1e-50));
    functions.put("elu", x -> Ops.elu(x, 1.5));
    functions.put("clamp", x -> Ops.clamp(x, -1, 1e30));
    functions.put("times a number", x -> Ops.mul(x, 0.25));
    functions.put("times a number below float32", x -> Ops.mul(x, 0x1p-160));
    functions.put("times a number above float32", x -> Ops.mul(x, 0x1p140));
    functions.put("plus a number above float32", x -> Ops.add(x, 0x1p128));
    for (double p : new double[] {-3, -2, -1, -0.5, 0.5, 1, 1.5, 2, 3, 7}) {
      functions.put("pow " + p, x -> Ops.pow(x, p));
    }
    return functions.entrySet().stream()
        .map(f -> DynamicTest.dynamicTest(f.getKey(), () -> compareOfOne(f.getValue())));
  }

  private static void compareOfOne(UnaryOperator<Tensor> f) {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < TRIALS; trial++) {
      double x = trial % 2 == 0 ? anySize(random) : moderate(random);
      double g = cotangent(random);
      compare(in -> f.apply(in.get(0)), g, new double[][] {{x}}, UNITS);
    }
  }

  @TestFactory
  Stream<DynamicTest> functionsOfTwoNumbers() {
    Map<String, Function<List<Tensor>, Tensor>> functions = new LinkedHashMap<>();
    functions.put("add", in -> Ops.add(in.get(0), in.get(1)));
    functions.put("sub", in -> Ops.sub(in.get(0), in.get(1)));
    functions.put("mul", in -> Ops.mul(in.get(0), in.get(1)));
    functions.put("div", in -> Ops.div(in.get(0), in.get(1)));
    functions.put("maximum", in -> Ops.maximum(in.get(0), in.get(1)));
    functions.put("pow", in -> Ops.pow(Ops.abs(in.get(0)), in.get(1)));
    functions.put("mse", in -> Ops.mse(in.get(0), in.get(1)));
    functions.put("halfSquaredError", in -> Ops.halfSquaredError(in.get(0), in.get(1)));
    functions.put("l1", in -> Ops.l1(in.get(0), in.get(1)));
    functions.put("huber", in -> Ops.huber(in.get(0), in.get(1), 2));
    return functions.entrySet().stream()
        .map(f -> DynamicTest.dynamicTest(f.getKey(), () -> compareOfTwo(f.getValue())));
  }

  private static void compareOfTwo(Function<List<Tensor>, Tensor> f) {
    SplittableRandom random = new SplittableRandom(2);
    for (int trial = 0; trial < TRIALS; trial++) {
      double[][] x = {{anySize(random)}, {anySize(random)}};
      if (trial % 3 == 0) {
        x[1][0] = (float) (x[0][0] * random.nextDouble(0.5, 1));
      }
      compare(f, cotangent(random), x, UNITS);
    }
  }

  // ---- of many ---------------------------------------------------------------------------------

  @TestFactory
  Stream<DynamicTest> functionsOfMany() {
    Map<String, UnaryOperator<Tensor>> functions = new LinkedHashMap<>();
    functions.put("mean", Ops::mean);
    functions.put("variance", x -> Ops.variance(x));
    functions.put("variance of a sample", x -> Tensor.of(new Variance(List.of(0), 1, false), x));
    functions.put("norm", Ops::norm);
    functions.put("std", Ops::std);
    functions.put("std of a sample", x -> Ops.std(x, Axes.axes(0), 1));
    functions.put("prod", Ops::prod);
    functions.put("normalize", x -> Ops.normalize(x, 1e-5));
    functions.put("normalize without epsilon", x -> Ops.normalize(x, 0));
    functions.put("normalize with a small epsilon", x -> Ops.normalize(x, 1e-60));
    functions.put("softmax", x -> Ops.softmax(x, 0));
    functions.put("logSoftmax", x -> Ops.logSoftmax(x, 0));
    functions.put("logSumExp", x -> Ops.logSumExp(x));
    functions.put("crossEntropy", x -> Ops.crossEntropy(Ops.reshape(x, 1, 6), 2));
    functions.put(
        "crossEntropy, smoothed", x -> Ops.crossEntropy(Ops.reshape(x, 1, 6), new int[] {1}, 0.75));
    functions.put("nllLoss", x -> Ops.nllLoss(Ops.reshape(x, 2, 3), 2, 0));
    functions.put("mse", x -> Ops.mse(x, Ops.flip(x)));
    functions.put("l1", x -> Ops.l1(x, Ops.flip(x)));
    functions.put("huber", x -> Ops.huber(x, Ops.flip(x), 1e10));
    functions.put(
        "binaryCrossEntropyWithLogits",
        x -> Ops.binaryCrossEntropyWithLogits(x, Ops.greater(x, 0)));
    return functions.entrySet().stream()
        .map(f -> DynamicTest.dynamicTest(f.getKey(), () -> compareOfMany(f.getValue())));
  }

  private static void compareOfMany(UnaryOperator<Tensor> f) {
    SplittableRandom random = new SplittableRandom(3);
    for (int trial = 0; trial < TRIALS; trial++) {
      double[] x = new double[6];
      double size = anySize(random);
      for (int i = 0; i < x.length; i++) {
        x[i] =
            switch (trial % 4) {
              case 0 -> (float) (size * random.nextDouble(-1, 1));
              case 1 -> anySize(random);
              case 2 -> moderate(random);
              default -> i == 4 ? (float) (size / 2) : size;
            };
      }
      compare(in -> f.apply(in.get(0)), cotangent(random), new double[][] {x}, UNITS);
    }
  }

  // ---- float32 beside float64 ------------------------------------------------------------------

  /** The value, and the gradients by cotangents of this size, in both types. */
  private static void compare(
      Function<List<Tensor>, Tensor> f, double size, double[][] x, double units) {
    List<NdArray> wide = valueAndGradients(f, size, x, DType.FLOAT64);
    List<NdArray> narrow = valueAndGradients(f, size, x, DType.FLOAT32);
    for (int k = 0; k < wide.size(); k++) {
      double largest = 0;
      for (int i = 0; i < wide.get(k).size(); i++) {
        largest = Math.max(largest, Math.abs(wide.get(k).at(i)));
      }
      for (int i = 0; i < wide.get(k).size(); i++) {
        double expected = wide.get(k).at(i);
        double actual = narrow.get(k).at(i);
        float rounded = (float) expected;
        double allowed = units * Math.ulp(rounded);
        if (k > 0 && wide.get(k).size() > 1) { // beside a gradient, its smaller parts may lose
          allowed = Math.max(allowed, Math.ulp((float) Math.min(largest, Float.MAX_VALUE)) / 64);
        }
        if (!(Math.abs(rounded) <= Float.MAX_VALUE)) {
          expected = Math.abs(actual) == Float.MAX_VALUE ? actual : rounded;
          allowed = 0;
        }
        assertEquals(
            expected,
            actual,
            Math.max(allowed, Double.MIN_VALUE),
            "result %s of %s by %s: %s".formatted(k, List.of(numbers(x)), size, narrow.get(k)));
      }
    }
  }

  private static String numbers(double[][] x) {
    List<String> parts = new ArrayList<>();
    for (double[] each : x) {
      parts.add(Arrays.toString(each));
    }
    return parts.toString();
  }

  private static List<NdArray> valueAndGradients(
      Function<List<Tensor>, Tensor> f, double size, double[][] x, DType type) {
    List<Tensor> inputs = new ArrayList<>();
    for (double[] each : x) {
      inputs.add(Tensor.variable(NdArray.of(each, each.length).as(type)));
    }
    Tensor y = f.apply(inputs);
    Tensor g = Tensor.constant(NdArray.generate(type, y.shape(), i -> size * (1 - 0.25 * (i % 3))));
    Gradients gradients = Gradients.pullback(y, g, Mode.VALUES);
    List<NdArray> all = new ArrayList<>(List.of(y.value()));
    inputs.forEach(input -> all.add(gradients.of(input).value()));
    return all;
  }

  // ---- float64 at other scales -----------------------------------------------------------------

  /** A function with f(2^k x) = 2^(k n) f(x). */
  private record Homogeneous(UnaryOperator<Tensor> f, int degree) {}

  @TestFactory
  Stream<DynamicTest> functionsThatScaleDoSoInFloat64() {
    Map<String, Homogeneous> functions = new LinkedHashMap<>();
    functions.put("square", new Homogeneous(Ops::square, 2));
    functions.put("reciprocal", new Homogeneous(Ops::reciprocal, -1));
    functions.put("pow -3", new Homogeneous(x -> Ops.pow(x, -3), -3));
    functions.put("mean", new Homogeneous(x -> Ops.mean(x), 1));
    functions.put("sum", new Homogeneous(x -> Ops.sum(x), 1));
    functions.put("variance", new Homogeneous(x -> Ops.variance(x), 2));
    functions.put("norm", new Homogeneous(x -> Ops.norm(x), 1));
    functions.put("std", new Homogeneous(x -> Ops.std(x), 1));
    functions.put("prod", new Homogeneous(x -> Ops.prod(Ops.slice(x, 0, 0, 2)), 2));
    functions.put("cumSum", new Homogeneous(x -> Ops.cumSum(x, 0), 1));
    functions.put("normalize", new Homogeneous(x -> Ops.normalize(x, 0), 0));
    functions.put("l1", new Homogeneous(x -> Ops.l1(x, Ops.flip(x)), 1));
    functions.put("mse", new Homogeneous(x -> Ops.mse(x, Ops.flip(x)), 2));
    return functions.entrySet().stream()
        .map(f -> DynamicTest.dynamicTest(f.getKey(), () -> compareScales(f.getValue())));
  }

  private static void compareScales(Homogeneous f) {
    SplittableRandom random = new SplittableRandom(4);
    for (int trial = 0; trial < TRIALS / 3; trial++) {
      double[] x = new double[7];
      for (int i = 0; i < x.length; i++) {
        x[i] = random.nextDouble(1, 2) * (random.nextBoolean() ? 1 : -1);
      }
      int scale = random.nextInt(-1000, 1023);
      int byScale = random.nextInt(-1000, 1000);
      List<NdArray> near = results(f, x, 0, 0);
      List<NdArray> far = results(f, x, scale, byScale);
      long valueScale = (long) f.degree * scale;
      long gradientScale = (f.degree - 1L) * scale + byScale;
      assertScaled(near.get(0), valueScale, far.get(0), "value at scale " + scale);
      assertScaled(
          near.get(1), gradientScale, far.get(1), "gradient at %s by %s".formatted(scale, byScale));
    }
  }

  private static List<NdArray> results(Homogeneous f, double[] x, int scale, int byScale) {
    DoubleUnaryOperator up = value -> Math.scalb(value, scale);
    return valueAndGradients(
        in -> f.f.apply(in.get(0)),
        Math.scalb(1.0, byScale),
        new double[][] {Arrays.stream(x).map(up).toArray()},
        DType.FLOAT64);
  }

  /** Where the scaled result is a normal number; a scale that no double has makes none. */
  private static void assertScaled(NdArray near, long scale, NdArray far, String what) {
    if (Math.abs(scale) > 2000) {
      return;
    }
    double largest = 0;
    for (int i = 0; i < near.size(); i++) {
      largest = Math.max(largest, Math.abs(Math.scalb(near.at(i), (int) scale)));
    }
    for (int i = 0; i < near.size(); i++) {
      double expected = Math.scalb(near.at(i), (int) scale);
      boolean normal =
          Math.abs(expected) >= Double.MIN_NORMAL && Math.abs(expected) <= Double.MAX_VALUE;
      if (normal) {
        assertEquals(expected, far.at(i), 32 * Math.ulp(largest), what);
      }
    }
  }

  // ---- numbers ---------------------------------------------------------------------------------

  /** Any size that float32 has, with either sign. */
  private static double anySize(SplittableRandom random) {
    return (float) ofSize(random, -149, 128);
  }

  private static double ofSize(SplittableRandom random, double from, double to) {
    float size = (float) Math.pow(2, random.nextDouble(from, to));
    return Math.min(size, Float.MAX_VALUE) * (random.nextBoolean() ? 1 : -1);
  }

  /** Of few digits, so that simple fractions of it are exact in float32. */
  private static double cotangent(SplittableRandom random) {
    double size = Math.scalb(1 + random.nextInt(1024) / 1024.0, random.nextInt(-100, 100));
    return random.nextBoolean() ? size : -size;
  }

  /** Where functions bend, saturate and fade away in float32. */
  private static double moderate(SplittableRandom random) {
    return (float) random.nextDouble(-120, 120);
  }
}
