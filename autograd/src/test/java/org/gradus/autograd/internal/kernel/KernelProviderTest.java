package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kernels are picked, and what is said of it, in JVMs of all kinds. */
class KernelProviderTest {
  private static final String WITH_MODULE = "--add-modules=jdk.incubator.vector";
  private static final String PLAIN = "INFO: Plain kernels, the slower ones: ";
  private static final String ABSENT =
      "the module jdk.incubator.vector is absent; start java with --add-modules"
          + " jdk.incubator.vector";

  /** Multiplies two numbers of each precision, and prints which kernels did it. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      for (Precision precision : new Precision[] {Precision.FLOAT, Precision.DOUBLE}) {
        Object c = precision.zeros(1);
        try {
          Kernels<Object> kernels = Kernels.of(c);
          int[] only = {0};
          Object a = precision.array(2);
          kernels.matmul(new MatmulSizes(false, false, 1, 1, 1, only, only), a, a, c);
          System.out.println(kernels.getClass().getSimpleName() + " " + Precision.at(c, 0));
        } catch (RuntimeException e) {
          System.out.println(e);
        }
      }
    }
  }

  /** What a child says, and the logger in it, without the JVM's warning and the logger's dates. */
  private static List<String> said(String... options) throws Exception {
    return ChildJvm.start(Child.class, options).lines().stream()
        .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
        .filter(line -> !line.contains(KernelProvider.class.getName()))
        .toList();
  }

  private static final List<String> ON_PLAIN =
      List.of("FloatPlainKernels 4.0", "DoublePlainKernels 4.0");

  private static List<String> onPlain(String why) {
    return List.of(PLAIN + why, ON_PLAIN.get(0), ON_PLAIN.get(1));
  }

  @Test
  void withoutTheModuleThePlainKernelsAreUsed() throws Exception {
    assertEquals(onPlain(ABSENT), said());
  }

  @Test
  void withTheModuleTheVectorKernelsAreUsed() throws Exception {
    assertEquals(List.of("FloatVectorKernels 4.0", "DoubleVectorKernels 4.0"), said(WITH_MODULE));
  }

  @Test
  void theVectorKernelsAreLoggedForThoseWhoWantToKnow(@TempDir Path folder) throws Exception {
    Path settings =
        Files.writeString(
            folder.resolve("logging.properties"),
            """
            handlers = java.util.logging.ConsoleHandler
            java.util.logging.ConsoleHandler.level = ALL
            org.gradus.level = ALL
            """);
    String logging = "-Djava.util.logging.config.file=" + settings;
    String vectors = "FINE: Kernels with vectors of [0-9]+ floats or [0-9]+ doubles: ";
    assertLinesMatch(
        List.of(vectors + "the module jdk.incubator.vector is there", ">> kernels >>"),
        said(logging, WITH_MODULE));
    assertLinesMatch(
        List.of(vectors + "-Dgradus.kernels=vector", ">> kernels >>"),
        said(logging, WITH_MODULE, "-Dgradus.kernels=vector"));
    assertLinesMatch(
        List.of("FINE: Plain kernels, the slower ones: -Dgradus.kernels=plain", ">> kernels >>"),
        said(logging, WITH_MODULE, "-Dgradus.kernels=plain"));
  }

  @Test
  void thePlainKernelsCanBeAskedFor() throws Exception {
    assertEquals(ON_PLAIN, said("-Dgradus.kernels=plain"));
    assertEquals(ON_PLAIN, said("-Dgradus.kernels=plain", WITH_MODULE));
  }

  @Test
  void vectorKernelsWithoutTheModuleAreRefusedEachTime() throws Exception {
    String refusal = "java.lang.IllegalStateException: -Dgradus.kernels=vector: " + ABSENT;
    assertEquals(List.of(refusal, refusal), said("-Dgradus.kernels=vector"));
  }

  @Test
  void otherKernelsAreRefusedEachTime() throws Exception {
    for (String other : List.of("fast", "", "Plain")) {
      String refusal =
          "java.lang.IllegalArgumentException: -Dgradus.kernels=%s: expected plain or vector"
              .formatted(other);
      assertEquals(List.of(refusal, refusal), said("-Dgradus.kernels=" + other, WITH_MODULE));
    }
  }

  @Test
  void withoutTheOptimizingCompilerThePlainKernelsAreUsed() throws Exception {
    for (String option : List.of("-XX:TieredStopAtLevel=1", "-Xint")) {
      String why = "this JVM has no optimizing compiler \\(.*\\)";
      assertLinesMatch(onPlain(why), said(option, WITH_MODULE));
      assertEquals(
          "FloatVectorKernels 4.0", said(option, WITH_MODULE, "-Dgradus.kernels=vector").get(0));
    }
  }

  @Test
  void withoutFusedInstructionsThePlainKernelsAreUsed() throws Exception {
    String why = "Math.fma is no single instruction here, and vectors would emulate it";
    List<String> lines = said("-XX:-UseFMA", WITH_MODULE);
    if (System.getProperty("os.arch").matches("amd64|x86_64")) { // elsewhere it cannot be missing
      assertEquals(onPlain(why), lines);
      assertEquals(onPlain(why), said("-XX:-UseFMA", "-XX:UseAVX=2", WITH_MODULE));
    }
    assertEquals(
        "FloatVectorKernels 4.0",
        said("-XX:-UseFMA", WITH_MODULE, "-Dgradus.kernels=vector").get(0));
  }

  @Test
  void narrowVectorsAreNotUsed() throws Exception {
    if (System.getProperty("os.arch").matches("amd64|x86_64")) { // the option is one of x86
      assertEquals(
          onPlain("vectors have 128 bits here, expected at least 256"),
          said("-XX:UseAVX=1", WITH_MODULE));
    }
  }

  @Test
  void kernelsAreThoseOfTheArrayEachTime() {
    assertSame(KernelProvider.chosen().floats(), Kernels.of(new float[0]));
    assertSame(KernelProvider.chosen().doubles(), Kernels.of(new double[0]));
  }
}
