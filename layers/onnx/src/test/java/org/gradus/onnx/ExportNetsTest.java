package org.gradus.onnx;

import static org.gradus.autograd.ops.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.inspect.Recording;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.PadMode;
import org.gradus.autograd.ops.PoolOptions;
import org.gradus.layers.*;
import org.gradus.layers.Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nets of layers as ONNX files: what is in a file, and what ONNX Runtime makes of it. */
class ExportNetsTest {
  private static final int[] BATCHES = {1, 4, 7};

  private static SplittableRandom random() {
    return new SplittableRandom(5);
  }

  static NdArray draw(Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return NdArray.generate(DType.FLOAT32, shape, i -> 2 * random.nextDouble() - 1);
  }

  /** Layers with values that are not those that they begin with. */
  private static <L extends Layer> L drawn(L layer) {
    SplittableRandom random = new SplittableRandom(8);
    for (List<Parameter> list : List.of(layer.parameters(), layer.buffers())) {
      for (Parameter p : list) {
        p.set(NdArray.generate(p.dtype(), p.shape(), i -> 0.1 + random.nextDouble()));
      }
    }
    return layer;
  }

  static Map<String, Layer> layers() {
    Map<String, Layer> all = new LinkedHashMap<>();
    Stream.of(
            new Conv2d(3, 4, 3, random()),
            new Conv2d(3, 4, 3, ConvOptions.same(), random()).withoutBias(),
            new ConvTranspose2d(3, 2, 3, ConvOptions.valid().stride(2), random()).outputPadding(1),
            new DepthwiseConv2d(3, 3, ConvOptions.same(), random()),
            drawn(new BatchNorm2d(3)),
            drawn(new GroupNorm(3, 3)),
            new InstanceNorm2d(),
            drawn(new LayerNorm(3, 6, 6)),
            drawn(new Prelu(3)),
            new MaxPool2d(2),
            new AvgPool2d(PoolOptions.window(3).stride(2).padding(1)),
            new AdaptiveAvgPool2d(2, 3),
            new AdaptiveMaxPool2d(4, 4),
            new GlobalAvgPool2d(),
            new GlobalMaxPool2d(),
            new Dropout(0.5),
            new Flatten(),
            new Pad2d(1, PadMode.REFLECT),
            new UpsampleNearest(2),
            new UpsampleBilinear(2),
            new Relu(),
            new Relu6(),
            new LeakyRelu(0.1),
            new Elu(1.5),
            new Selu(),
            new Gelu(),
            new GeluTanh(),
            new Silu(),
            new Mish(),
            new HardSigmoid(),
            new HardSwish(),
            new Sigmoid(),
            new Tanh(),
            new Softplus(),
            new Softsign(),
            new Softmax(1),
            new LogSoftmax(-1),
            new Sequential(new Conv2d(3, 4, 3, random()), new Relu()),
            new Residual(new Conv2d(3, 3, 3, ConvOptions.same(), random())),
            new Branches(1, new Relu(), new Conv2d(3, 2, 1, random())),
            new Conv2d(3, 4, 3, random()).frozen())
        .forEach(
            layer -> all.put(layer.getClass().getSimpleName() + all.size() + " [2,3,6,6]", layer));
    all.put("Linear [2,5]", new Linear(5, 4, random()));
    all.put("Linear of more [2,3,5]", new Linear(5, 4, random()));
    all.put("Linear without bias [2,5]", new Linear(5, 4, random()).withoutBias());
    all.put("BatchNorm1d [2,5]", drawn(new BatchNorm1d(5)));
    all.put("BatchNorm1d of sequences [2,5,3]", drawn(new BatchNorm1d(5)));
    all.put("LayerNorm [2,4,5]", drawn(new LayerNorm(5)));
    all.put("Conv1d [2,3,9]", new Conv1d(3, 4, 3, ConvOptions.valid().stride(2), random()));
    all.put("PixelShuffle [2,8,3,3]", new PixelShuffle(2));
    all.put("Unflatten [2,12]", new Unflatten(3, 4));
    return all;
  }

  @Test
  void everyLayerIsTheSameInOnnxRuntime() {
    List<String> wrong = new ArrayList<>();
    layers()
        .forEach(
            (name, layer) -> {
              int[] dims =
                  Stream.of(name.replaceAll(".*\\[|\\]", "").split(","))
                      .mapToInt(Integer::parseInt)
                      .toArray();
              byte[] model = OnnxExport.of(layer, dims).bytes();
              for (int batch : BATCHES) {
                NdArray x = draw(Shape.of(dims).with(0, batch), batch);
                NdArray actual = OnnxRuntime.run(model, Map.of("input", x)).get("output");
                String difference = ExportOpsTest.difference(layer.predict(x), actual);
                if (!difference.isEmpty()) {
                  wrong.add(name + ", batch " + batch + ": " + difference);
                }
              }
            });
    assertEquals(List.of(), wrong);
  }

  /** No layer is forgotten. */
  @Test
  void everyLayerIsExported() {
    Set<String> tested =
        layers().values().stream()
            .map(l -> l.getClass().getSimpleName())
            .collect(Collectors.toSet());
    Set<String> all =
        Neighbours.of(Layer.class, Layer.class).stream()
            .filter(type -> !Modifier.isAbstract(type.getModifiers()))
            .map(Class::getSimpleName)
            .collect(Collectors.toCollection(TreeSet::new));
    all.removeAll(tested);
    assertEquals(Set.of("Embedding"), all); // below
  }

  @Test
  void wordsAreChosenByTheInput() {
    Layer net =
        new Sequential(new Embedding(7, 3, random()), new Flatten(), new Linear(12, 2, random()));
    byte[] model = OnnxExport.of(net, 1, 4).bytes();
    NdArray words = NdArray.of(new float[][] {{0, 6, 3, 3}, {5, 1, 2, 4}, {6, 6, 0, 1}});
    NdArray actual = OnnxRuntime.run(model, Map.of("input", words)).get("output");
    assertEquals("", ExportOpsTest.difference(net.predict(words), actual));
  }

  // ---- what is in a file -----------------------------------------------------------------------

  static Layer small() {
    return new Sequential()
        .then("conv1", new Conv2d(1, 2, 3, random()))
        .then("bn1", drawn(new BatchNorm2d(2)))
        .then("relu", new Relu())
        .then("flatten", new Flatten())
        .then("fc", new Linear(2 * 4 * 4, 3, random()));
  }

  @Test
  void aFileHasTheNamesOfTheNet() throws IOException {
    Layer net = small();
    ModelProto model =
        ModelProto.parseFrom(
            OnnxExport.of(net, 1, 1, 6, 6)
                .metadata("seed", "5")
                .metadata("accuracy", "0.99")
                .bytes());
    GraphProto graph = model.getGraph();
    assertEquals(
        List.of(
            "conv1/Conv: Conv(input, conv1.weight, conv1.bias) -> conv1/Conv_output",
            "bn1/BatchNormalization: BatchNormalization(conv1/Conv_output, bn1.weight, bn1.bias,"
                + " bn1.running_mean, bn1.running_var) -> bn1/BatchNormalization_output",
            "relu/Relu: Relu(bn1/BatchNormalization_output) -> relu/Relu_output",
            "flatten/Reshape: Reshape(relu/Relu_output, flatten/Reshape/1) ->"
                + " flatten/Reshape_output",
            "fc/Gemm: Gemm(flatten/Reshape_output, fc.weight, fc.bias) -> output"),
        graph.getNodeList().stream().map(ExportNetsTest::text).toList());
    assertEquals(
        Set.copyOf(net.state().keySet()),
        graph.getInitializerList().stream()
            .map(TensorProto::getName)
            .filter(name -> !name.contains("/"))
            .collect(Collectors.toSet()));
    assertEquals("Gradus", model.getProducerName());
    assertEquals(8, model.getIrVersion());
    assertEquals(17, model.getOpsetImport(0).getVersion());
    assertEquals("", model.getOpsetImport(0).getDomain());
    assertEquals(
        "[seed 5, accuracy 0.99]",
        model.getMetadataPropsList().stream()
            .map(p -> p.getKey() + " " + p.getValue())
            .toList()
            .toString());
    assertEquals("sequential", graph.getName());
    assertEquals(
        "batch", graph.getInput(0).getType().getTensorType().getShape().getDim(0).getDimParam());
    assertEquals(6, graph.getInput(0).getType().getTensorType().getShape().getDim(2).getDimValue());
    assertEquals(
        "batch", graph.getOutput(0).getType().getTensorType().getShape().getDim(0).getDimParam());
    assertEquals(
        3, graph.getOutput(0).getType().getTensorType().getShape().getDim(1).getDimValue());
  }

  private static String text(NodeProto node) {
    return node.getName()
        + ": "
        + node.getOpType()
        + "("
        + String.join(", ", node.getInputList())
        + ") -> "
        + String.join(", ", node.getOutputList());
  }

  @Test
  void theSameNetGivesTheSameBytes() {
    Layer net = small();
    assertArrayEquals(
        OnnxExport.of(net, 1, 1, 6, 6).bytes(), OnnxExport.of(net, 4, 1, 6, 6).bytes());
  }

  @Test
  void aFunctionHasItsInputsAndOutputs() {
    OnnxExport export =
        OnnxExport.of(
                in -> List.of(add(in.get(0), in.get(1)), in.get(0), in.get(0)),
                List.of(draw(Shape.of(2, 3), 1), draw(Shape.of(2, 3), 2)))
            .named("sums")
            .inputs("a", "b")
            .outputs("sum", "first", "again");
    NdArray a = draw(Shape.of(4, 3), 3);
    NdArray b = draw(Shape.of(4, 3), 4);
    Map<String, NdArray> outputs = OnnxRuntime.run(export.bytes(), Map.of("a", a, "b", b));
    assertEquals(List.of("sum", "first", "again"), List.copyOf(outputs.keySet()));
    assertEquals("", ExportOpsTest.difference(a.plusScaled(1, b), outputs.get("sum")));
    assertEquals(a, outputs.get("first"));
    assertEquals(a, outputs.get("again"));
    assertEquals("export of sums for opset 17, like [[2, 3], [2, 3]]", export.toString());
  }

  @Test
  void aFixedBatchHasTheSizeOfTheExample() throws IOException {
    Layer net = x -> mul(x, Tensor.constant(draw(x.shape(), 1)));
    byte[] model = OnnxExport.of(net, 4, 3).fixedBatch().bytes();
    NdArray x = draw(Shape.of(4, 3), 3);
    NdArray actual = OnnxRuntime.run(model, Map.of("input", x)).get("output");
    assertEquals("", ExportOpsTest.difference(net.predict(x), actual));
    GraphProto graph = ModelProto.parseFrom(model).getGraph();
    assertEquals(4, graph.getInput(0).getType().getTensorType().getShape().getDim(0).getDimValue());
  }

  @Test
  void placesInABatchOfOneSizeAreKept() {
    Indices index = Indices.of(new int[] {2, 0, 1, 1, 0, 0}, 2, 3);
    Map<String, Layer> functions =
        Map.of(
            "gather", x -> gather(x, 1, index),
            "scatterAdd", x -> scatterAdd(x, 1, index, 4),
            "inverseRoot",
                x -> add(batchNorm(x, one(), one(), one(), sqrt(square(one())), 0.1), x));
    functions.forEach(
        (name, f) -> {
          NdArray x = draw(Shape.of(2, 3), 3);
          byte[] model = OnnxExport.of(f, x).fixedBatch().bytes();
          NdArray actual = OnnxRuntime.run(model, Map.of("input", x)).get("output");
          assertEquals("", ExportOpsTest.difference(f.predict(x), actual), name);
        });
  }

  /** Known, so that what is computed from it is written. */
  private static Tensor one(int... dims) {
    Shape shape = dims.length == 0 ? Shape.of(3) : Shape.of(dims);
    return Recording.known(draw(shape, 6).map(Math::abs));
  }

  @Test
  void gradientsThatAreDifferentiableCanBeExported() {
    Layer slope =
        x -> {
          Tensor w = Tensor.variable(draw(Shape.of(3), 9));
          Tensor energy = sum(square(mul(w, x)));
          return Gradients.backward(energy, Gradients.Mode.DIFFERENTIABLE, w).of(w);
        };
    String message = refusal(slope, 2, 3);
    assertTrue(
        message.startsWith("export: product, called at org.gradus.onnx.ExportNetsTest"), message);
    assertTrue(message.endsWith(": it has no counterpart in ONNX"), message);
  }

  @Test
  void float64IsDouble() {
    Layer net = x -> add(tanh(x), mul(x, 0.1));
    NdArray x = draw(Shape.of(2, 3), 1).as(DType.FLOAT64);
    NdArray actual =
        OnnxRuntime.run(OnnxExport.of(net, x).bytes(), Map.of("input", x)).get("output");
    assertEquals(DType.FLOAT64, actual.dtype());
    for (int i = 0; i < x.size(); i++) {
      assertEquals(net.predict(x).at(i), actual.at(i), 1e-15);
    }
  }

  @Test
  void aFileIsWritten(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("net.onnx");
    OnnxExport export = OnnxExport.of(small(), 1, 1, 6, 6);
    export.save(file);
    assertArrayEquals(export.bytes(), Files.readAllBytes(file));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  // ---- ops of users ----------------------------------------------------------------------------

  private record Snake(double a) implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0).map(x -> x + Math.pow(Math.sin(a * x), 2) / a);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return mul(g, add(sin(mul(in.get(0), 2 * a)), 1));
    }
  }

  @Test
  void anOpBringsItsTranslation() {
    Layer net = x -> Tensor.of(new Snake(2), x);
    Translation<Snake> translation =
        (op, to) -> {
          String sine = to.node("Sin", to.node("Mul", to.input(0), to.number(op.a())));
          String square = to.node("Mul", sine, sine);
          return to.node("Add", to.input(0), to.node("Div", square, to.number(op.a())));
        };
    byte[] model = OnnxExport.of(net, 2, 3).translating(Snake.class, translation).bytes();
    NdArray x = draw(Shape.of(4, 3), 3);
    NdArray actual = OnnxRuntime.run(model, Map.of("input", x)).get("output");
    assertEquals("", ExportOpsTest.difference(net.predict(x), actual));
  }

  /** Of the catalogue's names, but of this test. */
  private record Bias() implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return input == 0 ? g : zeros(in.get(input));
    }
  }

  @Test
  void anOpOfACataloguesNameIsNotTheCatalogues() {
    Layer net = x -> Tensor.of(new Bias(), matmul(x, one(3, 3)), one(3));
    assertTrue(refusal(net, 2, 3).endsWith(": it has no counterpart in ONNX"));
    OnnxExport export = OnnxExport.of(net, 2, 3).translating(Bias.class, (op, to) -> to.input(0));
    NdArray x = draw(Shape.of(4, 3), 3);
    NdArray actual = OnnxRuntime.run(export.bytes(), Map.of("input", x)).get("output");
    assertEquals("", ExportOpsTest.difference(net.predict(x), actual));
  }

  @Test
  void aTranslationThatIsGivenIsUsed() throws IOException {
    OnnxExport export =
        OnnxExport.of(new Linear(3, 2, random()), 2, 3)
            .translating(
                org.gradus.autograd.ops.Bias.class,
                (op, to) -> to.node("Sub", to.input(0), to.node("Neg", to.input(1))));
    List<String> types =
        ModelProto.parseFrom(export.bytes()).getGraph().getNodeList().stream()
            .map(NodeProto::getOpType)
            .toList();
    assertEquals(List.of("Transpose", "MatMul", "Neg", "Sub"), types);
  }

  @Test
  void scalesThatLieOtherwiseAreNotFused() {
    Map<String, Layer> functions =
        Map.of(
            "rows [2,3,3,4]",
                x ->
                    add(
                        mul(normalize(x, 1e-5, 2, 3), reshape(one(3), 3, 1)),
                        reshape(one(3), 3, 1)),
            "columns [2,3,4,3]",
                x ->
                    add(
                        mul(normalize(x, 1e-5, 2, 3), reshape(one(3), 1, 1, 3)),
                        reshape(one(3), 1, 1, 3)),
            "sequences [2,3,3]",
                x ->
                    add(
                        mul(normalize(x, 1e-5, 2), reshape(one(3), 1, 1, 3)),
                        reshape(one(3), 1, 1, 3)),
            "broadcast [4,4]", x -> add(mul(normalize(x, 1e-5, 1), one(4)), one(3, 1, 4)));
    functions.forEach(
        (name, f) -> {
          int[] dims =
              Stream.of(name.replaceAll(".*\\[|\\]", "").split(",", -1))
                  .mapToInt(Integer::parseInt)
                  .toArray();
          NdArray x = draw(Shape.of(dims), 3);
          byte[] model = OnnxExport.of(f, x).fixedBatch().bytes();
          NdArray actual = OnnxRuntime.run(model, Map.of("input", x)).get("output");
          assertEquals("", ExportOpsTest.difference(f.predict(x), actual), name);
        });
  }

  @Test
  void layersOverTheLastAxisAreOneNode() throws IOException {
    ModelProto model =
        ModelProto.parseFrom(OnnxExport.of(drawn(new LayerNorm(4)), 2, 3, 4).bytes());
    assertEquals(
        List.of("LayerNormalization"),
        model.getGraph().getNodeList().stream().map(NodeProto::getOpType).toList());
  }

  @Test
  void smallNumbersKeepTheirDigits() {
    Map<String, Layer> functions = Map.of("log1p", x -> log1p(x), "expm1", x -> expm1(x));
    NdArray x =
        NdArray.of(
            new float[][] {{1e-9f, -3e-8f, 0, 1e-4f, 0.5f, -0.5f, 30, Float.POSITIVE_INFINITY}});
    functions.forEach(
        (name, f) -> {
          byte[] model = OnnxExport.of(f, x).fixedBatch().bytes();
          NdArray actual = OnnxRuntime.run(model, Map.of("input", x)).get("output");
          NdArray expected = f.predict(x);
          for (int i = 0; i < x.size(); i++) {
            double allowed =
                Double.isInfinite(expected.at(i)) ? 0 : 1e-6 * Math.abs(expected.at(i));
            assertEquals(expected.at(i), actual.at(i), allowed, name + " of " + x.at(i));
          }
        });
  }

  @Test
  void namesMayBeOdd() {
    for (String name : List.of("#0", "x y", "1")) {
      byte[] model = OnnxExport.of((Layer) x -> add(x, 1), 2, 3).inputs(name).bytes();
      NdArray x = draw(Shape.of(4, 3), 3);
      NdArray actual = OnnxRuntime.run(model, Map.of(name, x)).get("output");
      assertEquals("", ExportOpsTest.difference(x.map(v -> v + 1), actual));
    }
  }

  @Test
  void aWatchThatIsBroughtAlongHidesNothing() {
    Tensor w = org.gradus.autograd.inspect.Watch.finite(Tensor.variable(draw(Shape.of(3), 4)));
    Layer net = x -> softmax(mul(x, w), 1);
    NdArray x = draw(Shape.of(4, 3), 3);
    NdArray actual =
        OnnxRuntime.run(OnnxExport.of(net, 2, 3).bytes(), Map.of("input", x)).get("output");
    assertEquals("", ExportOpsTest.difference(net.predict(x), actual));
    assertTrue(refusal(y -> mul(y, mul(y, w).value().at(0)), 2, 3).contains("is read"));
  }

  // ---- what is refused -------------------------------------------------------------------------

  private static String refusal(Layer net, int... shape) {
    RuntimeException e =
        assertThrows(RuntimeException.class, () -> OnnxExport.of(net, shape).bytes());
    assertTrue(
        e instanceof IllegalArgumentException || e instanceof IllegalStateException, e::toString);
    return e.getMessage();
  }

  @Test
  void anOpWithoutCounterpartIsRefusedWithItsPlace() {
    String snake = refusal(x -> Tensor.of(new Snake(2), x), 2, 3);
    assertTrue(
        snake.matches(
            "export: snake, called at org\\.gradus\\.onnx\\.ExportNetsTest.*: it has no counterpart"
                + " in ONNX"),
        snake);
    String dropout = refusal(x -> dropout(x, 0.5, 1), 2, 3);
    assertTrue(
        dropout.matches("export: dropout, called at .*: it has no counterpart in ONNX"), dropout);
  }

  @Test
  void whatReadsAnExampleIsRefused() {
    assertTrue(
        refusal(x -> mul(x, x.value().at(0)), 2, 3)
            .startsWith("recording: the value of the output of input, called at "));
    assertTrue(
        refusal(x -> take(x, 1, argMax(sum(x, 0), 0)), 2, 3)
            .contains("the output of sum, called at"));
    assertTrue(refusal(x -> mul(x, 1e-50), 2, 3).endsWith("the number 1.0E-50 is 0.0 in float32"));
    assertTrue(refusal(x -> topK(relu(x), 1, 2), 2, 3).contains("the output of relu, called at"));
  }

  @Test
  void whatDiffersWithTheBatchIsRefused() {
    String scale = refusal(x -> mul(x, 1.0 / x.shape().dim(0)), 2, 3);
    assertTrue(
        scale.matches(
            "export: mul, called at .*: input 1 of Mul is a constant that differs with the"
                + " batch; export it for a fixed batch"),
        scale);
    String axis = refusal(x -> x.shape().dim(0) == 3 ? relu(x) : tanh(x), 2, 3);
    assertTrue(
        axis.contains("a batch of another size is computed by other operators, here Relu"), axis);
    String kernel =
        refusal(
            x ->
                maxPool2d(
                    reshape(x, 1, 1, x.shape().dim(0), 3), PoolOptions.window(x.shape().dim(0), 3)),
            2,
            3);
    assertTrue(
        kernel.contains(
            "kernel_shape of MaxPool is [2, 3] for a batch of 2, and [3, 3] for one of 3"),
        kernel);
    String squares =
        refusal(x -> broadcastTo(sum(x), Shape.of(x.shape().dim(0) * x.shape().dim(0))), 2, 3);
    assertTrue(
        squares.contains(
            "a size is [4, 9, 25] for batches of [2, 3, 5], which is no multiple and sum"),
        squares);
  }

  @Test
  void wrongSettingsAreRefused() {
    OnnxExport export = OnnxExport.of(small(), 1, 1, 6, 6);
    refused("export: opset 12, expected 13 to 21", () -> export.opset(12));
    refused("export: opset 22, expected 13 to 21", () -> export.opset(22));
    refused("export: 2 names for 1 inputs", () -> export.inputs("a", "b"));
    refused("export: 2 names for 1 outputs", () -> export.outputs("a", "b").bytes());
    refused(
        "export: outputs [a, a], expected each to have a name of its own",
        () -> export.outputs("a", "a"));
    refused(
        "export: the name fc.weight is taken, by a weight or an input; give another by inputs or"
            + " outputs",
        () -> export.inputs("fc.weight").bytes());
    refused(
        "export: the example has rank 0, and so no batch; export it for a fixed batch",
        () -> OnnxExport.of(new Relu()).bytes());
    refused(
        "export: the example [0, 3] is an empty batch, expected one",
        () -> OnnxExport.of(new Relu(), 0, 3).bytes());
  }

  private static void refused(String message, org.junit.jupiter.api.function.Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
