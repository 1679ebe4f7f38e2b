package org.gradus.layers.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Dataset;

/**
 * Images in one folder for each class. They are read when they are asked for, so memory is needed
 * for a batch only.
 *
 * <pre>
 *   animals/
 *     cat/ 1.jpg 2.png
 *     dog/ a.jpg
 * </pre>
 *
 * <pre>{@code
 * ImageFolder animals = ImageFolder.of(Path.of("animals"), 64, 64);
 * List<String> classes = animals.classes(); // [cat, dog]
 * Batch two = animals.select(0, 2); // images [2, 3, 64, 64], labels 0 and 1
 * }</pre>
 *
 * <p>Classes are in the order of their names, and the images of a class too, character by
 * character, so their order is the same on every machine. Left out are folders in the folder of a
 * class, whatever begins with a dot, and files whose suffix is none of png, jpg, jpeg, gif, bmp and
 * webp, as far as {@code javax.imageio} reads it. A class may be without images.
 *
 * <p>Inputs are float32 [3, height, width], or [1, height, width] in grey, as {@link Images#read}
 * and {@link Images#covering} make them. The folder must not change while it is read from.
 */
public final class ImageFolder implements Dataset {
  private static final Pattern SUFFIXES = Pattern.compile("png|jpg|jpeg|gif|bmp|webp");
  private static final int COLOURS = 3;

  private final Path folder;
  private final List<String> classes;
  private final List<Path> files;
  private final int[] labels;
  private final Shape shape;

  private ImageFolder(
      Path folder, List<String> classes, List<Path> files, int[] labels, Shape shape) {
    this.folder = folder;
    this.classes = classes;
    this.files = files;
    this.labels = labels;
    this.shape = shape;
  }

  /**
   * The images of a folder, in colours.
   *
   * @param folder that has a folder for each class in it
   * @param height of all images, to which they are made
   * @param width of all images
   * @throws FileFormatException if there are no images
   * @throws IllegalArgumentException if an extent is below 1
   * @throws IOException if a folder cannot be read
   */
  public static ImageFolder of(Path folder, int height, int width) throws IOException {
    Nulls.refuse("of: folder", folder);
    Images.requireSize("imageFolder", height, width);
    Set<String> suffixes =
        Arrays.stream(ImageIO.getReaderFileSuffixes())
            .map(suffix -> suffix.toLowerCase(Locale.ROOT))
            .filter(suffix -> SUFFIXES.matcher(suffix).matches())
            .collect(Collectors.toSet());
    List<String> classes = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (Path classFolder : sorted(folder)) {
      if (Files.isDirectory(classFolder)) {
        for (Path file : sorted(classFolder)) {
          if (suffixes.contains(suffix(file)) && Files.isRegularFile(file)) {
            files.add(file);
            labels.add(classes.size());
          }
        }
        classes.add(nameOf(classFolder));
      }
    }
    if (files.isEmpty()) {
      throw new FileFormatException(
          folder.toString(),
          "no images (%s) in %s folders of classes, expected at least one"
              .formatted(String.join(", ", suffixes.stream().sorted().toList()), classes.size()));
    }
    return new ImageFolder(
        folder,
        List.copyOf(classes),
        List.copyOf(files),
        labels.stream().mapToInt(Integer::intValue).toArray(),
        Shape.of("imageFolder", COLOURS, height, width));
  }

  /** What is in a folder and not hidden, by its name. */
  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .filter(path -> !nameOf(path).startsWith("."))
          .sorted(Comparator.comparing(ImageFolder::nameOf))
          .toList();
    } catch (UncheckedIOException e) {
      throw new IOException(folder + ": cannot be read", e);
    }
  }

  private static String nameOf(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  private static String suffix(Path file) {
    String name = nameOf(file);
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /** The same images in grey. */
  public ImageFolder grey() {
    return new ImageFolder(folder, classes, files, labels, shape.with(0, 1));
  }

  /** The names of the classes, in the order of their numbers. */
  public List<String> classes() {
    return classes;
  }

  /**
   * The file that an example is read from.
   *
   * @param example from 0 to size - 1
   * @throws IllegalArgumentException if there is no such example
   */
  public Path file(int example) {
    if (example < 0 || example >= size()) {
      throw new IllegalArgumentException(
          "file: there is no example %s among %s".formatted(example, size()));
    }
    return files.get(example);
  }

  @Override
  public int size() {
    return files.size();
  }

  /** The class of each image, in a new array; no image is read. */
  @Override
  public int[] labels() {
    return labels.clone();
  }

  /**
   * Reads some images, in this order.
   *
   * @param numbers from 0 to size - 1; one may be there more than once
   * @throws IllegalArgumentException if there is no such example
   * @throws UncheckedIOException if one cannot be read; the message names the file
   */
  @Override
  public Batch select(int... numbers) {
    Nulls.refuse("select: numbers", numbers);
    requireAll(numbers);
    Shape whole = Shape.of("select", numbers.length, shape.dim(0), shape.dim(1), shape.dim(2));
    float[] pixels = new float[whole.size()];
    int[] selected = new int[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      selected[i] = labels[numbers[i]];
      Object image = image(files.get(numbers[i])).storage();
      System.arraycopy(image, 0, pixels, i * shape.size(), shape.size());
    }
    return new Batch(NdArray.wrap(pixels, whole), selected);
  }

  private NdArray image(Path file) {
    try {
      NdArray image = Images.read(file, shape.dim(0), Images.MOST_PIXELS);
      return Images.covering(image, shape.dim(1), shape.dim(2));
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      boolean isNamed = why.startsWith(file + ": "); // as all but what the file system says
      throw new UncheckedIOException(
          isNamed ? why : file + ": cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  /** For example {@code animals: 3 images [3, 64, 64] of 2 classes}. */
  @Override
  public String toString() {
    return "%s: %s images %s of %s classes".formatted(folder, size(), shape, classes.size());
  }
}
