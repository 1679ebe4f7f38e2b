package org.gradus.onnx;

import static org.gradus.autograd.ops.Ops.abs;
import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.clamp;
import static org.gradus.autograd.ops.Ops.cos;
import static org.gradus.autograd.ops.Ops.div;
import static org.gradus.autograd.ops.Ops.elu;
import static org.gradus.autograd.ops.Ops.exp;
import static org.gradus.autograd.ops.Ops.expm1;
import static org.gradus.autograd.ops.Ops.floor;
import static org.gradus.autograd.ops.Ops.greater;
import static org.gradus.autograd.ops.Ops.greaterEqual;
import static org.gradus.autograd.ops.Ops.less;
import static org.gradus.autograd.ops.Ops.log1p;
import static org.gradus.autograd.ops.Ops.maximum;
import static org.gradus.autograd.ops.Ops.minimum;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.neg;
import static org.gradus.autograd.ops.Ops.sin;
import static org.gradus.autograd.ops.Ops.sqrt;
import static org.gradus.autograd.ops.Ops.square;
import static org.gradus.autograd.ops.Ops.sub;
import static org.gradus.autograd.ops.Ops.where;

import java.util.List;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/** Functions of each element, activations among them. */
final class ElementwiseUnary {
  private ElementwiseUnary() {}

  static List<Operator> operators() {
    return List.of(
        of("Abs", 1, Ops::abs),
        of("Acosh", 9, ElementwiseUnary::acosh),
        of("Asinh", 9, ElementwiseUnary::asinh),
        of("Atanh", 9, x -> mul(sub(log1p(x), log1p(neg(x))), 0.5)),
        of("Ceil", 1, x -> neg(floor(neg(x)))),
        of("Cos", 1, Ops::cos),
        of("Cosh", 9, x -> mul(add(exp(x), exp(neg(x))), 0.5)),
        of("Erf", 9, Ops::erf),
        of("Exp", 1, Ops::exp),
        of("Floor", 1, Ops::floor),
        of("HardSwish", 14, Ops::hardSwish),
        of("Log", 1, Ops::log),
        of("Mish", 18, Ops::mish),
        of("Neg", 1, Ops::neg),
        of("Reciprocal", 1, Ops::reciprocal),
        of("Relu", 1, Ops::relu),
        of("Round", 11, Ops::round),
        of("Sigmoid", 1, Ops::sigmoid),
        of("Sign", 9, Ops::sign),
        of("Sin", 1, Ops::sin),
        of("Sinh", 9, x -> mul(sub(expm1(x), expm1(neg(x))), 0.5)),
        of("Softplus", 1, Ops::softplus),
        of("Softsign", 1, Ops::softsign),
        of("Sqrt", 1, Ops::sqrt),
        of("Tan", 1, x -> div(sin(x), cos(x))),
        of("Tanh", 1, Ops::tanh),
        Operator.of("Celu", 12, 1, 1, "alpha:float", ElementwiseUnary::celu),
        Operator.of("Clip", 1, 1, 3, "max:float@-10 min:float@-10", ElementwiseUnary::clip)
            .with(Operator.Role.CONSTANT, 1, 2),
        Operator.of(
            "Elu",
            1,
            1,
            1,
            "alpha:float",
            call -> call.moved(x -> elu(x, call.node().number("alpha", 1)))),
        Operator.of(
            "Gelu",
            20,
            1,
            1,
            "approximate:string=none|tanh",
            call ->
                call.moved(
                    x ->
                        call.node().text("approximate", "none").equals("tanh")
                            ? Ops.geluTanh(x)
                            : Ops.gelu(x))),
        Operator.of(
            "HardSigmoid", 1, 1, 1, "alpha:float beta:float", ElementwiseUnary::hardSigmoid),
        Operator.of(
            "LeakyRelu",
            1,
            1,
            1,
            "alpha:float",
            call -> call.moved(x -> Ops.leakyRelu(x, call.node().number("alpha", 0.01f)))),
        Operator.of("Selu", 1, 1, 1, "alpha:float gamma:float", ElementwiseUnary::selu),
        Operator.of("Shrink", 9, 1, 1, "bias:float lambd:float", ElementwiseUnary::shrink),
        Operator.of(
            "ThresholdedRelu",
            10,
            1,
            1,
            "alpha:float",
            call -> call.moved(x -> where(greater(x, call.node().number("alpha", 1)), x, 0))));
  }

  private static Operator of(String name, int since, UnaryOperator<Tensor> function) {
    return Operator.of(name, since, 1, 1, "", call -> call.moved(function));
  }

  /** ln(x + sqrt(x^2 - 1)), by what x is above 1. */
  private static Tensor acosh(Tensor x) {
    Tensor above = sub(x, 1);
    return log1p(add(above, sqrt(add(mul(above, 2), square(above)))));
  }

  /** The sign of x times ln(|x| + sqrt(x^2 + 1)), accurate near 0 too. */
  private static Tensor asinh(Tensor x) {
    Tensor right = greaterEqual(x, 0);
    Tensor size = where(right, x, neg(x));
    Tensor squared = square(size);
    Tensor y = log1p(add(size, div(squared, add(sqrt(add(squared, 1)), 1))));
    return where(right, y, neg(y));
  }

  private static Value celu(Call call) {
    double alpha = call.node().number("alpha", 1);
    return call.moved(x -> mul(elu(div(x, alpha), 1), alpha));
  }

  private static Value clip(Call call) {
    double least = call.number(1, call.node().number("min", Double.NEGATIVE_INFINITY));
    double most = call.number(2, call.node().number("max", Double.POSITIVE_INFINITY));
    return call.moved(
        x -> least <= most ? clamp(x, least, most) : minimum(maximum(x, least), most));
  }

  private static Value hardSigmoid(Call call) {
    double alpha = call.node().number("alpha", 0.2f);
    double beta = call.node().number("beta", 0.5);
    return call.moved(
        x ->
            (float) alpha == 1 / 6f && beta == 0.5
                ? Ops.hardSigmoid(x)
                : clamp(add(mul(x, alpha), beta), 0, 1));
  }

  private static Value selu(Call call) {
    double alpha = call.node().number("alpha", 1.6732632f);
    double gamma = call.node().number("gamma", 1.0507010f);
    return call.moved(x -> mul(elu(x, alpha), gamma));
  }

  private static Value shrink(Call call) {
    double bias = call.node().number("bias", 0);
    double lambda = call.node().number("lambd", 0.5);
    return call.moved(
        x -> where(greater(abs(x), lambda), where(less(x, 0), add(x, bias), sub(x, bias)), 0));
  }
}
