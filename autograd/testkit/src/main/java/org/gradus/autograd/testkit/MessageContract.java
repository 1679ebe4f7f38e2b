package org.gradus.autograd.testkit;

import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Axes;
import org.gradus.autograd.ops.ConvGeometry;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.PoolOptions;
import org.jspecify.annotations.Nullable;

/**
 * The contract of messages: a call that is refused says first the name of what was called, and not
 * of something that it is made of.
 *
 * <pre>
 *   batchNorm: gamma is FLOAT64, but input 0 is FLOAT32; convert one with NdArray.as
 * </pre>
 *
 * <p>A function is called with good arguments, which must be accepted, and then with each argument
 * changed in many ways: tensors of another rank, extent or element type, numbers out of range,
 * windows that do not fit. A changed call may be accepted, but for element types that differ. If it
 * is refused, then by an {@link IllegalArgumentException} whose message begins with the name and a
 * colon. Calls are made by reflection, so classes are compiled with {@code -parameters}.
 */
public final class MessageContract {
  private final Map<Class<?>, Object> byType = new HashMap<>();
  private final Map<String, Map<String, Object>> byName;
  private final List<String> faults = new ArrayList<>();
  private int refusals;

  /**
   * A contract with these good arguments.
   *
   * @param byType for each type of parameter
   * @param byName for each name of a function, and in it for each name of a parameter: where the
   *     one for its type will not do; a parameter of this name that has another type has the one
   *     for its type
   */
  public MessageContract(Map<Class<?>, ?> byType, Map<String, Map<String, Object>> byName) {
    Nulls.refuse("message contract: byType, byName", byType, byName);
    this.byType.putAll(Map.of(int.class, 1, long.class, 1L, double.class, 0.5));
    this.byType.put(boolean.class, false);
    this.byType.putAll(byType);
    this.byName = Map.copyOf(byName);
  }

  /** What broke the contract so far; none if all is well. */
  public List<String> faults() {
    return List.copyOf(faults);
  }

  /** How many calls were refused so far. */
  public int refusals() {
    return refusals;
  }

  /**
   * Calls a static method or a constructor, rightly and wrongly.
   *
   * @param name that messages begin with
   * @param function that is called
   */
  public void check(String name, Executable function) {
    Nulls.refuse("check: name, function", name, function);
    check(name, function, null);
  }

  /**
   * Calls a method of an object, rightly and wrongly.
   *
   * @param name that messages begin with
   * @param method that is called
   * @param instance whose method it is
   */
  public void check(String name, Method method, Object instance) {
    Nulls.refuse("check: name, method, instance", name, method, instance);
    check(name, (Executable) method, instance);
  }

  private void check(String name, Executable function, @Nullable Object instance) {
    Parameter[] parameters = function.getParameters();
    Object[] good = new Object[parameters.length];
    for (int i = 0; i < good.length; i++) {
      Map<String, Object> own = byName.getOrDefault(name, Map.of());
      Object argument = own.get(parameters[i].getName());
      Class<?> type = MethodType.methodType(parameters[i].getType()).wrap().returnType();
      argument = type.isInstance(argument) ? argument : byType.get(parameters[i].getType());
      if (argument == null) {
        faults.add(name + ": there is no good argument " + parameters[i]);
        return;
      }
      good[i] = argument;
    }
    String refusal = outcome(function, instance, good);
    if (!refusal.isEmpty()) {
      faults.add(name + ": good arguments are refused: " + refusal);
      return;
    }
    int before = refusals;
    for (int i = 0; i < good.length; i++) {
      for (Object wrong : changed(good[i])) {
        Object[] arguments = good.clone();
        arguments[i] = wrong;
        call(name, function, instance, arguments, parameters[i].getName());
      }
    }
    boolean mayTakeAll = Stream.of(good).allMatch(MessageContract::isFree) && tensors(good) < 2;
    if (refusals == before && !mayTakeAll && function instanceof Method) {
      faults.add(name + ": no wrong call was refused: " + function);
    }
  }

  /** Whether a function of such an argument may take every value of it. */
  private static boolean isFree(Object argument) {
    return argument instanceof Tensor || argument instanceof Double || argument instanceof Long;
  }

  private static long tensors(Object[] arguments) {
    return Stream.of(arguments)
        .mapToLong(each -> each instanceof Tensor[] all ? all.length : types(each))
        .sum();
  }

  private static int types(Object argument) {
    return argument instanceof Tensor || argument instanceof NdArray ? 1 : 0;
  }

  private void call(
      String name, Executable function, @Nullable Object instance, Object[] wrong, String what) {
    String outcome = outcome(function, instance, wrong);
    if (outcome.isEmpty()) {
      if (tensors(wrong) > 1 && dtypes(wrong) > 1) {
        faults.add(name + ": " + what + " of another element type is accepted");
      }
    } else if (outcome.startsWith(name + ": ")) {
      refusals++;
    } else {
      faults.add(name + ": a wrong " + what + " is refused by: " + outcome);
    }
  }

  private static long dtypes(Object[] arguments) {
    return Stream.of(arguments)
        .flatMap(each -> each instanceof Tensor[] all ? Stream.of(all) : Stream.of(each))
        .filter(each -> types(each) > 0)
        .map(each -> each instanceof Tensor tensor ? tensor.dtype() : ((NdArray) each).dtype())
        .distinct()
        .count();
  }

  /**
   * The message of the refusal, empty if the call was accepted. What needs more memory than there
   * is was accepted, too: half a billion channels are no wrong number of them.
   */
  private static String outcome(
      Executable function, @Nullable Object instance, Object[] arguments) {
    try {
      function.trySetAccessible(); // a public function may be declared by a class that is not
      if (function instanceof Constructor<?> constructor) {
        constructor.newInstance(arguments);
      } else {
        ((Method) function).invoke(instance, arguments);
      }
      return "";
    } catch (InvocationTargetException e) {
      Throwable cause = e.getTargetException();
      if (cause instanceof OutOfMemoryError) {
        return "";
      }
      return cause instanceof IllegalArgumentException ? "" + cause.getMessage() : "" + cause;
    } catch (ReflectiveOperationException e) {
      return e.toString();
    }
  }

  // ---- arguments that are changed --------------------------------------------------------------

  private static List<?> changed(Object good) {
    if (good instanceof Tensor tensor) {
      return arrays(tensor.value()).map(Tensor::constant).toList();
    } else if (good instanceof NdArray array) {
      return arrays(array).toList();
    } else if (good instanceof Tensor[] tensors) {
      return lists(tensors);
    } else if (good instanceof Shape shape) {
      return shapes(shape).toList();
    } else if (good instanceof Integer) {
      return numbers();
    } else if (good instanceof int[] numbers) {
      return numbers(numbers);
    } else if (good instanceof Double) {
      return List.of(-1.0, 2.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    } else if (good instanceof Indices indices) {
      return indices(indices);
    } else if (good instanceof Axes axes) {
      return axes(axes);
    } else if (good instanceof ConvOptions) {
      return convolutions();
    } else if (good instanceof PoolOptions) {
      return pools();
    } else if (good instanceof ConvGeometry) {
      return geometries();
    }
    return List.of();
  }

  private static List<Integer> numbers() {
    return List.of(0, -1, 7, 1 << 29, Integer.MAX_VALUE);
  }

  private static Stream<Shape> shapes(Shape shape) {
    int[] dims = shape.toArray();
    List<int[]> changed = new ArrayList<>();
    changed.add(new int[0]);
    changed.add(IntStream.concat(IntStream.of(1), IntStream.of(dims)).toArray());
    changed.add(IntStream.of(dims).skip(1).toArray());
    for (int axis = 0; axis < dims.length; axis++) {
      for (int extent : new int[] {0, dims[axis] + 1}) {
        int[] other = dims.clone();
        other[axis] = extent;
        changed.add(other);
      }
    }
    return changed.stream().map(Shape::of);
  }

  private static Stream<NdArray> arrays(NdArray good) {
    DType other = good.dtype() == DType.FLOAT32 ? DType.FLOAT64 : DType.FLOAT32;
    return Stream.concat(
        Stream.of(good.as(other)),
        shapes(good.shape()).map(shape -> NdArray.full(good.dtype(), shape, 0.5)));
  }

  private static List<Tensor[]> lists(Tensor[] good) {
    List<Tensor[]> lists = new ArrayList<>();
    lists.add(new Tensor[0]);
    for (int i = 0; i < good.length; i++) {
      int place = i;
      arrays(good[i].value())
          .forEach(
              array -> {
                Tensor[] list = good.clone();
                list[place] = Tensor.constant(array);
                lists.add(list);
              });
    }
    return lists;
  }

  private static List<int[]> numbers(int[] good) {
    List<int[]> lists = new ArrayList<>();
    lists.add(new int[0]);
    lists.add(Arrays.copyOf(good, good.length + 1));
    for (int i = 0; i < good.length; i++) {
      for (int number : numbers()) {
        int[] list = good.clone();
        list[i] = number;
        lists.add(list);
      }
    }
    return lists;
  }

  private static List<Indices> indices(Indices good) {
    List<Indices> others = new ArrayList<>();
    for (int number : numbers()) {
      int[] all = good.toArray();
      all[all.length - 1] = number;
      others.add(Indices.wrap(all, good.shape()));
    }
    shapes(good.shape()).forEach(shape -> others.add(Indices.wrap(new int[shape.size()], shape)));
    return others;
  }

  private static List<Axes> axes(Axes good) {
    int[] all = good.numbers().stream().mapToInt(number -> number).toArray();
    return numbers(all).stream().map(Axes::axes).toList();
  }

  private static List<ConvOptions> convolutions() {
    ConvOptions good = ConvOptions.valid();
    return List.of(
        good.groups(3),
        good.groups(7),
        good.stride(100_000_000),
        good.stride(Integer.MAX_VALUE),
        good.stride(3).padding(1).strict(),
        good.padding(1_000_000_000),
        good.padding(Integer.MAX_VALUE),
        good.dilation(100),
        ConvOptions.same().dilation(Integer.MAX_VALUE));
  }

  private static List<PoolOptions> pools() {
    return List.of(
        PoolOptions.window(100),
        PoolOptions.window(1).padding(3),
        PoolOptions.window(2).padding(Integer.MAX_VALUE),
        PoolOptions.window(2).dilation(100),
        PoolOptions.window(1 << 20).stride(1).padding(1 << 19));
  }

  private static List<ConvGeometry> geometries() {
    Shape x = Shape.of(1, 2, 9, 9);
    Shape w = Shape.of(4, 2, 5, 5);
    ConvOptions good = ConvOptions.valid();
    return List.of(
        good.geometry(x, w), good.groups(2).geometry(x, w), good.stride(2).geometry(x, w));
  }
}
