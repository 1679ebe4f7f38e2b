package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.files.Images;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DenoisingAutoencoderTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Test
  void noiseIsTakenAwayAndASheetIsWritten(@TempDir Path folder) throws Exception {
    Split digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10);
    Dataset test = DenoisingAutoencoder.noisy(digits.test().first(200));
    double before = DenoisingAutoencoder.psnr(x -> x, test);
    assertEquals(-10 * Math.log10(0.25), before, 0.1, "noise of deviation 0.5");
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Layer net = DenoisingAutoencoder.train(digits.train().first(3000), test, 2, out);
    double after = DenoisingAutoencoder.psnr(net, test);
    assertTrue(after > 14, () -> after + " dB"); // an image without a digit has 10 dB
    String said = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(
        said.contains(Numbers.text("%.1f dB with noise, %.1f dB without", before, after)), said);

    Path png = folder.resolve("sheet.png");
    Batch few = test.first(10).all();
    DenoisingAutoencoder.write(png, net, few);
    NdArray sheet = Images.readGrey(png);
    assertEquals(Shape.of(1, 3 * 29 - 1, 10 * 29 - 1), sheet.shape());
    NdArray[] rows = {few.inputs(), net.predict(few.inputs()), few.targets()};
    for (int row = 0; row < 3; row++) {
      for (int n = 0; n < 10; n++) {
        for (int pixel = 0; pixel < 784; pixel++) {
          int y = pixel / 28;
          int x = pixel % 28;
          double expected = Math.max(0, Math.min(1, rows[row].get(n, 0, y, x)));
          assertEquals(expected, sheet.get(0, 29 * row + y, 29 * n + x), 0.002);
        }
      }
    }
  }

  @Test
  void aFolderThatIsNotThereIsTroubleBeforeTheTraining(@TempDir Path folder) {
    String[] argument = {folder.resolve("none").resolve("x.png").toString()};
    NoSuchFileException refusal =
        assertThrows(NoSuchFileException.class, () -> OutputFile.of(argument, "other.png"));
    assertEquals(argument[0] + ": its folder is not there", refusal.getMessage());
  }
}
