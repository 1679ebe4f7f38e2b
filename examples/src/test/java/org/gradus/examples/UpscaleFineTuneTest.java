package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.AvgPool2d;
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

  /** Of an image whose lowest quarter is larger than one tile, by the network for all of it. */
  @Test
  void theErrorIsThatOfTheWholeLowestQuarter(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("large.png");
    Images.write(file, Images.resized(Upscale.flower().map(v -> v / 255), 128, 288));
    assertEquals(0, run(file.toString(), "--steps", "1"), errors::toString);
    NdArray heldOut = Images.cropped(Images.read(file), 96, 0, 32, 288).map(v -> 255 * v);
    NdArray batch = heldOut.reshape(1, 3, 32, 288);
    NdArray found = Upscale.pretrained().predict(new AvgPool2d(4).predict(batch));
    double sum = 0;
    for (int i = 0; i < found.size(); i++) {
      sum += Math.pow(Math.max(0, Math.min(255, found.at(i))) - heldOut.at(i), 2);
    }
    double decibels = 10 * Math.log10(255 * 255 / (sum / found.size()));
    Matcher result = RESULT.matcher(said.toString());
    assertTrue(result.matches(), said::toString);
    assertEquals("288 x 32", result.group(1));
    assertEquals(Numbers.text("%.2f", decibels), result.group(2));
  }

  @Test
  void weightsThatCannotBeSavedAreRefusedBeforeTheTraining(@TempDir Path folder) {
    Path nowhere = folder.resolve("none").resolve("a.safetensors");
    assertEquals(1, run("--save", nowhere.toString()));
    assertEquals(nowhere + ": its folder is not there\n", errors.toString());
    errors.clear();
    assertEquals(1, run("--save", folder.toString()));
    assertEquals(folder + ": it is a folder, expected a file\n", errors.toString());
    assertEquals("", said.toString());
  }

  @Test
  void aTrainingThatLeadsNowhereIsToldAndNotSaved(@TempDir Path folder) {
    for (String steps : List.of("1", "3")) {
      Path weights = folder.resolve(steps + ".safetensors");
      String[] arguments = {"--steps", steps, "--learning-rate", "1e30", "--save", "" + weights};
      assertEquals(1, run(arguments));
      String last =
          errors
              .toString()
              .lines()
              .filter(line -> line.startsWith("Stopped; "))
              .findAny()
              .orElse("");
      assertTrue(last.startsWith("Stopped; try a smaller learning rate: "), errors::toString);
      assertFalse(Files.exists(weights));
      errors.clear();
    }
    assertEquals("", said.toString());
  }

  @Test
  void whatCannotBeLearntFromIsRefusedInWords(@TempDir Path folder) throws Exception {
    Path small = folder.resolve("small.png");
    Images.write(small, NdArray.zeros(DType.FLOAT32, Shape.of(3, 96, 95)));
    assertEquals(1, run(small.toString()));
    assertEquals(small + " has 95 x 96 pixels, expected at least 96 x 96\n", errors.toString());
    errors.clear();
    assertEquals(2, run(small.toString(), "--save", folder.resolve(".") + "/small.png"));
    assertTrue(errors.toString().contains("another file than " + small + ", which is read\n"));
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
