package org.gradus.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The classes beside one, from a folder or a jar. */
final class Neighbours {
  private Neighbours() {}

  /** Those of its package that stand in files of their own and are of a type, by name. */
  static List<Class<?>> of(Class<?> one, Class<?> type) {
    Path place =
        Path.of(URI.create(one.getProtectionDomain().getCodeSource().getLocation().toString()));
    String folder = one.getPackageName().replace('.', '/');
    try {
      if (Files.isDirectory(place)) {
        return of(place.resolve(folder), one.getPackageName(), type);
      }
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        return of(jar.getPath(folder), one.getPackageName(), type);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Class<?>> of(Path folder, String packageName, Class<?> type)
      throws IOException {
    List<Class<?>> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        boolean isClass = file.toString().endsWith(".class");
        if (isClass && !name.contains("$") && !name.contains("-")) {
          Class<?> each = Class.forName(packageName + "." + name);
          if (type.isAssignableFrom(each) && !each.isInterface()) {
            found.add(each);
          }
        }
      }
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
    return found;
  }
}
