package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.data.Batch;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.files.Images;
import org.gradus.layers.files.Weights;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digits in files: how images are made ready, what is printed, which models are read. */
class ClassifyTest {
  private static Batch digits;

  @TempDir private Path folder;

  private final Printed said = new Printed();
  private final Printed errors = new Printed();

  @BeforeAll
  static void readDigits() throws IOException {
    digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10).test().first(200).all();
  }

  private int run(Object... arguments) {
    return new Classify(said.stream(), errors.stream())
        .run(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
  }

  private static NdArray digit(int number) {
    float[] pixels = new float[28 * 28];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) digits.inputs().at(number * pixels.length + i);
    }
    return NdArray.wrap(pixels, Shape.of(1, 28, 28));
  }

  /** On a larger field, three times as large, from row and column 40 on. */
  private static NdArray large(NdArray digit) {
    NdArray grown = Images.resized(digit, 84, 84);
    return NdArray.generate(
        DType.FLOAT32,
        Shape.of(1, 200, 150),
        i -> {
          int y = i / 150 - 40;
          int x = i % 150 - 40;
          return y >= 0 && y < 84 && x >= 0 && x < 84 ? grown.get(0, y, x) : 0;
        });
  }

  private static int best(NdArray probabilities) {
    int best = 0;
    for (int c = 1; c < 10; c++) {
      best = probabilities.at(c) > probabilities.at(best) ? c : best;
    }
    return best;
  }

  // ---- images ----------------------------------------------------------------------------------

  @Test
  void imagesOfTheDatabaseStayAsTheyAreInBothPolarities() throws Exception {
    for (int i = 0; i < 20; i++) {
      NdArray digit = digit(i);
      NdArray made = DigitImage.of(digit, "digit");
      assertTrue(Numbers.maxDifference(digit, made) < 0.02, "digit " + i);
      NdArray turned = DigitImage.of(digit.map(v -> 1 - v), "digit");
      assertTrue(Numbers.maxDifference(made, turned) < 1e-6, "digit " + i);
    }
  }

  /** Against the definition: a bar of 10 x 40 pixels becomes one of 5 x 20 in the middle. */
  @Test
  void aBarIsCutOutAndCentred() throws Exception {
    NdArray bar =
        NdArray.generate(
            DType.FLOAT32,
            Shape.of(1, 100, 90),
            i -> i / 90 >= 3 && i / 90 < 43 && i % 90 >= 70 && i % 90 < 80 ? 0.2 : 0.8);
    NdArray expected =
        NdArray.generate(
            DType.FLOAT32,
            Shape.of(1, 28, 28),
            i -> i / 28 >= 4 && i / 28 < 24 && i % 28 >= 12 && i % 28 < 17 ? 1 : 0);
    assertTrue(Numbers.maxDifference(expected, DigitImage.of(bar, "bar")) < 1e-6);
    NdArray dot = NdArray.generate(DType.FLOAT32, Shape.of(1, 9, 9), i -> i == 10 ? 1 : 0);
    NdArray field = DigitImage.of(dot, "dot"); // one pixel becomes 20 x 20
    assertEquals(1, field.get(0, 4, 4), 0);
    assertEquals(1, field.get(0, 23, 23), 0);
    assertEquals(0, field.get(0, 3, 4) + field.get(0, 24, 23), 0);
  }

  @Test
  void anImageWithoutInkIsRefused() {
    NdArray blank = NdArray.full(DType.FLOAT32, Shape.of(1, 5, 7), 0.7);
    assertEquals(
        "a.png: has no ink: all pixels are about as bright as those at its border",
        assertThrows(IOException.class, () -> DigitImage.of(blank, "a.png")).getMessage());
  }

  @Test
  void theEmbeddedModelReadsDigitsOfAnySizeAndPlace() throws Exception {
    Function<NdArray, NdArray> model = DigitModel.embedded();
    int right = 0;
    int rightIfLarge = 0;
    for (int i = 0; i < digits.size(); i++) {
      NdArray large = large(digit(i)).map(v -> 0.9 - 0.7 * v); // dark grey on bright grey
      NdArray made = DigitImage.of(large, "digit").reshape(1, 1, 28, 28);
      right += best(model.apply(digit(i).reshape(1, 1, 28, 28))) == digits.labels()[i] ? 1 : 0;
      rightIfLarge += best(model.apply(made)) == digits.labels()[i] ? 1 : 0;
    }
    int both = rightIfLarge;
    assertTrue(right >= 194, right + " of 200");
    assertTrue(rightIfLarge >= 190, () -> both + " of 200");
  }

  // ---- the program -----------------------------------------------------------------------------

  @Test
  void barsShowTheProbabilities() throws Exception {
    Path file = folder.resolve("one.png");
    Images.write(file, large(digit(0)));
    assertEquals(0, run(file), errors::toString);
    List<String> lines = said.toString().lines().toList();
    assertEquals(11, lines.size(), said::toString);
    int label = digits.labels()[0];
    assertTrue(lines.get(0).startsWith(file + ": " + label + " ("), said::toString);
    double sum = 0;
    for (int c = 0; c < 10; c++) {
      String line = lines.get(c + 1);
      assertTrue(Pattern.matches("  " + c + " [01]\\.\\d{3}( #{1,40})?", line), line);
      double probability = Double.parseDouble(line.substring(4, 9));
      int bar = line.length() - line.replace("#", "").length();
      assertEquals(40 * probability, bar, 0.6, line);
      sum += probability;
    }
    assertEquals(1, sum, 0.01);
  }

  @Test
  void theImagesOfAFolderAreReadInOrderAndWhatIsNoneIsTold() throws Exception {
    for (int i = 0; i < 70; i++) {
      Images.write(folder.resolve("%02d.PNG".formatted(i)), digit(i));
    }
    Files.writeString(folder.resolve("notes.txt"), "no image");
    Path broken = Files.writeString(folder.resolve("05b.png"), "no image");
    assertEquals(1, run("--brief", folder));
    List<String> lines = said.toString().lines().toList();
    assertEquals(70, lines.size(), said::toString);
    for (int i = 0; i < 70; i++) {
      assertTrue(lines.get(i).startsWith(folder.resolve("%02d.PNG: ".formatted(i)).toString()));
    }
    assertEquals(broken + ": is no image of a known format\n", errors.toString());
  }

  @Test
  void whatIsNotThereIsToldInWords() throws Exception {
    assertEquals(1, run("none.png"));
    assertEquals("none.png: there is no such file\n", errors.toString());
    errors.clear();
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertEquals(1, run(empty));
    assertEquals(empty + ": a folder without images\n", errors.toString());
    errors.clear();
    assertEquals(2, run());
    assertTrue(errors.toString().startsWith("Missing required parameter: 'IMAGE'"));
    errors.clear();
    assertEquals(1, run("--model", "none.safetensors", "none.png"));
    assertEquals("none.safetensors: there is no such file\n", errors.toString());
    errors.clear();
    assertEquals(1, run("--model", "net.bin", "none.png"));
    assertEquals(
        "net.bin: a model of an unknown kind, expected a file .safetensors or .onnx\n",
        errors.toString());
    assertEquals("", said.toString());
  }

  // ---- models ----------------------------------------------------------------------------------

  private Path saved(Layer net, Map<String, String> metadata) throws IOException {
    Path file = folder.resolve("net.safetensors");
    Weights.save(file, net, metadata);
    return file;
  }

  private static List<String> names(String... names) {
    return List.of(names);
  }

  @Test
  void aModelIsBuiltByItsNameOrByItsShapes() throws Exception {
    NdArray image = digit(1).reshape(1, 1, 28, 28);
    List<String> classes = names("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    for (String name : List.of("lenet", "norm")) {
      SplittableRandom random = new SplittableRandom(3);
      Layer net = name.equals("lenet") ? TrainDigits.lenet(random) : TrainDigits.norm(random);
      NdArray named = DigitModel.load(saved(net, DigitModel.metadata(name, classes))).apply(image);
      NdArray fitted = DigitModel.load(saved(net, Map.of())).apply(image);
      assertEquals(named, fitted);
      NdArray logits = net.predict(image);
      double sum = 0;
      for (int c = 0; c < 10; c++) {
        sum += Math.exp(logits.at(c));
      }
      for (int c = 0; c < 10; c++) {
        assertEquals(Math.exp(logits.at(c)) / sum, named.at(c), 1e-6);
      }
    }
  }

  @Test
  void othersAreRefused() throws Exception {
    Layer other = new Linear(784, 10, new SplittableRandom(1));
    assertEquals(
        folder.resolve("net.safetensors") + ": 2 tensors that fit none of the nets [lenet, norm]",
        refusal(saved(other, Map.of())));
    assertEquals(
        folder.resolve("net.safetensors")
            + ": the net tells apart coat,shirt, expected 0,1,2,3,4,5,6,7,8,9",
        refusal(saved(other, DigitModel.metadata("lenet", names("coat", "shirt")))));
    assertEquals(
        folder.resolve("net.safetensors")
            + ": the net is called mine, expected one of [lenet, norm]",
        refusal(saved(other, Map.of("net", "mine"))));
    assertTrue(
        refusal(saved(other, Map.of("net", "norm"))).contains("0.weight"),
        () -> "what is missing is not told");
  }

  @Test
  void aModelWhoseNumbersAreNotFiniteIsRefused() throws Exception {
    Layer broken = TrainDigits.lenet(new SplittableRandom(1));
    broken.load(changed(broken, v -> Double.NaN));
    assertEquals(
        folder.resolve("net.safetensors") + ": the model makes NaN of an image, expected numbers",
        refusal(saved(broken, Map.of())));
    Layer huge = TrainDigits.lenet(new SplittableRandom(1));
    huge.load(changed(huge, v -> v * 1e20)); // makes 0 of a blank image, and too much of a digit
    Path model = saved(huge, Map.of());
    Images.write(folder.resolve("a.png"), digit(2));
    assertEquals(1, run("--brief", "--model", model, folder.resolve("a.png")));
    assertEquals(
        model + ": the model makes NaN of an image, expected numbers\n", errors.toString());
    assertEquals("", said.toString());
  }

  private static Map<String, NdArray> changed(Layer net, DoubleUnaryOperator change) {
    Map<String, NdArray> weights = new LinkedHashMap<>(net.state());
    weights.replaceAll((name, values) -> values.map(change));
    return weights;
  }

  private static String refusal(Path file) {
    return assertThrows(IOException.class, () -> DigitModel.load(file)).getMessage();
  }

  @Test
  void trainDigitsSavesWhatClassifyReads() throws Exception {
    Path weights = folder.resolve("digits.safetensors");
    Printed printed = new Printed();
    int code =
        new TrainDigits(printed.stream(), printed.stream())
            .run("--net", "lenet", "--images", "320", "--epochs", "1", "--save", "" + weights);
    assertEquals(0, code, printed::toString);
    Images.write(folder.resolve("a.png"), digit(2));
    assertEquals(0, run("--model", weights, folder.resolve("a.png")), errors::toString);
    assertEquals(11, said.toString().lines().count());
    Path nowhere = folder.resolve("nowhere").resolve("a.safetensors");
    printed.clear();
    assertEquals(
        1, new TrainDigits(printed.stream(), printed.stream()).run("--save", nowhere.toString()));
    assertEquals(
        "Cannot read or write: %s: its folder is not there\n".formatted(nowhere),
        printed.toString());
  }
}
