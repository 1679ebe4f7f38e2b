package org.gradus.onnx;

import java.util.List;
import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.ShapeException;
import org.gradus.layers.Layer;

/** A node as a layer, so that a trace has its place, its input and its output. */
final class NodeCall implements Layer {
  private final Call call;
  private List<Value> made = List.of();

  private NodeCall(Call call) {
    this.call = call;
  }

  /** The outputs of a node. Whole numbers are computed without a place. */
  static List<Value> run(Call call) {
    Optional<Tensor> first =
        call.values().stream()
            .filter(Value.Data.class::isInstance)
            .map(value -> ((Value.Data) value).tensor())
            .findFirst();
    if (first.isEmpty() || isWhole(call)) {
      return bare(call);
    }
    NodeCall layer = new NodeCall(call);
    layer.forward(first.orElseThrow(), call.pass());
    return layer.made;
  }

  /** Whether the first output is of whole numbers, which are no tensor. */
  private static boolean isWhole(Call call) {
    return switch (call.node().operator().name()) {
      case "Shape", "Size", "ArgMax", "ArgMin", "NonZero", "QuantizeLinear", "If", "Loop", "Scan" ->
          true;
      case "DynamicQuantizeLinear",
          "ConvInteger",
          "MatMulInteger",
          "QLinearConv",
          "QLinearMatMul" ->
          true;
      case "Cast" ->
          Element.of((int) call.node().whole("to", 0)).filter(NodeCall::isTensor).isEmpty();
      case "CastLike" -> !isTensor(call.value(1).type());
      default -> false;
    };
  }

  /** Whether values of a type that depend on data are tensors: numbers, and masks. */
  private static boolean isTensor(Element type) {
    return type.isFloating() || type == Element.BOOL;
  }

  private static List<Value> bare(Call call) {
    try {
      return call.node().operator().body().apply(call);
    } catch (ShapeException e) {
      throw new ShapeException(call.node().name(), String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(call.node().name() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Tensor forward(Tensor x) {
    made = call.node().operator().body().apply(call);
    return !made.isEmpty() && made.get(0) instanceof Value.Data data ? data.tensor() : x;
  }

  @Override
  public String name() {
    return call.node().name();
  }

  /** For example {@code Conv /layer1/conv1}. */
  @Override
  public String toString() {
    return call.node().operator().name() + " " + name();
  }
}
