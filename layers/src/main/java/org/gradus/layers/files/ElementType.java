package org.gradus.layers.files;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;

/**
 * The element types of a safetensors file that are read. The first two are those of arrays, and are
 * written too; of the others, arrays hold every number exactly, or it is refused.
 */
enum ElementType {
  F32(Float.BYTES, DType.FLOAT32),
  F64(Double.BYTES, DType.FLOAT64),
  F16(Short.BYTES, DType.FLOAT32),
  BF16(Short.BYTES, DType.FLOAT32),
  BOOL(Byte.BYTES, DType.FLOAT32),
  I8(Byte.BYTES, DType.FLOAT32),
  U8(Byte.BYTES, DType.FLOAT32),
  I16(Short.BYTES, DType.FLOAT32),
  U16(Short.BYTES, DType.FLOAT32),
  I32(Integer.BYTES, DType.FLOAT64),
  U32(Integer.BYTES, DType.FLOAT64),
  I64(Long.BYTES, DType.FLOAT64),
  U64(Long.BYTES, DType.FLOAT64);

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

  /** The type of an array that is read from elements of this one. */
  DType dtype() {
    return dtype;
  }

  /** Whether an array of a type may be read from this one without being asked: floats, exactly. */
  boolean fits(DType other) {
    return switch (this) {
      case F32, F64, F16, BF16 -> other == dtype;
      default -> false;
    };
  }

  /** What messages call it: the type of an array where it is one. */
  String inWords() {
    return this == F32 || this == F64 ? dtype.toString() : name();
  }

  /** Whether there are numbers of it that arrays do not hold exactly. */
  private boolean isLong() {
    return this == I64 || this == U64;
  }

  /**
   * Memory for an array that is read from elements of this type.
   *
   * @param rounded the type of array that numbers are rounded to, if they may be
   */
  Object allocate(int size, Optional<DType> rounded) {
    DType held = isLong() ? rounded.orElse(dtype) : dtype;
    return held == DType.FLOAT32 ? new float[size] : new double[size];
  }

  /**
   * Puts elements into memory; floats bit for bit.
   *
   * @param in little-endian, from its position, which stays
   * @param storage as {@link #allocate} made it
   * @param from the place of the first one
   * @param mayRound whether numbers that the memory does not hold are rounded
   * @return how many; fewer than the count if the next one is no number that the memory holds
   */
  int decode(ByteBuffer in, Object storage, int from, int count, boolean mayRound) {
    switch (this) {
      case F32 -> in.asFloatBuffer().get((float[]) storage, from, count);
      case F64 -> in.asDoubleBuffer().get((double[]) storage, from, count);
      case F16 -> {
        for (int i = 0; i < count; i++) {
          ((float[]) storage)[from + i] = ExactNumbers.half(in.getShort(in.position() + 2 * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          ((float[]) storage)[from + i] = ExactNumbers.brain(in.getShort(in.position() + 2 * i));
        }
      }
      default -> {
        return decodeWhole(in, storage, from, count, mayRound);
      }
    }
    return count;
  }

  private int decodeWhole(ByteBuffer in, Object storage, int from, int count, boolean mayRound) {
    boolean isSingle = storage instanceof float[];
    for (int i = 0; i < count; i++) {
      int at = in.position() + i * bytes;
      double number = mayRound && isLong() ? nearest(in.getLong(at), isSingle) : whole(in, at);
      if (Double.isNaN(number)) {
        return i;
      }
      if (storage instanceof float[] floats) {
        floats[from + i] = (float) number;
      } else {
        ((double[]) storage)[from + i] = number;
      }
    }
    return count;
  }

  private double nearest(long bits, boolean isSingle) {
    if (this == U64) {
      return ExactNumbers.nearestUnsigned(bits, isSingle);
    }
    return isSingle ? (float) bits : (double) bits;
  }

  /** A whole number or truth value; NaN if it is not held exactly. */
  private double whole(ByteBuffer in, int at) {
    return switch (this) {
      case BOOL -> ExactNumbers.bool(in.get(at));
      case I8 -> in.get(at);
      case U8 -> in.get(at) & 0xff;
      case I16 -> in.getShort(at);
      case U16 -> in.getShort(at) & 0xffff;
      case I32 -> in.getInt(at);
      case U32 -> Integer.toUnsignedLong(in.getInt(at));
      case I64 -> ExactNumbers.signed(in.getLong(at));
      default -> ExactNumbers.unsigned(in.getLong(at));
    };
  }

  /** What is wrong with an element at which {@link #decode} stopped. */
  String fault(ByteBuffer in, int at) {
    return switch (this) {
      case BOOL -> "is %s, expected 0 or 1".formatted(in.get(at) & 0xff);
      case I64 -> ExactNumbers.fault(Long.toString(in.getLong(at)));
      default -> ExactNumbers.fault(Long.toUnsignedString(in.getLong(at)));
    };
  }

  /**
   * Puts elements into a buffer, bit for bit.
   *
   * @param storage of an array that this is the type of
   * @param from the place of the first one
   * @param out little-endian, from its position, which stays
   */
  static void encode(Object storage, int from, int count, ByteBuffer out) {
    if (storage instanceof float[] floats) {
      out.asFloatBuffer().put(floats, from, count);
    } else {
      out.asDoubleBuffer().put((double[]) storage, from, count);
    }
  }
}
