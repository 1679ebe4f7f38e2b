package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.junit.jupiter.api.Test;

class SiameseTest {

  /** Of nine pairs, 5 are of one digit: the distances are 0, 0, 0, and 0.5 twice. */
  @Test
  void theLossPullsEqualDigitsTogetherAndPushesOthersApart() {
    NdArray codes = NdArray.of(new float[][] {{0, 0}, {0.3f, 0.4f}, {0, 0.2f}});
    Batch batch = new Batch(NdArray.zeros(DType.FLOAT32, Shape.of(3, 1)), 4, 4, 7);
    double alike = 2 * 0.25;
    double apart = 2 * Math.pow(1 - 0.2, 2) + 2 * Math.pow(1 - Math.sqrt(0.09 + 0.04), 2);
    Tensor loss = Siamese.contrastive(Tensor.constant(codes), batch);
    assertEquals((alike + apart) / 9, loss.item(), 1e-6);
    Tensor far = Siamese.contrastive(Tensor.constant(codes.map(x -> 10 * x)), batch);
    assertEquals(2 * 25 / 9.0, far.item(), 1e-5);
  }

  @Test
  void digitsAreToldByOneExampleAlsoSuchAsWereNeverSeen() throws Exception {
    Split all = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Split few = new Split(all.train().first(3000), all.test().first(300));
    Siamese.compare(few, 4, new PrintStream(bytes, true, StandardCharsets.UTF_8));
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(4, lines.size(), lines::toString);
    assertRight("1 of each of ten digits known: ", lines.get(0), 0.66);
    assertRight("1 of each of two new digits known: ", lines.get(1), 0.66);
    assertRight("5 of each of ten digits known: ", lines.get(2), 0.76);
    assertRight("5 of each of two new digits known: ", lines.get(3), 0.76);
  }

  /** More are right than a number, and than with distances of pixels. */
  private static void assertRight(String beginning, String line, double least) {
    Matcher numbers = Pattern.compile("(0\\.\\d{3}) right, by pixels (0\\.\\d{3})").matcher(line);
    assertTrue(line.startsWith(beginning) && numbers.find(), line);
    double right = Double.parseDouble(numbers.group(1));
    assertTrue(right > least, line);
    assertTrue(right > Double.parseDouble(numbers.group(2)) + 0.03, line);
  }
}
