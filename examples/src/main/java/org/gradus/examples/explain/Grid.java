package org.gradus.examples.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.gradus.autograd.array.NdArray;

/**
 * A tensor as the page shows it: planes of rows and columns.
 *
 * @param caption above it, as HTML
 * @param planes the title of each, empty for one alone
 * @param rows of a plane
 * @param columns of a plane
 * @param names of the elements, as HTML, plane by plane and row by row
 * @param values of the elements, as texts
 * @param zeros which elements are zeros that were put between others or around them
 */
record Grid(
    String caption,
    List<String> planes,
    int rows,
    int columns,
    List<String> names,
    List<String> values,
    List<Integer> zeros) {

  /** How elements are called: a letter, the planes' numbers above, rows and columns below. */
  record Naming(String letter, int from, List<String> planes) {
    IntFunction<String> of(int rows, int columns) {
      String comma = from < 0 || Math.max(rows, columns) + from > 10 ? "," : "";
      return i -> {
        int plane = i / (rows * columns);
        int row = i / columns % rows + from;
        int column = i % columns + from;
        String above = planes.get(plane).isEmpty() ? "" : "<sup>" + planes.get(plane) + "</sup>";
        String place = (row + comma + column).replace('-', '\u2212');
        return "%s%s<sub>%s</sub>".formatted(letter, above, place);
      };
    }
  }

  /**
   * Of a tensor whose last two axes are rows and columns.
   *
   * @param names of the elements
   * @param isZero which are drawn faintly
   */
  static Grid of(
      String caption,
      List<String> planes,
      NdArray tensor,
      IntFunction<String> names,
      IntPredicate isZero) {
    List<String> allNames = new ArrayList<>();
    List<String> values = new ArrayList<>();
    List<Integer> zeros = new ArrayList<>();
    for (int i = 0; i < tensor.size(); i++) {
      allNames.add(names.apply(i));
      values.add(Figures.text(tensor.at(i)));
      if (isZero.test(i)) {
        zeros.add(i);
      }
    }
    int rows = tensor.shape().rank() > 1 ? tensor.shape().dim(-2) : 1;
    return new Grid(caption, planes, rows, tensor.shape().dim(-1), allNames, values, zeros);
  }
}
