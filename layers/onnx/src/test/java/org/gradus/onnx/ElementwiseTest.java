package org.gradus.onnx;

import static org.gradus.onnx.Judge.check;
import static org.gradus.onnx.Judge.draw;
import static org.gradus.onnx.Judge.drawWithin;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Map;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;

/** Functions of elements, as ONNX Runtime computes them. */
class ElementwiseTest {
  /** One node with one input, in the last version that ONNX Runtime and this know. */
  private static void unary(String operator, NdArray x, Object... attributes) {
    TestModel model =
        new TestModel(21).input("x", dims(x)).node(operator, "x", "y", attributes).outputs("y");
    check(model, Map.of("x", x), 1e-5);
  }

  private static Object[] dims(NdArray x) {
    return java.util.Arrays.stream(x.shape().toArray()).boxed().toArray();
  }

  private static void binary(String operator, NdArray a, NdArray b, Object... attributes) {
    TestModel model =
        new TestModel(21)
            .input("a", dims(a))
            .input("b", dims(b))
            .node(operator, "a b", "y", attributes)
            .outputs("y");
    check(model, Map.of("a", a, "b", b), 1e-5);
  }

  @Test
  void functionsWithoutAttributes() {
    for (String operator :
        new String[] {
          "Abs",
          "Asinh",
          "Ceil",
          "Cos",
          "Cosh",
          "Elu",
          "Erf",
          "Exp",
          "Floor",
          "Gelu",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "LeakyRelu",
          "Mish",
          "Neg",
          "Relu",
          "Round",
          "Selu",
          "Sigmoid",
          "Sign",
          "Sin",
          "Sinh",
          "Softplus",
          "Softsign",
          "Tan",
          "Tanh",
          "ThresholdedRelu",
          "IsNaN",
          "IsInf",
          "Celu"
        }) {
      unary(operator, draw(1, 3, 5));
      unary(operator, draw(2));
    }
    for (String operator : new String[] {"Sqrt", "Log", "Reciprocal"}) {
      unary(operator, drawWithin(3, 0.1, 9, 2, 2, 3));
    }
    unary("Acosh", drawWithin(4, 1, 9, 7));
    unary("Atanh", drawWithin(5, -0.99, 0.99, 7));
  }

  @Test
  void functionsWithAttributes() {
    NdArray x = draw(6, 4, 3);
    unary("Elu", x, "alpha", 0.7f);
    unary("Celu", x, "alpha", 1.7f);
    unary("Selu", x, "alpha", 1.5f, "gamma", 2f);
    unary("LeakyRelu", x, "alpha", 0.2f);
    unary("ThresholdedRelu", x, "alpha", 0.5f);
    unary("HardSigmoid", x, "alpha", 0.4f, "beta", 0.3f);
    unary("Gelu", x, "approximate", "tanh");
    unary("Shrink", x, "lambd", 0.8f, "bias", 0.3f);
    unary("Cast", x, "to", TensorProto.DataType.BOOL_VALUE);
    unary("Cast", x, "to", TensorProto.DataType.INT64_VALUE);
    NdArray special =
        NdArray.of(
            Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, 1e30f, -1e30f);
    unary("IsInf", special, "detect_negative", 0);
    unary("IsInf", special, "detect_positive", 0);
    unary("IsNaN", special);
  }

  @Test
  void pairsBroadcast() {
    NdArray a = draw(7, 2, 1, 4);
    NdArray b = draw(8, 3, 1);
    for (String operator :
        new String[] {
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Max",
          "Min",
          "Sum",
          "Mean",
          "Equal",
          "Greater",
          "Less",
          "GreaterOrEqual",
          "LessOrEqual"
        }) {
      binary(operator, a, b);
      binary(operator, b, a);
      binary(operator, a, draw(9));
    }
    binary("Mod", a, drawWithin(10, 0.3, 2, 3, 1), "fmod", 1);
    binary("Pow", drawWithin(11, 0.1, 3, 2, 3), draw(12, 3));
    binary("PRelu", draw(13, 2, 3, 4, 2), draw(14, 3, 1, 1));
    binary("PRelu", draw(13, 2, 3, 4, 2), draw(14, 1));
    binary("PRelu", draw(13, 2, 3, 4, 2), draw(14, 2));
    binary("PRelu", draw(13, 2, 3), draw(14, 3));
  }

  @Test
  void severalOperands() {
    for (String operator : new String[] {"Max", "Min", "Sum", "Mean"}) {
      check(
          new TestModel(13)
              .input("a", 2, 3)
              .input("b", 3)
              .input("c", 2, 1)
              .node(operator, "a b c", "y")
              .outputs("y"),
          Map.of("a", draw(1, 2, 3), "b", draw(2, 3), "c", draw(3, 2, 1)));
    }
  }

  @Test
  void boundsOfClip() {
    NdArray x = draw(1, 3, 4);
    TestModel both = new TestModel(13).input("x", 3, 4);
    both.initializer("low", NdArray.scalar(DType.FLOAT32, -0.5))
        .initializer("high", NdArray.scalar(DType.FLOAT32, 1))
        .node("Clip", "x low high", "both")
        .node("Clip", "x low", "least")
        .node("Clip", "x - high", "most")
        .node("Clip", "x", "none")
        .node("Clip", "x high low", "crossed")
        .outputs("both", "least", "most", "none", "crossed");
    check(both, Map.of("x", x));
    check(
        new TestModel(10)
            .input("x", 3, 4)
            .node("Clip", "x", "y", "min", 0f, "max", 6f)
            .node("Clip", "x", "z", "max", 0.5f)
            .outputs("y", "z"),
        Map.of("x", x));
  }

  @Test
  void masksAndChoices() {
    check(
        new TestModel(16)
            .input("a", 2, 3)
            .input("b", 1, 3)
            .node("Greater", "a b", "over")
            .node("Less", "a b", "under")
            .node("Or", "over under", "either")
            .node("And", "over under", "none")
            .node("Xor", "over under", "one")
            .node("Not", "over", "not")
            .node("Where", "not a b", "least")
            .node("Cast", "one", "number", "to", TensorProto.DataType.FLOAT_VALUE)
            .node("Mul", "number a", "y")
            .outputs("either", "none", "one", "not", "least", "y"),
        Map.of("a", draw(1, 2, 3), "b", draw(2, 1, 3)));
  }
}
