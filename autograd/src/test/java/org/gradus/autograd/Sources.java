package org.gradus.autograd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The main sources of the modules, read as text. */
final class Sources {
  private static final Pattern PACKAGE = Pattern.compile("\\bpackage\\s+([\\w.]+)\\s*;");

  /** A name of Gradus or EJML that is written out, in an import or elsewhere. */
  private static final Pattern NAME =
      Pattern.compile("\\borg\\s*\\.\\s*(?:gradus|ejml)(?:\\s*\\.\\s*\\w+)*");

  /** Comments, text blocks, strings and characters: whatever begins first wins. */
  private static final Pattern NOT_CODE =
      Pattern.compile(
          "//[^\\n]*|(?s:/\\*.*?\\*/)|(?s:\"\"\"(?:\\\\.|.)*?\"\"\")"
              + "|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'");

  private Sources() {}

  /** One file: its path, its text, its lines, and its code without comments and literals. */
  record Source(String path, String text, int lines, String code) {

    static Source of(String path, String text) {
      String code = NOT_CODE.matcher(text).replaceAll(" ");
      return new Source(path, text, (int) text.lines().count(), code);
    }

    String packageName() {
      Matcher matcher = PACKAGE.matcher(code);
      return matcher.find() ? matcher.group(1) : "";
    }

    boolean isPackageInfo() {
      return path.endsWith("package-info.java");
    }

    /** The packages of Gradus and EJML that this file names, without its own. */
    Set<String> packagesNamed() {
      Set<String> packages = new TreeSet<>();
      Matcher matcher = NAME.matcher(code);
      while (matcher.find()) {
        List<String> name = new ArrayList<>();
        for (String part : matcher.group().split("\\.", -1)) {
          if (!Character.isLowerCase(part.strip().charAt(0))) {
            break;
          }
          name.add(part.strip());
        }
        packages.add(String.join(".", name));
      }
      packages.remove(packageName());
      return packages;
    }
  }

  /** The main sources of a module, which must not be none. */
  static List<Source> ofModule(String module) {
    Path root = root().resolve(module).resolve("src/main/java");
    try (Stream<Path> files = Files.walk(root)) {
      List<Source> sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.endsWith("module-info.java")) // in no package
              .sorted()
              .map(file -> Source.of(module + "/" + root.relativize(file), read(file)))
              .toList();
      if (sources.isEmpty()) {
        throw new IllegalStateException("no sources in " + root);
      }
      return sources;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sources of autograd, and of those other modules that are there. */
  static List<Source> ofAllModules() {
    List<Source> all = new ArrayList<>(ofModule("autograd"));
    for (String module :
        List.of(
            "autograd/testkit",
            "layers",
            "layers/testkit",
            "layers/report",
            "layers/onnx",
            "layers/spark",
            "examples",
            "examples/docs",
            "examples/spark")) {
      if (Files.isDirectory(root().resolve(module).resolve("src/main/java"))) {
        all.addAll(ofModule(module));
      }
    }
    return all;
  }

  /** The folder that holds the modules: the test may run in it, or in the module. */
  private static Path root() {
    Path here = Path.of(System.getProperty("basedir", "")).toAbsolutePath().normalize();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("autograd/src/main/java/org/gradus/autograd"))) {
        return folder;
      }
    }
    throw new IllegalStateException("autograd/src/main/java is not found from " + here);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
