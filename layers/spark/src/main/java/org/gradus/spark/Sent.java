package org.gradus.spark;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.SparkEnv;
import org.jspecify.annotations.Nullable;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * A function of the user's as bytes, for objects that other serializers than Java's may write: they
 * know no lambdas.
 *
 * @param <T> what it is
 */
final class Sent<T> implements Serializable {
  private static final long serialVersionUID = 1;

  private final byte[] bytes;
  private transient @Nullable T made;

  private Sent(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Of a function.
   *
   * @throws IllegalArgumentException if it, or what it holds, cannot be written
   * @throws IllegalStateException if no session runs
   */
  static <T extends Serializable> Sent<T> of(String function, T recipe) {
    if (SparkEnv.get() == null) {
      throw new IllegalStateException(function + ": no session of Spark runs in this process");
    }
    try {
      ByteBuffer buffer = SparkEnv.get().closureSerializer().newInstance().serialize(recipe, tag());
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return new Sent<>(bytes);
    } catch (Exception e) { // Scala throws what it does not declare
      String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new IllegalArgumentException(
          "%s: it cannot be sent to executors, since it holds what is not serializable: %s"
              .formatted(function, what),
          e);
    }
  }

  /** The function, read once in each process. */
  synchronized T get() {
    if (made == null) {
      made =
          SparkEnv.get()
              .closureSerializer()
              .newInstance()
              .deserialize(
                  ByteBuffer.wrap(bytes), Thread.currentThread().getContextClassLoader(), tag());
    }
    return made;
  }

  private static <T> ClassTag<T> tag() {
    return ClassTag$.MODULE$.apply(Object.class);
  }
}
