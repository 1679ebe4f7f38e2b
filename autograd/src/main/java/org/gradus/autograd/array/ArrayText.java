package org.gradus.autograd.array;

import java.util.ArrayList;
import java.util.List;

/**
 * An array as text, as NumPy prints it: nested by rows, columns one below the other, and cut in the
 * middle of its axes if it is large, with what is left out summed up.
 *
 * <pre>
 *   FLOAT32 [3] {0.1, 2.0, -1.5}
 *   FLOAT32 [2, 2]
 *   {{ 1.0, 2.5},
 *    {-3.0, 4.0}}
 * </pre>
 */
final class ArrayText {
  /** The most elements that are shown, all of them. */
  private static final int WHOLE = 1000;

  /** How many are shown at each end of an axis, if not all are. */
  private static final int EDGE = 3;

  /** The columns of a line. */
  private static final int LINE = 75;

  private final Shape shape;
  private final Object array;
  private final boolean isCut;
  private final int width;

  private ArrayText(Shape shape, Object array) {
    this.shape = shape;
    this.array = array;
    this.isCut = shape.size() > WHOLE;
    this.width = shape.rank() < 2 ? 0 : widest(0, 0);
  }

  /** The text of an array, whose elements are a {@code float[]} or {@code double[]}. */
  static String of(DType dtype, Shape shape, Object array) {
    String head = dtype + " " + shape;
    if (shape.size() == 0) {
      return head + " {}";
    }
    ArrayText text = new ArrayText(shape, array);
    String body = text.rank() == 0 ? "{" + text.element(0) + "}" : text.block(0, 0);
    boolean isShort =
        text.rank() < 2 && head.length() + 1 + body.length() <= LINE && body.indexOf('\n') < 0;
    return head + (isShort ? " " : "\n") + body + (text.isCut ? "\n" + text.summary() : "");
  }

  private int rank() {
    return shape.rank();
  }

  private String element(int flat) {
    return array instanceof float[] floats
        ? Float.toString(floats[flat])
        : Double.toString(((double[]) array)[flat]);
  }

  /** The indices of an axis that are shown; -1 stands for those that are left out. */
  private List<Integer> shown(int axis) {
    int extent = shape.dim(axis);
    boolean all = !isCut || extent <= 2 * EDGE;
    List<Integer> indices = new ArrayList<>();
    for (int i = 0; i < (all ? extent : EDGE); i++) {
      indices.add(i);
    }
    if (!all) {
      indices.add(-1);
      for (int i = extent - EDGE; i < extent; i++) {
        indices.add(i);
      }
    }
    return indices;
  }

  /** How long the longest element is that is shown of a block. */
  private int widest(int axis, int offset) {
    if (axis == rank()) {
      return element(offset).length();
    }
    int size = shape.size(axis + 1, rank());
    return shown(axis).stream()
        .filter(i -> i >= 0)
        .mapToInt(i -> widest(axis + 1, offset + i * size))
        .max()
        .orElse(0);
  }

  /** What lies at one place along the axes before this one. */
  private String block(int axis, int offset) {
    if (axis == rank() - 1) {
      return row(offset);
    }
    int size = shape.size(axis + 1, rank());
    String between = "," + "\n".repeat(rank() - axis - 1) + " ".repeat(axis + 1);
    List<String> parts = new ArrayList<>();
    for (int i : shown(axis)) {
      parts.add(i < 0 ? "..." : block(axis + 1, offset + i * size));
    }
    return "{" + String.join(between, parts) + "}";
  }

  /** Neighbours, in as many lines as they need. */
  private String row(int offset) {
    String indent = "\n" + " ".repeat(rank());
    StringBuilder text = new StringBuilder("{");
    int column = rank();
    boolean isFirst = true;
    for (int i : shown(rank() - 1)) {
      String element = i < 0 ? "..." : padded(element(offset + i));
      text.append(isFirst ? "" : ",");
      if (!isFirst && column + 2 + element.length() >= LINE) {
        text.append(indent);
        column = rank();
      } else if (!isFirst) {
        text.append(' ');
        column += 2;
      }
      text.append(element);
      column += element.length();
      isFirst = false;
    }
    return text.append("}").toString();
  }

  private String padded(String element) {
    return " ".repeat(Math.max(0, width - element.length())) + element;
  }

  /** The least, the mean and the largest of all elements; NaN is counted instead. */
  private String summary() {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    double sum = 0;
    int count = 0;
    for (int i = 0; i < shape.size(); i++) {
      double x = array instanceof float[] floats ? floats[i] : ((double[]) array)[i];
      if (!Double.isNaN(x)) {
        least = Math.min(least, x);
        most = Math.max(most, x);
        sum += x;
        count++;
      }
    }
    int nans = shape.size() - count;
    String missing = nans == 0 ? "" : ", %s NaN".formatted(nans);
    return count == 0
        ? missing.substring(2)
        : "min %s, mean %s, max %s%s"
            .formatted(number(least), number(sum / count), number(most), missing);
  }

  private String number(double x) {
    return array instanceof float[] ? Float.toString((float) x) : Double.toString(x);
  }
}
