package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Values.gradient;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Results that are representable, of factors that are not: slopes below the least number, products
 * of cotangents above the largest, numbers that an element type does not have.
 */
class OutOfRangeTest {

  // ---- slopes times cotangents, in float64 -----------------------------------------------------

  /** As many orders as there are cotangents; the expected numbers are from 600 digits. */
  @ParameterizedTest
  @CsvSource({
    "gelu, -41.5, 6e+236, -1.0351936279473818e-136",
    "gelu, -52.0, 1e+300, -1.4145336851759002e-286",
    "gelu, 43.5, 1e+46 7e+276, -6.693613961929782e-86",
    "gelu, -46.75, -0.8 -2e+243, -3.591938344121484e-229",
    "gelu, -44.0, -9e-84 -0.75 -8e+302, 7.340153495338937e-197",
    "gelu, 44.0, 3e+200 2e+100 5.0, 4.077863052966075e-115",
    "erf, -30.25, 4e+219, 1.7697857912888116e-178",
    "erf, 33.0, -1e+141 7e+248, 5.893947217091054e-82",
    "erf, -28.0, -0.5 -4e+150 -5e-08, -1.1526043101836265e-194",
    "erf, 36.5, 1e+300, 2.908248707204516e-279",
    "silu, 1104.0, 1e+108 6e+130, -2.286782308695263e-238",
    "silu, -1500.0, 1e+286 -6e+165, 3.250425443435875e-197",
    "silu, 1104.0, 1e+108 6e+130 2e+202, 4.5694143772658515e-36",
    "silu, -1191.0, 1.5 -6e+198 2e+250, 1.2171973522563385e-65",
    "silu, 760.0, 1e+100 1e+20, -6.544296373928126e-208",
    "pow 0.1, 4.5e-269, -8e-75, -2.6013496171790556e+166",
    "pow -7.3, 2.25e+59, 3e+302, -5.215899496414407e-190",
    "pow 2.5e-5, 1e+293, -5e+137, -1.2712618465031153e-160",
    "pow 0.1, 2e-172, -1e-264 -3e+50, -4.564642530192119e+111",
    "pow -7.3, 4.7e-26, -1e+53 9e-41 0.75, 2.8680038972291973e+276",
    "pow 0.3, 1e-300, 1.0, 3.000000000000023e+209",
    "elu 1e300, -76.0, 0.75 -3e+17, -2.217184804375033e+284",
    "elu 1e300, -4e-66, -2e-12 -9e+18, 1.8e+307",
    "elu 1e-300, -2.5, 4.5e+55 3e-10, 1.1081474814226338e-255",
    "sigmoid, -1.04e-322, 6e+25 -8e+95, -6.225227137599707e-202",
    "tanh, -1.5e-314, 1e-191 -7e+242, -2.1000000002699955e-262",
    "tanh, 3.75e-311, -4e-64 1e+254, 2.9999999999999413e-120",
    "sigmoid, -6e-311, 0.025 -1.5e+190, -2.8125000000000842e-123",
    "sqrt, 3.5e-132, -1e-302 2e-191, 7.636035483212126e-297",
    "sqrt, 0.25, 8e+121 -5e+261 2e-307, -9.6e+77",
    "sqrt, 2e-57, 6e-296 2e+62 -7e+288, -1.7609035322810845e+197",
    "sin, 3e-255, 9e+40 -1e+270, 2.7000000000000005e+56",
    "sin, 1e-33, 3e+268 -2e+133 -1e-166, -6e+235",
    "cos, -7e-56, -2e+250 1.25 8e+93, 1.4e+289"
  })
  void slopesOfAllSizes(String function, double at, String cotangents, double expected) {
    Tensor x = Tensor.variable(NdArray.scalar(DType.FLOAT64, at));
    Tensor derivative = named(function).apply(x);
    for (String cotangent : cotangents.split(" ", -1)) {
      Tensor g = Tensor.constant(NdArray.scalar(DType.FLOAT64, Double.parseDouble(cotangent)));
      derivative = Gradients.pullback(derivative, g, Mode.DIFFERENTIABLE, x).of(x);
    }
    assertEquals(expected, derivative.item(), 16 * Math.ulp(expected));
  }

  private static UnaryOperator<Tensor> named(String function) {
    String[] words = function.split(" ", -1);
    double c = words.length > 1 ? Double.parseDouble(words[1]) : 0;
    return switch (words[0]) {
      case "gelu" -> Ops::gelu;
      case "erf" -> Ops::erf;
      case "silu" -> Ops::silu;
      case "sigmoid" -> Ops::sigmoid;
      case "tanh" -> Ops::tanh;
      case "sqrt" -> Ops::sqrt;
      case "sin" -> Ops::sin;
      case "cos" -> Ops::cos;
      case "elu" -> x -> Ops.elu(x, c);
      default -> x -> Ops.pow(x, c);
    };
  }

  /** What stands beside an element in a tensor has no part in its gradient, to the last bit. */
  @ParameterizedTest
  @EnumSource
  void neighboursChangeNoBits(DType type) {
    Map<String, UnaryOperator<Tensor>> functions =
        Map.of(
            "log1p", x -> Ops.expm1(Ops.log1p(x)),
            "pow", x -> Ops.pow(x, 0.3),
            "reciprocal", Ops::reciprocal,
            "sqrt", Ops::sqrt,
            "tanh", Ops::tanh,
            "sigmoid", Ops::sigmoid);
    double huge = type == DType.FLOAT32 ? 3e38 : 1e308;
    functions.forEach(
        (name, f) -> {
          for (int i = 1; i <= 20; i++) {
            double x = Math.sqrt(i) / 3;
            double alone = slopes(type, f, new double[] {x}, new double[] {0.7}).value().at(0);
            double beside =
                slopes(type, f, new double[] {x, huge}, new double[] {0.7, 1e-30}).value().at(0);
            assertEquals(alone, beside, name + " at " + x);
          }
        });
  }

  private static Tensor slopes(DType type, UnaryOperator<Tensor> f, double[] at, double[] g) {
    Tensor x = Tensor.variable(full(type, at).value());
    return gradient(f.apply(x), g, x);
  }

  // ---- what the tests share --------------------------------------------------------------------

  private static Tensor full(DType type, double... values) {
    return tensor(type, shape(values.length), values);
  }
}
