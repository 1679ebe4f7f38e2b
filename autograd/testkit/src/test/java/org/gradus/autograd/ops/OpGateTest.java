package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Group;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;

/**
 * The gate: a class that implements {@link Op} and has no {@link OpContract}, which checks it at
 * both orders, does not enter the build.
 */
class OpGateTest {

  @Test
  void everyOpHasAContract() throws Exception {
    Set<String> checked = names(typesUnderContract(OpContract.class));
    new OpsGateTest().rows().forEach(row -> row.type().ifPresent(t -> checked.add(t.getName())));
    assertEquals(names(opsBesideThoseOf(Op.class)), checked);
  }

  @Test
  void everyContractIsRun() throws Exception {
    for (Class<?> contract : concreteSubtypes(OpContract.class, OpContract.class)) {
      assertTrue(isRun(contract), () -> contract + " is never run");
    }
  }

  /** What the build runs: classes of these names, and the groups in them. */
  private static boolean isRun(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return outer == null
        ? type.getSimpleName().matches(".+(Test|Properties)")
        : type.isAnnotationPresent(Group.class) && isRun(outer);
  }

  @Test
  void theGateKnowsWhatIsNotRun() {
    assertTrue(isRun(OpGateTest.class));
    assertFalse(isRun(Local.class)); // in a test, but no group
    assertFalse(isRun(OpRow.class)); // not of a name that is run
  }

  @Test
  void theGateSeesOpsWhereverTheyAreDefined() throws Exception {
    Set<String> found = names(opsBesideThoseOf(OpGateTest.class));
    assertTrue(found.contains(Unchecked.class.getName()), found::toString);
    assertTrue(found.contains(Local.class.getName()), found::toString);
  }

  /** An op that nobody checks. */
  private record Unchecked() implements LocalOp {}

  private static final class Local implements LocalOp {}

  /** Not an op by itself, since it cannot be made. */
  private interface LocalOp extends Op {
    @Override
    default NdArray forward(List<NdArray> inputs) {
      return inputs.get(0);
    }

    @Override
    default Tensor vjp(int input, Tensor cotangent, Tensor output, List<Tensor> inputs) {
      return cotangent;
    }
  }

  private static Set<String> names(List<Class<?>> classes) {
    Set<String> names = new TreeSet<>();
    classes.forEach(type -> names.add(type.getName()));
    return names;
  }

  /** All classes that implement {@link Op}, in the folder or jar that a class comes from. */
  private static List<Class<?>> opsBesideThoseOf(Class<?> neighbour) throws Exception {
    return concreteSubtypes(Op.class, neighbour);
  }

  /** The ops of all contracts, in the folder that a class comes from. */
  private static List<Class<?>> typesUnderContract(Class<?> neighbour) throws Exception {
    List<Class<?>> types = new ArrayList<>();
    for (Class<?> contract : concreteSubtypes(OpContract.class, neighbour)) {
      types.add(((OpContract) instance(contract)).type());
    }
    return types;
  }

  private static Object instance(Class<?> type) throws ReflectiveOperationException {
    Constructor<?> constructor = type.getDeclaredConstructors()[0];
    constructor.setAccessible(true);
    return constructor.getParameterCount() == 0
        ? constructor.newInstance()
        : constructor.newInstance(instance(type.getEnclosingClass()));
  }

  private static List<Class<?>> concreteSubtypes(Class<?> base, Class<?> neighbour)
      throws IOException, URISyntaxException, ClassNotFoundException {
    Path root = Path.of(neighbour.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<?>> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = root.relativize(file).toString().replaceAll("\\.class$", "");
        Class<?> type =
            Class.forName(
                name.replace(file.getFileSystem().getSeparator(), "."),
                false,
                OpGateTest.class.getClassLoader());
        if (base.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
          found.add(type);
        }
      }
    }
    assertTrue(found.size() > 0, () -> "no " + base + " below " + root);
    return found;
  }
}
