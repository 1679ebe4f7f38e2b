package org.gradus.onnx;

import static org.gradus.onnx.Judge.draw;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.inspect.Nodes;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.AbstractLayer;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.Summary;
import org.gradus.layers.Trace;
import org.gradus.layers.optim.Optimizer;
import org.junit.jupiter.api.Test;

/** A net that was read is trained, frozen in part, and looked into as the layers are. */
class TrainedFurtherTest {
  private static final Shape IMAGES = Shape.of(4, 2, 6, 6);

  private static Sequential net(double momentum) {
    SplittableRandom random = new SplittableRandom(1);
    return new Sequential()
        .then("conv", new Conv2d(2, 3, 3, random))
        .then("norm", new BatchNorm2d(3, 1e-5, momentum, DType.FLOAT32))
        .then("relu", new Relu())
        .then("flat", new Flatten())
        .then("head", new Linear(48, 5, random));
  }

  private static OnnxNet read(Layer net, Shape input) throws IOException {
    byte[] file = OnnxExport.of(net, NdArray.zeros(DType.FLOAT32, input)).bytes();
    return OnnxNet.of(file, DType.FLOAT32);
  }

  private static void train(Layer net, int steps) {
    Optimizer adam = new Optimizer(net, new Adam(0.01));
    for (int step = 0; step < steps; step++) {
      Pass pass = Pass.training(1, step);
      NdArray x = draw(step, IMAGES.toArray());
      adam.minimize(Ops.mean(Ops.square(net.forward(x, pass))), pass);
    }
  }

  /** Whatever the momentum: also where it is no sum of powers of two. */
  @Test
  void trainingHasTheBitsOfTheLayers() throws IOException {
    for (double momentum : new double[] {0.1, 0.3, 0.01, 0.5, 1, 0}) {
      Sequential layers = net(momentum);
      OnnxNet read = read(layers, IMAGES);
      OnnxNet again = read(read, IMAGES);
      train(layers, 5);
      train(read, 5);
      train(again, 5);
      assertEquals(layers.state(), read.state(), "momentum " + momentum);
      assertEquals(layers.state(), again.state(), "momentum " + momentum);
    }
  }

  // ---- layers of a trace -----------------------------------------------------------------------

  @Test
  void aLayerOfATraceComputesWithWhatItIsGiven() throws IOException {
    Sequential layers = net(0.1);
    OnnxNet read = read(layers, IMAGES);
    Trace trace = Trace.of(read, draw(1, IMAGES.toArray()));
    Trace own = Trace.of(layers, draw(1, IMAGES.toArray()));
    NdArray other = draw(2, 7, 2, 6, 6);
    Layer conv = trace.at("conv/Conv").layer();
    assertEquals(layers.parts().get("conv").predict(other), conv.predict(other));
    Layer norm = trace.at("norm/BatchNormalization").layer();
    NdArray features = draw(3, 7, 3, 4, 4);
    assertEquals(layers.parts().get("norm").predict(features), norm.predict(features));
    Pass pass = Pass.training(1, 1);
    assertEquals(
        own.at("norm").layer().forward(features, Pass.training(1, 1)).value(),
        norm.forward(features, pass).value());
    assertEquals(2, pass.observed().size());
    assertThrows(ShapeException.class, () -> conv.predict(draw(2, 7, 3, 6, 6)));
    train(read, 1); // a layer has its weights as they are now
    assertEquals(
        Trace.of(read, other).at("conv/Conv").output().value(), conv.forward(other).value());
  }

  /** Nothing of the graph that the layer was traced in is behind its output. */
  @Test
  void aLayerOfATraceHasAGraphOfItsOwn() throws IOException {
    OnnxNet read = read(net(0.1), IMAGES);
    Trace trace = Trace.of(read, draw(1, IMAGES.toArray()));
    Layer head = trace.at("head/Gemm").layer();
    Tensor x = Tensor.variable(draw(2, 4, 48));
    Tensor y = head.forward(x, Pass.training(1, 1));
    assertTrue(Nodes.of(y).stream().filter(Tensor::isVariable).count() == 3, "x, weight, bias");
    OnnxNet sum =
        new TestModel(17)
            .input("x", 2)
            .node("Neg", "x", "a")
            .node("Abs", "x", "b")
            .node("Add", "a b", "y")
            .outputs("y")
            .net();
    Tensor input = Tensor.variable(NdArray.of(1f, -2f));
    Layer add = Trace.of(sum, input).at("Add_2").layer();
    Tensor a = Tensor.variable(NdArray.of(10f, 10f));
    Tensor added = add.forward(a);
    assertEquals(NdArray.of(11f, 12f), added.value());
    assertEquals(List.of(a), Nodes.of(added).stream().filter(Tensor::isVariable).toList());
    OnnxNet square =
        new TestModel(17).input("x", 2).named("sq", "Mul", "x x", "y").outputs("y").net();
    Layer twice = Trace.of(square, input).at("sq").layer();
    assertEquals(NdArray.of(9f, 16f, 25f), twice.predict(NdArray.of(3f, 4f, 5f)));
  }

  @Test
  void aSummaryIsThatOfTheLayers() throws IOException {
    Sequential layers = net(0.1);
    Summary own = Summary.of(layers, IMAGES);
    Summary read = Summary.of(read(layers, IMAGES), IMAGES);
    assertEquals(own.multiplyAdds(), read.multiplyAdds());
    assertEquals(own.parameters(), read.parameters());
    assertEquals(
        List.of("OnnxNet 0", "Conv 57", "BatchNormalization 6", "Relu 0", "Reshape 0", "Gemm 245"),
        read.rows().stream().map(row -> row.layer() + " " + row.parameters()).toList());
    assertEquals(
        own.rows().stream().mapToLong(Summary.Row::parameters).sum(),
        read.rows().stream().mapToLong(Summary.Row::parameters).sum());
  }

  // ---- statistics ------------------------------------------------------------------------------

  private static final class Twice extends AbstractLayer {
    private final Layer norm = part("norm", new BatchNorm2d(2));

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      return norm.forward(Ops.mul(norm.forward(x, pass), 2), pass);
    }
  }

  @Test
  void aNormalisationThatIsCalledTwiceSeesBoth() throws IOException {
    Layer twice = new Twice();
    OnnxNet read = read(twice, IMAGES);
    for (int step = 0; step < 3; step++) {
      for (Layer net : List.of(twice, read)) {
        Pass pass = Pass.training(1, step);
        Tensor unused = net.forward(draw(step, IMAGES.toArray()), pass);
        assertEquals(4, pass.observed().size());
        pass.commit();
      }
    }
    assertEquals(twice.state(), read.state());
  }

  /** A tool may write equal initializers once: what is learnt does not follow what is seen. */
  @Test
  void aStatisticIsNoWeight() throws IOException {
    TestModel model =
        new TestModel(17)
            .input("x", "N", 2, 3, 3)
            .initializer("zeros", NdArray.of(0f, 0f))
            .initializer("ones", NdArray.of(1f, 1f))
            .node("Identity", "zeros", "mean")
            .node("Identity", "ones", "variance")
            .node("BatchNormalization", "x ones zeros mean variance", "y")
            .outputs("y");
    OnnxNet net = model.net();
    Layer layer = new BatchNorm2d(2);
    assertEquals(List.of("zeros", "ones"), net.parameters().stream().map(Parameter::name).toList());
    assertEquals(
        List.of("zeros_statistic", "ones_statistic"),
        net.buffers().stream().map(Parameter::name).toList());
    for (Layer each : List.of(net, layer)) {
      Pass pass = Pass.training(1, 1);
      Tensor unused = each.forward(draw(1, 4, 2, 3, 3), pass);
      pass.commit();
    }
    assertEquals(NdArray.of(0f, 0f), net.state().get("zeros"));
    assertEquals(layer.state().get("running_mean"), net.state().get("zeros_statistic"));
    assertEquals(layer.state().get("running_var"), net.state().get("ones_statistic"));
    NdArray x = draw(2, 4, 2, 3, 3);
    assertEquals(layer.predict(x), net.predict(x));
  }

  /** Equal first values of two layers, written once: each follows its own batches. */
  @Test
  void twoNormalisationsHaveStatisticsOfTheirOwn() throws IOException {
    for (String second : new String[] {"ones zeros zeros ones", "twos zeros zeros ones"}) {
      OnnxNet net =
          new TestModel(17)
              .input("x", "N", 2, 3, 3)
              .initializer("zeros", NdArray.of(0f, 0f))
              .initializer("ones", NdArray.of(1f, 1f))
              .initializer("twos", NdArray.of(1f, 1f))
              .node("BatchNormalization", "x ones zeros zeros ones", "a")
              .node("Relu", "a", "r")
              .node("BatchNormalization", "r " + second, "y")
              .outputs("y")
              .net();
      Sequential layers = new Sequential(new BatchNorm2d(2), new Relu(), new BatchNorm2d(2));
      NdArray x = draw(7, 8, 2, 3, 3);
      for (int step = 0; step < 5; step++) {
        for (Layer each : List.of(net, layers)) {
          Pass pass = Pass.training(1, step);
          Tensor unused = each.forward(draw(step, 8, 2, 3, 3), pass);
          pass.commit();
        }
      }
      assertEquals(layers.predict(x), net.predict(x), second);
    }
  }

  @Test
  void statisticsOfTheGraphAroundAreFollowedInABranch() {
    TestModel norm = new TestModel(17).node("BatchNormalization", "x g b m v", "y").outputs("y");
    TestModel plain = new TestModel(17).node("Neg", "x", "z").outputs("z");
    OnnxNet net =
        new TestModel(17)
            .input("x", "N", 2, 3, 3)
            .initializer("g", NdArray.of(1f, 1f))
            .initializer("b", NdArray.of(0f, 0f))
            .initializer("m", NdArray.of(0f, 0f))
            .initializer("v", NdArray.of(1f, 1f))
            .initializer("zero", NdArray.scalar(DType.FLOAT32, 0))
            .node("ReduceMax", "x", "most", "keepdims", 0)
            .node("Greater", "most zero", "positive")
            .node("If", "positive", "out", "then_branch", norm, "else_branch", plain)
            .outputs("out")
            .net();
    assertEquals(List.of("g", "b"), net.parameters().stream().map(Parameter::name).toList());
    Layer layer = new BatchNorm2d(2);
    for (Layer each : List.of(net, layer)) {
      Pass pass = Pass.training(1, 1);
      Tensor unused = each.forward(draw(1, 4, 2, 3, 3), pass);
      pass.commit();
    }
    assertEquals(layer.state().get("running_var"), net.state().get("v"));
  }

  // ---- parts that are frozen -------------------------------------------------------------------

  @Test
  void partsAreFrozenByTheirNames() throws IOException {
    OnnxNet net = read(net(0.1), IMAGES);
    Map<String, NdArray> before = net.state();
    OnnxNet tuned = net.freezing(name -> !name.startsWith("head."));
    assertEquals(
        List.of("head.weight", "head.bias"),
        tuned.parameters().stream().map(Parameter::name).toList());
    assertEquals(before.keySet(), tuned.state().keySet());
    NdArray x = draw(9, IMAGES.toArray());
    Pass pass = Pass.training(1, 1);
    Tensor y = tuned.forward(x, pass);
    assertEquals(net.predict(x), y.value()); // normalised as in inference
    assertEquals(List.of(), pass.observed());
    Parameter weight = net.parameters().get(0);
    assertFalse(Nodes.of(y).contains(weight.tensor()));
    train(tuned, 3);
    for (String name : before.keySet()) {
      boolean same = before.get(name).equals(net.state().get(name));
      assertEquals(!name.startsWith("head."), same, name);
    }
    assertEquals(net.predict(x), tuned.predict(x)); // they share their values
    assertEquals(List.of(), net.freezing(name -> true).freezing(name -> true).parameters());
    OnnxNet more = tuned.freezing(name -> name.equals("head.bias"));
    assertEquals(List.of("head.weight"), more.parameters().stream().map(Parameter::name).toList());
    assertEquals(Summary.of(net, IMAGES).parameters() - 240, Summary.of(more, IMAGES).frozen());
    String message =
        assertThrows(IllegalArgumentException.class, () -> net.freezing(name -> false))
            .getMessage();
    assertTrue(
        message.startsWith(
            "freezing: no name is among those to be frozen, expected some of [conv.weight,"),
        message);
  }

  @Test
  void gradientsThroughFrozenParts() throws IOException {
    OnnxNet net = read(net(0.1), IMAGES);
    OnnxNet tuned = net.freezing(name -> name.startsWith("conv."));
    Tensor x = Tensor.variable(draw(1, IMAGES.toArray()));
    Tensor a = Ops.sum(net.forward(x));
    Tensor b = Ops.sum(tuned.forward(x));
    assertEquals(Gradients.backward(a, x).of(x).value(), Gradients.backward(b, x).of(x).value());
  }

  // ---- element types ---------------------------------------------------------------------------

  @Test
  void elementTypesAreNotMixed() throws IOException {
    OnnxNet net = read(net(0.1), IMAGES);
    NdArray x = draw(1, IMAGES.toArray());
    NdArray wide = x.as(DType.FLOAT64);
    String refusal =
        "onnxNet: input input is FLOAT64, expected FLOAT32; convert it with NdArray.as";
    assertEquals(refusal, typeMessage(() -> net.predict(wide)));
    assertEquals(refusal, typeMessage(() -> net.forward(wide)));
    byte[] file = OnnxExport.of(net, x).bytes();
    OnnxNet precise = OnnxNet.of(file, DType.FLOAT64);
    assertEquals(
        "onnxNet: input input is FLOAT32, expected FLOAT64; convert it with NdArray.as",
        typeMessage(() -> precise.predict(x)));
    assertEquals(DType.FLOAT64, precise.predict(wide).dtype());
    Pass pass = Pass.inference();
    for (Parameter parameter : net.parameters()) {
      pass = pass.with(parameter, Tensor.variable(parameter.value().as(DType.FLOAT64)));
    }
    for (Parameter buffer : net.buffers()) {
      pass = pass.with(buffer, Tensor.constant(buffer.value().as(DType.FLOAT64)));
    }
    assertEquals(precise.predict(wide), net.forward(wide, pass).value());
  }

  private static String typeMessage(org.junit.jupiter.api.function.Executable call) {
    return String.valueOf(assertThrows(DTypeException.class, call).getMessage());
  }

  @Test
  void aNumberThatIsDifferentiatedIsRefused() {
    OnnxNet net =
        new TestModel(13)
            .input("x", 2)
            .input("least")
            .node("Clip", "x least", "y")
            .outputs("y")
            .net();
    Tensor x = Tensor.variable(NdArray.of(1f, -2f));
    Tensor bound = Tensor.constant(NdArray.scalar(DType.FLOAT32, -1));
    Map<String, Tensor> outputs = net.outputs(Map.of("x", x, "least", bound), Pass.inference());
    assertEquals(NdArray.of(1f, -1f), outputs.get("y").value());
    Tensor variable = Tensor.variable(bound.value());
    assertNotEquals(x, variable);
    assertEquals(
        "Clip_0: an input [] is read as a number, through which no gradient flows, and which is not"
            + " recorded; expected a constant",
        assertThrows(
                IllegalArgumentException.class,
                () -> net.outputs(Map.of("x", x, "least", variable), Pass.inference()))
            .getMessage());
  }

  @Test
  void wholeNumbersThatDependOnTheInputAreNotWritten() {
    OnnxNet best =
        new TestModel(13)
            .input("x", "N", 2)
            .named("best", "ArgMax", "x", "y", "axis", 1)
            .outputs("y")
            .net();
    String message =
        assertThrows(IllegalStateException.class, () -> OnnxExport.of(best, 1, 2).bytes())
            .getMessage();
    assertTrue(message.startsWith("ArgMax best: "), message);
    OnnxNet words =
        new TestModel(13)
            .input("ids", ai.onnx.proto.OnnxMl.TensorProto.DataType.INT64, "N")
            .initializer("table", draw(1, 5, 2))
            .node("Gather", "table ids", "y")
            .outputs("y")
            .net();
    assertEquals(
        "onnxNet: input ids is INT64: what whole numbers decide is not recorded",
        assertThrows(IllegalStateException.class, () -> OnnxExport.of(words, 1).bytes())
            .getMessage());
  }
}
