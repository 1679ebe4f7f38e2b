package org.gradus.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.files.FileFormatException;

/** Reads tensors of a model, from the model itself or from files beside it. */
final class TensorReader {
  /** How many elements may be made for each byte that is read. */
  private static final long FOR_EACH_BYTE = 16;

  private final String file;
  private final ExternalData external;
  private final DType dtype;

  /** How many elements may be made yet. */
  private long left = 1L << 20;

  /**
   * A reader for a model.
   *
   * @param file named in errors
   * @param bytes of the model
   * @param external finds the files beside it
   * @param dtype what FLOAT is read as
   */
  TensorReader(String file, long bytes, ExternalData external, DType dtype) {
    this.file = file;
    this.external = external;
    this.dtype = dtype;
    this.left += FOR_EACH_BYTE * bytes;
  }

  /**
   * Counts elements that are made on load, so that nodes and functions cannot make much of little.
   *
   * @param what they are, for messages
   * @throws FileFormatException if there are too many for what was read
   */
  void count(String what, long elements) throws FileFormatException {
    left -= elements;
    if (left < 0) {
      throw wrong(
          what,
          "has %s elements, which makes more than %s for each byte of the model"
              .formatted(elements, FOR_EACH_BYTE));
    }
  }

  /** What FLOAT is read as. */
  DType dtype() {
    return dtype;
  }

  /**
   * The value of a tensor.
   *
   * @param what it is, such as {@code initializer conv1.weight}
   * @throws FileFormatException if its numbers are not as many as its extents say, or are of a type
   *     that is not known
   */
  Value read(String what, TensorProto tensor) throws IOException {
    Element type =
        Element.of(tensor.getDataType())
            .orElseThrow(
                () ->
                    wrong(
                        what,
                        "has elements of type %s, expected one of %s"
                            .formatted(
                                Element.name(tensor.getDataType()),
                                Arrays.toString(Element.values()))));
    Shape shape = shape(what, tensor.getDimsList());
    if (tensor.hasSegment()) {
      throw wrong(what, "is in segments, expected a whole tensor");
    }
    boolean isExternal = tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
    if (isExternal || tensor.hasRawData()) {
      long expected = (long) shape.size() * type.bytes();
      ByteBuffer bytes =
          isExternal
              ? external.read(file, what, tensor.getExternalDataList(), expected)
              : raw(what, tensor.getRawData(), expected, shape);
      left += isExternal ? FOR_EACH_BYTE * expected : 0;
      count(what, shape.size());
      return ofBytes(type, shape, bytes.order(ByteOrder.LITTLE_ENDIAN), what);
    }
    return ofFields(what, tensor, type, shape);
  }

  private Shape shape(String what, List<Long> dims) throws FileFormatException {
    double size = 1;
    for (long dim : dims) {
      size *= Math.max(1, dim);
      if (dim < 0 || dim > Integer.MAX_VALUE || size > Integer.MAX_VALUE - 8) {
        throw wrong(
            what,
            "has extents %s, expected at least 0 each, of at most %s elements"
                .formatted(dims, Integer.MAX_VALUE - 8));
      }
    }
    return Shape.of(dims.stream().mapToInt(Long::intValue).toArray());
  }

  private ByteBuffer raw(String what, ByteString data, long expected, Shape shape)
      throws FileFormatException {
    if (data.size() != expected) {
      throw wrong(
          what,
          "has %s bytes of raw data, expected %s for %s".formatted(data.size(), expected, shape));
    }
    return data.asReadOnlyByteBuffer();
  }

  private FileFormatException wrong(String what, String message) {
    return new FileFormatException(file, what + " " + message);
  }

  // ---- bytes -----------------------------------------------------------------------------------

  private Value ofBytes(Element type, Shape shape, ByteBuffer bytes, String what)
      throws FileFormatException {
    if (type.isFloating()) {
      DType as = type.dtype(dtype);
      NdArray array =
          NdArray.generate(
              as,
              shape,
              switch (type) {
                case DOUBLE -> i -> bytes.getDouble(8 * i);
                case FLOAT16 -> i -> Half.toFloat(bytes.getShort(2 * i));
                case BFLOAT16 -> i -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
                default -> i -> bytes.getFloat(4 * i);
              });
      return new Value.Data(Tensor.constant(array), type);
    }
    long[] values = new long[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          type.narrow(
              switch (type.bytes()) {
                case 8 -> bytes.getLong(8 * i);
                case 4 -> bytes.getInt(4 * i);
                case 2 -> bytes.getShort(2 * i);
                default -> bytes.get(i);
              });
    }
    return host(what, type, values, shape);
  }

  private Value.Host host(String what, Element type, long[] values, Shape shape)
      throws FileFormatException {
    if (type == Element.UINT64 && Arrays.stream(values).anyMatch(value -> value < 0)) {
      throw wrong(what, "has a number of 2^63 or more, expected less");
    }
    return new Value.Host(type, values, shape);
  }

  // ---- fields ----------------------------------------------------------------------------------

  private Value ofFields(String what, TensorProto tensor, Element type, Shape shape)
      throws FileFormatException {
    int count =
        switch (type) {
          case FLOAT -> tensor.getFloatDataCount();
          case DOUBLE -> tensor.getDoubleDataCount();
          case INT64 -> tensor.getInt64DataCount();
          case UINT32, UINT64 -> tensor.getUint64DataCount();
          default -> tensor.getInt32DataCount();
        };
    if (count != shape.size()) {
      throw wrong(what, "has %s numbers, expected %s for %s".formatted(count, shape.size(), shape));
    }
    count(what, count);
    if (type.isFloating()) {
      NdArray array =
          NdArray.generate(
              type.dtype(dtype),
              shape,
              switch (type) {
                case DOUBLE -> tensor::getDoubleData;
                case FLOAT16 -> i -> Half.toFloat((short) tensor.getInt32Data(i));
                case BFLOAT16 -> i -> Float.intBitsToFloat(tensor.getInt32Data(i) << 16);
                default -> tensor::getFloatData;
              });
      return new Value.Data(Tensor.constant(array), type);
    }
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          type.narrow(
              switch (type) {
                case INT64 -> tensor.getInt64Data(i);
                case UINT32, UINT64 -> tensor.getUint64Data(i);
                default -> tensor.getInt32Data(i);
              });
    }
    return host(what, type, values, shape);
  }
}
