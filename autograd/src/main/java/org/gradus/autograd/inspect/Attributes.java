package org.gradus.autograd.inspect;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Op;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvGeometry;
import org.gradus.autograd.ops.PoolGeometry;
import org.gradus.autograd.ops.Resampling;
import org.gradus.autograd.ops.Window;

/** The attributes of an op in a few words: those that are not the usual ones. */
final class Attributes {
  private static final int LONGEST = 60;

  private Attributes() {}

  /**
   * The components of an op that is a record, such as {@code axes [0, 1], keepDims}. Left out are
   * what is false, what is a function, and what equals the shape of the output, shown anyway.
   */
  static String of(Op op, Shape output) {
    String text = op instanceof Record attributes ? components(attributes, output) : "";
    return text.codePointCount(0, text.length()) <= LONGEST
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "...";
  }

  /** The components of an op that is a record, by name, in order; none of another op. */
  static Map<String, Object> values(Op op) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (op instanceof Record attributes) {
      for (RecordComponent component : attributes.getClass().getRecordComponents()) {
        values.put(component.getName(), value(component, attributes));
      }
    }
    return Collections.unmodifiableMap(values);
  }

  private static String components(Record parts, Shape output) {
    List<String> texts = new ArrayList<>();
    for (RecordComponent component : parts.getClass().getRecordComponents()) {
      Object value = value(component, parts);
      if (!output.equals(value)) {
        texts.add(text(component.getName(), value, output));
      }
    }
    return joined(texts);
  }

  private static String text(String name, Object value, Shape output) {
    if (value instanceof ConvGeometry geometry) {
      String groups = perAxis("groups", geometry.groups(), geometry.groups(), 1);
      return joined(List.of(windows(geometry.rows(), geometry.columns()), groups));
    }
    if (value instanceof PoolGeometry geometry) {
      return windows(geometry.rows(), geometry.columns());
    }
    if (value instanceof Resampling axis) {
      return "%s %s to %s %s".formatted(name, axis.input(), axis.output(), axis.mode());
    }
    if (value instanceof Record parts) {
      return name + " (" + components(parts, output) + ")";
    }
    if (value instanceof Boolean isSet) {
      return isSet ? name : "";
    }
    String text = Arrays.deepToString(new Object[] {first(value)}); // of arrays, the elements
    text = text.substring(1, text.length() - 1).replaceAll("\\s*\n\\s*", " "); // of arrays, lines
    return isAddress(value, text) ? "" : name + " " + text;
  }

  /** Of a list or an array so many elements as fill a text; to tell all would take long. */
  private static Object first(Object value) {
    if (value instanceof Collection<?> all) {
      return all.stream().limit(LONGEST).map(Attributes::first).toList();
    }
    if (value != null && value.getClass().isArray()) {
      Object[] all = new Object[Math.min(LONGEST, Array.getLength(value))];
      Arrays.setAll(all, i -> first(Array.get(value, i)));
      return all;
    }
    return value;
  }

  /** Whether a text is only the identity of an object, as that of a function is. */
  private static boolean isAddress(Object value, String text) {
    return value != null
        && text.equals(value.getClass().getName() + "@" + Integer.toHexString(value.hashCode()));
  }

  /** For example {@code 5x5, stride 2, padding 1+2x0}. */
  private static String windows(Window rows, Window columns) {
    return joined(
        List.of(
            rows.kernel() + "x" + columns.kernel(),
            perAxis("stride", rows.stride(), columns.stride(), 1),
            perAxis("padding", padding(rows), padding(columns), "0"),
            perAxis("dilation", rows.dilation(), columns.dilation(), 1),
            rows.roundUp() || columns.roundUp() ? "roundUp" : ""));
  }

  private static Object padding(Window window) {
    boolean even = window.padBefore() == window.padAfter();
    return even ? "" + window.padBefore() : window.padBefore() + "+" + window.padAfter();
  }

  /** Nothing if both are as usual, one number if they are alike. */
  private static String perAxis(String name, Object row, Object column, Object usual) {
    if (row.equals(column)) {
      return row.equals(usual) ? "" : name + " " + row;
    }
    return name + " " + row + "x" + column;
  }

  private static String joined(List<String> texts) {
    return String.join(", ", texts.stream().filter(text -> !text.isEmpty()).toList());
  }

  private static Object value(RecordComponent component, Record attributes) {
    try {
      // Not getAccessor, which is slow: its preparation is not kept from one call to the next.
      Method accessor = attributes.getClass().getDeclaredMethod(component.getName());
      accessor.trySetAccessible(); // an op need not be public
      return accessor.invoke(attributes);
    } catch (ReflectiveOperationException e) { // nor show its attributes
      return "?";
    }
  }
}
