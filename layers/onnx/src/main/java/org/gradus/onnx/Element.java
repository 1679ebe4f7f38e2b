package org.gradus.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Optional;
import org.gradus.autograd.array.DType;

/** An element type of the format that can be computed with here. */
enum Element {
  FLOAT,
  UINT8,
  INT8,
  UINT16,
  INT16,
  INT32,
  INT64,
  BOOL,
  FLOAT16,
  DOUBLE,
  UINT32,
  UINT64,
  BFLOAT16;

  /** The type of this number in the format; empty if it is none of these, such as strings. */
  static Optional<Element> of(int number) {
    TensorProto.DataType type = TensorProto.DataType.forNumber(number);
    for (Element element : values()) {
      if (type != null && type.name().equals(element.name())) {
        return Optional.of(element);
      }
    }
    return Optional.empty();
  }

  /** What the format calls the type of a number, for messages. */
  static String name(int number) {
    TensorProto.DataType type = TensorProto.DataType.forNumber(number);
    return type == null ? "number " + number : type.name();
  }

  /** Whether values are numbers with a point, which gradients flow through. */
  boolean isFloating() {
    return this == FLOAT || this == DOUBLE || this == FLOAT16 || this == BFLOAT16;
  }

  /** The type that such numbers are computed in, in a net of an element type. */
  DType dtype(DType net) {
    return this == DOUBLE ? DType.FLOAT64 : net;
  }

  /** How many bytes an element has in a file. */
  int bytes() {
    return switch (this) {
      case DOUBLE, INT64, UINT64 -> 8;
      case FLOAT, INT32, UINT32 -> 4;
      case FLOAT16, BFLOAT16, INT16, UINT16 -> 2;
      default -> 1;
    };
  }

  /** How many bits a whole number has. */
  int bits() {
    return 8 * bytes();
  }

  /** A whole number as one of this type, as a cast of C has it. */
  long narrow(long value) {
    return switch (this) {
      case UINT8 -> value & 0xff;
      case INT8 -> (byte) value;
      case UINT16 -> value & 0xffff;
      case INT16 -> (short) value;
      case INT32 -> (int) value;
      case UINT32 -> value & 0xffffffffL;
      case BOOL -> value == 0 ? 0 : 1;
      default -> value;
    };
  }

  /** The least whole number of this type, of at most 32 bits. */
  long least() {
    return switch (this) {
      case INT8, INT16, INT32 -> -(1L << (bits() - 1));
      default -> 0;
    };
  }

  /** The largest whole number of this type, of at most 32 bits. */
  long most() {
    return least() + (1L << bits()) - 1;
  }
}
