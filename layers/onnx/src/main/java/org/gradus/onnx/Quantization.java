package org.gradus.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/** Numbers of a few bits in the place of others. */
final class Quantization {
  private Quantization() {}

  static List<Operator> operators() {
    return List.of(
        Operator.of(
                "QuantizeLinear",
                10,
                2,
                3,
                "axis:int@13- saturate:int@19- output_dtype:int@21- block_size:int@21-",
                Quantization::quantize)
            .with(Operator.Role.CONSTANT, 1, 2)
            .checked(Quantization::check),
        Operator.of(
                "DequantizeLinear",
                10,
                2,
                3,
                "axis:int@13- block_size:int@21-",
                Quantization::dequantize)
            .with(Operator.Role.CONSTANT, 0, 1, 2)
            .checked(Quantization::check),
        Operator.many("DynamicQuantizeLinear", 11, 1, 1, 3, "", Quantization::dynamic),
        Operator.of("QLinearMatMul", 10, 8, 8, "", Quantization::matMul),
        Operator.of(
                "QLinearConv",
                10,
                8,
                9,
                Slide.RULES + " dilations:ints group:int kernel_shape:ints",
                Quantization::conv)
            .with(Operator.Role.CONSTANT, 1, 4, 6)
            .checked(Slide::check));
  }

  private static void check(Node node) {
    node.whole("block_size", 0, 0, 0);
    long type = node.whole("output_dtype", 0);
    if (type != 0 && Element.of((int) type).filter(t -> !t.isFloating()).isEmpty()) {
      throw new IllegalArgumentException(
          "attribute output_dtype is %s, expected whole numbers"
              .formatted(Element.name((int) type)));
    }
  }

  /** One number for all, or one for each index of an axis, as a shape that broadcasts. */
  private static Tensor spread(Node node, Value each, Shape shape, DType dtype) {
    Tensor numbers = each.tensor(dtype);
    if (numbers.shape().size() == 1) {
      return Ops.reshape(numbers);
    }
    int axis = shape.axis(node.operator().name(), (int) node.whole("axis", 1));
    int[] dims = new int[shape.rank()];
    Arrays.fill(dims, 1);
    dims[axis] = shape.dim(axis);
    return Ops.reshape(numbers, dims);
  }

  private static Value quantize(Call call) {
    DType dtype = call.value(0).tensor(call.dtype()).dtype();
    Tensor x = call.value(0).tensor(dtype).detach();
    Tensor scale = spread(call.node(), call.value(1), x.shape(), dtype).detach();
    Element type =
        call.has(2)
            ? call.value(2).type()
            : Element.of((int) call.node().whole("output_dtype", 2)).orElse(Element.UINT8);
    Tensor y = Ops.round(Ops.div(x, scale));
    if (call.has(2)) {
      y = Ops.add(y, spread(call.node(), call.value(2), x.shape(), dtype));
    }
    Tensor kept = Ops.clamp(y, (double) type.least(), (double) type.most());
    return new Value.Data(kept, Element.FLOAT).host(type);
  }

  private static Value dequantize(Call call) {
    return dequantized(call.node(), List.copyOf(inputs(call)));
  }

  private static List<Optional<Value>> inputs(Call call) {
    return call.has(2)
        ? List.of(
            Optional.of(call.value(0)), Optional.of(call.value(1)), Optional.of(call.value(2)))
        : List.of(Optional.of(call.value(0)), Optional.of(call.value(1)));
  }

  /** What numbers of a few bits stand for: (x - zero) scale. */
  static Value dequantized(Node node, List<Optional<Value>> inputs) {
    Value x = inputs.get(0).orElseThrow();
    Value scale = inputs.get(1).orElseThrow();
    DType dtype = scale instanceof Value.Data data ? data.tensor().dtype() : DType.FLOAT32;
    Tensor numbers = x.tensor(DType.FLOAT64);
    if (inputs.size() > 2 && inputs.get(2).isPresent()) {
      Value zero = inputs.get(2).orElseThrow();
      numbers = Ops.sub(numbers, spread(node, zero, x.shape(), DType.FLOAT64));
    }
    Tensor exact = Tensor.constant(numbers.value().as(dtype));
    Tensor y = Ops.mul(exact, spread(node, scale, x.shape(), dtype));
    return new Value.Data(y, scale.type());
  }

  /** To 8 bits, from 0 or the least number to 0 or the largest one. */
  private static List<Value> dynamic(Call call) {
    NdArray x = call.tensor(0).detach().value();
    float least = 0;
    float most = 0;
    for (int i = 0; i < x.size(); i++) {
      least = Math.min(least, (float) x.at(i));
      most = Math.max(most, (float) x.at(i));
    }
    float scale = (most - least) / 255;
    long zero = scale == 0 ? 0 : (long) Math.rint(Math.max(0, Math.min(255, -least / scale)));
    long[] values = new long[x.size()];
    for (int i = 0; i < values.length; i++) {
      double rounded = scale == 0 ? 0 : Math.rint((float) x.at(i) / scale);
      values[i] = (long) Math.max(0, Math.min(255, rounded + zero));
    }
    return List.of(
        new Value.Host(Element.UINT8, values, x.shape()),
        new Value.Data(Tensor.constant(NdArray.scalar(x.dtype(), scale)), Element.FLOAT),
        new Value.Host(Element.UINT8, new long[] {zero}, Shape.SCALAR));
  }

  // ---- products --------------------------------------------------------------------------------

  private static Value matMul(Call call) {
    Tensor a = less(call.value(0), row(call.value(2), true));
    Tensor b = less(call.value(3), row(call.value(5), false));
    Tensor scale = Ops.mul(row(call.value(1), true), row(call.value(4), false));
    return requantized(call, Products.product(a, b), scale, 6);
  }

  /** One number, or one for each row or column of a matrix. */
  private static Tensor row(Value each, boolean isColumn) {
    Tensor numbers = each.tensor(DType.FLOAT64);
    return numbers.shape().rank() == 1 && numbers.shape().size() > 1 && isColumn
        ? Ops.expandDims(numbers, 1)
        : numbers;
  }

  private static Value conv(Call call) {
    int rank = call.shape(3).rank();
    Tensor x = less(call.value(0), call.value(2).tensor(DType.FLOAT64));
    Tensor w = less(call.value(3), along(call.value(5), 0, rank));
    Optional<Tensor> b =
        call.has(8) ? Optional.of(call.value(8).tensor(DType.FLOAT64)) : Optional.empty();
    Tensor y = ConvolutionWindows.conv(call, x, w, b);
    Tensor scale =
        Ops.mul(along(call.value(4), 1, rank), Ops.reshape(call.value(1).tensor(DType.FLOAT64)));
    return requantized(call, y, scale, 6);
  }

  /** One number, or one for each index of an axis. */
  private static Tensor along(Value each, int axis, int rank) {
    int[] dims = new int[rank];
    Arrays.fill(dims, 1);
    dims[axis] = each.shape().size();
    return Ops.reshape(each.tensor(DType.FLOAT64), dims);
  }

  private static Tensor less(Value numbers, Tensor zero) {
    return Ops.sub(numbers.tensor(DType.FLOAT64), zero);
  }

  /**
   * Whole numbers of the type of a zero point.
   *
   * @param scale of the numbers
   * @param at the input that is the new scale, before the new zero point
   */
  private static Value requantized(Call call, Tensor y, Tensor scale, int at) {
    Element type = call.value(at + 1).type();
    Tensor factor = Ops.div(scale, call.value(at).tensor(DType.FLOAT64));
    Tensor rounded =
        Ops.add(Ops.round(Ops.mul(y, factor)), call.value(at + 1).tensor(DType.FLOAT64));
    Tensor kept = Ops.clamp(rounded, (double) type.least(), (double) type.most());
    return new Value.Data(kept, Element.DOUBLE).host(type);
  }
}
