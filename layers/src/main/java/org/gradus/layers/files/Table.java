package org.gradus.layers.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.data.Dataset;

/**
 * Rows of cells, which are texts, in columns that have names. What columns hold, numbers or
 * classes, is said where they are asked for. Immutable.
 *
 * <pre>{@code
 * // given Table table
 * NdArray sizes = table.numbers("length", "width");   // [N, 2]
 * int[] species = table.classes("species");           // numbers of table.classNames("species")
 * }</pre>
 */
public final class Table {
  /** Decimal numbers; Java's own parser takes more, such as hexadecimal ones and a last f. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:\\d++(?:\\.\\d*+)?|\\.\\d++)(?:[eE][+-]?\\d++)?");

  private static final int SHOWN = 50;
  private static final int NAMED = 10;

  private final String file;
  private final List<String> columns;
  private final Map<String, Integer> places;
  private final List<String[]> rows;
  private final List<Long> lines;

  /**
   * A table.
   *
   * @param rows as many cells as columns each
   * @param lines where each row begins in the file, for messages
   */
  Table(String file, List<String> columns, List<String[]> rows, List<Long> lines) {
    this.file = file;
    this.columns = columns;
    this.places = numbered(columns);
    this.rows = rows;
    this.lines = lines;
  }

  /** The names of the columns, in the order of the file. */
  public List<String> columns() {
    return columns;
  }

  /** The number of rows, N, without the names. */
  public int rows() {
    return rows.size();
  }

  /**
   * A cell as it stands in the file, without quotes around it.
   *
   * @param row from 0 to rows - 1
   * @param column the name of its column
   * @throws IllegalArgumentException if there is no such row or column
   */
  public String cell(int row, String column) {
    Nulls.refuse("cell: column", column);
    if (row < 0 || row >= rows()) {
      throw new IllegalArgumentException("cell: there is no row %s of %s".formatted(row, rows()));
    }
    return rows.get(row)[place("cell", column)];
  }

  private int place(String function, String column) {
    Integer place = places.get(column);
    if (place == null) {
      throw new IllegalArgumentException(
          "%s: there is no column '%s' among %s".formatted(function, column, some(columns)));
    }
    return place;
  }

  private static Map<String, Integer> numbered(List<String> names) {
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      numbers.put(names.get(i), i);
    }
    return numbers;
  }

  /** All names; of many the first ones, and how many there are. */
  private static String some(List<String> names) {
    return names.size() <= NAMED
        ? names.toString()
        : "[%s, ...], %s in all"
            .formatted(String.join(", ", names.subList(0, NAMED)), names.size());
  }

  // ---- numbers ---------------------------------------------------------------------------------

  /**
   * Columns of numbers, float32 [N, K]. Numbers are decimal, such as -1.5 or 2e-3, and may have
   * spaces around them.
   *
   * @param wanted the names of the K columns, in the order in which they are wanted; at least one
   * @throws IllegalArgumentException if there is none, or no such column
   * @throws FileFormatException if a cell is empty, or no number that float32 holds as a finite one
   */
  public NdArray numbers(String... wanted) throws IOException {
    return numbers("numbers", Nulls.list("numbers: wanted", wanted));
  }

  /**
   * Columns of numbers, float32 [N, K], as {@link #numbers}, in which cells may be empty.
   *
   * <pre>{@code
   * // given Table table
   * NdArray years = table.numbersOr(Double.NaN, "year");
   * NdArray isKnown = years.map(year -> Double.isNaN(year) ? 0 : 1);
   * }</pre>
   *
   * @param missing stands for a cell that has nothing but spaces; any number that float32 holds,
   *     also NaN and the infinite ones
   * @param wanted the names of the K columns, in the order in which they are wanted; at least one
   * @throws IllegalArgumentException if there is none, or no such column, or if the number is too
   *     large
   * @throws FileFormatException if another cell is no number that float32 holds as a finite one
   */
  public NdArray numbersOr(double missing, String... wanted) throws IOException {
    List<String> names = Nulls.list("numbersOr: wanted", wanted);
    if (Double.isFinite(missing) && Float.isInfinite((float) missing)) {
      throw new IllegalArgumentException(
          "numbersOr: missing is %s, expected at most %s".formatted(missing, Float.MAX_VALUE));
    }
    return numbers("numbersOr", OptionalDouble.of(missing), names);
  }

  private NdArray numbers(String function, List<String> wanted) throws IOException {
    return numbers(function, OptionalDouble.empty(), wanted);
  }

  /**
   * Columns of numbers.
   *
   * @param missing for cells that are empty; without it, they are refused
   */
  private NdArray numbers(String function, OptionalDouble missing, List<String> wanted)
      throws IOException {
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException(function + ": no columns, expected at least one");
    }
    int[] places = wanted.stream().mapToInt(column -> place(function, column)).toArray();
    return FileContent.named(
        file,
        () -> {
          Shape shape = Shape.of(function, rows(), places.length);
          float[] numbers = new float[shape.size()];
          for (int i = 0; i < numbers.length; i++) {
            int row = i / places.length;
            int place = places[i % places.length];
            boolean isMissing = missing.isPresent() && rows.get(row)[place].isBlank();
            numbers[i] = isMissing ? (float) missing.getAsDouble() : number(row, place);
          }
          return NdArray.wrap(numbers, shape);
        });
  }

  private float number(int row, int place) throws FileFormatException {
    String text = rows.get(row)[place].strip();
    float number = NUMBER.matcher(text).matches() ? Float.parseFloat(text) : Float.NaN;
    if (!Float.isFinite(number)) {
      throw wrong(row, place, "a finite number");
    }
    return number;
  }

  private FileFormatException wrong(int row, int place, String expected) {
    String text = rows.get(row)[place];
    String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    return new FileFormatException(
        file,
        "line %s, column '%s': '%s', expected %s"
            .formatted(lines.get(row), columns.get(place), shown, expected));
  }

  // ---- classes ---------------------------------------------------------------------------------

  /**
   * The class of each row, in a new array: its place in {@link #classNames}. Another file, which
   * has other names, has other numbers for the same names; so the file of a test is read by {@link
   * #classes(String, List)}, with the names of the file of the training.
   *
   * @param column its name
   * @throws IllegalArgumentException if there is no such column
   * @throws FileFormatException if a cell is empty
   */
  public int[] classes(String column) throws IOException {
    Nulls.refuse("classes: column", column);
    return classes("classes", column, classNames("classes", column));
  }

  /**
   * The class of each row by names that are given, in a new array: its place among them.
   *
   * <pre>{@code
   * // given Table training, Table tests
   * int[] expected = tests.classes("species", training.classNames("species"));
   * }</pre>
   *
   * @param column its name
   * @param names of all classes, in order, each once; the column need not have all of them
   * @throws IllegalArgumentException if there is no such column, or a name is there twice
   * @throws FileFormatException if a cell is none of the names
   */
  public int[] classes(String column, List<String> names) throws IOException {
    Nulls.refuse("classes: column, names", column, names);
    return classes("classes", column, names);
  }

  private int[] classes(String function, String column, List<String> names)
      throws FileFormatException {
    int place = place(function, column);
    Map<String, Integer> numbers = new HashMap<>();
    int[] classes = new int[rows()];
    for (int i = 0; i < names.size(); i++) {
      if (numbers.put(names.get(i), i) != null) {
        throw new IllegalArgumentException(
            "%s: the class '%s' twice, expected each once".formatted(function, names.get(i)));
      }
    }
    for (int i = 0; i < classes.length; i++) {
      Integer number = numbers.get(rows.get(i)[place]);
      if (number == null) {
        throw wrong(i, place, "a class among " + some(names));
      }
      classes[i] = number;
    }
    return classes;
  }

  /**
   * The different texts of a column, sorted: by their numbers if all are numbers, else character by
   * character.
   *
   * @param column its name
   * @throws IllegalArgumentException if there is no such column
   * @throws FileFormatException if a cell is empty
   */
  public List<String> classNames(String column) throws IOException {
    Nulls.refuse("classNames: column", column);
    return classNames("classNames", column);
  }

  private List<String> classNames(String function, String column) throws FileFormatException {
    int place = place(function, column);
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < rows(); i++) {
      String name = rows.get(i)[place];
      if (name.isEmpty()) {
        throw wrong(i, place, "the name of a class");
      }
      names.add(name);
    }
    List<String> sorted = new ArrayList<>(names);
    if (sorted.stream().allMatch(name -> NUMBER.matcher(name.strip()).matches())) {
      sorted.sort(
          Comparator.comparingDouble(name -> Double.parseDouble(name.strip()))); // 1 before 1.0
    }
    return List.copyOf(sorted);
  }

  /**
   * A column of classes as vectors, float32 [N, K]: 1 in the place of the class, 0 elsewhere.
   *
   * @param column its name; K is the number of its {@link #classNames}
   * @throws IllegalArgumentException if there is no such column
   * @throws FileFormatException if a cell is empty
   */
  public NdArray oneHot(String column) throws IOException {
    Nulls.refuse("oneHot: column", column);
    return oneHotOf(column, classNames("oneHot", column));
  }

  /**
   * A column of classes as vectors by names that are given, float32 [N, K]: 1 in the place of the
   * class, 0 elsewhere.
   *
   * @param column its name
   * @param names of all K classes, in order, each once; the column need not have all of them
   * @throws IllegalArgumentException if there is no such column, or a name is there twice
   * @throws FileFormatException if a cell is none of the names
   */
  public NdArray oneHot(String column, List<String> names) throws IOException {
    Nulls.refuse("oneHot: column, names", column, names);
    return oneHotOf(column, names);
  }

  private NdArray oneHotOf(String column, List<String> names) throws IOException {
    int[] classes = classes("oneHot", column, names);
    int count = names.size();
    return FileContent.named(
        file,
        () ->
            NdArray.generate(
                DType.FLOAT32,
                Shape.of("oneHot", classes.length, count),
                i -> classes[i / count] == i % count ? 1 : 0));
  }

  // ---- data sets -------------------------------------------------------------------------------

  /**
   * The rows as examples whose targets are numbers.
   *
   * @param inputs the names of the K columns of inputs [N, K]; at least one
   * @param target the name of the column of targets [N, 1]
   * @throws IllegalArgumentException if there is no such column
   * @throws FileFormatException if a cell is empty, or no number that float32 holds as a finite one
   */
  public Dataset dataset(List<String> inputs, String target) throws IOException {
    Nulls.refuse("dataset: inputs, target", inputs, target);
    return Dataset.of(numbers("dataset", inputs), numbers("dataset", List.of(target)));
  }

  /**
   * The rows as examples of classes.
   *
   * @param inputs the names of the K columns of inputs [N, K]; at least one
   * @param target the name of the column of classes
   * @throws IllegalArgumentException if there is no such column
   * @throws FileFormatException if a cell of the inputs is empty, or no number that float32 holds
   *     as a finite one, or a cell of the classes is empty
   */
  public Dataset classified(List<String> inputs, String target) throws IOException {
    Nulls.refuse("classified: inputs, target", inputs, target);
    NdArray numbers = numbers("classified", inputs);
    List<String> names = classNames("classified", target);
    return Dataset.of(numbers, classes("classified", target, names));
  }

  /**
   * The rows as examples of classes by names that are given, such as those of another file.
   *
   * @param inputs the names of the K columns of inputs [N, K]; at least one
   * @param target the name of the column of classes
   * @param names of all classes, in order, each once; the column need not have all of them
   * @throws IllegalArgumentException if there is no such column, or a name is there twice
   * @throws FileFormatException if a cell of the inputs is empty, or no number that float32 holds
   *     as a finite one, or a cell of the classes is none of the names
   */
  public Dataset classified(List<String> inputs, String target, List<String> names)
      throws IOException {
    Nulls.refuse("classified: inputs, target, names", inputs, target, names);
    return Dataset.of(numbers("classified", inputs), classes("classified", target, names));
  }

  /** For example {@code iris.csv: 150 rows of [length, width, species]}. */
  @Override
  public String toString() {
    return "%s: %s rows of %s".formatted(file, rows(), some(columns));
  }
}
