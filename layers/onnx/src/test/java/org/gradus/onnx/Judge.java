package org.gradus.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Pass;

/** Compares models with what ONNX Runtime makes of them. */
final class Judge {
  private Judge() {}

  /** Numbers between two others, of two decimals, of which few tie. */
  static NdArray drawWithin(long seed, double least, double most, int... dims) {
    SplittableRandom random = new SplittableRandom(seed);
    return NdArray.generate(
        DType.FLOAT32,
        Shape.of(dims),
        i -> Math.round(100 * random.nextDouble(least, most)) / 100.0);
  }

  /** Numbers about 0. */
  static NdArray draw(long seed, int... dims) {
    return drawWithin(seed, -2, 2, dims);
  }

  /** All outputs are those of ONNX Runtime. */
  static void check(TestModel model, Map<String, NdArray> inputs) {
    check(model, inputs, 1e-4);
  }

  /** All outputs are those of ONNX Runtime, within a share of them, or of 1. */
  static void check(TestModel model, Map<String, NdArray> inputs, double tolerance) {
    Map<String, NdArray> expected = OnnxRuntime.run(model.bytes(), inputs);
    Map<String, Tensor> given = new LinkedHashMap<>();
    inputs.forEach((name, value) -> given.put(name, Tensor.constant(value)));
    Map<String, Tensor> actual = model.net().outputs(given, Pass.inference());
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach(
        (name, array) -> close(model, name, array, actual.get(name).value(), tolerance));
  }

  private static void close(
      TestModel model, String name, NdArray expected, NdArray actual, double tolerance) {
    assertEquals(expected.shape(), actual.shape(), () -> name + " of " + model.proto());
    for (int i = 0; i < expected.size(); i++) {
      double e = expected.at(i);
      double a = actual.at(i);
      boolean isClose =
          Double.compare(e, a) == 0
              || Math.abs(e - a) <= tolerance * Math.max(1, Math.abs(e))
              || (Double.isNaN(e) && Double.isNaN(a));
      if (!isClose) {
        throw new AssertionError(
            "element %s of %s is %s, expected %s, of %s".formatted(i, name, a, e, model.proto()));
      }
    }
  }
}
