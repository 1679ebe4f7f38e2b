package org.gradus.onnx;

import static org.gradus.autograd.ops.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Axes;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.PadMode;
import org.gradus.autograd.ops.PoolOptions;
import org.gradus.layers.Layer;
import org.junit.jupiter.api.Test;

/** Every op that has a counterpart, run in ONNX Runtime at three batch sizes. */
class ExportOpsTest {
  private static final List<Integer> OPSETS = List.of(13, 15, 17, 18, 20, 21);

  record Row(Layer f, Shape shape) {}

  private final Map<String, Row> rows = new LinkedHashMap<>();

  private void row(String name, Layer f, int... shape) {
    assertEquals(null, rows.put(name, new Row(f, Shape.of(shape))), name);
  }

  static NdArray draw(Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return NdArray.generate(
        DType.FLOAT32, shape, i -> Math.rint((4 * random.nextDouble() - 2) * 64) / 64 + 1e-3);
  }

  private static Tensor constant(int... shape) {
    return Tensor.constant(draw(Shape.of(shape), 99));
  }

  private void elementwise() {
    row("add", x -> add(x, constant(3, 1)), 2, 3, 4);
    row("sub", x -> sub(x, constant(4)), 2, 3, 4);
    row("mul", x -> mul(x, constant(3, 4)), 2, 3, 4);
    row("div", x -> div(x, constant(3, 4)), 2, 3, 4);
    row("add number", x -> add(x, 1.5), 2, 3);
    row("number sub", x -> sub(1.5, x), 2, 3);
    row("mul number", x -> mul(x, -0.5), 2, 3);
    row("div number", x -> div(x, 3), 2, 3);
    row("number div", x -> div(3, x), 2, 3);
    row("neg", x -> neg(x), 2, 3);
    row("maximum", x -> maximum(x, constant(3)), 2, 3);
    row("minimum", x -> minimum(x, 0.25), 2, 3);
    row("greater", x -> greater(x, 0), 2, 3);
    row("greaterEqual", x -> greaterEqual(x, constant(3)), 2, 3);
    row("less", x -> less(x, 0.5), 2, 3);
    row("lessEqual", x -> lessEqual(x, constant(3)), 2, 3);
    row("equal", x -> equal(x, floor(x)), 2, 3);
    row("notEqual", x -> notEqual(x, mul(x, 1)), 2, 3);
    row("where greater", x -> where(greater(x, 0), x, mul(x, 0.1)), 2, 3);
    row("where of numbers", x -> where(floor(x), x, 7), 2, 3);
    row("gate", x -> gate(x, add(x, 1)), 2, 3);
    row("abs", x -> abs(x), 2, 3);
    row("sign", x -> sign(x), 2, 3);
    row("clamp", x -> clamp(x, -0.5, 0.75), 2, 3);
    row("clamp below", x -> clamp(x, -0.5, Double.POSITIVE_INFINITY), 2, 3);
    row("clamp above", x -> clamp(x, Double.NEGATIVE_INFINITY, 0.5), 2, 3);
    row("floor", x -> floor(x), 2, 3);
    row("round", x -> round(mul(x, 2)), 2, 3);
    row("square", x -> square(x), 2, 3);
    row("reciprocal", x -> reciprocal(x), 2, 3);
    row("exp", x -> exp(x), 2, 3);
    row("log", x -> log(abs(x)), 2, 3);
    row("log1p", x -> log1p(abs(x)), 2, 3);
    row("expm1", x -> expm1(x), 2, 3);
    row("sqrt", x -> sqrt(abs(x)), 2, 3);
    row("pow number", x -> pow(abs(x), 1.7), 2, 3);
    row("pow", x -> pow(abs(x), constant(3)), 2, 3);
    row("number pow", x -> pow(2.5, x), 2, 3);
    row("tanh", x -> tanh(x), 2, 3);
    row("sin", x -> sin(x), 2, 3);
    row("cos", x -> cos(x), 2, 3);
    row("erf", x -> erf(x), 2, 3);
    row("sigmoid", x -> sigmoid(x), 2, 3);
    row("relu", x -> relu(x), 2, 3);
    row("leakyRelu", x -> leakyRelu(x, 0.2), 2, 3);
    row("elu", x -> elu(x, 1.3), 2, 3);
    row("selu", x -> selu(x), 2, 3);
    row("prelu", x -> prelu(x, constant(3)), 2, 3, 4, 5);
    row("prelu of rows", x -> prelu(x, constant(3)), 2, 3);
    row("prelu of one", x -> prelu(x, constant(1)), 2, 3, 4);
    row("relu6", x -> relu6(mul(x, 5)), 2, 3);
    row("hardSigmoid", x -> hardSigmoid(mul(x, 3)), 2, 3);
    row("hardSwish", x -> hardSwish(mul(x, 3)), 2, 3);
    row("softsign", x -> softsign(x), 2, 3);
    row("softplus", x -> softplus(x), 2, 3);
    row("silu", x -> silu(x), 2, 3);
    row("mish", x -> mish(x), 2, 3);
    row("gelu", x -> gelu(x), 2, 3);
    row("geluTanh", x -> geluTanh(x), 2, 3);
    row("stopGradient", x -> mul(stopGradient(x), x), 2, 3);
    row("zeros", x -> add(zeros(x), x), 2, 3);
  }

  private void reductions() {
    row("sum", x -> sum(x, 1), 2, 3, 4);
    row("sum kept", x -> sum(x, Axes.axes(1, 2).keepDims()), 2, 3, 4);
    row("sum of all", x -> sum(x), 2, 3, 4);
    row("mean", x -> mean(x, 2), 2, 3, 4);
    row("mean of batch", x -> mean(x, 0), 2, 3, 4);
    row("variance", x -> variance(x, Axes.axes(1), 1), 2, 3, 4);
    row("std", x -> std(x, 1, 2), 2, 3, 4);
    row("norm", x -> norm(x, 1), 2, 3, 4);
    row("prod", x -> prod(x, 2), 2, 3, 4);
    row("logSumExp", x -> logSumExp(x, 1), 2, 3, 4);
    row("max", x -> max(x, Axes.axes(1, 2)), 2, 3, 4);
    row("max of all", x -> max(x), 2, 3, 4);
    row("min", x -> min(x, Axes.axes(2).keepDims()), 2, 3, 4);
    row("cumSum", x -> cumSum(x, 1), 2, 3, 4);
    row("softmax", x -> softmax(x, 1), 2, 3, 4);
    row("softmax last", x -> softmax(x, -1), 2, 3, 4);
    row("logSoftmax", x -> logSoftmax(x, 1), 2, 3, 4);
    row("normalize", x -> normalize(x, 1e-3, 1), 2, 3, 4);
    row("normalize last", x -> normalize(x, 1e-3, 2), 2, 3, 4);
    row("mse", x -> mse(x, floor(x)), 2, 3, 4);
    row("l1", x -> l1(x, floor(x)), 2, 3, 4);
    row("huber", x -> huber(mul(x, 2), floor(x), 0.7), 2, 3, 4);
    row("halfSquaredError", x -> halfSquaredError(x, floor(x)), 2, 3, 4);
    row("klDivergence", x -> klDivergence(logSoftmax(x, 1), relu(softmax(floor(x), 1))), 2, 3, 4);
    row("crossEntropy", x -> crossEntropy(x, softmax(floor(x), 1)), 2, 3, 4);
    row("crossEntropy of labels", x -> crossEntropy(mean(x, 0), 0, 3, 1), 2, 3, 4);
    row("smoothed", x -> crossEntropy(mean(x, 0), new int[] {2, 0, 1}, 0.1), 2, 3, 4);
    row("binaryCrossEntropy", x -> binaryCrossEntropyWithLogits(x, sigmoid(floor(x))), 2, 3, 4);
  }

  private void shapes() {
    row("reshape", x -> reshape(x, -1, 6), 2, 3, 4);
    row("reshape with the batch", x -> reshape(x, x.shape().dim(0), 12), 2, 3, 4);
    row("reshape to many", x -> reshape(x, x.shape().dim(0) * 3, 4), 2, 3, 4);
    row("flatten", x -> flatten(x), 2, 3, 4);
    row("expandDims", x -> expandDims(x, 1), 2, 3, 4);
    row("squeeze", x -> squeeze(x, 1), 2, 1, 4);
    row("permute", x -> permute(x, 2, 0, 1), 2, 3, 4);
    row("transpose", x -> transpose(x), 2, 3, 4);
    row("broadcastTo", x -> broadcastTo(x, Shape.of(5, x.shape().dim(0), 3)), 2, 3);
    row("sumTo", x -> sumTo(x, Shape.of(1, 4)), 2, 3, 4);
    row("sumTo of channels", x -> sumTo(x, Shape.of(x.shape().dim(0), 3, 1)), 2, 3, 4);
    row("slice", x -> slice(x, 1, 1, 3), 2, 3, 4);
    row("slice from the end", x -> slice(x, 2, -3, -1, 2), 2, 3, 4);
    row("slice of the batch", x -> slice(x, 0, 0, x.shape().dim(0) - 1), 2, 3);
    row("concat", x -> concat(1, x, mul(x, 2), x), 2, 3, 4);
    row("stack", x -> stack(1, x, mul(x, 2)), 2, 3, 4);
    row("pad", x -> pad(x, new int[] {0, 1, 2}, new int[] {0, 0, 1}, 0.5), 2, 3, 4);
    row(
        "pad reflect",
        x -> pad(x, new int[] {0, 1, 2}, new int[] {0, 0, 1}, PadMode.REFLECT),
        2,
        3,
        4);
    row("pad edge", x -> pad(x, new int[] {0, 1, 2}, new int[] {0, 0, 1}, PadMode.EDGE), 2, 3, 4);
    row("flip", x -> flip(x, 1, 2), 2, 3, 4);
    row("flip batch", x -> flip(x), 2, 3);
    row("tile", x -> tile(x, 1, 2, 3), 2, 3, 4);
    row("take", x -> take(x, 1, 2, 0, 2), 2, 3, 4);
    row("take shaped", x -> take(x, 2, Indices.of(new int[] {0, 3, 3, 1}, 2, 2)), 2, 3, 4);
    row("depthToSpace", x -> depthToSpace(x, 2), 2, 8, 3, 2);
    row("spaceToDepth", x -> spaceToDepth(x, 2), 2, 2, 4, 6);
    row("matmul", x -> matmul(x, constant(4, 5)), 2, 3, 4);
    row("matmul transposed", x -> matmul(x, constant(5, 3), true, true), 2, 3, 4);
    row("matmul of a batch", x -> matmul(x, transpose(x)), 2, 3, 4);
    row("matmul of matrices", x -> matmul(constant(4, 3), x, false, true), 2, 3);
    row("linear", x -> bias(matmul(x, constant(5, 3), false, true), constant(5)), 2, 3);
    row("bias", x -> bias(x, constant(3)), 2, 3, 4, 5);
    row(
        "detached gather",
        x -> mul(x, where(equal(x, max(x, Axes.axes(1).keepDims())), 1, x)),
        2,
        3);
  }

  private void windows() {
    row("conv2d", x -> conv2d(x, constant(4, 3, 3, 2)), 2, 3, 6, 7);
    row(
        "conv2d strided",
        x -> conv2d(x, constant(4, 3, 3, 3), constant(4), ConvOptions.same().stride(2)),
        2,
        3,
        6,
        7);
    row(
        "conv2d grouped",
        x ->
            conv2d(
                x,
                constant(6, 2, 3, 3),
                ConvOptions.valid().padding(2, 1).dilation(2, 1).groups(2)),
        2,
        4,
        8,
        7);
    row("conv1d", x -> conv1d(x, constant(4, 3, 3), constant(4), ConvOptions.same()), 2, 3, 9);
    row(
        "conv1d unbiased",
        x -> conv1d(x, constant(4, 3, 3), ConvOptions.valid().stride(2)),
        2,
        3,
        9);
    row("depthwise", x -> depthwiseConv2d(x, constant(6, 1, 3, 3), ConvOptions.same()), 2, 3, 6, 6);
    row(
        "transposed",
        x -> convTranspose2d(x, constant(3, 4, 3, 3), ConvOptions.valid()),
        2,
        3,
        5,
        4);
    row(
        "transposed strided",
        x ->
            convTranspose2d(
                x, constant(3, 4, 4, 3), constant(4), ConvOptions.valid().stride(2).padding(1)),
        2,
        3,
        5,
        4);
    row(
        "transposed with more",
        x ->
            convTranspose2d(
                x, constant(3, 4, 3, 3), ConvOptions.valid().stride(2).padding(1), 1, 1),
        2,
        3,
        5,
        4);
    row(
        "transposed sequences",
        x -> convTranspose1d(x, constant(3, 4, 4), constant(4), ConvOptions.valid().stride(2)),
        2,
        3,
        5);
    row("maxPool2d", x -> maxPool2d(x, 2), 2, 3, 6, 7);
    row(
        "maxPool2d padded",
        x -> maxPool2d(x, PoolOptions.window(3).stride(2).padding(1)),
        2,
        3,
        6,
        7);
    row("maxPool2d up", x -> maxPool2d(x, PoolOptions.window(3).stride(2).ceil()), 2, 3, 6, 8);
    row(
        "maxPool2d dilated",
        x -> maxPool2d(x, PoolOptions.window(2).stride(1).dilation(2)),
        2,
        3,
        6,
        7);
    row("maxPool1d", x -> maxPool1d(x, 2), 2, 3, 7);
    row("avgPool2d", x -> avgPool2d(x, 2), 2, 3, 6, 7);
    row(
        "avgPool2d padded",
        x -> avgPool2d(x, PoolOptions.window(3).stride(2).padding(1)),
        2,
        3,
        6,
        7);
    row(
        "avgPool2d counted",
        x -> avgPool2d(x, PoolOptions.window(3).stride(2).padding(1)),
        2,
        3,
        6,
        7);
    row(
        "avgPool2d counted up",
        x -> avgPool2d(x, PoolOptions.window(3).stride(2).padding(1).ceil()),
        2,
        3,
        6,
        8);
    row("avgPool1d", x -> avgPool1d(x, 3), 2, 3, 7);
    row("adaptive", x -> adaptiveAvgPool2d(x, 3, 2), 2, 3, 6, 8);
    row("adaptive uneven", x -> adaptiveAvgPool2d(x, 4, 3), 2, 3, 6, 7);
    row("adaptive to one", x -> adaptiveAvgPool2d(x, 1, 1), 2, 3, 6, 7);
    row("adaptive maximum", x -> adaptiveMaxPool2d(x, 4, 3), 2, 3, 6, 7);
    row("global average", x -> globalAvgPool2d(x), 2, 3, 6, 7);
    row("global maximum", x -> globalMaxPool2d(x), 2, 3, 6, 7);
    row("upsampleNearest", x -> upsampleNearest(x, 3, 2), 2, 3, 4, 5);
    row("upsampleBilinear", x -> upsampleBilinear(x, 7, 11, false), 2, 3, 4, 5);
    row("upsampleBilinear corners", x -> upsampleBilinear(x, 7, 9, true), 2, 3, 4, 5);
    row("downsampleBilinear", x -> upsampleBilinear(x, 3, 2, false), 2, 3, 8, 5);
  }

  private void norms() {
    row(
        "batchNorm",
        x -> batchNorm(x, constant(3), constant(3), constant(3), abs(constant(3)), 1e-3),
        2,
        3,
        4,
        5);
    row(
        "batchNorm of rows",
        x -> batchNorm(x, constant(3), constant(3), constant(3), abs(constant(3)), 1e-3),
        2,
        3);
    row("batchNorm of the batch", x -> batchNorm(x, constant(3), constant(3), 1e-3), 2, 3, 4, 5);
    row("layerNorm", x -> layerNorm(x, constant(4), constant(4), 1e-3), 2, 3, 4);
    row("layerNorm of two", x -> layerNorm(x, constant(3, 4), constant(3, 4), 1e-3), 2, 3, 4);
    row("groupNorm", x -> groupNorm(x, 2, constant(4), constant(4), 1e-3), 2, 4, 3, 2);
    row("instanceNorm", x -> instanceNorm(x, constant(3), constant(3), 1e-3), 2, 3, 4, 5);
  }

  /** Functions of the catalogue, by name, with the shape of an input. */
  static Map<String, Row> all() {
    ExportOpsTest rows = new ExportOpsTest();
    rows.elementwise();
    rows.reductions();
    rows.shapes();
    rows.windows();
    rows.norms();
    return rows.rows;
  }

  @Test
  void everyOpIsTheSameInOnnxRuntime() {
    List<String> wrong = new ArrayList<>();
    all()
        .forEach(
            (name, row) -> {
              for (int opset : OPSETS) {
                try {
                  NdArray example = draw(row.shape, 1);
                  byte[] model = OnnxExport.of(row.f, example).opset(opset).bytes();
                  for (int batch : opset == 17 ? new int[] {1, 4, 7} : new int[] {3}) {
                    NdArray x = draw(row.shape.with(0, batch), batch);
                    NdArray expected = row.f.predict(x);
                    NdArray actual = OnnxRuntime.run(model, Map.of("input", x)).get("output");
                    String difference = difference(expected, actual);
                    if (!difference.isEmpty()) {
                      wrong.add(name + ", opset " + opset + ", batch " + batch + ": " + difference);
                    }
                  }
                } catch (RuntimeException | AssertionError e) {
                  wrong.add(name + ", opset " + opset + ": " + e.getMessage());
                }
              }
            });
    assertTrue(wrong.isEmpty(), () -> wrong.size() + " wrong:\n" + String.join("\n", wrong));
  }

  static String difference(NdArray expected, NdArray actual) {
    if (!expected.shape().equals(actual.shape())) {
      return "shape " + actual.shape() + ", expected " + expected.shape();
    }
    for (int i = 0; i < expected.size(); i++) {
      double allowed = 1e-5 * Math.max(1, Math.abs(expected.at(i)));
      if (!(Math.abs(expected.at(i) - actual.at(i)) <= allowed)) {
        return "element %s is %s, expected %s".formatted(i, actual.at(i), expected.at(i));
      }
    }
    return "";
  }
}
