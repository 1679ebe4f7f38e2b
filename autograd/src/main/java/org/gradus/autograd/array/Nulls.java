package org.gradus.autograd.array;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Refuses null, and inputs that are missing, in words of one form: {@code conv2d: options is null}.
 * For the library's own functions, and for those that are written in their style. Its parameters
 * are declared as never null, as those of the functions that call it are.
 */
public final class Nulls {
  private Nulls() {}

  /**
   * The value, which is not null.
   *
   * @param what the function and the argument, as {@code conv2d: options}
   * @throws NullPointerException if the value is null
   */
  public static <T> T given(String what, T value) {
    if (value == null) {
      throw new NullPointerException(what + " is null");
    }
    return value;
  }

  /**
   * Refuses values that are null, and arrays and collections that have null in them.
   *
   * @param names the function and the name of each value, as {@code conv2d: x, w, options}
   * @throws NullPointerException if there is a null
   */
  public static void refuse(String names, Object... values) {
    for (int i = 0; i < values.length; i++) {
      int place = placeOfNull(values[i]);
      if (values[i] == null || place >= 0) {
        int colon = names.indexOf(": ");
        String name = names.substring(colon + 2).split(", ", -1)[i];
        String element = place >= 0 ? "[" + place + "]" : "";
        throw new NullPointerException(names.substring(0, colon + 2) + name + element + " is null");
      }
    }
  }

  /** The position of the first null in an array or a collection; -1 if there is none. */
  private static int placeOfNull(Object value) {
    if (value instanceof Object[] array) {
      return Arrays.asList(array).indexOf(null);
    }
    return value instanceof Collection<?> all ? new ArrayList<>(all).indexOf(null) : -1;
  }

  /**
   * An immutable copy of a list that has no null in it.
   *
   * @param what the function and the argument, as {@code sum: axes}
   * @throws NullPointerException if the list is null, or an element of it
   */
  public static <T> List<T> list(String what, List<? extends T> list) {
    refuse(what, list);
    return List.copyOf(given(what, list));
  }

  /** As {@link #list(String, List)}, of the elements of an array. */
  public static <T> List<T> list(String what, T[] array) {
    return list(what, Arrays.asList(given(what, array)));
  }

  /**
   * The inputs of an op, as an immutable list: as many as it takes.
   *
   * @param op its name
   * @param arity the number of inputs; 0 for one or more
   * @throws NullPointerException if there is a null
   * @throws IllegalArgumentException if there are more or fewer
   */
  public static <T> List<T> inputs(String op, int arity, T[] inputs) {
    if (inputs == null) {
      throw new NullPointerException(op + ": inputs is null");
    }
    int place = Arrays.asList(inputs).indexOf(null);
    if (place >= 0) {
      throw new NullPointerException(op + ": input " + place + " is null");
    }
    if (inputs.length == 0 || (arity > 0 && inputs.length != arity)) {
      throw new IllegalArgumentException(
          "%s: %s inputs, expected %s"
              .formatted(op, inputs.length, arity > 0 ? arity : "one or more"));
    }
    return List.of(inputs);
  }
}
