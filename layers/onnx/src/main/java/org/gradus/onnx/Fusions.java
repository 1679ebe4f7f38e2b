package org.gradus.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.inspect.Recording.Call;
import org.gradus.autograd.ops.ConvGeometry;
import org.gradus.autograd.ops.PoolGeometry;
import org.gradus.autograd.ops.Window;
import org.gradus.layers.Layer;

/**
 * Several calls of ops that ONNX has one operator for: normalisation with scale and shift, products
 * with a bias, and convolutions of sequences, which are those of images with one row.
 */
final class Fusions {
  private final Map<Tensor, Call> calls = new HashMap<>();
  private final int opset;
  private final Set<Class<? extends Op>> others;

  /**
   * Looks among these calls.
   *
   * @param others ops that have translations of their own, and so are not fused
   */
  Fusions(List<Call> all, int opset, Set<Class<? extends Op>> others) {
    all.forEach(call -> calls.put(call.output(), call));
    this.opset = opset;
    this.others = others;
  }

  /**
   * One operator in the place of some calls.
   *
   * @param inputs in the place of the last call's
   * @param write the operator
   */
  record Fusion(List<Tensor> inputs, Function<NodeWriter, String> write) {}

  /** The operator that a call is the last part of, if it is one. */
  Optional<Fusion> of(Call last) {
    if (!isKnown(last)) {
      return Optional.empty();
    }
    return switch (last.op().getClass().getSimpleName()) {
      case "NormalizeBy" -> batchNorm(last);
      case "NormalizeAffine" -> {
        List<Tensor> in = last.inputs();
        yield affine(last, in.get(0), in.get(1), in.get(2));
      }
      case "Add" -> scaled(last);
      case "Bias" -> product(last).or(() -> transposed(last));
      case "Reshape" -> sequence(last);
      default -> Optional.empty();
    };
  }

  // ---- normalisation ---------------------------------------------------------------------------

  /** Scale, shift, mean and variance, in the order that ONNX has. */
  private Optional<Fusion> batchNorm(Call last) {
    List<Tensor> in = last.inputs();
    double epsilon = BuiltIn.number(last.attributes(), "epsilon");
    return perChannel(
        in.get(0),
        in.subList(1, 5),
        to ->
            to.node(
                "BatchNormalization",
                batchNorm(epsilon, to.layer()),
                to.input(0),
                to.input(1),
                to.input(2),
                to.input(3),
                to.input(4)));
  }

  /** The attributes; the momentum is of no use in inference, and is there for who trains on. */
  private static Map<String, Object> batchNorm(double epsilon, Optional<Layer> layer) {
    Map<String, Object> attributes = new HashMap<>(Map.of("epsilon", epsilon));
    layer
        .flatMap(Normalizations::momentum)
        .filter(momentum -> momentum != Normalizations.MOMENTUM)
        .ifPresent(momentum -> attributes.put("momentum", momentum));
    return attributes;
  }

  /** add(mul(normalize(x), scale), shift): over channels' planes, or over the last axes. */
  private Optional<Fusion> scaled(Call last) {
    Call product = call(last.inputs().get(0), "Mul").orElse(null);
    Call normalize =
        product == null ? null : call(product.inputs().get(0), "Normalize").orElse(null);
    if (product == null || normalize == null) {
      return Optional.empty();
    }
    Tensor scale = product.inputs().get(1);
    return affine(normalize, normalize.inputs().get(0), scale, last.inputs().get(1));
  }

  /** The same with the axes and the epsilon of a call. */
  private Optional<Fusion> affine(Call normalize, Tensor x, Tensor scale, Tensor shift) {
    double epsilon = BuiltIn.number(normalize.attributes(), "epsilon");
    List<Integer> axes =
        BuiltIn.wholes(normalize.attributes(), "axes").stream()
            .map(axis -> x.shape().axis("export", axis))
            .sorted()
            .toList();
    int rank = x.shape().rank();
    if (rank > 2 && axes.equals(IntStream.range(2, rank).boxed().toList())) {
      Optional<Fusion> instances =
          perChannel(
              x,
              List.of(scale, shift),
              to ->
                  to.node(
                      "InstanceNormalization",
                      Map.of("epsilon", epsilon),
                      to.input(0),
                      to.input(1),
                      to.input(2)));
      if (instances.isPresent()) {
        return instances;
      }
    }
    int first = rank - axes.size();
    boolean isLast = axes.equals(IntStream.range(first, rank).boxed().toList());
    if (opset < 17 || axes.isEmpty() || !isLast) {
      return Optional.empty();
    }
    Shape extents = Shape.of(Arrays.copyOfRange(x.shape().toArray(), first, rank));
    if (!scale.shape().equals(extents) || !shift.shape().equals(extents)) {
      return Optional.empty();
    }
    return Optional.of(
        new Fusion(
            List.of(x, scale, shift),
            to ->
                to.node(
                    "LayerNormalization",
                    Map.of("epsilon", epsilon, "axis", first - rank),
                    to.input(0),
                    to.input(1),
                    to.input(2))));
  }

  /** An operator of x and numbers [C], each of which was reshaped to broadcast to x. */
  private Optional<Fusion> perChannel(
      Tensor x, List<Tensor> numbers, Function<NodeWriter, String> write) {
    List<Tensor> inputs = new ArrayList<>(List.of(x));
    for (Tensor number : numbers) {
      Call reshape = call(number, "Reshape").orElse(null);
      if (reshape == null
          || !reshape.inputs().get(0).shape().equals(Shape.of(x.shape().dim(1)))
          || !isPerChannel(number.shape(), x.shape())) {
        return Optional.empty();
      }
      inputs.add(reshape.inputs().get(0));
    }
    return Optional.of(new Fusion(inputs, write));
  }

  /** Whether numbers lie along axis 1 of x, and are the same along its other axes. */
  private static boolean isPerChannel(Shape numbers, Shape x) {
    int[] expected = new int[x.rank() - 1];
    Arrays.fill(expected, 1);
    expected[0] = x.dim(1);
    return numbers.equals(Shape.of(expected));
  }

  // ---- products, sequences ---------------------------------------------------------------------

  /** bias(matmul(a, b), c) of matrices. */
  private Optional<Fusion> product(Call last) {
    Call matMul = call(last.inputs().get(0), "MatMul").orElse(null);
    if (matMul == null || matMul.inputs().stream().anyMatch(factor -> factor.shape().rank() != 2)) {
      return Optional.empty();
    }
    Map<String, Object> attributes = new HashMap<>();
    if (BuiltIn.is(matMul.attributes(), "transposeA")) {
      attributes.put("transA", 1);
    }
    if (BuiltIn.is(matMul.attributes(), "transposeB")) {
      attributes.put("transB", 1);
    }
    return Optional.of(
        new Fusion(
            List.of(matMul.inputs().get(0), matMul.inputs().get(1), last.inputs().get(1)),
            to -> to.node("Gemm", attributes, to.input(0), to.input(1), to.input(2))));
  }

  /** bias(conv2dInput(w, y), b). */
  private Optional<Fusion> transposed(Call last) {
    return call(last.inputs().get(0), "Conv2dInput")
        .map(
            convolution -> {
              ConvGeometry geometry =
                  BuiltIn.get(convolution.attributes(), "geometry", ConvGeometry.class);
              List<Tensor> in = convolution.inputs();
              return new Fusion(
                  List.of(in.get(1), in.get(0), last.inputs().get(1)),
                  to ->
                      to.node(
                          "ConvTranspose",
                          WindowTranslations.transposed(geometry, 2),
                          to.input(0),
                          to.input(1),
                          to.input(2)));
            });
  }

  /** A window over images of one row, made of sequences and made to sequences again. */
  private Optional<Fusion> sequence(Call last) {
    Tensor y = last.inputs().get(0);
    Call window = calls.get(y);
    if (window == null
        || !isKnown(window)
        || last.output().shape().rank() != 3
        || y.shape().rank() != 4
        || y.shape().dim(2) != 1
        || !last.output().shape().equals(withoutRow(y.shape()))) {
      return Optional.empty();
    }
    Map<String, Object> a = window.attributes();
    if (a.get("geometry") instanceof ConvGeometry conv && isOneRow(conv.rows())) {
      return switch (window.op().getClass().getSimpleName()) {
        case "Conv2d", "BiasedConv2d" ->
            inRows(window, 2, to -> conv(to, "Conv", WindowTranslations.convolution(conv, 1), 0));
        case "Conv2dInput" ->
            inRows(
                window,
                2,
                to -> conv(to, "ConvTranspose", WindowTranslations.transposed(conv, 1), 1));
        default -> Optional.empty();
      };
    }
    if (a.get("geometry") instanceof PoolGeometry pool && isOneRow(pool.rows())) {
      return switch (window.op().getClass().getSimpleName()) {
        case "MaxPool2d" ->
            inRows(
                window,
                1,
                to -> to.node("MaxPool", WindowTranslations.pool(pool, 1, true), to.input(0)));
        case "AvgPool2d" ->
            inRows(
                window,
                1,
                to -> WindowTranslations.avgPool(to, pool, 1, BuiltIn.is(a, "countPadding")));
        default -> Optional.empty();
      };
    }
    return Optional.empty();
  }

  private static String conv(
      NodeWriter to, String type, Map<String, Object> attributes, int position) {
    return to.inputs() > 2
        ? to.node(type, attributes, to.input(0), to.input(1), to.input(2))
        : to.node(type, attributes, to.input(position), to.input(1 - position));
  }

  private static boolean isOneRow(Window rows) {
    return rows.equals(new Window(1, 1, 1, 0, 0, 1));
  }

  /** The same of the sequences that the first inputs were made of. */
  private Optional<Fusion> inRows(Call window, int count, Function<NodeWriter, String> write) {
    List<Tensor> inputs = new ArrayList<>();
    for (Tensor input : window.inputs().subList(0, count)) {
      Call reshape = call(input, "Reshape").orElse(null);
      if (reshape == null || !reshape.inputs().get(0).shape().equals(withoutRow(input.shape()))) {
        return Optional.empty();
      }
      inputs.add(reshape.inputs().get(0));
    }
    inputs.addAll(window.inputs().subList(count, window.inputs().size()));
    return Optional.of(new Fusion(inputs, write));
  }

  /** Whether a call is of the catalogue's op of its name, and is written as such. */
  private boolean isKnown(Call call) {
    Class<? extends Op> op = call.op().getClass();
    return Translations.isBuiltIn(op) && !others.contains(op);
  }

  private static Shape withoutRow(Shape images) {
    return Shape.of(images.dim(0), images.dim(1), images.dim(3));
  }

  /** The call that made a tensor, if it is of this op of the catalogue. */
  private Optional<Call> call(Tensor output, String op) {
    return Optional.ofNullable(calls.get(output))
        .filter(this::isKnown)
        .filter(call -> call.op().getClass().getSimpleName().equals(op));
  }
}
