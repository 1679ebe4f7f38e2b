package org.gradus.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.gradus.layers.train.ConfusionMatrix;

/** The section of which classes were taken for which. */
final class Confusion {
  private static final int MOST_CLASSES = 40;
  private static final int MOST_ROWS = 100;

  /** Names that are longer stand upright above their columns. */
  private static final int MOST_LETTERS = 4;

  private Confusion() {}

  static String html(Judged judged, Examples.Classified examples) {
    ConfusionMatrix matrix = judged.confusion();
    String accuracy =
        Html.in(
            "p",
            Html.text(
                "%s of %s examples are right: %s."
                    .formatted(
                        Figures.count(right(matrix)),
                        Figures.count(judged.examples()),
                        Figures.percent(matrix.accuracy()))));
    String table =
        matrix.classes() <= MOST_CLASSES ? matrix(matrix, examples) : pairs(matrix, examples);
    return accuracy + Html.grid("sides", List.of(table, classes(matrix, examples)));
  }

  static long right(ConfusionMatrix matrix) {
    return IntStream.range(0, matrix.classes()).mapToLong(k -> matrix.count(k, k)).sum();
  }

  private static long labelled(ConfusionMatrix matrix, int k) {
    return matrix.counts().get(k).stream().mapToLong(count -> count).sum();
  }

  private static boolean hasNone(ConfusionMatrix matrix) {
    return IntStream.range(0, matrix.classes())
        .anyMatch(k -> matrix.count(k, matrix.classes()) > 0);
  }

  // ---- the matrix ------------------------------------------------------------------------------

  private static String matrix(ConfusionMatrix matrix, Examples.Classified examples) {
    int columns = matrix.classes() + (hasNone(matrix) ? 1 : 0);
    StringBuilder head = new StringBuilder(Html.in("td", "class"));
    for (int p = 0; p < columns; p++) {
      String name = p < matrix.classes() ? examples.name(p) : "none (NaN)";
      head.append(Html.in("th scope=\"col\"", Html.text(name)));
    }
    StringBuilder rows = new StringBuilder();
    for (int k = 0; k < matrix.classes(); k++) {
      StringBuilder row = new StringBuilder();
      row.append(Html.in("th scope=\"row\"", Html.text(examples.name(k))));
      for (int p = 0; p < columns; p++) {
        row.append(cell(matrix.count(k, p), labelled(matrix, k), p == k));
      }
      rows.append(Html.in("tr", row.toString()));
    }
    String note =
        "A row for each class, a column for each class that was said. The shade is the share of"
            + " the row: blue is right, orange is wrong.";
    boolean areShort = examples.names().stream().allMatch(name -> name.length() <= MOST_LETTERS);
    String turned = areShort ? "" : " turned";
    String table =
        Html.in("thead", Html.in("tr", head.toString())) + Html.in("tbody", rows.toString());
    return Html.in(
        "div",
        Html.in("h3", "Which were taken for which")
            + Html.scrolling(Html.in("table class=\"matrix%s\"".formatted(turned), table))
            + Html.note(note));
  }

  private static String cell(long count, long all, boolean isRight) {
    if (count == 0) {
      return Html.in("td class=\"zero\"", "0");
    }
    double share = (double) count / all;
    double shade = isRight ? 0.1 + 0.9 * share : 0.25 + 0.75 * Math.min(1, 2 * share);
    String colour = isRight ? "29,78,216" : "194,65,12";
    String ink = shade > 0.5 ? ";color:#fff" : "";
    String style = "background:rgba(%s,%s)%s".formatted(colour, shade(shade), ink);
    return Html.in("td style=\"" + style + "\"", Figures.count(count));
  }

  private static String shade(double shade) {
    return String.format(Locale.ROOT, "%.2f", shade);
  }

  // ---- of many classes -------------------------------------------------------------------------

  private record Pair(int label, int predicted, long count) {}

  private static String pairs(ConfusionMatrix matrix, Examples.Classified examples) {
    List<Pair> pairs = new ArrayList<>();
    for (int k = 0; k < matrix.classes(); k++) {
      for (int p = 0; p < matrix.classes(); p++) {
        if (p != k && matrix.count(k, p) > 0) {
          pairs.add(new Pair(k, p, matrix.count(k, p)));
        }
      }
    }
    pairs.sort(Comparator.comparingLong(Pair::count).reversed());
    List<List<String>> rows = new ArrayList<>();
    for (Pair pair : pairs.subList(0, Math.min(MOST_CLASSES, pairs.size()))) {
      rows.add(
          List.of(
              Html.text(examples.name(pair.label)),
              Html.text(examples.name(pair.predicted)),
              Figures.count(pair.count)));
    }
    String note =
        "%s classes are too many for a matrix here: these are the most frequent mistakes."
            .formatted(Figures.count(matrix.classes()));
    return Html.in(
        "div", Html.note(note) + Html.table(List.of("class", "taken for", "examples"), rows));
  }

  // ---- each class ------------------------------------------------------------------------------

  private static String classes(ConfusionMatrix matrix, Examples.Classified examples) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, matrix.classes()).boxed().toList());
    String title = "Precision, recall and F1 of each class";
    if (order.size() > MOST_ROWS) {
      order.sort(
          Comparator.comparing((Integer k) -> labelled(matrix, k) == 0)
              .thenComparingDouble(matrix::f1));
      order = order.subList(0, MOST_ROWS);
      title = "Precision, recall and F1 of the %s classes of least F1".formatted(MOST_ROWS);
    }
    List<List<String>> rows = new ArrayList<>();
    for (int k : order) {
      rows.add(
          List.of(
              Html.text(examples.name(k)),
              Figures.share(matrix.precision(k)),
              Figures.share(matrix.recall(k)),
              Figures.share(matrix.f1(k)),
              Figures.count(labelled(matrix, k))));
    }
    List<String> head = List.of("class", "precision", "recall", "F1", "examples");
    return Html.in("div", Html.in("h3", Html.text(title)) + Html.table(head, rows));
  }
}
