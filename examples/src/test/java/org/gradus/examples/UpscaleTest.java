package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.files.Images;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Against the results of the package that the network comes from, and tiles against the whole. */
class UpscaleTest {
  private final Printed said = new Printed();

  private int run(Object... arguments) {
    return new Upscale(said.stream(), said.stream())
        .run(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
  }

  private static byte[] resource(String name) throws IOException {
    try (var in = UpscaleTest.class.getResourceAsStream("esrgan/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  /** An image file as [3, H, W], numbers from 0 to 255. */
  private static NdArray read(Path file) throws IOException {
    return Images.read(file).map(v -> 255 * v);
  }

  // ---- the network -----------------------------------------------------------------------------

  @Test
  void aCropBecomesTheNumbersOfThePackage() throws Exception {
    NdArray crop = Images.cropped(Upscale.flower(), 40, 50, 20, 24);
    NdArray found = Upscale.pretrained().predict(crop.reshape(1, 3, 20, 24));
    FloatBuffer expected =
        ByteBuffer.wrap(resource("crop-x4.f32")).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    assertEquals(Shape.of(1, 3, 80, 96), found.shape());
    assertEquals(expected.remaining(), found.size());
    for (int i = 0; i < found.size(); i++) {
      assertEquals(expected.get(i), found.at(i), 2e-3, "element " + i + ", of up to 255");
    }
  }

  @Test
  void theFlowerBecomesThePictureOfThePackage(@TempDir Path folder) throws Exception {
    Path large = folder.resolve("flower.png");
    assertEquals(0, run("--out", large), said::toString);
    Path expected = Files.write(folder.resolve("expected.png"), resource("flower-x4.png"));
    NdArray difference = read(large).plusScaled(-1, read(expected));
    assertEquals(Shape.of(3, 512, 512), difference.shape());
    int others = 0;
    for (int i = 0; i < difference.size(); i++) {
      double off = Math.rint(Math.abs(difference.at(i)));
      assertTrue(off <= 1, "element " + i + " is off by " + off);
      others += off > 0 ? 1 : 0;
    }
    int count = others;
    assertTrue(others <= difference.size() / 1000, () -> count + " elements are off by 1");
    assertTrue(said.toString().contains("128 of 128 rows, "), said::toString);
    assertTrue(said.toString().endsWith("flower.png: 512 x 512 pixels\n"), said::toString);
  }

  /** What a pixel changes is there within the reach, and not beyond it. */
  @Test
  void aPixelIsSeenAsFarAsTheLayersSay() throws Exception {
    Esrgan net = Upscale.pretrained();
    assertEquals(10, net.reach());
    assertEquals(20, net.reachOfBits());
    Shape shape = Shape.of(1, 3, 1, 61);
    NdArray dark = net.predict(NdArray.zeros(DType.FLOAT32, shape));
    NdArray lit = net.predict(NdArray.generate(DType.FLOAT32, shape, i -> i % 61 == 30 ? 255 : 0));
    int farthest = 0;
    for (int x = 0; x < 4 * 61; x++) {
      if (lit.get(0, 0, 0, x) != dark.get(0, 0, 0, x)) {
        farthest = Math.max(farthest, Math.abs(x / 4 - 30));
      }
    }
    assertTrue(farthest >= 8 && farthest <= 10, "seen at a distance of " + farthest);
  }

  // ---- tiles -----------------------------------------------------------------------------------

  private static NdArray noise(long seed, int height, int width) {
    SplittableRandom random = new SplittableRandom(seed);
    Shape shape = Shape.of(3, height, width);
    return NdArray.generate(DType.FLOAT32, shape, i -> random.nextInt(256));
  }

  private static NdArray whole(Esrgan net, NdArray image) {
    int height = image.shape().dim(1);
    int width = image.shape().dim(2);
    return net.predict(image.reshape(1, 3, height, width)).reshape(3, 4 * height, 4 * width);
  }

  private static NdArray inTiles(Enlarger enlarger, NdArray image) throws IOException {
    int width = 4 * image.shape().dim(2);
    int plane = 4 * image.shape().dim(1) * width;
    float[] all = new float[3 * plane];
    enlarger.enlarge(
        Picture.of(image),
        (tile, part) -> {
          int rows = part.shape().dim(1);
          int columns = part.shape().dim(2);
          for (int i = 0; i < part.size(); i++) {
            int y = 4 * tile.rows().from() + i / columns % rows;
            int x = 4 * tile.columns().from() + i % columns;
            all[i / columns / rows * plane + y * width + x] = (float) part.at(i);
          }
        });
    return NdArray.wrap(all, Shape.of(3, plane / width, width));
  }

  @Property(tries = 12)
  void tilesOfAnySizeGiveTheBitsOfTheWhole(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 80) int height,
      @ForAll @IntRange(min = 1, max = 80) int width,
      @ForAll @IntRange(min = 4, max = 16) int blocks)
      throws Exception {
    Esrgan net = Upscale.pretrained();
    NdArray image = noise(seed, height, width);
    assertEquals(whole(net, image), inTiles(Enlarger.of(net, 4 * blocks), image));
  }

  @Property(tries = 24)
  void tilesOfNarrowImagesGiveTheBitsOfTheWhole(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 7) int height,
      @ForAll @IntRange(min = 41, max = 120) int width,
      @ForAll @IntRange(min = 4, max = 8) int blocks)
      throws Exception {
    Esrgan net = Upscale.pretrained();
    NdArray image = noise(seed, height, width);
    assertEquals(whole(net, image), inTiles(Enlarger.of(net, 4 * blocks), image));
    NdArray turned = noise(seed, width, height);
    assertEquals(whole(net, turned), inTiles(Enlarger.of(net, 4 * blocks), turned));
  }

  @Test
  void threadsDoNotMatterAndTheMarginDoes() throws Exception {
    Esrgan net = Upscale.pretrained();
    NdArray image = noise(1, 70, 61);
    NdArray expected = whole(net, image);
    for (int threads = 1; threads <= 3; threads++) {
      ForkJoinPool pool = new ForkJoinPool(threads);
      try {
        assertEquals(expected, pool.submit(() -> inTiles(Enlarger.of(net, 32), image)).get());
      } finally {
        pool.shutdown();
      }
    }
    NdArray narrow = inTiles(new Enlarger(net, 32, new Tile.Margin(4, 4)), image);
    assertTrue(Numbers.maxDifference(expected, narrow) > 0.01);
    NdArray unaligned = inTiles(new Enlarger(net, 31, new Tile.Margin(10, 1)), image);
    assertTrue(Numbers.maxDifference(expected, unaligned) < 0.01);
  }

  @Property
  void spansMakeUpTheAxis(
      @ForAll @IntRange(min = 1, max = 300) int extent,
      @ForAll @IntRange(min = 4, max = 20) int blocks) {
    int end = 0;
    for (Tile.Span span : Tile.spans(extent, 4 * blocks, new Tile.Margin(20, 4))) {
      assertEquals(end, span.from());
      assertTrue(span.length() >= 1 && span.length() <= 4 * blocks, span::toString);
      assertTrue(
          span.windowFrom() >= 0 && span.windowFrom() <= Math.max(0, span.from() - 20),
          span::toString);
      assertTrue(
          span.windowTo() <= extent && span.windowTo() >= Math.min(extent, span.to() + 20),
          span::toString);
      assertEquals(0, span.windowFrom() % 4, span::toString);
      assertEquals(extent % 4, span.windowTo() % 4, span::toString);
      assertTrue(span.windowLength() >= Math.min(extent, 40), span::toString);
      end = span.to();
    }
    assertEquals(extent, end);
  }

  // ---- images ----------------------------------------------------------------------------------

  private static Path drawn(Path file, int width, int height, int type) throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int i = 0; i < width * height; i++) {
      int grey = (37 * i) & 0xff;
      image.setRGB(i % width, i / width, 0xff000000 | 0x10101 * grey);
    }
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  @Test
  void imagesOfAnySizeAndKindOfColoursAreEnlarged(@TempDir Path folder) throws Exception {
    Path dot = drawn(folder.resolve("dot.png"), 1, 1, BufferedImage.TYPE_INT_RGB);
    assertEquals(0, run(dot), said::toString);
    assertEquals(Shape.of(3, 4, 4), read(folder.resolve("dot-x4.png")).shape());
    Path strip = drawn(folder.resolve("a.strip.png"), 200, 3, BufferedImage.TYPE_INT_RGB);
    assertEquals(0, run("--tile", 64, strip), said::toString);
    NdArray large = read(folder.resolve("a.strip-x4.png"));
    assertEquals(Shape.of(3, 12, 800), large.shape());
    NdArray expected = whole(Upscale.pretrained(), read(strip));
    NdArray bytes = expected.map(v -> Upscale.toByte(v) & 0xff);
    assertEquals(bytes, large);
    Path palette = drawn(folder.resolve("palette.png"), 9, 5, BufferedImage.TYPE_BYTE_INDEXED);
    Path asColours = folder.resolve("colours.png");
    Images.write(asColours, Images.read(palette));
    assertEquals(0, run(palette) + run(asColours), said::toString);
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("palette-x4.png")),
        Files.readAllBytes(folder.resolve("colours-x4.png")));
    Path grey = drawn(folder.resolve("grey.png"), 9, 5, BufferedImage.TYPE_BYTE_GRAY);
    assertEquals(0, run(grey, "--out", folder.resolve("g.png")), said::toString);
    assertEquals(Shape.of(3, 20, 36), read(folder.resolve("g.png")).shape());
  }

  @Test
  void rowsOfAPngFileComeBack(@TempDir Path folder) throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    int width = 301;
    int height = 200; // more than a chunk
    byte[] pixels = new byte[3 * width * height];
    random.nextBytes(pixels);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PngRows png = new PngRows(out, width, height);
    for (int y = 0; y < height; y++) {
      png.write(pixels, 3 * width * y);
    }
    png.end();
    BufferedImage image =
        ImageIO.read(Files.write(folder.resolve("a.png"), out.toByteArray()).toFile());
    for (int i = 0; i < width * height; i++) {
      int rgb = image.getRGB(i % width, i / width);
      for (int c = 0; c < 3; c++) {
        assertEquals(pixels[3 * i + c], (byte) (rgb >> (16 - 8 * c)), "pixel " + i);
      }
    }
    assertEquals(
        "write: a row behind the last of 200", refusal(() -> png.write(pixels, 0)).getMessage());
    assertEquals(
        "end: 0 of 2 rows",
        refusal(() -> new PngRows(new ByteArrayOutputStream(), 1, 2).end()).getMessage());
  }

  private static IllegalStateException refusal(Executable call) {
    return assertThrows(IllegalStateException.class, call);
  }

  // ---- refusals --------------------------------------------------------------------------------

  private void refuses(int code, String text, Object... arguments) {
    said.clear();
    assertEquals(code, run(arguments), said::toString);
    assertTrue(said.toString().startsWith(text + "\n"), said::toString);
  }

  @Test
  void nothingThatIsReadIsWrittenOver(@TempDir Path folder) throws Exception {
    Path dot = drawn(folder.resolve("dot.png"), 1, 1, BufferedImage.TYPE_INT_RGB);
    byte[] before = Files.readAllBytes(dot);
    Path link = Files.createSymbolicLink(folder.resolve("link.png"), dot);
    Path spelled = folder.resolve(".").resolve("dot.png");
    for (Path same : List.of(dot, link, spelled)) {
      refuses(
          2,
          "--out is %s, expected another file than %s, which is read".formatted(same, dot),
          dot,
          "--out",
          same);
    }
    Path weights = Files.writeString(folder.resolve("w.safetensors"), "weights");
    refuses(
        2,
        "--out is %s, expected another file than %s, which is read".formatted(weights, weights),
        dot,
        "--out",
        weights,
        "--weights",
        weights);
    assertArrayEquals(before, Files.readAllBytes(dot));
    assertEquals("weights", Files.readString(weights));
  }

  @Test
  void imagesOfOneNameBecomeFilesOfSeveral(@TempDir Path folder) throws Exception {
    Path png = drawn(folder.resolve("x.png"), 1, 1, BufferedImage.TYPE_INT_RGB);
    Path bmp = folder.resolve("x.bmp");
    ImageIO.write(ImageIO.read(png.toFile()), "bmp", bmp.toFile());
    assertEquals(0, run(png) + run(bmp), said::toString);
    assertTrue(Files.exists(folder.resolve("x-x4.png")));
    assertTrue(Files.exists(folder.resolve("x.bmp-x4.png")));
  }

  @Test
  void whatCannotBeEnlargedIsRefusedInWords(@TempDir Path folder) throws Exception {
    Path none = folder.resolve("none.png");
    refuses(1, none + ": there is no such file", none);
    Path text = Files.writeString(folder.resolve("text.png"), "not a picture");
    refuses(1, text + ": is no image of a known format", text);
    Path huge = folder.resolve("huge.png");
    ImageIO.write(
        new BufferedImage(4097, 4096, BufferedImage.TYPE_BYTE_BINARY), "png", huge.toFile());
    refuses(
        1,
        huge
            + ": an image of 4096 x 4097, 16781312 pixels, expected at least 1 and at most"
            + " 16777216",
        huge);
    Path dot = drawn(folder.resolve("dot.png"), 1, 1, BufferedImage.TYPE_INT_RGB);
    Path nowhere = folder.resolve("nowhere").resolve("a.png");
    refuses(1, nowhere + ": its folder is not there", dot, "--out", nowhere);
    refuses(2, "--scale is 2, expected 4: the network has learnt no other", "--scale", 2, dot);
    refuses(2, "--tile is 30, expected a multiple of 4 from 16 to 4096", "--tile", 30, dot);
    refuses(1, none + ": there is no such file", "--weights", none, dot);
    assertFalse(Files.exists(folder.resolve("dot-x4.png")));
  }
}
