package org.gradus.layers.files;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * The element types of a safetensors file that are read. A type that is converted when it is read
 * is a constant more here: its bytes for each element, and a {@link #decode}.
 */
enum ElementType {
  F32(Float.BYTES, DType.FLOAT32) {
    @Override
    void decode(ByteBuffer bytes, Object storage, int from, int count) {
      bytes.asFloatBuffer().get((float[]) storage, from, count);
    }

    @Override
    void encode(Object storage, int from, int count, ByteBuffer bytes) {
      bytes.asFloatBuffer().put((float[]) storage, from, count);
    }
  },
  F64(Double.BYTES, DType.FLOAT64) {
    @Override
    void decode(ByteBuffer bytes, Object storage, int from, int count) {
      bytes.asDoubleBuffer().get((double[]) storage, from, count);
    }

    @Override
    void encode(Object storage, int from, int count, ByteBuffer bytes) {
      bytes.asDoubleBuffer().put((double[]) storage, from, count);
    }
  };

  private final int bytes;
  private final DType dtype;

  ElementType(int bytes, DType dtype) {
    this.bytes = bytes;
    this.dtype = dtype;
  }

  /** The type of this name in a header, if it is read. */
  static Optional<ElementType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /** The type that an array is written as. */
  static ElementType of(NdArray array) {
    return array.dtype() == DType.FLOAT32 ? F32 : F64;
  }

  /** The names of all types that are read, for messages. */
  static List<String> names() {
    return Arrays.stream(values()).map(Enum::name).toList();
  }

  /** The bytes of one element in a file. */
  int bytes() {
    return bytes;
  }

  /** Memory for an array that is read from elements of this type. */
  Object allocate(int size) {
    return dtype == DType.FLOAT32 ? new float[size] : new double[size];
  }

  /** An array over memory that was filled. */
  NdArray wrap(Object storage, Shape shape) {
    return storage instanceof float[] floats
        ? NdArray.wrap(floats, shape)
        : NdArray.wrap((double[]) storage, shape);
  }

  /**
   * Puts elements into memory, bit for bit.
   *
   * @param bytes little-endian, from its position; the position stays
   * @param storage as {@link #allocate} made it
   * @param from the place of the first one
   */
  abstract void decode(ByteBuffer bytes, Object storage, int from, int count);

  /**
   * Puts elements into a buffer, bit for bit.
   *
   * @param storage of an array of this type
   * @param from the place of the first one
   * @param bytes little-endian, from its position; the position stays
   */
  abstract void encode(Object storage, int from, int count, ByteBuffer bytes);
}
