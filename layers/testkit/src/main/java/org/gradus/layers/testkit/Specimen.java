package org.gradus.layers.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.testkit.Domain;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;

/** A layer that was made for one trial. */
final class Specimen {
  /** How far parameters are moved: beside numbers from 0.1 to 2, a tenth keeps them in range. */
  private static final double SHARE = 0.1;

  private final Layer layer;
  private final List<Parameter> parameters;
  private final List<Parameter> all;

  private Specimen(Layer layer) {
    this.layer = layer;
    this.parameters = layer.parameters();
    this.all = Stream.concat(parameters.stream(), layer.buffers().stream()).distinct().toList();
  }

  /** As the layer starts. */
  static Specimen fresh(LayerRow row, long seed) {
    return new Specimen(row.make(seed));
  }

  /** As after some steps: each parameter a little away from its start, where many are all 0. */
  static Specimen moved(LayerRow row, long seed) {
    Specimen specimen = fresh(row, seed);
    for (int i = 0; i < specimen.all.size(); i++) {
      Parameter parameter = specimen.all.get(i);
      NdArray by = Domain.nonzero().draw(parameter.shape(), seed + 1 + i).as(parameter.dtype());
      parameter.set(parameter.value().zip(by, (value, d) -> value + SHARE * d));
    }
    return specimen;
  }

  Layer layer() {
    return layer;
  }

  List<Parameter> parameters() {
    return parameters;
  }

  /** The parameters, then the buffers. */
  List<Parameter> all() {
    return all;
  }

  /** The tensors that hold the parameters and buffers now. */
  List<Tensor> tensors() {
    return all.stream().map(Parameter::tensor).toList();
  }

  /** The element type of the parameters; without any, the first that the layer takes. */
  DType dtype(Shape input) {
    return dtypes(input).get(0);
  }

  /** The element types of which the layer takes an input: that of its parameters, if it has any. */
  List<DType> dtypes(Shape input) {
    if (!parameters.isEmpty()) {
      return List.of(parameters.get(0).dtype());
    }
    List<DType> taken = Stream.of(DType.values()).filter(dtype -> takes(dtype, input)).toList();
    assertFalse(taken.isEmpty(), "inputs of both element types are refused");
    return taken;
  }

  private boolean takes(DType dtype, Shape input) {
    try {
      Tensor unused = layer.forward(Tensor.constant(NdArray.full(dtype, input, 1)));
      return true;
    } catch (DTypeException e) {
      return false;
    }
  }

  /** The output for a constant. */
  NdArray forward(NdArray x) {
    return layer.forward(Tensor.constant(x)).value();
  }

  /** The output for a constant, in a pass. */
  Tensor train(NdArray x, Pass pass) {
    return layer.forward(Tensor.constant(x), pass);
  }

  /** The values of the parameters and buffers by their names, copied, as a file would have them. */
  Map<String, NdArray> saved() {
    Map<String, NdArray> values = new LinkedHashMap<>();
    layer.state().forEach((name, value) -> values.put(name, copy(value)));
    return values;
  }

  static NdArray copy(NdArray array) {
    return array.map(value -> value);
  }

  /**
   * The layer in a pass, as a function of its input and of its parameters, in the order in which it
   * lists them. Computes in the element type of what it is given, which need not be the layer's
   * own.
   */
  Function<List<Tensor>, Tensor> function(Pass pass) {
    return in -> {
      NdArray input = in.get(0).value();
      List<DType> taken = dtypes(input.shape());
      DType own = taken.contains(input.dtype()) ? input.dtype() : taken.get(0);
      Map<Parameter, Tensor> given = new HashMap<>();
      Map<Tensor, Tensor> leaves = new HashMap<>();
      for (int i = 0; i < parameters.size(); i++) {
        Tensor leaf = Tensor.variable(in.get(i + 1).value().as(own));
        given.put(parameters.get(i), leaf);
        leaves.put(leaf, in.get(i + 1));
      }
      Tensor x = Tensor.variable(input.as(own));
      leaves.put(x, in.get(0));
      return Replay.of(layer.forward(x, pass.with(given)), leaves, in.get(0).dtype());
    };
  }

  /** What {@link #function} is given: the input, and the parameters as they are, in float64. */
  NdArray[] arguments(NdArray x) {
    NdArray[] all = new NdArray[parameters.size() + 1];
    all[0] = x.as(DType.FLOAT64);
    for (int i = 0; i < parameters.size(); i++) {
      all[i + 1] = copy(parameters.get(i).value().as(DType.FLOAT64));
    }
    return all;
  }
}
