package org.gradus.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.gradus.autograd.array.Arithmetic;

/** What a task ran on: what its bits depend on, and what they do not. */
final class Machine implements Serializable {
  private static final long serialVersionUID = 1;

  private final String arithmetic;
  private final int bits;
  private final String java;
  private final String gradus;
  private final String where;

  /** One that computes by such kernels, of vectors of so many bits, with such versions. */
  Machine(String arithmetic, int bits, String java, String gradus, String where) {
    this.arithmetic = arithmetic;
    this.bits = bits;
    this.java = java;
    this.gradus = gradus;
    this.where = where;
  }

  /** This one, under a name such as {@code executor 1}. */
  static Machine here(String where) {
    Arithmetic own = Arithmetic.here();
    return new Machine(own.name(), own.bits(), Runtime.version().toString(), version(), where);
  }

  private static String version() {
    try (InputStream in =
        Objects.requireNonNull(Machine.class.getResourceAsStream("version.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a resource of this very library
    }
  }

  /** Refuses a machine whose sums have another order, or that runs another version of Gradus. */
  void requireLike(Machine driver) {
    if (!arithmetic.equals(driver.arithmetic) || !gradus.equals(driver.gradus)) {
      throw new IllegalStateException(
          "sparkTrainer: %s has %s, and %s has %s; the bits of a run are of one of the two, so give both the option --add-modules jdk.incubator.vector, or both -Dgradus.kernels=plain, and one version of Gradus"
              .formatted(where, this, driver.where, driver));
    }
  }

  /** For example {@code vector kernels of 256 bits, Gradus 1.0 and Java 17.0.15}. */
  @Override
  public String toString() {
    return "%s, Gradus %s and Java %s".formatted(new Arithmetic(arithmetic, bits), gradus, java);
  }
}
