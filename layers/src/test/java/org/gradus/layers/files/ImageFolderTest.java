package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Classes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir private Path folder;

  /** An image of one colour, whose red is a number of 255ths. */
  private Path image(String name, int red) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    NdArray image =
        NdArray.generate(DType.FLOAT32, Shape.of(3, 4, 8), i -> i < 32 ? red / 255.0 : 0.2);
    Images.write(file, image);
    return file;
  }

  private void threeOfTwoClasses() throws IOException {
    image("dog/b.png", 30);
    image("cat/b.PNG", 20);
    image("cat/a.png", 10);
  }

  @Test
  void classesAndFilesAreSortedByName() throws IOException {
    threeOfTwoClasses();
    image("Emu/10.png", 40);
    image("Emu/9.png", 50);
    Files.createDirectory(folder.resolve("yak"));
    ImageFolder images = ImageFolder.of(folder, 2, 3);

    assertEquals(List.of("Emu", "cat", "dog", "yak"), images.classes());
    assertEquals(
        List.of("Emu/10.png", "Emu/9.png", "cat/a.png", "cat/b.PNG", "dog/b.png"),
        IntStream.range(0, images.size())
            .mapToObj(i -> folder.relativize(images.file(i)).toString().replace('\\', '/'))
            .toList());
    Batch batch = images.all();
    assertArrayEquals(new int[] {0, 0, 1, 1, 2}, batch.labels());
    assertEquals(Shape.of(5, 3, 2, 3), batch.inputs().shape());
    int[] reds = {40, 50, 10, 20, 30};
    for (int i = 0; i < reds.length; i++) {
      assertEquals(reds[i] / 255f, batch.inputs().get(i, 0, 1, 2), 1e-7);
      assertEquals(0.2, batch.inputs().get(i, 2, 0, 0), 1e-7);
    }
    assertEquals(folder + ": 5 images [3, 2, 3] of 4 classes", images.toString());
  }

  @Test
  void labelsAreKnownWithoutTheImages() throws IOException {
    threeOfTwoClasses();
    ImageFolder images = ImageFolder.of(folder, 2, 3);
    for (int i = 0; i < 3; i++) {
      Files.delete(images.file(i));
    }
    assertArrayEquals(new int[] {0, 0, 1}, images.labels());
    images.labels()[0] = 9;
    assertArrayEquals(new int[] {2, 1}, Classes.counts(images, 2));
    assertArrayEquals(new int[] {1, 0}, images.subset(2, 0).labels());
  }

  @Test
  void examplesInAnyOrder() throws IOException {
    threeOfTwoClasses();
    ImageFolder images = ImageFolder.of(folder, 2, 2);
    Batch batch = images.select(2, 0, 2);

    assertArrayEquals(new int[] {1, 0, 1}, batch.labels());
    assertEquals(30 / 255f, batch.inputs().get(2, 0, 0, 0), 1e-7);
    assertEquals(10 / 255f, batch.inputs().get(1, 0, 0, 0), 1e-7);
    assertEquals(Shape.of(0, 3, 2, 2), images.select().inputs().shape());
  }

  @Test
  void imagesCoverTheSizeByTheirMiddle() throws IOException {
    NdArray image = NdArray.generate(DType.FLOAT32, Shape.of(3, 5, 9), i -> i / 255.0);
    Files.createDirectory(folder.resolve("a"));
    Images.write(folder.resolve("a/x.png"), image);

    NdArray read = ImageFolder.of(folder, 3, 4).all().inputs();

    assertEquals(Images.covering(image, 3, 4).reshape(1, 3, 3, 4), read);
  }

  @Test
  void imagesInGrey() throws IOException {
    Path file = image("a/x.png", 77);
    ImageFolder images = ImageFolder.of(folder, 4, 8).grey();
    assertEquals(Images.readGrey(file).reshape(1, 1, 4, 8), images.all().inputs());
    assertEquals(List.of("a"), images.classes());
  }

  @Test
  void otherFormats() throws IOException {
    Files.createDirectory(folder.resolve("a"));
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
    for (String format : List.of("bmp", "gif", "jpeg", "jpg", "png", "tiff")) {
      assertTrue(ImageIO.write(image, format, folder.resolve("a/x." + format).toFile()));
    }
    ImageFolder images = ImageFolder.of(folder, 1, 1);
    assertEquals(5, images.size()); // all but TIFF
    assertEquals(NdArray.zeros(DType.FLOAT32, Shape.of(5, 3, 1, 1)), images.all().inputs());
  }

  @Test
  void whatIsHiddenOrNoImageIsLeftOut() throws IOException {
    threeOfTwoClasses();
    image("cat/.hidden.png", 1);
    image(".hidden/a.png", 1);
    image("cat/deeper/a.png", 1);
    image("beside.png", 1);
    Files.writeString(folder.resolve("cat/notes.txt"), "no image");
    Files.writeString(folder.resolve("cat/png"), "no suffix");
    Files.createDirectory(folder.resolve("cat/folder.png"));

    ImageFolder images = ImageFolder.of(folder, 2, 2);
    assertEquals(3, images.size());
    assertEquals(List.of("cat", "dog"), images.classes());
  }

  @Test
  void aFolderWithoutImagesIsRefused() throws IOException {
    FileFormatException e =
        assertThrows(FileFormatException.class, () -> ImageFolder.of(folder, 2, 2));
    assertEquals(
        folder
            + ": no images (bmp, gif, jpeg, jpg, png) in 0 folders of classes, expected at least"
            + " one",
        e.getMessage());
    Files.createDirectory(folder.resolve("a"));
    e = assertThrows(FileFormatException.class, () -> ImageFolder.of(folder, 2, 2));
    assertTrue(e.getMessage().contains(" in 1 folders of classes"), e.getMessage());
    assertThrows(NoSuchFileException.class, () -> ImageFolder.of(folder.resolve("b"), 2, 2));
  }

  @Test
  void anUnreadableImageIsNamed() throws IOException {
    threeOfTwoClasses();
    ImageFolder images = ImageFolder.of(folder, 2, 2);
    Path damaged = Files.writeString(images.file(1), "no image");

    UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> images.select(0, 1));
    assertEquals(damaged + ": is no image of a known format", e.getMessage());
    Files.delete(damaged);
    e = assertThrows(UncheckedIOException.class, () -> images.select(1));
    assertEquals(damaged + ": cannot be read: NoSuchFileException", e.getMessage());
    assertEquals(1, images.select(0).size());
  }

  @Test
  void wrongNumbersAndSizesAreRefused() throws IOException {
    threeOfTwoClasses();
    ImageFolder images = ImageFolder.of(folder, 2, 2);
    for (int number : new int[] {-1, 3}) {
      String none = "there is no example " + number + " among 3";
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> images.select(0, number));
      assertEquals("select: " + none, e.getMessage());
      e = assertThrows(IllegalArgumentException.class, () -> images.file(number));
      assertEquals("file: " + none, e.getMessage());
    }
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> ImageFolder.of(folder, 0, 2));
    assertEquals("imageFolder: 0 x 2 pixels, expected at least 1 x 1", e.getMessage());
  }
}
