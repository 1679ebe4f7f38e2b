package org.gradus.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.ReflectionSupport;

/** What users can call speaks of what users can see. */
class SignaturesTest {
  private static final String INTERNAL = "org.gradus.autograd.internal";

  @Test
  void noPublicSignatureNamesWhatIsInternal() {
    List<Class<?>> open =
        ReflectionSupport.findAllClassesInPackage(
            "org.gradus.autograd", SignaturesTest::isOpen, name -> !name.startsWith(INTERNAL));
    assertTrue(open.size() > 50, () -> open.toString());
    List<String> faults =
        open.stream()
            .flatMap(type -> Stream.concat(methods(type), Stream.of(type.getConstructors())))
            .filter(function -> types(function).anyMatch(SignaturesTest::isInternal))
            .map(Executable::toString)
            .toList();
    assertEquals(List.of(), faults);
  }

  /** What is nested in a type that is not public is not open, though it says so. */
  private static boolean isOpen(Class<?> type) {
    Class<?> around = type.getEnclosingClass();
    return Modifier.isPublic(type.getModifiers()) && (around == null || isOpen(around));
  }

  private static Stream<Executable> methods(Class<?> type) {
    return Arrays.stream(type.getMethods()).map(method -> (Executable) method);
  }

  private static Stream<Class<?>> types(Executable function) {
    Stream<Class<?>> given = Stream.of(function.getParameterTypes());
    return function instanceof Method method
        ? Stream.concat(given, Stream.of(method.getReturnType()))
        : given;
  }

  private static boolean isInternal(Class<?> type) {
    return type.isArray()
        ? isInternal(type.getComponentType())
        : type.getPackageName().startsWith(INTERNAL);
  }
}
