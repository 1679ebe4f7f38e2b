package org.gradus.autograd.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Finds the classes of a package, and of those below it, that implement an interface.
 *
 * <p>Class loaders list what is in the folders and jars of the class path, but not what is in
 * modules, whose packages they keep to themselves. Modules are therefore read one by one: those of
 * the layer of whoever asks, and of the layers above it.
 */
final class Implementations {
  private static final String CLASS = ".class";

  private final Class<?> type;

  private Implementations(Class<?> type) {
    this.type = type;
  }

  /** The names of those classes of a package that can be made, and that a module can see. */
  static Set<String> of(Class<?> type, String packageName, Module asking) {
    Implementations search = new Implementations(type);
    Set<String> names = new TreeSet<>();
    ReflectionSupport.findAllClassesInPackage(packageName, search::isOne, any -> true)
        .forEach(found -> names.add(found.getName()));
    ModuleLayer layer = Optional.ofNullable(asking.getLayer()).orElseGet(ModuleLayer::boot);
    search.addFromModules(layer, packageName, names);
    return names;
  }

  private boolean isOne(Class<?> other) {
    return type.isAssignableFrom(other) && !Modifier.isAbstract(other.getModifiers());
  }

  private void addFromModules(ModuleLayer layer, String packageName, Set<String> names) {
    for (ResolvedModule resolved : layer.configuration().modules()) {
      Module module = layer.findModule(resolved.name()).orElseThrow();
      // A module that implements the interface reads it; the JDK's own do not, and are left alone.
      if (module.canRead(type.getModule())) {
        for (String name : classes(resolved, packageName)) {
          Optional.ofNullable(load(module, name))
              .filter(this::isOne)
              .ifPresent(found -> names.add(found.getName()));
        }
      }
    }
    layer.parents().forEach(parent -> addFromModules(parent, packageName, names));
  }

  /** The names of a module's classes that are in a package, or below it. */
  private static List<String> classes(ResolvedModule module, String packageName) {
    String prefix = packageName.isEmpty() ? "" : packageName + ".";
    try (ModuleReader reader = module.reference().open();
        Stream<String> files = reader.list()) {
      return files
          .filter(file -> file.endsWith(CLASS) && !file.endsWith("-info" + CLASS))
          .map(file -> file.substring(0, file.length() - CLASS.length()).replace('/', '.'))
          .filter(name -> name.startsWith(prefix))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the module " + module.name() + " cannot be read", e);
    }
  }

  /** Null for a class that cannot be loaded, for want of an optional module: it is none. */
  private static @Nullable Class<?> load(Module module, String name) {
    try {
      return Class.forName(module, name);
    } catch (LinkageError e) {
      return null;
    }
  }
}
