package org.gradus.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import org.apache.spark.SparkConf;
import org.apache.spark.io.LZ4CompressionCodec;
import org.jspecify.annotations.Nullable;

/** A sum whose gradients are compressed, without loss. */
final class Packed implements Serializable {
  private static final long serialVersionUID = 1;

  final Head head;
  final byte[] bytes;

  private Packed(Head head, byte[] bytes) {
    this.head = head;
    this.bytes = bytes;
  }

  /** Compresses a sum; on an executor. */
  static Packed of(BlockSum sum) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(codec().compressedOutputStream(bytes))) {
      out.writeObject(sum.gradients);
    }
    return new Packed(sum.head, bytes.toByteArray());
  }

  /** The arrays as they were. */
  @Nullable Serializable[] gradients() {
    try (ObjectInputStream in =
        new ObjectInputStream(codec().compressedInputStream(new ByteArrayInputStream(bytes)))) {
      return (Serializable[]) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(
          "sparkTrainer: gradients of block %s are damaged: %s".formatted(head.block, e), e);
    }
  }

  private static LZ4CompressionCodec codec() {
    return new LZ4CompressionCodec(new SparkConf(/* loadDefaults= */ false));
  }
}
