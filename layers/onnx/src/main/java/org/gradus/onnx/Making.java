package org.gradus.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/** What is made of numbers, and not of tensors: constants, ranges, masks. */
final class Making {
  private Making() {}

  static List<Operator> operators() {
    return List.of(
        Operator.of(
                "Constant",
                1,
                0,
                0,
                "value:tensor value_float:float@12- value_floats:floats@12- value_int:int@12-"
                    + " value_ints:ints@12-",
                call -> constant(call.node(), call.scope().dtype()))
            .checked(node -> constant(node, DType.FLOAT32)),
        Operator.of("ConstantOfShape", 9, 1, 1, "value:tensor", Making::constantOfShape),
        Operator.of("Range", 11, 3, 3, "", Making::range),
        Operator.of("EyeLike", 9, 1, 1, "dtype:int k:int", Making::eye)
            .checked(node -> type(node, "dtype", Element.FLOAT)),
        Operator.of("OneHot", 9, 3, 3, "axis:int", Making::oneHot)
            .with(Operator.Role.CONSTANT, 1, 2),
        Operator.of("Trilu", 14, 1, 2, "upper:int", Making::triangle),
        window("HannWindow", i -> 0.5 - 0.5 * StrictMath.cos(i)),
        window("HammingWindow", i -> 25 / 46.0 - 21 / 46.0 * StrictMath.cos(i)),
        window(
            "BlackmanWindow", i -> 0.42 - 0.5 * StrictMath.cos(i) + 0.08 * StrictMath.cos(2 * i)));
  }

  /** The value of a node that is a constant. */
  static Value constant(Node node, DType dtype) {
    if (node.attributes().size() != 1) {
      throw new IllegalArgumentException(
          "it has the attributes %s, expected one value".formatted(node.attributes().keySet()));
    }
    Object value = node.attributes().values().iterator().next();
    if (value instanceof Value tensor) {
      return tensor;
    }
    if (value instanceof Long number) {
      return new Value.Host(Element.INT64, new long[] {number}, Shape.SCALAR);
    }
    if (value instanceof long[] numbers) {
      return Value.Host.of(numbers);
    }
    NdArray array =
        value instanceof double[] numbers
            ? NdArray.of(numbers).as(dtype)
            : NdArray.scalar(dtype, (Double) value);
    return new Value.Data(Tensor.constant(array), Element.FLOAT);
  }

  private static Value constantOfShape(Call call) {
    Shape shape = call.made(call.wholes(0));
    Object value = call.node().attributes().get("value");
    if (value instanceof Value.Host host) {
      long[] values = new long[shape.size()];
      if (host.values().length != 1) {
        throw call.refused("value %s, expected one number".formatted(host.shape()));
      }
      Arrays.fill(values, host.values()[0]);
      return new Value.Host(host.type(), values, shape);
    }
    Value.Data data = value instanceof Value.Data given ? given : null;
    DType dtype = data == null ? call.scope().dtype() : data.tensor().dtype();
    NdArray array = NdArray.full(dtype, shape, data == null ? 0 : data.number());
    return new Value.Data(Tensor.constant(array), data == null ? Element.FLOAT : data.type());
  }

  private static Value range(Call call) {
    double from = call.value(0).number();
    double to = call.value(1).number();
    double step = call.value(2).number();
    if (step == 0 || !Double.isFinite(to - from)) {
      throw call.refused("from %s to %s by %s, expected finite numbers".formatted(from, to, step));
    }
    Shape shape = call.made((long) Math.max(0, Math.ceil((to - from) / step)));
    if (call.value(0) instanceof Value.Host first) {
      long[] values = new long[shape.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (long) from + i * (long) step;
      }
      return new Value.Host(first.type(), values, shape);
    }
    return call.like(
        0, Tensor.constant(NdArray.generate(call.dtype(), shape, i -> from + i * step)));
  }

  private static Element type(Node node, String attribute, Element other) {
    int number = (int) node.whole(attribute, -1);
    return number == -1
        ? other
        : Element.of(number)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "attribute %s is %s, expected numbers or truth values"
                            .formatted(attribute, Element.name(number))));
  }

  /** Numbers of a type, whichever it is. */
  private static Value of(Call call, Element type, NdArray array) {
    Value.Data data = new Value.Data(Tensor.constant(array), type);
    return type.isFloating()
        ? new Value.Data(data.tensor(type.dtype(call.scope().dtype())), type)
        : data.host(type);
  }

  private static Value eye(Call call) {
    Shape shape = call.shape(0);
    if (shape.rank() != 2) {
      throw call.refused("input %s, expected rank 2".formatted(shape));
    }
    long k = call.node().whole("k", 0);
    int columns = shape.dim(1);
    return of(
        call,
        type(call.node(), "dtype", call.value(0).type()),
        NdArray.generate(DType.FLOAT64, shape, i -> i % columns == i / columns + k ? 1 : 0));
  }

  private static Value oneHot(Call call) {
    long[] indices = call.wholes(0);
    long depth = call.whole(1);
    Shape shape = call.shape(0);
    int rank = shape.rank() + 1;
    int axis = call.axis((int) call.node().whole("axis", -1), rank);
    long[] dims = new long[rank];
    for (int i = 0; i < rank; i++) {
      dims[i] = i == axis ? depth : shape.dim(i < axis ? i : i - 1);
    }
    Shape made = call.made(dims);
    NdArray values = call.value(2).tensor(DType.FLOAT64).value();
    if (values.size() != 2) {
      throw call.refused("values %s, expected two numbers".formatted(values.shape()));
    }
    int inner = made.size(axis + 1, rank);
    int width = (int) depth;
    return of(
        call,
        call.value(2).type(),
        NdArray.generate(
            DType.FLOAT64,
            made,
            i -> {
              long index = indices[i / (inner * width) * inner + i % inner];
              long place = index < 0 ? index + depth : index;
              return values.at(i / inner % width == place ? 1 : 0);
            }));
  }

  private static Value triangle(Call call) {
    Shape shape = call.shape(0);
    if (shape.rank() < 2) {
      throw call.refused("input %s, expected rank 2 or higher".formatted(shape));
    }
    long k = call.has(1) ? call.whole(1) : 0;
    boolean upper = call.node().flag("upper", true);
    int rows = shape.dim(-2);
    int columns = shape.dim(-1);
    return call.moved(
        x ->
            Ops.where(
                Tensor.constant(
                    NdArray.generate(
                        x.dtype(),
                        Shape.of(rows, columns),
                        i -> {
                          int off = i % columns - i / columns;
                          return (upper ? off >= k : off <= k) ? 1 : 0;
                        })),
                x,
                0));
  }

  private static Operator window(String name, DoubleUnaryOperator function) {
    return Operator.of(
            name,
            17,
            1,
            1,
            "output_datatype:int periodic:int",
            call -> {
              Shape shape = call.made(call.whole(0));
              int period = call.node().flag("periodic", true) ? shape.size() : shape.size() - 1;
              return of(
                  call,
                  type(call.node(), "output_datatype", Element.FLOAT),
                  NdArray.generate(
                      DType.FLOAT64, shape, i -> function.applyAsDouble(2 * Math.PI * i / period)));
            })
        .checked(node -> type(node, "output_datatype", Element.FLOAT));
  }
}
