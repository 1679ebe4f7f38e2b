package org.gradus.autograd.testkit;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gradus.autograd.Op;
import org.gradus.autograd.array.Nulls;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * The contract of public functions about null: each call that has null in the place of an argument,
 * or of an element of an array, is refused at once by a {@link NullPointerException} whose message
 * names the function and the argument:
 *
 * <pre>
 *   conv2d: options is null
 *   concat: input 1 is null
 * </pre>
 *
 * <p>Before the colon stands the name of the function, of its class, or of the op that is the
 * sample; after it the name of the parameter, or the number of an input. The last word of a name
 * will do. Calls are made by reflection, so classes are compiled with {@code -parameters}. All
 * other arguments are samples, one for each type. Not called: what {@code Object} declares,
 * exceptions, enums, annotations, and the methods of {@link Op}, which the engine calls.
 */
public final class NullContract {
  /** The name of a function, and what is null in its call. */
  private static final Pattern REFUSAL =
      Pattern.compile("([\\w ]+): (\\w+|input \\d+)(?:\\[0\\])? is null");

  private final Map<Class<?>, Object> samples = new LinkedHashMap<>();
  private final Set<String> accepted;
  private final Set<String> used = new TreeSet<>();
  private final List<String> faults = new ArrayList<>();
  private int calls;

  /**
   * A contract with these values for arguments.
   *
   * @param samples a value for each type of parameter, and for each class whose methods need one
   * @param accepted calls in which null has a meaning, such as {@code Foo.bar(baz)}; that one of
   *     them is refused, or does not exist, is a fault too
   */
  public NullContract(Map<Class<?>, ?> samples, Set<String> accepted) {
    Nulls.refuse("null contract: samples, accepted", samples, accepted);
    this.samples.putAll(Map.of(int.class, 1, long.class, 1L, double.class, 0.5));
    this.samples.putAll(Map.of(float.class, 0.5f, boolean.class, true));
    this.samples.putAll(samples);
    this.accepted = Set.copyOf(accepted);
  }

  /**
   * What breaks the contract, in the public classes of a package and of those below it that a test
   * does not declare; none if all is well.
   *
   * @param packageName of that package
   * @param except the beginnings of the names of classes that are left out
   */
  public List<String> faults(String packageName, String... except) {
    Nulls.refuse("faults: packageName, except", packageName, except);
    ReflectionSupport.findAllClassesInPackage(
            packageName,
            NullContract::isPublic,
            name -> Stream.of(except).noneMatch(name::startsWith))
        .stream()
        .sorted(Comparator.comparing(Class::getName))
        .forEach(this::callAll);
    Set<String> stale = new TreeSet<>(accepted);
    stale.removeAll(used);
    stale.forEach(call -> faults.add(call + ": null is refused, or there is no such call"));
    return faults;
  }

  /** How many calls with null were made. */
  public int calls() {
    return calls;
  }

  private static boolean isPublic(Class<?> type) {
    boolean isKind = type.isEnum() || type.isAnnotation() || Throwable.class.isAssignableFrom(type);
    Class<?> outer = type.getEnclosingClass();
    return Modifier.isPublic(type.getModifiers())
        && !isKind
        && (outer == null || isPublic(outer))
        && !type.getName().matches(".*(Test|Properties)");
  }

  private void callAll(Class<?> type) {
    if (!Modifier.isAbstract(type.getModifiers())) {
      for (Constructor<?> constructor : type.getConstructors()) {
        callWithNulls(type, constructor, null);
      }
    }
    Method[] methods = type.getMethods();
    Arrays.sort(methods, Comparator.comparing(Method::toString));
    for (Method method : methods) {
      Class<?> owner = method.getDeclaringClass();
      boolean isOwn = owner == type || !Modifier.isPublic(owner.getModifiers());
      if (isOwn && !method.isSynthetic() && !isCalledByOthers(method)) {
        boolean isStatic = Modifier.isStatic(method.getModifiers());
        callWithNulls(type, method, isStatic ? null : sample(type).orElse(null));
      }
    }
  }

  /** Whether it is equals, or overrides a method of an op. */
  private static boolean isCalledByOthers(Method method) {
    boolean isOps =
        Op.class.isAssignableFrom(method.getDeclaringClass())
            && Stream.of(Op.class.getMethods()).anyMatch(m -> m.getName().equals(method.getName()));
    return isOps || method.getName().equals("equals");
  }

  private void callWithNulls(Class<?> type, Executable function, @Nullable Object instance) {
    Parameter[] parameters = function.getParameters();
    for (int i = 0; i < parameters.length; i++) {
      if (!parameters[i].getType().isPrimitive()) {
        call(type, function, instance, i, null);
        Class<?> element = parameters[i].getType().getComponentType();
        if (element != null && !element.isPrimitive()) {
          call(type, function, instance, i, Array.newInstance(element, 1));
        } else if (parameters[i].getType() == List.class) {
          call(type, function, instance, i, Collections.singletonList(null));
        }
      }
    }
  }

  private void call(
      Class<?> type,
      Executable function,
      @Nullable Object instance,
      int place,
      @Nullable Object wrong) {
    Parameter[] parameters = function.getParameters();
    String name = function instanceof Method ? "." + function.getName() : "";
    String what =
        type.getSimpleName()
            + name
            + "("
            + parameters[place].getName()
            + (wrong == null ? ")" : "[])");
    boolean isStatic = Modifier.isStatic(function.getModifiers());
    if (function instanceof Method && !isStatic && instance == null) {
      faults.add(what + ": there is no sample of " + type.getName());
      return;
    }
    @Nullable Object[] arguments = new Object[parameters.length];
    for (int i = 0; i < arguments.length; i++) {
      Optional<Object> sample = i == place ? Optional.empty() : sample(parameters[i].getType());
      if (i != place && sample.isEmpty()) {
        faults.add(what + ": there is no sample of " + parameters[i].getType().getName());
        return;
      }
      arguments[i] = i == place ? wrong : sample.get();
    }
    calls++;
    String outcome = outcome(function, instance, arguments);
    Class<?> called = instance == null ? type : instance.getClass(); // of an interface, a class
    boolean isRefused = isRefusal(called, function, parameters[place].getName(), outcome);
    if (accepted.contains(what)) {
      if (!isRefused) {
        used.add(what);
      }
    } else if (!isRefused) {
      faults.add(what + ": " + outcome);
    }
  }

  /** Whether a message names the function or its class, and an argument or an input. */
  private boolean isRefusal(Class<?> type, Executable function, String parameter, String message) {
    Matcher words = REFUSAL.matcher(message);
    if (!words.matches()) {
      return false;
    }
    String name = words.group(1).replace(" ", "");
    String argument = words.group(2);
    boolean isOp = samples.get(Op.class) instanceof Op op && name.equals(op.name());
    return (isOp || endsWith(function.getName(), name) || endsWith(type.getSimpleName(), name))
        && (argument.matches("inputs?( \\d)?") || endsWith(parameter, argument));
  }

  /** Whether a name is another, or the last words of it: elu is no word of selu. */
  private static boolean endsWith(String whole, String end) {
    int start = whole.length() - end.length();
    return start >= 0
        && whole.substring(start).equalsIgnoreCase(end)
        && (start == 0 || Character.isUpperCase(whole.charAt(start)));
  }

  /** The message of the refusal, or what happened in its place. */
  private static String outcome(
      Executable function, @Nullable Object instance, @Nullable Object[] arguments) {
    try {
      function.trySetAccessible(); // a public function may be declared by a class that is not
      if (function instanceof Constructor<?> constructor) {
        constructor.newInstance(arguments);
      } else {
        ((Method) function).invoke(instance, arguments);
      }
      return "accepted";
    } catch (InvocationTargetException e) {
      Throwable cause = e.getTargetException();
      String message = cause instanceof NullPointerException ? cause.getMessage() : null;
      return message != null ? message : "threw " + cause;
    } catch (ReflectiveOperationException e) {
      return "cannot be called, " + e;
    }
  }

  /** The sample of a type; of a record, one that is made of samples. */
  private Optional<Object> sample(Class<?> type) {
    if (!samples.containsKey(type)) {
      for (Map.Entry<Class<?>, Object> entry : samples.entrySet()) {
        if (type.isInstance(entry.getValue()) && type != Object.class) {
          return Optional.of(entry.getValue());
        }
      }
      if (type.isArray()) {
        Class<?> element = type.getComponentType();
        Object array = Array.newInstance(element, 1);
        Array.set(array, 0, sample(element).orElse(null));
        samples.put(type, array);
      } else if (type.isEnum()) {
        samples.put(type, type.getEnumConstants()[0]);
      } else if (type.isRecord()) {
        made(type).ifPresent(made -> samples.put(type, made));
      }
    }
    return Optional.ofNullable(samples.get(type));
  }

  private Optional<Object> made(Class<?> type) {
    for (Constructor<?> constructor : type.getConstructors()) {
      Object[] arguments =
          Stream.of(constructor.getParameterTypes())
              .map(parameter -> sample(parameter).orElse(null))
              .toArray();
      try {
        return Optional.of(constructor.newInstance(arguments));
      } catch (ReflectiveOperationException | IllegalArgumentException e) {
        samples.remove(type); // the next one may do
      }
    }
    return Optional.empty();
  }
}
