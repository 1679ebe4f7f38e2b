package org.gradus.onnx;

import static org.gradus.onnx.BuiltIn.number;
import static org.gradus.onnx.BuiltIn.same;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Compare;

/** Ops that go element by element. */
final class ElementwiseTranslations {
  private static final double ROOT_OF_HALF = Math.sqrt(0.5);
  private static final double ROOT_OF_2_BY_PI = Math.sqrt(2 / Math.PI);

  private ElementwiseTranslations() {}

  static void addTo(Map<String, BuiltIn> table) {
    for (String type :
        List.of(
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Neg",
            "Abs",
            "Sign",
            "Floor",
            "Round",
            "Exp",
            "Log",
            "Sqrt",
            "Sin",
            "Cos",
            "Erf",
            "Tanh",
            "Sigmoid",
            "Relu",
            "Softplus",
            "Softsign",
            "Reciprocal")) {
      table.put(type, same(type));
    }
    table.put("Maximum", same("Max"));
    table.put("Minimum", same("Min"));
    table.put("Power", same("Pow"));
    table.put("Watch", (a, to) -> to.input(0));
    table.put("Accumulate", same("Sum"));
    table.put("AddScalar", (a, to) -> with(to, "Add", number(a, "addend")));
    table.put("MulScalar", (a, to) -> with(to, "Mul", number(a, "factor")));
    table.put("Pow", (a, to) -> with(to, "Pow", number(a, "exponent")));
    table.put("Square", (a, to) -> to.node("Mul", to.input(0), to.input(0)));
    table.put("Log1p", (a, to) -> log1p(to));
    table.put("Expm1", (a, to) -> expm1(to));
    table.put("Clamp", (a, to) -> clip(to, number(a, "least"), number(a, "most")));
    table.put("InverseRoot", (a, to) -> inverseRoot(to, number(a, "epsilon")));
    table.put("ScaledDifference", (a, to) -> scaledDifference(to, number(a, "factor")));
    table.put(
        "Compare", (a, to) -> compare(to, BuiltIn.get(a, "relation", Compare.Relation.class)));
    table.put(
        "Where", (a, to) -> to.node("Where", to.asTruth(to.input(0)), to.input(1), to.input(2)));
    table.put("Gate", (a, to) -> gate(to));
    table.put("Flat", (a, to) -> flat(to));
    table.put("Elu", (a, to) -> to.node("Elu", alpha(number(a, "alpha")), to.input(0)));
    table.put("LeakyRelu", (a, to) -> to.node("LeakyRelu", alpha(number(a, "slope")), to.input(0)));
    table.put("Prelu", (a, to) -> to.node("PRelu", to.input(0), spread(to)));
    table.put("HardSigmoid", (a, to) -> hardSigmoid(to));
    table.put("HardSwish", (a, to) -> hardSwish(to));
    table.put("Silu", (a, to) -> to.node("Mul", to.input(0), to.node("Sigmoid", to.input(0))));
    table.put("Mish", (a, to) -> mish(to));
    table.put("Gelu", (a, to) -> gelu(to));
    table.put("GeluTanh", (a, to) -> geluTanh(to));
  }

  private static Map<String, Double> alpha(double alpha) {
    return Map.of("alpha", alpha);
  }

  private static String with(NodeWriter to, String type, double number) {
    return to.node(type, to.input(0), to.number(number));
  }

  private static String clip(NodeWriter to, double least, double most) {
    String low = least == Double.NEGATIVE_INFINITY ? "" : to.number(least);
    return most == Double.POSITIVE_INFINITY
        ? to.node("Clip", to.input(0), low)
        : to.node("Clip", to.input(0), low, to.number(most));
  }

  /**
   * ln(1 + x): with u = 1 + x as it is rounded, ln(u) x / (u - 1) loses no digits where x is small.
   */
  private static String log1p(NodeWriter to) {
    String x = to.input(0);
    String u = to.node("Add", x, to.number(1));
    String apart = to.node("Sub", u, to.number(1));
    String exact = to.node("Mul", to.node("Log", u), to.node("Div", x, apart));
    String small = to.node("Where", to.node("Equal", apart, to.number(0)), x, exact);
    return to.node("Where", to.node("Greater", x, to.number(1)), to.node("Log", u), small);
  }

  /** e^x - 1: with u = e^x as it is rounded, (u - 1) x / ln(u) loses no digits where x is small. */
  private static String expm1(NodeWriter to) {
    String x = to.input(0);
    String u = to.node("Exp", x);
    String apart = to.node("Sub", u, to.number(1));
    String exact = to.node("Mul", apart, to.node("Div", x, to.node("Log", u)));
    String small = to.node("Where", to.node("Equal", apart, to.number(0)), x, exact);
    String size = to.node("Abs", x);
    return to.node("Where", to.node("Greater", size, to.number(1)), apart, small);
  }

  /** 0, and NaN where x is NaN. */
  private static String flat(NodeWriter to) {
    String isNumber = to.node("Equal", to.input(0), to.input(0));
    return to.node("Where", isNumber, to.number(0), to.input(0));
  }

  private static String inverseRoot(NodeWriter to, double epsilon) {
    String sum = to.node("Add", to.input(0), to.number(epsilon));
    return to.node("Reciprocal", to.node("Sqrt", sum));
  }

  private static String scaledDifference(NodeWriter to, double factor) {
    String difference = to.node("Sub", to.input(0), to.input(1));
    String scaled = to.node("Mul", difference, to.input(2));
    return factor == 1 ? scaled : to.node("Mul", scaled, to.number(factor));
  }

  private static String compare(NodeWriter to, Compare.Relation relation) {
    String a = to.input(0);
    String b = to.input(1);
    boolean isZero = to.isZero(b) && to.outputShape().equals(to.shape(0));
    if (isZero && relation == Compare.Relation.NOT_EQUAL) {
      return to.asNumbers(to.asTruth(a));
    }
    if (isZero && relation == Compare.Relation.EQUAL && to.truthOf(a).isPresent()) {
      return to.asNumbers(to.node("Not", to.asTruth(a)));
    }
    return to.asNumbers(
        switch (relation) {
          case GREATER -> to.node("Greater", a, b);
          case GREATER_EQUAL -> to.node("GreaterOrEqual", a, b);
          case LESS -> to.node("Less", a, b);
          case LESS_EQUAL -> to.node("LessOrEqual", a, b);
          case EQUAL -> to.node("Equal", a, b);
          case NOT_EQUAL -> to.node("Not", to.node("Equal", a, b));
        });
  }

  private static String gate(NodeWriter to) {
    String closed = to.node("LessOrEqual", to.input(0), to.number(0)); // NaN is open
    return to.node("Where", closed, to.number(0), to.input(1));
  }

  /** The slopes in a shape that broadcasts to the input's: for one of each channel, axis 1. */
  private static String spread(NodeWriter to) {
    Shape x = to.shape(0);
    Shape slope = to.shape(1);
    if (slope.size() == 1 || x.rank() <= 2) {
      return to.input(1);
    }
    int[] dims = new int[x.rank() - 1];
    Arrays.fill(dims, 1);
    dims[0] = slope.size();
    return to.reshaped(to.input(1), slope, dims);
  }

  private static String hardSigmoid(NodeWriter to) {
    return to.node("HardSigmoid", Map.of("alpha", 1 / 6.0, "beta", 0.5), to.input(0));
  }

  private static String hardSwish(NodeWriter to) {
    return to.opset() >= 14
        ? to.node("HardSwish", to.input(0))
        : to.node("Mul", to.input(0), hardSigmoid(to));
  }

  private static String mish(NodeWriter to) {
    return to.opset() >= 18
        ? to.node("Mish", to.input(0))
        : to.node("Mul", to.input(0), to.node("Tanh", to.node("Softplus", to.input(0))));
  }

  /** x/2 (1 + erf(x/2^(1/2))). */
  private static String gelu(NodeWriter to) {
    if (to.opset() >= 20) {
      return to.node("Gelu", to.input(0));
    }
    String error = to.node("Erf", to.node("Mul", to.input(0), to.number(ROOT_OF_HALF)));
    return halved(to, error);
  }

  /** x/2 (1 + tanh((2/pi)^(1/2) (x + 0.044715 x^3))). */
  private static String geluTanh(NodeWriter to) {
    String x = to.input(0);
    if (to.opset() >= 20) {
      return to.node("Gelu", Map.of("approximate", "tanh"), x);
    }
    String cube = to.node("Mul", to.node("Mul", x, x), x);
    String sum = to.node("Add", x, to.node("Mul", cube, to.number(0.044715)));
    return halved(to, to.node("Tanh", to.node("Mul", sum, to.number(ROOT_OF_2_BY_PI))));
  }

  private static String halved(NodeWriter to, String share) {
    String half = to.node("Mul", to.input(0), to.number(0.5));
    return to.node("Mul", half, to.node("Add", share, to.number(1)));
  }
}
