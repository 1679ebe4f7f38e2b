package org.gradus.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.inspect.Recording;
import org.gradus.layers.AbstractLayer;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.gradus.layers.files.FileFormatException;
import org.jspecify.annotations.Nullable;

/**
 * A net from another tool, read from an ONNX file. It is a layer like any other: it predicts, it is
 * trained further, its gradients are those of the library's own operations.
 *
 * <pre>{@code
 * OnnxNet net = OnnxNet.load(Path.of("resnet18.onnx"));
 * NdArray logits = net.predict(images);
 * Tensor features = Trace.of(net, images).at("/layer4/layer4.1/relu_1/Relu").output();
 * }</pre>
 *
 * <p>Initializers that the model computes with are parameters, under their names in the file, such
 * as {@code layer1.0.conv1.weight}; what no name of a layer may have becomes {@code _}. Numbers
 * that are not learnt stay constants: whole numbers, bounds, exponents, single numbers without a
 * name that a layer may have, and all that the file has as constants. The mean and variance of a
 * batch normalisation are statistics, which a pass of training follows; dropout drops in training
 * alone. Numbers of 8 bits that are dequantised are read as what they stand for.
 *
 * <p>Each node is a layer by itself, called by its name in the file, so that a trace has its input
 * and its output. Nodes that compute with whole numbers alone, such as extents, are in none.
 *
 * <p>A node that makes more of less, such as a resize, makes at most 2^27 elements, or 512 times as
 * many as the inputs have if that is more, and all loops together make at most 2^20 turns: what a
 * file says can use up neither the memory nor the time.
 *
 * <p>Versions 7 to 21 of the operator set are read, and of older ones what is written alike. What
 * is not known is refused when the file is read, by the name of the node.
 */
public final class OnnxNet extends AbstractLayer {
  /** How many times the elements of the inputs a node may make of fewer. */
  private static final long LARGER = 512;

  private final Graph graph;
  private final OnnxMetadata metadata;
  private final DType dtype;
  private final ParameterTree tree;
  private final Set<Parameter> frozen;

  /** What {@link #outputs(Map, Pass)} wants of the computation that it starts. */
  @SuppressWarnings("ThreadLocalUsage") // of this net; each is removed as it is read
  private final ThreadLocal<@Nullable Request> requests = new ThreadLocal<>();

  private OnnxNet(
      Graph graph, OnnxMetadata metadata, DType dtype, ParameterTree tree, Set<Parameter> frozen) {
    this.graph = graph;
    this.metadata = metadata;
    this.dtype = dtype;
    this.tree = tree;
    this.frozen = frozen;
    tree.parameters().forEach((name, own) -> shared(name, own, frozen.contains(own)));
    tree.parts().forEach((name, inner) -> part(name, new Part(inner, frozen)));
  }

  /** The inputs of a computation, and the place for what comes of it. */
  private static final class Request {
    private final Map<String, Tensor> inputs;
    private final Limits limits;
    private Map<String, Tensor> outputs = Map.of();

    Request(Map<String, Tensor> inputs, Limits limits) {
      this.inputs = inputs;
      this.limits = limits;
    }
  }

  // ---- reading ---------------------------------------------------------------------------------

  /**
   * Reads a model, whose numbers become float32; those of double precision stay float64.
   *
   * @param file such as {@code resnet18.onnx}; what it keeps in other files must be in its folder
   * @throws FileFormatException if it is no ONNX model, is damaged, or has something that is not
   *     known here; the message names the node
   * @throws IOException if it cannot be read
   */
  public static OnnxNet load(Path file) throws IOException {
    return load(file, DType.FLOAT32);
  }

  /**
   * Reads a model, whose numbers of single precision become those of an element type. In float64
   * its gradients can be checked by differences.
   *
   * @param file such as {@code resnet18.onnx}; what it keeps in other files must be in its folder
   * @param dtype of the parameters and of the inputs
   * @throws FileFormatException if it is no ONNX model, is damaged, or has something that is not
   *     known here; the message names the node
   * @throws IOException if it cannot be read
   */
  public static OnnxNet load(Path file, DType dtype) throws IOException {
    Nulls.refuse("load: file, dtype", file, dtype);
    String name = file.toString();
    if (Files.isDirectory(file)) {
      throw new IOException(name + ": is a folder, expected an ONNX model");
    }
    long size = Files.size(file);
    if (size > Integer.MAX_VALUE - 8) {
      throw new FileFormatException(
          name, "it has %s bytes, expected at most %s".formatted(size, Integer.MAX_VALUE - 8));
    }
    Optional<Path> folder = Optional.ofNullable(file.toAbsolutePath().getParent());
    return read(name, Files.readAllBytes(file), new ExternalData(folder), dtype);
  }

  /**
   * A model from the bytes of a file, which keeps nothing in other files.
   *
   * @param bytes of the whole file
   * @param dtype of the parameters and of the inputs
   * @throws FileFormatException if these are no ONNX model, are damaged, or have something that is
   *     not known here; the message names the node
   */
  public static OnnxNet of(byte[] bytes, DType dtype) throws FileFormatException {
    Nulls.refuse("of: bytes, dtype", bytes, dtype);
    try {
      return read("model", bytes, new ExternalData(Optional.empty()), dtype);
    } catch (FileFormatException e) {
      throw e;
    } catch (IOException e) {
      throw new FileFormatException("model", "it cannot be read: " + e.getMessage(), e);
    }
  }

  private static OnnxNet read(String file, byte[] bytes, ExternalData external, DType dtype)
      throws IOException {
    ModelProto model;
    try {
      model = ModelProto.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new FileFormatException(file, "it is no ONNX model: " + e.getMessage(), e);
    }
    if (!model.hasGraph()) {
      throw new FileFormatException(file, "it is no ONNX model: it has no graph");
    }
    int version = version(file, model);
    TensorReader tensors = new TensorReader(file, bytes.length, external, dtype);
    ParameterTree parameters = new ParameterTree();
    GraphReader reader =
        new GraphReader(file, new NodeReader(file, version, tensors), tensors, parameters, null);
    Graph graph = reader.read(Functions.inlined(file, version, model));
    if (graph.outputs().isEmpty()) {
      throw new FileFormatException(file, "the graph has no outputs, expected at least one");
    }
    Map<String, String> properties = new LinkedHashMap<>();
    for (StringStringEntryProto entry : model.getMetadataPropsList()) {
      properties.put(entry.getKey(), entry.getValue());
    }
    OnnxMetadata metadata =
        new OnnxMetadata(model.getProducerName(), model.getProducerVersion(), version, properties);
    return new OnnxNet(graph, metadata, dtype, parameters, Set.of());
  }

  private static int version(String file, ModelProto model) throws FileFormatException {
    long version = 1;
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx")) {
        version = set.getVersion();
      }
    }
    if (version < 1 || version > Operator.LATEST) {
      throw new FileFormatException(
          file,
          "version of the operator set is %s, expected 1 to %s"
              .formatted(version, Operator.LATEST));
    }
    return (int) version;
  }

  // ---- what it is ------------------------------------------------------------------------------

  /** The inputs, in the order of the file; initializers are none. */
  public List<OnnxValue> inputs() {
    return graph.inputs();
  }

  /** The outputs, in the order of the file. */
  public List<OnnxValue> outputs() {
    return graph.outputs();
  }

  /** What the file says of itself. */
  public OnnxMetadata metadata() {
    return metadata;
  }

  /**
   * The operators that can be read, by name, each with the first version of the operator set in
   * which it is known here.
   */
  public static Map<String, Integer> operators() {
    Map<String, Integer> versions = new java.util.TreeMap<>();
    Operators.all().forEach((name, operator) -> versions.put(name, operator.since()));
    return Collections.unmodifiableMap(versions);
  }

  /** The name of a parameter in the file. */
  String name(Parameter parameter) {
    return tree.names().getOrDefault(parameter, parameter.name());
  }

  /**
   * This net with some of its parameters frozen, as {@link #frozen} freezes all: they are
   * constants, and a batch normalisation whose statistics are among them uses them in training,
   * too, and leaves them as they are. The two nets share their values.
   *
   * <pre>{@code
   * // given OnnxNet net
   * OnnxNet tuned = net.freezing(name -> !name.startsWith("fc."));
   * }</pre>
   *
   * @param names of parameters and buffers of {@link #state}, which are to be frozen
   * @throws IllegalArgumentException if there are none of such names
   */
  public OnnxNet freezing(Predicate<String> names) {
    Nulls.refuse("freezing: names", names);
    Set<Parameter> named = new HashSet<>();
    List<String> known = new ArrayList<>();
    for (List<Parameter> list : List.of(parameters(), buffers())) {
      for (Parameter parameter : list) {
        known.add(parameter.name());
        if (names.test(parameter.name())) {
          named.add(parameter);
        }
      }
    }
    if (named.isEmpty()) {
      throw new IllegalArgumentException(
          "freezing: no name is among those to be frozen, expected some of " + known);
    }
    named.addAll(frozen);
    return new OnnxNet(graph, metadata, dtype, tree, Set.copyOf(named));
  }

  // ---- computing -------------------------------------------------------------------------------

  /**
   * All outputs, by name, for all inputs: for a model that has several of one or the other.
   *
   * @param inputs by name, each of the shape that the model gives it; but the first axis may be of
   *     any extent
   * @param pass a new one, or that of the layer around
   * @return in the order of the file; whole numbers are float64
   * @throws IllegalArgumentException if an input is missing or left over, or does not fit
   */
  public Map<String, Tensor> outputs(Map<String, Tensor> inputs, Pass pass) {
    Nulls.refuse("outputs: inputs, pass", inputs, pass);
    inputs.forEach((name, tensor) -> Nulls.refuse("outputs: input " + name, tensor));
    return outputs(inputs, pass, Limits.STANDARD);
  }

  /** As {@link #outputs(Map, Pass)}, with limits of one's own. */
  Map<String, Tensor> outputs(Map<String, Tensor> inputs, Pass pass, Limits limits) {
    Request request = new Request(new LinkedHashMap<>(inputs), limits);
    Tensor first =
        inputs.isEmpty()
            ? Tensor.constant(NdArray.scalar(dtype, 0))
            : inputs.values().iterator().next();
    requests.set(request);
    try {
      forward(first, pass);
    } finally {
      requests.remove();
    }
    return request.outputs;
  }

  /**
   * The first output, of a model that has one input.
   *
   * @throws IllegalArgumentException if it has several; {@link #outputs(Map, Pass)} takes them
   */
  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    Request request = requests.get();
    requests.remove();
    if (request == null) {
      List<String> names = graph.inputs().stream().map(OnnxValue::name).toList();
      if (names.size() != 1) {
        throw new IllegalArgumentException(
            "onnxNet: the model has the inputs %s, expected one; outputs(inputs, pass) takes any"
                .formatted(names));
      }
      request = new Request(Map.of(names.get(0), x), Limits.STANDARD);
    }
    long elements = request.inputs.values().stream().mapToLong(t -> t.shape().size()).sum();
    Limits limits = request.limits.atLeast(LARGER * elements);
    Scope scope = Scope.of(graph, pass, new Scope.Settings(dtype, limits, frozen));
    given(request.inputs, scope);
    List<Value> values = graph.run(scope);
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      outputs.put(graph.outputs().get(i).name(), tensor(values.get(i)));
    }
    request.outputs = Collections.unmodifiableMap(outputs);
    return tensor(values.get(0));
  }

  private Tensor tensor(Value value) {
    return value instanceof Value.Data data
        ? data.tensor()
        : value.tensor(value.type() == Element.BOOL ? dtype : DType.FLOAT64);
  }

  // ---- inputs ----------------------------------------------------------------------------------

  private void given(Map<String, Tensor> inputs, Scope scope) {
    List<String> expected = graph.inputs().stream().map(OnnxValue::name).toList();
    if (!inputs.keySet().equals(Set.copyOf(expected))) {
      throw new IllegalArgumentException(
          "onnxNet: the inputs are %s, expected %s".formatted(inputs.keySet(), expected));
    }
    DType floats = floats(scope.pass());
    Map<String, Integer> known = new HashMap<>();
    for (OnnxValue input : graph.inputs()) {
      Tensor tensor = Objects.requireNonNull(inputs.get(input.name()));
      requireShape(input, tensor.shape(), known);
      scope.put(input.name(), value(input, tensor, floats));
    }
  }

  /** What FLOAT is in a pass: the type of the net, or of the tensors in place of its parameters. */
  private DType floats(Pass pass) {
    return Stream.concat(parameters().stream(), buffers().stream())
        .filter(parameter -> parameter.dtype() == dtype)
        .findFirst()
        .map(parameter -> pass.use(parameter).dtype())
        .orElse(dtype);
  }

  private static void requireShape(OnnxValue input, Shape shape, Map<String, Integer> known) {
    if (!input.hasShape()) {
      return;
    }
    boolean fits = shape.rank() == input.dims().size();
    for (int axis = 0; fits && axis < shape.rank(); axis++) {
      String dim = input.dims().get(axis);
      int extent = shape.dim(axis);
      if (dim.matches("[0-9]+")) {
        fits = axis == 0 || Long.parseLong(dim) == extent;
      } else if (!dim.equals("?")) {
        fits = known.computeIfAbsent(dim, name -> extent) == extent;
      }
    }
    if (!fits) {
      throw new ShapeException(
          "onnxNet",
          "input %s is %s, expected %s%s"
              .formatted(
                  input.name(), shape, input.dims(), known.isEmpty() ? "" : ", where " + known));
    }
  }

  private static Value value(OnnxValue input, Tensor tensor, DType floats) {
    if (input.type().isEmpty()) {
      return new Value.Data(tensor, Element.FLOAT);
    }
    Element type = Element.valueOf(input.type());
    Value.Data data = new Value.Data(tensor, type);
    if (type.isFloating()) {
      if (tensor.dtype() != type.dtype(floats)) {
        throw new DTypeException(
            "onnxNet",
            "input %s is %s, expected %s; convert it with NdArray.as"
                .formatted(input.name(), tensor.dtype(), type.dtype(floats)));
      }
      return data;
    }
    if (Recording.isGiven(tensor)) {
      throw new IllegalStateException(
          "onnxNet: input %s is %s: what whole numbers decide is not recorded"
              .formatted(input.name(), type));
    }
    NdArray array = tensor.value();
    for (int i = 0; i < array.size(); i++) {
      double x = array.at(i);
      if (x != Math.rint(x) || Double.isInfinite(x)) {
        throw new IllegalArgumentException(
            "onnxNet: input %s is %s: element %s is %s, expected a whole number"
                .formatted(input.name(), type, i, x));
      }
    }
    return data.host(type);
  }
}
