package org.gradus.autograd.internal.kernel;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Supplier;
import org.gradus.autograd.internal.kernel.plain.DoublePlainKernels;
import org.gradus.autograd.internal.kernel.plain.FloatPlainKernels;
import org.jspecify.annotations.Nullable;

/**
 * Picks the implementation of {@link Kernels}, once for the whole process: what the system property
 * {@code gradus.kernels} says, {@code plain} or {@code vector}; where it says nothing, the vector
 * kernels if this JVM has their module and makes them fast. A logger is told why.
 *
 * <p>The vector kernels are known here by name alone, and nowhere else: a class that names them
 * cannot be linked where the module is absent.
 */
public final class KernelProvider {
  private static final String PROPERTY = "gradus.kernels";
  private static final String MODULE = "jdk.incubator.vector";
  private static final String ABSENT =
      "the module %s is absent; start java with --add-modules %s".formatted(MODULE, MODULE);

  /**
   * The narrowest vectors worth having: x86 processors with narrower ones cannot multiply and add
   * in one instruction, which would be emulated.
   */
  private static final int LEAST_BITS =
      System.getProperty("os.arch", "").matches("amd64|x86.*") ? 256 : 128;

  /** The running sums of all widths are as many as fit the widest of these vectors. */
  private static final int MOST_BITS = 512;

  /** Throws at each use what is wrong, if something is; an initializer would at the first only. */
  private static final Supplier<Pair> CHOICE = choose(System.getProperty(PROPERTY));

  private KernelProvider() {}

  /** Kernels of both precisions. */
  record Pair(Kernels<float[]> floats, Kernels<double[]> doubles) {
    /** The kernels for an array's own type. */
    Kernels<?> of(Object array) {
      return array instanceof float[] ? floats : doubles;
    }

    private int bits() {
      return floats.lanes() * Float.SIZE;
    }

    @Override
    public String toString() {
      return floats.lanes() == 1
          ? "Plain kernels, the slower ones"
          : "Kernels with vectors of %s floats or %s doubles"
              .formatted(floats.lanes(), doubles.lanes());
    }
  }

  /**
   * The kernels that were picked.
   *
   * @throws IllegalArgumentException if the property names no kernels
   * @throws IllegalStateException if it names vector kernels, and the module is absent
   */
  static Pair chosen() {
    return CHOICE.get();
  }

  static Pair plain() {
    return new Pair(new FloatPlainKernels(), new DoublePlainKernels());
  }

  /** Empty if the module is absent. */
  static Optional<Pair> vector() {
    return ModuleLayer.boot()
        .findModule(MODULE)
        .map(
            module -> {
              // Required by name, the module would have to be there when Gradus is compiled.
              KernelProvider.class.getModule().addReads(module);
              return new Pair(named("FloatVectorKernels"), named("DoubleVectorKernels"));
            });
  }

  @SuppressWarnings("unchecked") // whoever gives the name knows the type
  private static <A> Kernels<A> named(String name) {
    try {
      Class<?> type = Class.forName(KernelProvider.class.getPackageName() + ".vector." + name);
      return (Kernels<A>) type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name + " is missing: Gradus was packed without it", e);
    }
  }

  private static Supplier<Pair> choose(@Nullable String told) {
    if (told == null) {
      return fastest();
    }
    String setting = "-D%s=%s".formatted(PROPERTY, told);
    return switch (told) {
      case "plain" -> picked(plain(), Level.DEBUG, setting);
      case "vector" ->
          vector()
              .map(vector -> picked(vector, Level.DEBUG, setting))
              .orElse(
                  () -> {
                    throw new IllegalStateException(setting + ": " + ABSENT);
                  });
      default ->
          () -> {
            throw new IllegalArgumentException(setting + ": expected plain or vector");
          };
    };
  }

  private static Supplier<Pair> fastest() {
    Pair vector = vector().orElse(null);
    if (vector == null) {
      return picked(plain(), Level.INFO, ABSENT);
    }
    if (vector.bits() < LEAST_BITS) {
      String why = "vectors have %s bits here, expected at least %s";
      return picked(plain(), Level.INFO, why.formatted(vector.bits(), LEAST_BITS));
    }
    if (vector.bits() > MOST_BITS) {
      String why = "vectors have %s bits here, expected at most %s";
      return picked(plain(), Level.INFO, why.formatted(vector.bits(), MOST_BITS));
    }
    // Without the optimizing compiler every vector is an object, and plain loops are faster.
    String jvm = System.getProperty("java.vm.info", "");
    if (jvm.contains("emulated-client") || jvm.contains("interpreted mode")) {
      return picked(plain(), Level.INFO, "this JVM has no optimizing compiler (" + jvm + ")");
    }
    if (!FusedProbe.isFast()) {
      String why = "Math.fma is no single instruction here, and vectors would emulate it";
      return picked(plain(), Level.INFO, why);
    }
    return picked(vector, Level.DEBUG, "the module " + MODULE + " is there");
  }

  private static Supplier<Pair> picked(Pair kernels, Level level, String why) {
    System.getLogger("org.gradus.autograd").log(level, kernels + ": " + why);
    return () -> kernels;
  }
}
