package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.WithNull;
import org.gradus.autograd.array.NdArray;

/** Whatever cells hold, quoted they are read again. */
class CsvProperties {

  @Provide
  Arbitrary<String> cells() {
    return Arbitraries.strings()
        .withChars(',', ';', '"', '\n', '\r', ' ', 'a', '1', '\uFEFF', 'ü')
        .ofMaxLength(6);
  }

  private static String quoted(String cell) {
    return '"' + cell.replace("\"", "\"\"") + '"';
  }

  @Property
  void quotedCellsAreReadAgain(
      @ForAll @IntRange(min = 2, max = 4) int columns,
      @ForAll("semicolonOrComma") char separator,
      @ForAll @Size(min = 4, max = 24) List<@From("cells") String> all)
      throws IOException {
    int rows = all.size() / columns;
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      text.append(
              all.subList(row * columns, (row + 1) * columns).stream()
                  .map(CsvProperties::quoted)
                  .collect(Collectors.joining("" + separator)))
          .append("\r\n");
    }
    Table table =
        CsvTest.read(text.toString(), CsvOptions.standard().separatedBy(separator).withoutHeader());

    assertEquals(rows, table.rows());
    for (int i = 0; i < rows * columns; i++) {
      assertEquals(all.get(i), table.cell(i / columns, "" + i % columns));
    }
  }

  @Provide
  Arbitrary<Character> semicolonOrComma() {
    return Arbitraries.of(';', ',');
  }

  @Property
  void numbersAreReadAsTheyArePrinted(@ForAll @Size(min = 1, max = 20) List<Float> numbers)
      throws IOException {
    String text =
        numbers.stream().map(String::valueOf).collect(Collectors.joining("\n", "a\n", "\n"));
    float[] expected = new float[numbers.size()];
    IntStream.range(0, expected.length).forEach(i -> expected[i] = numbers.get(i));

    assertEquals(NdArray.of(expected, expected.length, 1), CsvTest.read(text).numbers("a"));
  }

  @Property
  void numbersAreReadAmongEmptyCells(
      @ForAll @Size(min = 1, max = 20) List<@WithNull Float> numbers, @ForAll float missing)
      throws IOException {
    String text =
        numbers.stream()
            .map(number -> "x," + (number == null ? "" : number))
            .collect(Collectors.joining("\n", "a,b\n", "\n"));
    float[] expected = new float[numbers.size()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = numbers.get(i) == null ? missing : numbers.get(i);
    }
    NdArray read = CsvTest.read(text).numbersOr(missing, "b");
    assertEquals(NdArray.of(expected, expected.length, 1), read);
  }

  @Property
  void namesOfClassesAreTheTextsOfTheRows(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = -3, max = 12) Integer> numbers)
      throws IOException {
    String text =
        numbers.stream().map(String::valueOf).collect(Collectors.joining("\n", "a\n", "\n"));
    Table table = CsvTest.read(text);

    List<String> names = table.classNames("a");
    assertEquals(numbers.stream().distinct().sorted().map(String::valueOf).toList(), names);
    int[] classes = table.classes("a");
    for (int i = 0; i < classes.length; i++) {
      assertEquals(table.cell(i, "a"), names.get(classes[i]));
    }
  }

  @Property
  void anyBytesAreReadOrRefusedByName(@ForAll @Size(max = 30) byte[] bytes) {
    try {
      Csv.read(new ByteArrayInputStream(bytes), "x.csv", CsvOptions.standard());
    } catch (IOException e) {
      assertTrue(e.getMessage().startsWith("x.csv: "), e.getMessage());
    }
  }
}
