package org.gradus.layers.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;

/**
 * A data set in the four files that MNIST came in:
 *
 * <pre>
 *   train-images-idx3-ubyte[.gz]   train-labels-idx1-ubyte[.gz]
 *   t10k-images-idx3-ubyte[.gz]    t10k-labels-idx1-ubyte[.gz]
 * </pre>
 *
 * <p>If both forms of a name are there, the one without {@code .gz} is read. For the format see
 * {@link IdxReader}.
 *
 * <p>Inputs are images, float32 [1, H, W], each pixel a byte / 255.
 */
public final class IdxDataset {
  private IdxDataset() {}

  /**
   * Reads the four files of a folder.
   *
   * @param classes labels are from 0 to classes - 1
   * @throws FileNotFoundException if one is missing
   * @throws FileFormatException if one is damaged, or the numbers of images and labels differ
   * @throws IOException if one cannot be read
   */
  public static Split ofFolder(Path folder, int classes) throws IOException {
    return ofFolder(folder, classes, IdxReader.MOST_BYTES);
  }

  /**
   * As {@link #ofFolder(Path, int)}, with a limit.
   *
   * @param mostBytes the most pixels of a file that are read, at least 1
   */
  public static Split ofFolder(Path folder, int classes, int mostBytes) throws IOException {
    return of(new Folder(Nulls.given("ofFolder: folder", folder)), classes, mostBytes);
  }

  /**
   * Reads the four files from the class path, or from the owner's module, which then must open the
   * package that the folder is to {@code org.gradus.layers}.
   *
   * @param owner the class beside which the files are looked for
   * @param folder as in {@link Class#getResource}: relative to the owner's package, or with a slash
   *     at its beginning absolute
   * @param classes labels are from 0 to classes - 1
   * @throws FileNotFoundException if one is missing
   * @throws FileFormatException if one is damaged, or the numbers of images and labels differ
   * @throws IOException if one cannot be read
   */
  public static Split ofResources(Class<?> owner, String folder, int classes) throws IOException {
    Nulls.refuse("ofResources: owner, folder", owner, folder);
    return of(new Resources(owner, folder), classes, IdxReader.MOST_BYTES);
  }

  private static Split of(Source source, int classes, int mostBytes) throws IOException {
    IdxReader.requireSettings(source.reader(), classes, mostBytes);
    Dataset train = part(source, "train", classes, mostBytes);
    return new Split(train, part(source, "t10k", classes, mostBytes));
  }

  private static Dataset part(Source source, String part, int classes, int mostBytes)
      throws IOException {
    try (Found images = find(source, part + "-images-idx3-ubyte");
        Found labels = find(source, part + "-labels-idx1-ubyte")) {
      NdArray pixels = IdxReader.readImages(images.in, images.name, mostBytes);
      int[] numbers = IdxReader.readLabels(labels.in, labels.name, classes);
      return IdxReader.pair(pixels, images.name, numbers, labels.name, classes);
    }
  }

  private static Found find(Source source, String file) throws IOException {
    for (String name : new String[] {file, file + ".gz"}) {
      Optional<InputStream> in = source.open(name);
      if (in.isPresent()) {
        return new Found(source.describe(name), in.get());
      }
    }
    throw new FileNotFoundException(
        "%s: missing, and so is %s.gz%s".formatted(source.describe(file), file, source.advice()));
  }

  /** An open file, and what messages call it. */
  private record Found(String name, InputStream in) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** Where files are looked for. */
  private interface Source {
    /** The function that reads from it. */
    String reader();

    Optional<InputStream> open(String file) throws IOException;

    String describe(String file);

    /** What else may be wrong where a file is missing. */
    String advice();
  }

  private record Folder(Path folder) implements Source {
    @Override
    public String reader() {
      return "ofFolder";
    }

    @Override
    public Optional<InputStream> open(String file) throws IOException {
      Path path = folder.resolve(file);
      return Files.exists(path) ? Optional.of(Files.newInputStream(path)) : Optional.empty();
    }

    @Override
    public String describe(String file) {
      return folder.resolve(file).toString();
    }

    @Override
    public String advice() {
      return "";
    }
  }

  private record Resources(Class<?> owner, String folder) implements Source {
    @Override
    public String reader() {
      return "ofResources";
    }

    @Override
    public Optional<InputStream> open(String file) {
      return Optional.ofNullable(owner.getResourceAsStream(describe(file)));
    }

    @Override
    public String describe(String file) {
      return folder.isEmpty() || folder.endsWith("/") ? folder + file : folder + "/" + file;
    }

    @Override
    public String advice() {
      Module module = owner.getModule();
      return module.isNamed()
          ? "; %s must open the folder, as a package, to org.gradus.layers".formatted(module)
          : "";
    }
  }
}
