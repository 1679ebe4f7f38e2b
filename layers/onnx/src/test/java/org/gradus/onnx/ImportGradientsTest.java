package org.gradus.onnx;

import static org.gradus.onnx.Judge.draw;
import static org.gradus.onnx.Judge.drawWithin;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.check.GradientCheck;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.junit.jupiter.api.Test;

/** Gradients of whole imported nets, in their inputs and in all parameters, by differences. */
class ImportGradientsTest {
  /** Checks a net in an input and in all of its parameters at once. */
  private static void check(TestModel model, NdArray x, boolean training) {
    OnnxNet net = model.net(DType.FLOAT64);
    List<Parameter> parameters = net.parameters();
    List<NdArray> values = new ArrayList<>();
    values.add(x.as(DType.FLOAT64));
    parameters.forEach(parameter -> values.add(parameter.value()));
    assertEquals(DType.FLOAT64, values.get(values.size() - 1).dtype());
    GradientCheck.of(
            "net",
            inputs -> {
              Pass pass = training ? Pass.training(1, 1) : Pass.inference();
              Map<Parameter, Tensor> given = new HashMap<>();
              for (int i = 0; i < parameters.size(); i++) {
                given.put(parameters.get(i), inputs.get(i + 1));
              }
              return net.forward(inputs.get(0), pass.with(given));
            })
        .projections(4)
        .check(values.toArray(new NdArray[0]));
  }

  private static TestModel classifier() {
    return new TestModel(17)
        .input("x", "N", 2, 5, 5)
        .initializer("conv.weight", draw(1, 4, 2, 3, 3))
        .initializer("conv.bias", draw(2, 4))
        .initializer("bn.weight", drawWithin(3, 0.5, 2, 4))
        .initializer("bn.bias", draw(4, 4))
        .initializer("bn.mean", draw(5, 4))
        .initializer("bn.var", drawWithin(6, 0.5, 2, 4))
        .initializer("depthwise", draw(7, 4, 1, 3, 3))
        .initializer("fc", draw(8, 16, 3))
        .initializer("shape", 0, -1)
        .node("Conv", "x conv.weight conv.bias", "c", "pads", new int[] {1, 1, 1, 1})
        .node("BatchNormalization", "c bn.weight bn.bias bn.mean bn.var", "n")
        .node("Sigmoid", "n", "gate")
        .node("Mul", "n gate", "silu")
        .node("Conv", "silu depthwise", "d", "group", 4, "strides", new int[] {2, 2})
        .node("Add", "d d", "twice")
        .node("Reshape", "twice shape", "flat")
        .node("MatMul", "flat fc", "logits")
        .node("LogSoftmax", "logits", "y")
        .outputs("y");
  }

  @Test
  void aClassifier() {
    check(classifier(), draw(9, 2, 2, 5, 5), false);
    check(classifier(), draw(9, 2, 2, 5, 5), true);
  }

  @Test
  void anUpsamplingNet() {
    check(
        new TestModel(17)
            .input("x", "N", 2, 3, 3)
            .initializer("up", draw(1, 2, 3, 3, 3))
            .initializer("slope", drawWithin(2, 0.1, 0.5, 3, 1, 1))
            .initializer("sizes", 1, 3, 8, 7)
            .initializer("pads", 0, 0, 1, 1, 0, 0, 0, 2)
            .node("ConvTranspose", "x up", "t", "strides", new int[] {2, 2})
            .node("PRelu", "t slope", "p")
            .node("Resize", "p - - sizes", "r", "mode", "cubic")
            .node("Pad", "r pads", "padded", "mode", "reflect")
            .node("AveragePool", "padded", "a", "kernel_shape", new int[] {2, 3}, "ceil_mode", 1)
            .node("Tanh", "a", "y")
            .outputs("y"),
        draw(3, 1, 2, 3, 3),
        false);
  }

  @Test
  void aRecurrentNet() {
    check(
        new TestModel(14)
            .input("x", 3, 2, 2)
            .initializer("w", drawWithin(1, -1, 1, 2, 8, 2))
            .initializer("r", drawWithin(2, -1, 1, 2, 8, 2))
            .initializer("b", drawWithin(3, -1, 1, 2, 16))
            .node("LSTM", "x w r b", "y", "hidden_size", 2, "direction", "bidirectional")
            .outputs("y"),
        draw(4, 3, 2, 2),
        false);
  }

  @Test
  void anAttention() {
    check(
        new TestModel(17)
            .input("x", 1, 3, 4)
            .initializer("q", draw(1, 4, 4))
            .initializer("k", draw(2, 4, 4))
            .initializer("scale", drawWithin(3, 0.5, 2, 4))
            .initializer("shift", draw(4, 4))
            .node("LayerNormalization", "x scale shift", "n")
            .node("MatMul", "n q", "queries")
            .node("MatMul", "n k", "keys")
            .node("Transpose", "keys", "turned", "perm", new int[] {0, 2, 1})
            .node("MatMul", "queries turned", "scores")
            .node("Constant", "", "two", "value_float", 2f)
            .node("Div", "scores two", "scaled")
            .node("Softmax", "scaled", "weights")
            .node("MatMul", "weights n", "mixed")
            .node("Add", "x mixed", "y")
            .outputs("y"),
        draw(5, 1, 3, 4),
        false);
  }

  @Test
  void placesThatAreChanged() {
    check(
        new TestModel(18)
            .input("x", 3, 2)
            .initializer("flat", 2, 0, 2)
            .initializer("shape", 3, 1)
            .initializer("u", drawWithin(1, 0.5, 2, 3, 2))
            .node("Reshape", "flat shape", "index")
            .node("ScatterND", "x index u", "a", "reduction", "mul")
            .node("ReduceL2", "a", "y", "keepdims", 0)
            .outputs("y"),
        drawWithin(2, 0.5, 2, 3, 2),
        false);
  }

  @Test
  void imagesReadAtLearntPlaces() {
    check(
        new TestModel(16)
            .input("x", 1, 2, 3, 4)
            .initializer("at", drawWithin(1, -1.7, 1.7, 1, 2, 3, 2))
            .node("GridSample", "x at", "y", "padding_mode", "reflection")
            .outputs("y"),
        draw(2, 1, 2, 3, 4),
        false);
  }
}
