package org.gradus.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.inspect.Recording;
import org.gradus.layers.AbstractLayer;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.gradus.layers.Trace;
import org.gradus.layers.files.SafeFile;
import org.gradus.onnx.Places.Place;

/**
 * A net, or any function of tensors, as an ONNX file, which other tools run: in inference, with its
 * weights under their names, for batches of any size.
 *
 * <pre>{@code
 * OnnxExport.of(net, 1, 1, 28, 28).metadata("seed", "1").save(Path.of("digits.onnx"));
 * }</pre>
 *
 * <p>The function is run on examples in batches of 2, 3 and 5, and the ops that it calls are
 * recorded. What differs between the sizes, such as the shape that a reshape makes, is written as
 * computed from the size of the input, as a N + b. It is inference: no dropout. Nothing of the
 * examples gets into the file: a function that reads the value of a tensor that depends on its
 * input is refused, and so is an op that has no counterpart in ONNX. Control flow is that of the
 * shapes of the examples; all extents but the batch are fixed.
 *
 * <p>An export is a value: each of its methods returns another one.
 */
public final class OnnxExport {
  private static final int DEFAULT_OPSET = 17;
  private static final int LEAST_OPSET = 13;
  private static final int MOST_OPSET = 21;

  private final Traced function;
  private final List<Parameter> weights;
  private final List<NdArray> examples;
  private final Settings settings;

  /** Runs a function, and says which tensors stand for weights and to what places calls belong. */
  @FunctionalInterface
  private interface Traced {
    Run run(List<Tensor> inputs, Map<Parameter, NdArray> weights);
  }

  /** What came of it. */
  private record Run(
      List<Tensor> outputs, Map<Tensor, String> weights, Map<Tensor, Place> places) {}

  /** What a user may choose; one that is in use does not change. */
  private static final class Settings {
    private String name;
    private int opset = DEFAULT_OPSET;
    private boolean anyBatch = true;
    private List<String> inputs;
    private List<String> outputs = List.of();
    private Map<String, String> metadata = Map.of();
    private Map<Class<? extends Op>, Translation<?>> translations = Map.of();

    Settings(String name, List<String> inputs) {
      this.name = name;
      this.inputs = inputs;
    }

    Settings copy() {
      Settings copy = new Settings(name, inputs);
      copy.opset = opset;
      copy.anyBatch = anyBatch;
      copy.outputs = outputs;
      copy.metadata = metadata;
      copy.translations = translations;
      return copy;
    }
  }

  private OnnxExport(
      Traced function, List<Parameter> weights, List<NdArray> examples, Settings settings) {
    this.function = function;
    this.weights = weights;
    this.examples = examples;
    this.settings = settings;
  }

  // ---- what is exported ------------------------------------------------------------------------

  /**
   * A net, for inputs of a shape, of the element type of its first parameter; float32 if it has
   * none. It is tried on zeros.
   *
   * @param shape of an input; axis 0 is the batch, which may have any extent in the file
   * @throws IllegalArgumentException if the net is an {@link OnnxNet} of several inputs
   */
  public static OnnxExport of(Layer net, int... shape) {
    Nulls.refuse("export: net, shape", net, shape);
    DType dtype = net.parameters().stream().findFirst().map(Parameter::dtype).orElse(DType.FLOAT32);
    return of(net, NdArray.zeros(dtype, Shape.of("export", shape)));
  }

  /**
   * A net, for inputs like an example. A function of one tensor is a layer as it stands; whatever
   * it takes from elsewhere, such as weights, is a constant of the file.
   *
   * @param example an input that the net accepts; axis 0 is the batch, which may have any extent in
   *     the file
   * @throws IllegalArgumentException if the net is an {@link OnnxNet} of several inputs
   */
  public static OnnxExport of(Layer net, NdArray example) {
    Nulls.refuse("export: net, example", net, example);
    if (net instanceof OnnxNet read) {
      return of(read, List.of(example));
    }
    return new OnnxExport(
        (inputs, weights) -> traced(net, inputs.get(0), weights),
        weights(net),
        List.of(example),
        settings(1, net.name()));
  }

  /**
   * A function of several tensors with several values.
   *
   * @param f whatever it takes from elsewhere, such as weights, is a constant of the file
   * @param examples one of each input; axis 0 of all is the batch
   */
  public static OnnxExport of(Function<List<Tensor>, List<Tensor>> f, List<NdArray> examples) {
    Nulls.refuse("export: f", f);
    List<NdArray> all = Nulls.list("export: examples", examples);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("export: 0 examples, expected one of each input");
    }
    return new OnnxExport(
        (inputs, weights) ->
            new Run(Nulls.list("export: the outputs", f.apply(inputs)), Map.of(), Map.of()),
        List.of(),
        all,
        settings(all.size(), "function"));
  }

  /**
   * A net that was read, with all its inputs and outputs, under their names.
   *
   * @param examples one of each input, in the order of the net; axis 0 of all is the batch
   * @throws IllegalArgumentException if they are more or fewer than the inputs
   */
  public static OnnxExport of(OnnxNet net, List<NdArray> examples) {
    Nulls.refuse("export: net", net);
    List<NdArray> all = Nulls.list("export: examples", examples);
    List<String> inputs = net.inputs().stream().map(OnnxValue::name).toList();
    if (all.size() != inputs.size()) {
      throw new IllegalArgumentException(
          "export: %s examples for the inputs %s".formatted(all.size(), inputs));
    }
    Settings settings = new Settings(net.name(), inputs);
    settings.outputs = net.outputs().stream().map(OnnxValue::name).toList();
    return new OnnxExport(
        (in, weights) -> traced(net, inputs, in, weights), weights(net), all, settings);
  }

  private static Settings settings(int inputs, String name) {
    return new Settings(name, names("input", inputs));
  }

  private static List<String> names(String name, int count) {
    return count == 1
        ? List.of(name)
        : IntStream.rangeClosed(1, count).mapToObj(i -> name + i).toList();
  }

  // ---- how -------------------------------------------------------------------------------------

  /** The graph under another name than that of the net. */
  public OnnxExport named(String name) {
    Nulls.refuse("export: name", name);
    return with(s -> s.name = name);
  }

  /**
   * For another version of ONNX' operators than 17.
   *
   * @param opset from 13 to 21
   * @throws IllegalArgumentException if it is another
   */
  public OnnxExport opset(int opset) {
    if (opset < LEAST_OPSET || opset > MOST_OPSET) {
      throw new IllegalArgumentException(
          "export: opset %s, expected %s to %s".formatted(opset, LEAST_OPSET, MOST_OPSET));
    }
    return with(s -> s.opset = opset);
  }

  /** For batches of the example's size only: for what is not the same for any size. */
  public OnnxExport fixedBatch() {
    return with(s -> s.anyBatch = false);
  }

  /**
   * Inputs under other names than {@code input}.
   *
   * @param names one for each
   * @throws IllegalArgumentException if they are more or fewer than the inputs, or one is blank or
   *     named twice
   */
  public OnnxExport inputs(String... names) {
    List<String> all = requireNames("inputs", names);
    if (all.size() != examples.size()) {
      throw new IllegalArgumentException(
          "export: %s names for %s inputs".formatted(all.size(), examples.size()));
    }
    return with(s -> s.inputs = all);
  }

  /**
   * Outputs under other names than {@code output}.
   *
   * @param names one for each
   * @throws IllegalArgumentException if one is blank or named twice
   */
  public OnnxExport outputs(String... names) {
    List<String> all = requireNames("outputs", names);
    return with(s -> s.outputs = all);
  }

  private static List<String> requireNames(String what, String... names) {
    List<String> all = Nulls.list(what + ": names", names);
    for (String name : all) {
      if (name.isBlank() || Collections.frequency(all, name) > 1) {
        throw new IllegalArgumentException(
            "export: %s %s, expected each to have a name of its own".formatted(what, all));
      }
    }
    return all;
  }

  /**
   * A text that the file keeps, such as the seed or the accuracy.
   *
   * @param key its name; a value that it had before is replaced
   * @param value any text
   */
  public OnnxExport metadata(String key, String value) {
    Nulls.refuse("export: key, value", key, value);
    Map<String, String> all = new LinkedHashMap<>(settings.metadata);
    all.put(key, value);
    return with(s -> s.metadata = all);
  }

  /** With a translation of an op: of one of yours, or another one of an op of the catalogue. */
  public <O extends Op> OnnxExport translating(Class<O> op, Translation<? super O> translation) {
    Nulls.refuse("export: op, translation", op, translation);
    Map<Class<? extends Op>, Translation<?>> all = new HashMap<>(settings.translations);
    all.put(op, translation);
    return with(s -> s.translations = all);
  }

  private OnnxExport with(Consumer<Settings> change) {
    Settings other = settings.copy();
    change.accept(other);
    return new OnnxExport(function, weights, examples, other);
  }

  // ---- the file --------------------------------------------------------------------------------

  /**
   * Writes the file. A file of that name is replaced when the new one is complete.
   *
   * @throws IOException if it cannot be written
   * @throws IllegalArgumentException if an op has no counterpart, or something else than a size
   *     depends on the batch; the message names the op, and where it was called
   * @throws IllegalStateException if the value of a tensor is read that depends on the input
   */
  public void save(Path file) throws IOException {
    Nulls.refuse("export: file", file);
    byte[] bytes = bytes();
    SafeFile.write(
        file,
        out -> {
          ByteBuffer rest = ByteBuffer.wrap(bytes);
          while (rest.hasRemaining()) {
            out.write(rest);
          }
        });
  }

  /**
   * The file's content. The same net gives the same bytes.
   *
   * @throws IllegalArgumentException as {@link #save}
   * @throws IllegalStateException as {@link #save}
   */
  public byte[] bytes() {
    return model().toByteArray();
  }

  ModelProto model() {
    int[] sizes = sizes();
    List<Draft> drafts = new ArrayList<>();
    List<List<Shape>> inputs = new ArrayList<>();
    List<List<Shape>> outputs = new ArrayList<>();
    List<DType> dtypes = new ArrayList<>();
    List<String> outputNames = settings.outputs;
    Map<Parameter, NdArray> values = new LinkedHashMap<>(); // be the net trained meanwhile
    weights.forEach(weight -> values.put(weight, weight.value()));
    for (int size : sizes) { // one after the other: a run keeps all values on its way
      List<Tensor> in = examples.stream().map(x -> Recording.input(batch(x, size))).toList();
      Run run = function.run(in, values);
      outputNames = outputNames(run.outputs.size());
      Map<Tensor, String> known = new LinkedHashMap<>();
      for (int i = 0; i < in.size(); i++) {
        known.put(in.get(i), settings.inputs.get(i));
      }
      requireOwn(known.values(), run.weights.values(), outputNames);
      Translations translations = new Translations(settings.translations);
      drafts.add(
          new Exporting(translations, settings.opset, run.places, known, run.weights)
              .write(run.outputs, outputNames));
      inputs.add(in.stream().map(Tensor::shape).toList());
      outputs.add(run.outputs.stream().map(Tensor::shape).toList());
      dtypes = run.outputs.stream().map(Tensor::dtype).toList();
    }
    Set<String> reserved = new HashSet<>(settings.inputs);
    reserved.addAll(outputNames);
    Draft whole = BatchSizes.join(drafts, sizes, settings.inputs.get(0), reserved);
    List<DType> given = examples.stream().map(NdArray::dtype).toList();
    return ModelWriter.model(
        whole,
        settings.name,
        settings.opset,
        ports(settings.inputs, given, inputs),
        ports(outputNames, dtypes, outputs),
        sizes,
        settings.metadata);
  }

  private static void requireOwn(
      Collection<String> inputs, Collection<String> weights, List<String> out) {
    Set<String> seen = new HashSet<>(weights);
    for (List<String> names : List.of(List.copyOf(inputs), out)) {
      for (String name : names) {
        if (!seen.add(name)) {
          throw new IllegalArgumentException(
              "export: the name %s is taken, by a weight or an input; give another by inputs or outputs"
                  .formatted(name));
        }
      }
    }
  }

  private List<String> outputNames(int count) {
    if (count == 0) {
      throw new IllegalArgumentException("export: the function has no outputs");
    }
    if (!settings.outputs.isEmpty() && settings.outputs.size() != count) {
      throw new IllegalArgumentException(
          "export: %s names for %s outputs".formatted(settings.outputs.size(), count));
    }
    return settings.outputs.isEmpty() ? names("output", count) : settings.outputs;
  }

  /** Those that are tried; of a fixed batch, the example's. */
  private int[] sizes() {
    for (NdArray example : examples) {
      if (settings.anyBatch && example.shape().rank() == 0) {
        throw new ShapeException(
            "export", "the example has rank 0, and so no batch; export it for a fixed batch");
      }
      if (settings.anyBatch && example.shape().dim(0) == 0) {
        throw new ShapeException(
            "export", "the example %s is an empty batch, expected one".formatted(example.shape()));
      }
    }
    return settings.anyBatch ? new int[] {2, 3, 5} : new int[] {1};
  }

  /** The images of an example again and again, until there are so many. */
  private NdArray batch(NdArray example, int size) {
    if (!settings.anyBatch) {
      return example;
    }
    Shape shape = example.shape().with(0, size);
    int each = example.shape().size();
    return NdArray.generate(example.dtype(), shape, i -> example.at(i % each));
  }

  private static List<ModelWriter.Port> ports(
      List<String> names, List<DType> dtypes, List<List<Shape>> runs) {
    List<ModelWriter.Port> ports = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      int number = i;
      List<Shape> shapes = runs.stream().map(run -> run.get(number)).toList();
      ports.add(new ModelWriter.Port(names.get(i), dtypes.get(i), shapes));
    }
    return ports;
  }

  // ---- a net -----------------------------------------------------------------------------------

  private static Run traced(Layer net, Tensor x, Map<Parameter, NdArray> weights) {
    Map<Parameter, Tensor> given = known(weights);
    Trace trace = Trace.of(net, x, Pass.inference().with(given));
    return new Run(List.of(trace.output()), names(net, given), Places.of(trace, ""));
  }

  private static Run traced(
      OnnxNet net, List<String> names, List<Tensor> in, Map<Parameter, NdArray> weights) {
    Map<Parameter, Tensor> given = known(weights);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < in.size(); i++) {
      inputs.put(names.get(i), in.get(i));
    }
    Several several = new Several(net, inputs);
    Trace trace = Trace.of(several, in.get(0), Pass.inference().with(given));
    return new Run(several.outputs, names(net, given), Places.of(trace, Several.NET + "."));
  }

  /** A net of several inputs and outputs, in the place of one of one each. */
  private static final class Several extends AbstractLayer {
    private static final String NET = "net";

    private final OnnxNet net;
    private final Map<String, Tensor> inputs;
    private List<Tensor> outputs = List.of();

    Several(OnnxNet net, Map<String, Tensor> inputs) {
      this.net = part(NET, net);
      this.inputs = inputs;
    }

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      outputs = List.copyOf(net.outputs(inputs, pass).values());
      return outputs.get(0);
    }
  }

  /** What stands for the weights: recorded, and free to be read. */
  private static Map<Parameter, Tensor> known(Map<Parameter, NdArray> weights) {
    Map<Parameter, Tensor> known = new LinkedHashMap<>();
    weights.forEach((parameter, value) -> known.put(parameter, Recording.known(value)));
    return known;
  }

  private static List<Parameter> weights(Layer net) {
    List<Parameter> all = new ArrayList<>(net.parameters());
    all.addAll(net.buffers());
    return List.copyOf(all);
  }

  private static Map<Tensor, String> names(Layer net, Map<Parameter, Tensor> known) {
    Map<Tensor, String> names = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    known.forEach(
        (parameter, tensor) -> {
          String name = net instanceof OnnxNet read ? read.name(parameter) : parameter.name();
          for (int i = 1; !taken.add(name); i++) { // two in a file may have had one name
            name = parameter.name() + "_" + i;
          }
          names.put(tensor, name);
        });
    return names;
  }

  /** For example {@code export of sequential for opset 17}. */
  @Override
  public String toString() {
    return "export of %s for opset %s, like %s"
        .formatted(
            settings.name,
            settings.opset,
            Arrays.toString(examples.stream().map(NdArray::shape).toArray()));
  }
}
