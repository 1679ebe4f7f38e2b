package org.gradus.onnx;

import static org.gradus.onnx.Judge.draw;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.testkit.Fuzz;
import org.gradus.autograd.testkit.Fuzz.Memory;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Pass;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.files.FileFormatException;
import org.junit.jupiter.api.Test;

/**
 * Damaged models: each is read or refused by its format, within a memory that its size bounds; what
 * is read computes within some seconds, or refuses by an {@link IllegalArgumentException}.
 */
class OnnxFuzzTest {
  private static final Fuzz.Refusal FORMAT = Fuzz.Refusal.named(FileFormatException.class);
  private static final Memory LOADING = new Memory(1_000_000, 400);
  private static final Memory ANY = new Memory(1L << 40, 0);
  private static final Limits SMALL = new Limits(1 << 14, 1 << 6);
  private static final long MOST_SECONDS = 10;
  private static final int LARGEST_SEED = 1 << 14;

  // ---- right models ----------------------------------------------------------------------------

  private static TestModel control() {
    TestModel plus = new TestModel(13).node("Add", "x x", "sum").outputs("sum");
    TestModel minus = new TestModel(13).node("Neg", "x", "less").outputs("less");
    TestModel body =
        new TestModel(13)
            .input("i", TensorProto.DataType.INT64)
            .input("going", TensorProto.DataType.BOOL)
            .input("state", 2)
            .node("Add", "state x", "next")
            .node("Identity", "going", "on")
            .node("Mul", "next next", "square")
            .outputs("on", "next", "square");
    return new TestModel(13)
        .input("x", 2)
        .initializer("three", 3)
        .node("ReduceSum", "x", "total", "keepdims", 0)
        .node("Constant", "", "zero", "value_float", 0f)
        .node("Greater", "total zero", "positive")
        .node("If", "positive", "y", "then_branch", plus, "else_branch", minus)
        .node("Loop", "three - y", "last squares", "body", body)
        .outputs("last", "squares");
  }

  private static TestModel quantised() {
    TensorProto bytes =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(TensorProto.DataType.INT8_VALUE)
            .addDims(3)
            .addDims(2)
            .setRawData(ByteString.copyFrom(new byte[] {1, -2, 3, 127, -128, 0}))
            .build();
    TensorProto zero =
        TensorProto.newBuilder()
            .setName("zero")
            .setDataType(TensorProto.DataType.UINT8_VALUE)
            .setRawData(ByteString.copyFrom(new byte[] {3}))
            .build();
    return new TestModel(17)
        .input("x", "N", 3)
        .initializer(bytes)
        .initializer(zero)
        .initializer("scale", NdArray.scalar(DType.FLOAT32, 0.5))
        .node("DequantizeLinear", "w scale", "weights")
        .node("MatMul", "x weights", "y")
        .node("QuantizeLinear", "y scale zero", "q")
        .node("DequantizeLinear", "q scale zero", "back")
        .node("DynamicQuantizeLinear", "y", "d ds dz")
        .outputs("back", "d");
  }

  private static TestModel moved() {
    return new TestModel(18)
        .input("x", "N", 2, 4)
        .initializer("shape", 0, -1)
        .initializer("starts", 1)
        .initializer("ends", 3)
        .initializer("axes", 2)
        .initializer("pads", 0, 0, 1, 0, 0, 2)
        .initializer("indices", 1, 0)
        .initializer("sizes", 1, 2, 6)
        .initializer("repeats", 1, 1, 2)
        .initializer("wide", 2, 1, 1, 4)
        .node("Reshape", "x shape", "flat")
        .node("Slice", "x starts ends axes", "middle")
        .node("Pad", "x pads", "padded", "mode", "edge")
        .node("Gather", "x indices", "taken", "axis", 1)
        .node("Resize", "x - - sizes", "resized", "mode", "linear")
        .node("Tile", "x repeats", "tiled")
        .node("Expand", "x wide", "expanded")
        .node("Transpose", "x", "turned", "perm", new int[] {2, 0, 1})
        .node("Concat", "tiled tiled", "joined", "axis", -1)
        .node("ConstantOfShape", "indices", "none")
        .node("Split", "x", "left right", "axis", 2, "num_outputs", 2)
        .node("Einsum", "x x", "product", "equation", "nij,nkj->nik")
        .outputs("flat", "middle", "padded", "taken", "resized", "joined", "expanded", "turned")
        .outputs("none", "left", "product");
  }

  private static TestModel made() {
    return new TestModel(17)
        .input("x", 3, 4)
        .initializer("depth", NdArray.of(4f))
        .initializer("values", NdArray.of(-1f, 2f))
        .initializer("labels", 0, -1, 3)
        .initializer("n", NdArray.scalar(DType.FLOAT32, 7))
        .initializer("from", NdArray.scalar(DType.FLOAT32, 1))
        .initializer("k", 2)
        .initializer("size", 5)
        .initializer("axis", 1)
        .node("EyeLike", "x", "eye", "k", 1)
        .node("OneHot", "labels depth values", "hot", "axis", 0)
        .node("Trilu", "x", "upper")
        .node("Range", "from n from", "range")
        .node("TopK", "x k", "most places")
        .node("NonZero", "x", "nonzero")
        .node("CumSum", "x axis", "sums")
        .node("HannWindow", "size", "window")
        .outputs("eye", "hot", "upper", "range", "most", "places", "nonzero", "window");
  }

  private static TestModel recurrent() {
    return new TestModel(14)
        .input("x", 3, 2, 2)
        .initializer("w", draw(1, 1, 12, 2))
        .initializer("r", draw(2, 1, 12, 3))
        .initializer("b", draw(3, 1, 24))
        .initializer("gw", draw(4, 1, 9, 2))
        .initializer("gr", draw(5, 1, 9, 3))
        .node("LSTM", "x w r b", "y h c", "hidden_size", 3)
        .node("GRU", "x gw gr", "z", "hidden_size", 3, "direction", "reverse")
        .outputs("y", "h", "z");
  }

  static List<byte[]> models() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    Layer lenet =
        new Sequential(
            new Conv2d(1, 2, 3, random),
            new Relu(),
            new MaxPool2d(2),
            new Conv2d(2, 3, 2, random),
            new Relu(),
            new Flatten(),
            new Linear(12, 4, random));
    List<byte[]> models = new ArrayList<>();
    models.add(exported(lenet, Shape.of(1, 1, 8, 8)));
    for (TestModel model : List.of(control(), quantised(), moved(), made(), recurrent())) {
      models.add(model.bytes());
    }
    models.add(FunctionsTest.model(FunctionsTest.twice()).build().toByteArray());
    return models;
  }

  private static byte[] exported(Layer net, Shape shape) {
    return OnnxExport.of(net, NdArray.zeros(DType.FLOAT32, shape)).model().toByteArray();
  }

  /** What is exported of each operation and each layer. */
  private static List<byte[]> operations() {
    List<byte[]> models = new ArrayList<>();
    ExportOpsTest.all().forEach((name, row) -> models.add(exported(row.f(), row.shape())));
    ExportNetsTest.layers()
        .forEach(
            (name, net) -> {
              int[] dims =
                  Arrays.stream(name.replaceAll(".*\\[|\\]", "").split(",", -1))
                      .mapToInt(Integer::parseInt)
                      .toArray();
              models.add(exported(net, Shape.of(dims)));
            });
    models.removeIf(model -> model.length > LARGEST_SEED);
    return models;
  }

  private static Fuzz fuzz(List<byte[]> models) {
    List<String> words = new ArrayList<>(OnnxNet.operators().keySet());
    words.addAll(List.of("", "x", "y", "axis", "own", "twice", "value", "kernel_shape", "pads"));
    return new Fuzz(models, words).changedBy(new ModelChange(words));
  }

  // ---- reading ---------------------------------------------------------------------------------

  @Test
  void modelsOfManyKinds() throws IOException {
    fuzz(models()).run("model", LOADING, FORMAT, (file, name) -> OnnxNet.of(file, DType.FLOAT32));
  }

  @Test
  void modelsOfEachOperation() {
    fuzz(operations())
        .ofFormats(4)
        .run("model", LOADING, FORMAT, (file, name) -> OnnxNet.of(file, DType.FLOAT32));
  }

  @Test
  void modelsWithNumbersBeside() throws IOException {
    Path folder = Fuzz.folder();
    try {
      Files.write(folder.resolve("w.bin"), new byte[64]);
      Path file = folder.resolve("x.onnx");
      TestModel model = new TestModel(17).input("x", 2, 2);
      for (String name : List.of("a", "b")) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).addDims(2).addDims(2);
        tensor.setDataType(TensorProto.DataType.FLOAT_VALUE);
        tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL);
        Map<String, String> keys = new LinkedHashMap<>(Map.of("location", "w.bin"));
        keys.put("offset", name.equals("a") ? "0" : "16");
        keys.put("length", "16");
        keys.forEach(
            (key, value) ->
                tensor.addExternalData(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        model.initializer(tensor.build());
      }
      model.node("MatMul", "x a", "z").node("Add", "z b", "y").outputs("y");
      List<String> words =
          List.of("w.bin", "./w.bin", "x.onnx", "..", "/", "", "offset", "length", "16", "-1");
      new Fuzz(List.of(model.bytes()), words)
          .changedBy(new ModelChange(words))
          .ofFormats(4)
          .run(
              file.toString(),
              LOADING,
              FORMAT,
              (bytes, name) -> {
                Files.write(file, bytes);
                OnnxNet.load(file);
              });
    } finally {
      Fuzz.remove(folder);
    }
  }

  // ---- computing -------------------------------------------------------------------------------

  /** The model is read, and computes for some inputs that it says it takes. */
  private static void predict(byte[] file) throws FileFormatException {
    OnnxNet net = OnnxNet.of(file, DType.FLOAT32);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (OnnxValue input : net.inputs()) {
      int[] dims =
          input.dims().stream()
              .mapToInt(dim -> dim.matches("[0-9]{1,9}") ? Integer.parseInt(dim) : 2)
              .map(dim -> Math.min(dim, 32))
              .toArray();
      if (Arrays.stream(dims).asDoubleStream().reduce(1, (a, b) -> a * b) > 1 << 12) {
        return;
      }
      boolean isWhole = !List.of("", "FLOAT", "DOUBLE", "FLOAT16").contains(input.type());
      NdArray array =
          NdArray.generate(DType.FLOAT32, Shape.of(dims), i -> isWhole ? i % 2 : 0.1 * i - 1);
      inputs.put(input.name(), Tensor.constant(array));
    }
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    try {
      net.outputs(inputs, Pass.inference(), SMALL);
    } finally {
      long taken = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
      assertTrue(taken < MOST_SECONDS * 1_000_000_000L, () -> taken + " nanoseconds");
    }
  }

  private static boolean isDocumented(Exception e, String name) {
    return FORMAT.isDocumented(e, name)
        || (e instanceof IllegalArgumentException && String.valueOf(e.getMessage()).length() > 5);
  }

  @Test
  void predictions() throws IOException {
    fuzz(models())
        .ofFormats(8)
        .run("model", ANY, OnnxFuzzTest::isDocumented, (file, name) -> predict(file));
  }

  @Test
  void predictionsOfEachOperation() {
    fuzz(operations())
        .ofFormats(8)
        .run("model", ANY, OnnxFuzzTest::isDocumented, (file, name) -> predict(file));
  }
}
