package org.gradus.layers;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A prediction holds the input and output of a layer, not those of all layers. */
class PredictMemoryTest {
  private static final int LAYERS = 60;

  /** Values of 8 MB, 480 MB of them in all. */
  private static final Shape INPUT = Shape.of(500, 16, 16, 16);

  /** Is run with a small heap. */
  static final class DeepNet {
    public static void main(String[] args) {
      List<Layer> layers = new ArrayList<>();
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < LAYERS / 3; i++) {
        layers.add(new Conv2d(16, 16, 3, same(), random));
        layers.add(new BatchNorm2d(16));
        layers.add(new Relu());
      }
      Layer net = new Sequential(layers);
      NdArray x = NdArray.full(DType.FLOAT32, INPUT, 0.5);
      try {
        NdArray y =
            args[0].equals("predict") ? net.predict(x) : net.forward(Tensor.constant(x)).value();
        System.out.print(y.shape());
      } catch (OutOfMemoryError e) {
        System.out.print("too little memory");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "vector"})
  void sixtyLayersPredictInASmallHeap(String kernels) throws Exception {
    assertEquals(INPUT.toString(), run(kernels, "predict"));
  }

  /** With a graph, they do not: so the heap is small. */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "vector"})
  void aGraphOfSixtyLayersNeedsMore(String kernels) throws Exception {
    assertEquals("too little memory", run(kernels, "forward"));
  }

  private static String run(String kernels, String what) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (kernels.equals("vector")) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    command.addAll(
        List.of(
            "-Xmx96m",
            "-Dgradus.kernels=" + kernels,
            "-cp",
            System.getProperty("java.class.path"),
            DeepNet.class.getName(),
            what));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    child.waitFor();
    return said;
  }
}
