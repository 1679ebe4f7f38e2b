package org.gradus.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.gradus.autograd.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.ReflectionSupport;

/** Whoever imports all layers and all ops meets each name once. */
class NamesTest {

  @Test
  void noLayerIsCalledAsAPublicOp() {
    Set<String> layers = publicNames("org.gradus.layers");
    Set<String> ops = publicNames("org.gradus.autograd.ops");
    assertTrue(layers.contains("Conv2d") && ops.contains("Ops"), () -> layers + " and " + ops);
    ops.retainAll(layers);
    assertEquals(Set.of(), ops);
  }

  private static Set<String> publicNames(String packageName) {
    return ReflectionSupport.findAllClassesInPackage(
            packageName, type -> Modifier.isPublic(type.getModifiers()), name -> true)
        .stream()
        .filter(type -> type.getPackageName().equals(packageName) && !type.isMemberClass())
        .map(Class::getSimpleName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A class without a text of its own. */
  private static final class Plain implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return x;
    }
  }

  @Test
  void theIdentityOfAnObjectIsNoText() {
    assertEquals("Sequential[\n  0: Plain\n]", new Sequential(new Plain()).toString());
    assertEquals("frozen Plain", new Plain().frozen().toString());
    Layer anonymous =
        new Layer() {
          @Override
          public Tensor forward(Tensor x) {
            return x;
          }
        };
    assertEquals("Sequential[\n  0: layer\n]", new Sequential(anonymous).toString());
  }
}
