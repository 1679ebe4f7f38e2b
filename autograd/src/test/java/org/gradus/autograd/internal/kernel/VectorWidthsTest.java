package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.internal.kernel.AgainstPlain.Matrices;
import org.junit.jupiter.api.Test;

/** The vector kernels with the vectors of older processors, which this one can be told to be. */
class VectorWidthsTest {

  /**
   * Compares a few products and what is done to rows and parameters, and prints the lanes of both
   * precisions.
   */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      for (Precision precision :
          new Precision[] {Precision.FLOAT_VECTORS, Precision.DOUBLE_VECTORS}) {
        AgainstPlain.matmul(precision, new Matrices(2, 13, 35, 9, false, true), 1);
        AgainstPlain.matmul(precision, new Matrices(1, 5, 32, 600, true, false), 2);
        WindowSizes odd =
            new WindowSizes(new Axis(13, 3, 2, 1, 2, 2, 6), new Axis(17, 2, 3, 0, 2, 1, 6));
        AgainstPlain.convolutions(precision, new ConvSizes(2, 4, 10, 2, odd), 3);
        WindowSizes unpadded =
            new WindowSizes(new Axis(14, 5, 1, 0, 0, 1, 10), new Axis(14, 5, 1, 0, 0, 1, 10));
        AgainstPlain.convolutions(precision, new ConvSizes(2, 6, 9, 1, unpadded), 5);
        WindowSizes small =
            new WindowSizes(new Axis(4, 2, 1, 0, 0, 1, 3), new Axis(9, 2, 1, 0, 0, 1, 8));
        AgainstPlain.convolutions(precision, new ConvSizes(1, 3, 4, 1, small), 6);
        WindowSizes three =
            new WindowSizes(new Axis(14, 3, 1, 1, 1, 1, 14), new Axis(19, 3, 1, 1, 1, 1, 19));
        AgainstPlain.convolutions(precision, new ConvSizes(1, 17, 19, 1, three), 4);
        RowKernelsTest.binaryIsWhatItsFormulaSays(precision, 6_000);
        for (Update rule : UpdateKernelsTest.RULES) {
          UpdateKernelsTest.assertSameBitsAsPlain(precision, rule);
        }
      }
      KernelProvider.Pair kernels = KernelProvider.vector().orElseThrow();
      System.out.println(kernels.floats().lanes() + " " + kernels.doubles().lanes());
    }
  }

  @Test
  void everyWidthComputesTheSame() throws Exception {
    if (!System.getProperty("os.arch").matches("amd64|x86_64")) {
      return; // the options are those of x86
    }
    Map<String, ChildJvm> children = new LinkedHashMap<>();
    for (String option :
        List.of("-XX:MaxVectorSize=8", "-XX:UseAVX=1", "-XX:UseAVX=2", "-XX:UseAVX=3")) {
      if (ChildJvm.takes(option)) {
        children.put(
            option, ChildJvm.start(Child.class, "--add-modules=jdk.incubator.vector", option));
      }
    }
    List<String> lanes = new ArrayList<>();
    for (ChildJvm child : children.values()) {
      List<String> lines = child.lines();
      lanes.add(lines.get(lines.size() - 1));
    }
    List<String> all = List.of("2 1", "4 2", "8 4", "16 8");
    assertEquals(all.subList(0, lanes.size()), lanes);
  }
}
