package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.files.Images;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpscaleFineTuneTest {
  private static final Pattern RESULT =
      Pattern.compile(
          "on (\\d+ x \\d+) pixels that were not learnt from: (\\S+) dB before, (\\S+) dB after"
              + " (\\d+) steps\n");

  private final Printed said = new Printed();
  private final Printed errors = new Printed();

  private int run(String... arguments) {
    return new UpscaleFineTune(said.stream(), errors.stream()).run(arguments);
  }

  @Test
  void aForeignNetworkTrainedFurtherErrsLessOnWhatItHasNotSeen(@TempDir Path folder)
      throws Exception {
    Path weights = folder.resolve("tuned.safetensors");
    assertEquals(0, run("--steps", "12", "--save", weights.toString()), errors::toString);
    Matcher result = RESULT.matcher(said.toString());
    assertTrue(result.matches(), said::toString);
    assertEquals("128 x 32", result.group(1));
    assertEquals("12", result.group(4));
    double gain = Double.parseDouble(result.group(3)) - Double.parseDouble(result.group(2));
    assertTrue(gain > 0.05, said::toString);
    assertNotEquals(Upscale.pretrained().state(), Upscale.pretrained(weights).state());
    assertTrue(errors.toString().startsWith("step 1 of 12: "), errors::toString);
  }

  @Test
  void whatCannotBeLearntFromIsRefusedInWords(@TempDir Path folder) throws Exception {
    Path small = folder.resolve("small.png");
    Images.write(small, NdArray.zeros(DType.FLOAT32, Shape.of(3, 96, 95)));
    assertEquals(1, run(small.toString()));
    assertEquals(small + " has 95 x 96 pixels, expected at least 96 x 96\n", errors.toString());
    errors.clear();
    assertEquals(1, run("none.png"));
    assertEquals("none.png: there is no such file\n", errors.toString());
    errors.clear();
    assertEquals(2, run("--steps", "0"));
    assertTrue(errors.toString().startsWith("--steps is 0, expected at least 1\n"));
    errors.clear();
    assertEquals(2, run("--learning-rate", "-1"));
    assertTrue(
        errors.toString().startsWith("--learning-rate is -1.0, expected a number above 0\n"));
  }
}
