package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.data.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
  private static final String IRIS =
      """
      length,width,species
      5.1,3.5,setosa
      7,3.2,versicolor
      6.3,-3.3e0,virginica
      5.1,3.5,setosa
      """;

  @TempDir private Path folder;

  static Table read(String text) throws IOException {
    return read(text, CsvOptions.standard());
  }

  static Table read(String text, CsvOptions options) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8), options);
  }

  private static Table read(byte[] content, CsvOptions options) throws IOException {
    return Csv.read(new ByteArrayInputStream(content), "x.csv", options);
  }

  private interface Reading {
    Object get() throws IOException;
  }

  private static void refused(String message, Reading reading) {
    FileFormatException e = assertThrows(FileFormatException.class, reading::get);
    assertEquals("x.csv: " + message, e.getMessage());
  }

  private static List<List<String>> cells(Table table) {
    return IntStream.range(0, table.rows())
        .mapToObj(row -> table.columns().stream().map(c -> table.cell(row, c)).toList())
        .toList();
  }

  // ---- rows ------------------------------------------------------------------------------------

  @Test
  void theFirstRowHasTheNames() throws IOException {
    Path file = Files.writeString(folder.resolve("iris.csv"), IRIS);
    Table table = Csv.read(file);

    assertEquals(List.of("length", "width", "species"), table.columns());
    assertEquals(4, table.rows());
    assertEquals("versicolor", table.cell(1, "species"));
    assertEquals(file + ": 4 rows of [length, width, species]", table.toString());
  }

  @Test
  void withoutHeaderColumnsAreNumbered() throws IOException {
    Table table = read("1;2\n3;4\n", CsvOptions.standard().separatedBy(';').withoutHeader());

    assertEquals(List.of("0", "1"), table.columns());
    assertEquals(NdArray.of(new float[] {2, 1, 4, 3}, 2, 2), table.numbers("1", "0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,b\n1,2\n3,4\n",
        "a,b\n1,2\n3,4",
        "a,b\r\n1,2\r\n3,4\r\n",
        "a,b\r1,2\r3,4\r",
        "\uFEFFa,b\n1,2\n3,4\n",
        "\n\na,b\n\n1,2\n\n\n3,4\n\n",
        "\"a\",\"b\"\n\"1\",\"2\"\n\"3\",\"4\"",
      })
  void theSameTable(String text) throws IOException {
    Table table = read(text);
    assertEquals(List.of("a", "b"), table.columns());
    assertEquals(List.of(List.of("1", "2"), List.of("3", "4")), cells(table));
  }

  @Test
  void quotedCells() throws IOException {
    Table table = read("a,b\n\"x, \"\"y\"\"\",\"two\r\nlines\"\n\"\",ü€😀\n");
    assertEquals(List.of(List.of("x, \"y\"", "two\r\nlines"), List.of("", "ü€😀")), cells(table));
  }

  @Test
  void anEmptyLineOfOneColumnIsACell() throws IOException {
    Table table = read("a\n1\n\n2\n");
    assertEquals(List.of(List.of("1"), List.of(""), List.of("2")), cells(table));
    refused("line 3, column 'a': '', expected a finite number", () -> table.numbers("a"));
  }

  @Test
  void namesWithoutRows() throws IOException {
    Table table = read("a,b");
    assertEquals(0, table.rows());
    assertEquals(Shape.of(0, 2), table.numbers("b", "a").shape());
    assertEquals(List.of(), table.classNames("a"));
    assertEquals(Shape.of(0, 0), table.oneHot("a").shape());
  }

  @Test
  void manyColumns() throws IOException {
    int count = 100_000;
    Table table = read("1" + ",1".repeat(count - 1), CsvOptions.standard().withoutHeader());
    assertEquals(count, table.columns().size());
  }

  @Test
  void rowsOfUnequalLengthAreRefused() {
    refused("line 3: 1 cells, expected 2", () -> read("a,b\n1,2\n3\n"));
    refused("line 2: 3 cells, expected 2", () -> read("a,b\n1,2,3\n"));
    refused("line 4: 3 cells, expected 2", () -> read("a,b\n\"1\n1\",2\n3,4,\n"));
    refused(
        "line 2: 2 cells, expected 1", () -> read("a\n1,2", CsvOptions.standard().withoutHeader()));
  }

  @Test
  void quotesThatAreNotClosedAreRefused() {
    String message = "line %s: a quote is not closed before the end of the file";
    refused(message.formatted(2), () -> read("a,b\n1,\"2\n3,4\n"));
    refused(message.formatted(2), () -> read("a,b\n1,\"2"));
    refused(message.formatted(3), () -> read("a,b\n1,2\n\"3"));
    refused(message.formatted(1), () -> read("a,\"b\n1,2\n"));
    refused(message.formatted(2), () -> read("a,b\n1,\"2\"\"\n"));
  }

  @Test
  void textBehindAQuoteIsRefused() {
    FileFormatException e =
        assertThrows(FileFormatException.class, () -> read("a,b\n1,2\n\"3\"x,4\n"));
    assertEquals("x.csv: after line 2: ", e.getMessage().substring(0, 21));
  }

  @Test
  void malformedUtf8IsRefused() {
    byte[] bytes = "a,b\n1,2\n?,4\n".getBytes(StandardCharsets.UTF_8);
    bytes[8] = (byte) 0xe4; // ä of Latin-1
    FileFormatException e =
        assertThrows(FileFormatException.class, () -> read(bytes, CsvOptions.standard()));
    assertEquals("x.csv: after line 1: bytes that are no UTF-8", e.getMessage());
    byte[] cut = Arrays.copyOf("a,ü".getBytes(StandardCharsets.UTF_8), 3);
    e = assertThrows(FileFormatException.class, () -> read(cut, CsvOptions.standard()));
    assertEquals("x.csv: after line 1: bytes that are no UTF-8", e.getMessage());
  }

  @Test
  void noRowsAreRefused() {
    for (String empty : List.of("", "\n", "\r\n\n", "\uFEFF")) {
      refused("no rows, expected the names of columns", () -> read(empty));
      refused("no rows, expected one", () -> read(empty, CsvOptions.standard().withoutHeader()));
    }
  }

  @Test
  void theSameNameTwiceIsRefused() {
    refused("line 1: columns 1 and 3 are both named 'b'", () -> read("a,b,c,b\n1,2,3,4\n"));
    refused("line 2: columns 0 and 1 are both named ''", () -> read("\n,\n1,2\n"));
  }

  @Test
  void whatFastCsvOverlooksIsRefused() {
    String message = "a quoted cell ends in a carriage return, and its line in a line feed";
    refused(message, () -> read("a\n\"x\r\"\ny\n"));
    refused(message, () -> read("a,b\n1,\"x\r\"\n3,4\n"));
  }

  @Test
  void whatNoTextHasIsRefused() {
    refused("line 2: the character U+FFFF, which no text has", () -> read("a\n\uFFFF\n1\n"));
  }

  @Test
  void theStreamStaysOpen() throws IOException {
    boolean[] isClosed = new boolean[1];
    InputStream in =
        new ByteArrayInputStream(IRIS.getBytes(StandardCharsets.UTF_8)) {
          @Override
          public void close() {
            isClosed[0] = true;
          }
        };
    assertEquals(4, Csv.read(in, "x.csv", CsvOptions.standard()).rows());
    assertFalse(isClosed[0]);
  }

  @ParameterizedTest
  @ValueSource(chars = {'"', '\n', '\r'})
  void separatorsThatAreNoneAreRefused(char separator) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> CsvOptions.standard().separatedBy(separator));
    assertEquals(
        "csv options: the separator is character "
            + (int) separator
            + ", expected no quote and no line break",
        e.getMessage());
  }

  // ---- numbers ---------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "-1.5, -1.5",
    "+2, 2",
    ".5, 0.5",
    "5., 5",
    "1e3, 1000",
    "1E-2, 0.01",
    "' 7\t', 7",
    "3.4028235e38, 3.4028235e38",
    "1e-60, 0",
    "-0, -0.0",
    "0.1, 0.1",
    "16777217, 16777216",
  })
  void numbersAreDecimal(String text, float expected) throws IOException {
    assertEquals(NdArray.of(new float[] {expected}, 1, 1), read("a\n" + text).numbers("a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "NaN",
        "Infinity",
        "-inf",
        "1e39",
        "-1e39",
        "1f",
        "1d",
        "0x10",
        "1_000",
        "1 2",
        ".",
        "e5",
        "1e",
        "--1",
        "١",
        " "
      })
  void whatIsNoFiniteNumberIsRefused(String text) throws IOException {
    Table table = read("a,b\n1,2\n3," + text);
    refused(
        "line 3, column 'b': '" + text + "', expected a finite number",
        () -> table.numbers("a", "b"));
    assertEquals(NdArray.of(new float[] {1, 3}, 2, 1), table.numbers("a"));
  }

  @Test
  void anEmptyCellIsNoNumberAndNoClass() throws IOException {
    Table table = read("a,b\n\"x\ny\",2\n,3\n");
    refused("line 4, column 'a': '', expected the name of a class", () -> table.classes("a"));
    refused("line 4, column 'a': '', expected the name of a class", () -> table.oneHot("a"));
    Table other = read("a,b\n1,\n");
    refused("line 2, column 'b': '', expected a finite number", () -> other.numbers("b"));
  }

  @Test
  void emptyCellsBecomeTheNumberThatStandsForThem() throws IOException {
    Table table = read("a,b,c\n1,,x\n,2,y\n\" \t\",-3,z\n");
    float none = Float.NaN;
    assertEquals(
        NdArray.of(new float[][] {{none, 1}, {2, none}, {-3, none}}),
        table.numbersOr(Double.NaN, "b", "a"));
    assertEquals(NdArray.of(new float[][] {{1}, {0.1f}, {0.1f}}), table.numbersOr(0.1, "a"));
    refused("line 2, column 'c': 'x', expected a finite number", () -> table.numbersOr(1, "c"));
    refused("line 3, column 'a': '', expected a finite number", () -> table.numbers("a"));
    IllegalArgumentException large =
        assertThrows(IllegalArgumentException.class, () -> table.numbersOr(1e39, "a"));
    assertEquals("numbersOr: missing is 1.0E39, expected at most 3.4028235E38", large.getMessage());
    assertEquals(Float.NEGATIVE_INFINITY, table.numbersOr(Double.NEGATIVE_INFINITY, "a").at(1));
    for (String word : List.of("NaN", "-", "1e39")) {
      Table other = read("a,b\n1," + word + "\n");
      refused(
          "line 2, column 'b': '" + word + "', expected a finite number",
          () -> other.numbersOr(Double.NaN, "b"));
    }
  }

  @Test
  void aLongCellIsCutInMessages() throws IOException {
    Table table = read("a\n" + "9".repeat(60));
    refused(
        "line 2, column 'a': '" + "9".repeat(50) + "...', expected a finite number",
        () -> table.numbers("a"));
  }

  // ---- classes ---------------------------------------------------------------------------------

  @Test
  void classesAreSortedByTheirNames() throws IOException {
    Table table = read("a\nb\nC\nb\na\n10\n9\n");
    assertEquals(List.of("10", "9", "C", "a", "b"), table.classNames("a"));
    assertArrayEquals(new int[] {4, 2, 4, 3, 0, 1}, table.classes("a"));
  }

  @Test
  void classesThatAreNumbersAreSortedByThem() throws IOException {
    Table table = read("a\n10\n9\n-1\n1.0\n1\n10\n");
    assertEquals(List.of("-1", "1", "1.0", "9", "10"), table.classNames("a"));
    assertArrayEquals(new int[] {4, 3, 0, 2, 1, 4}, table.classes("a"));
  }

  @Test
  void oneHotVectors() throws IOException {
    assertEquals(
        NdArray.of(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0}, 4, 3),
        read(IRIS).oneHot("species"));
  }

  // ---- data sets -------------------------------------------------------------------------------

  @Test
  void examplesOfNumbers() throws IOException {
    Batch batch = read(IRIS).dataset(List.of("width"), "length").all();
    assertEquals(NdArray.of(new float[] {3.5f, 3.2f, -3.3f, 3.5f}, 4, 1), batch.inputs());
    assertEquals(NdArray.of(new float[] {5.1f, 7, 6.3f, 5.1f}, 4, 1), batch.targets());
  }

  @Test
  void examplesOfClasses() throws IOException {
    Batch batch = read(IRIS).classified(List.of("width", "length"), "species").all();
    assertEquals(
        NdArray.of(new float[] {3.5f, 5.1f, 3.2f, 7, -3.3f, 6.3f, 3.5f, 5.1f}, 4, 2),
        batch.inputs());
    assertArrayEquals(new int[] {0, 1, 2, 0}, batch.labels());
  }

  // ---- wrong calls -----------------------------------------------------------------------------

  @Test
  void unknownColumnsAreRefusedWithThoseThatThereAre() throws IOException {
    Table table = read("a,b\n1,2\n");
    List<Reading> calls =
        List.of(
            () -> table.numbers("a", "c"),
            () -> table.numbersOr(0, "a", "c"),
            () -> table.classes("c"),
            () -> table.classNames("c"),
            () -> table.oneHot("c"),
            () -> table.cell(0, "c"),
            () -> table.dataset(List.of("c"), "b"),
            () -> table.dataset(List.of("a"), "c"),
            () -> table.classified(List.of("c"), "b"),
            () -> table.classified(List.of("a"), "c"));
    List<String> names =
        List.of(
            "numbers",
            "numbersOr",
            "classes",
            "classNames",
            "oneHot",
            "cell",
            "dataset",
            "dataset",
            "classified",
            "classified");
    for (int i = 0; i < calls.size(); i++) {
      IllegalArgumentException e = assertThrows(IllegalArgumentException.class, calls.get(i)::get);
      assertEquals(names.get(i) + ": there is no column 'c' among [a, b]", e.getMessage());
    }
  }

  @Test
  void noColumnsAndNoSuchRowAreRefused() throws IOException {
    Table table = read("a,b\n1,2\n");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> table.numbers());
    assertEquals("numbers: no columns, expected at least one", e.getMessage());
    e = assertThrows(IllegalArgumentException.class, () -> table.numbersOr(0));
    assertEquals("numbersOr: no columns, expected at least one", e.getMessage());
    e = assertThrows(IllegalArgumentException.class, () -> table.dataset(List.of(), "a"));
    assertEquals("dataset: no columns, expected at least one", e.getMessage());
    for (int row : new int[] {-1, 1}) {
      e = assertThrows(IllegalArgumentException.class, () -> table.cell(row, "a"));
      assertEquals("cell: there is no row " + row + " of 1", e.getMessage());
    }
  }

  // ---- classes by given names
  // --------------------------------------------------------------------

  private static final List<String> NAMES = List.of("virginica", "setosa", "versicolor", "other");

  @Test
  void classesByTheNamesOfAnotherFile() throws IOException {
    Table table = read(IRIS);
    assertArrayEquals(new int[] {1, 2, 0, 1}, table.classes("species", NAMES));
    assertEquals(
        NdArray.of(new float[] {0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0}, 4, 4),
        table.oneHot("species", NAMES));
    Batch batch = table.classified(List.of("width"), "species", NAMES).all();
    assertArrayEquals(new int[] {1, 2, 0, 1}, batch.labels());
    assertEquals(NdArray.of(new float[] {3.5f, 3.2f, -3.3f, 3.5f}, 4, 1), batch.inputs());
  }

  @Test
  void otherNamesThanTheGivenOnesAreRefusedWithTheirLine() throws IOException {
    Table table = read(IRIS);
    List<String> some = List.of("setosa", "versicolor");
    String message =
        "line 4, column 'species': 'virginica', expected a class among [setosa, versicolor]";
    refused(message, () -> table.classes("species", some));
    refused(message, () -> table.oneHot("species", some));
    refused(message, () -> table.classified(List.of("width"), "species", some));
    List<String> twice = List.of("setosa", "versicolor", "virginica", "setosa");
    List<Reading> calls =
        List.of(
            () -> table.classes("species", twice),
            () -> table.oneHot("species", twice),
            () -> table.classified(List.of("width"), "species", twice));
    List<String> functions = List.of("classes", "oneHot", "classified");
    for (int i = 0; i < calls.size(); i++) {
      IllegalArgumentException e = assertThrows(IllegalArgumentException.class, calls.get(i)::get);
      assertEquals(
          functions.get(i) + ": the class 'setosa' twice, expected each once", e.getMessage());
    }
  }

  @Test
  void namesThatAreNumbersMayHaveAnySpacesAroundThem() throws IOException {
    Table table = read("a\n10\n\u20039\n");
    assertEquals(List.of("\u20039", "10"), table.classNames("a"));
  }

  // ---- tables of many columns ------------------------------------------------------------------

  @Test
  void manyColumnsAreFoundAndShortInMessages() throws IOException {
    int count = 200_000;
    Table table = read("1" + ",1".repeat(count - 1), CsvOptions.standard().withoutHeader());
    String[] all = table.columns().toArray(String[]::new);
    assertEquals(
        Shape.of(1, count), table.numbers(all).shape()); // not in an hour, if each is looked for
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> table.numbers("x"));
    assertEquals(
        "numbers: there is no column 'x' among [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...], 200000 in all",
        e.getMessage());
    assertEquals(
        "x.csv: 1 rows of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...], 200000 in all", table.toString());
  }

  // ---- sound files that look damaged -----------------------------------------------------------

  @Test
  void aQuoteThatOpensBehindACarriageReturnIsSound() throws IOException {
    assertEquals(List.of(List.of("\nfoo")), cells(read("x\r\"\nfoo\"\r")));
    assertEquals(List.of(List.of("a\"b"), List.of("\nc")), cells(read("x\ra\"b\r\"\nc\"\r")));
  }

  @Test
  void aQuotedCellThatEndsInACarriageReturnMayEndTheFile() throws IOException {
    assertEquals(List.of(List.of("y\r")), cells(read("x\n\"y\r\"")));
    assertEquals(List.of(List.of("1", "y\r")), cells(read("x,z\n1,\"y\r\"")));
  }

  @Test
  void aRowOfTooManyCellsIsNamedAsThat() {
    refused("line 2: 3 cells, expected 2", () -> read("x,y\n1,2,a\uFFFF\n"));
  }

  @Test
  void aNumberSignMayBeTheSeparator() throws IOException {
    Table table = read("a#b\n1#2\n#3\n", CsvOptions.standard().separatedBy('#'));
    assertEquals(List.of("a", "b"), table.columns());
    assertEquals(List.of(List.of("1", "2"), List.of("", "3")), cells(table));
    assertEquals(List.of(List.of("#1", "2")), cells(read("a,b\n#1,2\n")));
  }

  @Test
  void separatorsThatNoTextHasAreRefused() {
    for (char separator : new char[] {'\uFEFF', '\uFFFF', '\uD83D', '\uDE00'}) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class, () -> CsvOptions.standard().separatedBy(separator));
      assertEquals(
          "csv options: the separator is U+%04X, expected a character of a text"
              .formatted((int) separator),
          e.getMessage());
    }
  }
}
