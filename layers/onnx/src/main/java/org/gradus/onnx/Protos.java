package org.gradus.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;

/** Arrays as messages of the format: row-major, little-endian. */
final class Protos {
  private Protos() {}

  /** An array with a name. */
  static TensorProto tensor(String name, NdArray array) {
    ByteBuffer bytes = little(array.size() * (array.dtype() == DType.FLOAT32 ? 4 : 8));
    if (array.dtype() == DType.FLOAT32) {
      bytes.asFloatBuffer().put(array.toFloatArray());
    } else {
      bytes.asDoubleBuffer().put(array.toDoubleArray());
    }
    TensorProto.Builder tensor = start(name, type(array.dtype()), bytes);
    Arrays.stream(array.shape().toArray()).forEach(tensor::addDims);
    return tensor.build();
  }

  /** A list of whole numbers with a name. */
  static TensorProto tensor(String name, long... values) {
    ByteBuffer bytes = little(values.length * 8);
    bytes.asLongBuffer().put(values);
    return start(name, TensorProto.DataType.INT64, bytes).addDims(values.length).build();
  }

  /** The format's name of an element type. */
  static TensorProto.DataType type(DType dtype) {
    return dtype == DType.FLOAT32 ? TensorProto.DataType.FLOAT : TensorProto.DataType.DOUBLE;
  }

  private static TensorProto.Builder start(
      String name, TensorProto.DataType type, ByteBuffer bytes) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(type.getNumber())
        .setRawData(ByteString.copyFrom(bytes));
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
