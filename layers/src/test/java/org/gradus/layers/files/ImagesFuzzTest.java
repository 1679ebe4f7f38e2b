package org.gradus.layers.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.testkit.Fuzz;
import org.gradus.autograd.testkit.Fuzz.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged images of every format that is read. */
class ImagesFuzzTest {
  private static final Fuzz.Refusal FORMAT = Fuzz.Refusal.named(FileFormatException.class);
  private static final int MOST_PIXELS = 1 << 12;
  private static final List<String> WORDS =
      List.of(
          "IHDR",
          "IDAT",
          "PLTE",
          "tRNS",
          "iCCP",
          "zTXt",
          "\u00ff\u00d8",
          "\u00ff\u00c0",
          "\u00ff\u00db",
          "\u00ff\u00c4",
          "\u00ff\u00da",
          "!\u00f9\4",
          ",",
          "BM",
          "MM\0*",
          "II*\0");
  private static final int[] TYPES = {
    BufferedImage.TYPE_3BYTE_BGR,
    BufferedImage.TYPE_BYTE_GRAY,
    BufferedImage.TYPE_INT_ARGB,
    BufferedImage.TYPE_BYTE_BINARY,
    BufferedImage.TYPE_BYTE_INDEXED,
    BufferedImage.TYPE_USHORT_GRAY
  };

  private static byte[] image(String format, int type, int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, 0xff000000 | 0x102030 * i);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    return ImageIO.write(image, format, out) ? out.toByteArray() : new byte[0];
  }

  private static List<byte[]> files(String format) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (int type : TYPES) {
      byte[] file = image(format, type, 5, 4);
      if (file.length > 0) {
        files.add(file);
      }
    }
    files.add(image(format, BufferedImage.TYPE_BYTE_BINARY, 16, 16));
    if (format.equals("tiff")) {
      for (String way : List.of("LZW", "ZLib", "PackBits", "JPEG", "CCITT T.4", "CCITT T.6")) {
        int type =
            way.startsWith("C") ? BufferedImage.TYPE_BYTE_BINARY : BufferedImage.TYPE_BYTE_GRAY;
        files.add(DamagedImagesTest.written(new BufferedImage(16, 16, type), format, way));
      }
    }
    return files;
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif", "bmp", "tiff", "wbmp"})
  void images(String format) throws IOException {
    new Fuzz(files(format), WORDS)
        .ofFormats(6)
        .run(
            "x." + format,
            new Memory(4_000_000, 400),
            FORMAT,
            (file, name) -> Images.read(file, name, 3, MOST_PIXELS));
  }

  /** A folder's names are left out or listed; images that end too early are told by their names. */
  @Test
  void imageFolders() throws IOException {
    Path root = Fuzz.folder();
    try {
      fuzzFolders(root);
    } finally {
      Fuzz.remove(root);
    }
  }

  private static void fuzzFolders(Path root) throws IOException {
    List<byte[]> names = new ArrayList<>();
    for (String name : List.of("cat/1.png", "dog/a.b.PNG", "a b/x.gif")) {
      names.add(name.getBytes(US_ASCII));
    }
    List<byte[]> images = files("png");
    int[] number = {1};
    new Fuzz(names, List.of("/", ".", "..", ".png", ".jpeg", "//", " "))
        .andOf(".hidden/x.png".getBytes(US_ASCII), "cat/.y.png".getBytes(US_ASCII))
        .run(
            "folder",
            new Memory(4_000_000, 0),
            (e, name) ->
                e instanceof FileFormatException
                    || (e instanceof UncheckedIOException && e.getMessage().startsWith("" + root)),
            (name, unused) -> {
              String text = new String(name, US_ASCII).replaceAll("[^ -~]|[.][.]", "_");
              Path file = root.resolve(text.replaceAll("^/+|[^/]{100,}", "x")).normalize();
              if (!file.startsWith(root) || file.getNameCount() != root.getNameCount() + 2) {
                throw new FileFormatException("folder", "not two names deep");
              }
              Files.createDirectory(file.getParent());
              try {
                int next = number[0]++;
                byte[] image = images.get(next % images.size());
                Files.write(file, next % 4 > 0 ? image : Arrays.copyOf(image, next % image.length));
                ImageFolder folder = ImageFolder.of(root, 2, 2);
                assertEquals(List.of("" + file.getParent().getFileName()), folder.classes());
                assertEquals(file, folder.file(0));
                assertEquals(Shape.of(1, 3, 2, 2), folder.select(0).inputs().shape());
              } finally {
                Files.delete(file);
                Files.delete(file.getParent());
              }
            });
  }
}
