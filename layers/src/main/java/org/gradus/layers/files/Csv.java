package org.gradus.layers.files;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.gradus.autograd.array.Nulls;
import org.jspecify.annotations.Nullable;

/**
 * Reads tables from CSV files, as RFC 4180 describes them, in UTF-8.
 *
 * <pre>{@code
 * Table iris = Csv.read(Path.of("iris.csv"));
 * Dataset examples = iris.classified(List.of("sepal length", "petal length"), "species");
 * }</pre>
 *
 * <p>Cells may be quoted, and then have separators, line breaks and doubled quotes in them. Lines
 * end in LF, CR LF or CR; a mark of byte order is left out. Empty lines are left out too, but for
 * tables of one column, where each is an empty cell. All cells are kept as text.
 *
 * <p>Refused with a {@link FileFormatException} that names the file and the line: a row of more or
 * fewer cells than the first, a quote that is not closed or has text behind it, bytes that are no
 * UTF-8, a name that two columns have, a quoted cell that ends in CR before an LF.
 *
 * @see <a href="https://fastcsv.org">FastCSV</a>, which finds the cells
 */
public final class Csv {
  private static final int MOST_COLUMNS = 1 << 20;

  /** Texts that are kept once, however many cells have them: enough for the names of classes. */
  private static final int SHARED = 1 << 16;

  private Csv() {}

  /**
   * Reads a file whose cells are separated by commas, and whose first row has the names.
   *
   * @throws FileFormatException if the file is damaged
   * @throws IOException if it cannot be read
   */
  public static Table read(Path file) throws IOException {
    return read(file, CsvOptions.standard());
  }

  /**
   * Reads a file.
   *
   * @param options how it is written
   * @throws FileFormatException if the file is damaged
   * @throws IOException if it cannot be read
   */
  public static Table read(Path file, CsvOptions options) throws IOException {
    Nulls.refuse("read: file, options", file, options);
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString(), options);
    }
  }

  /**
   * Reads a file to the end of a stream, which stays open.
   *
   * @param in the file
   * @param name of the file, for messages
   * @param options how it is written
   * @throws FileFormatException if the content is damaged
   * @throws IOException if it cannot be read
   */
  public static Table read(InputStream in, String name, CsvOptions options) throws IOException {
    Nulls.refuse("read: in, name, options", in, name, options);
    return FileContent.named(name, () -> new Parsing(name, options).table(in));
  }

  /** What is known of a table while its file is read. */
  private static final class Parsing {
    private final String name;
    private final CsvOptions options;
    private final List<String[]> rows = new ArrayList<>();
    private final List<Long> lines = new ArrayList<>();
    private final Map<String, String> shared = new HashMap<>();
    private List<String> columns = List.of();
    private boolean isEnded;
    private @Nullable CsvText text;
    private long line = 1;

    Parsing(String name, CsvOptions options) {
      this.name = name;
      this.options = options;
    }

    Table table(InputStream in) throws IOException {
      // The reader is not closed: that would close the stream, and it holds nothing else.
      text = new CsvText(in, name, options.separator());
      CsvReader<CsvRecord> reader =
          CsvReader.builder()
              .fieldSeparator(options.separator())
              .commentCharacter(options.separator() == '#' ? ';' : '#') // must be another; unused
              .skipEmptyLines(false)
              .acceptCharsAfterQuotes(false)
              .ignoreDifferentFieldCount(true)
              .build(CsvRecordHandler.of(made -> made.maxFields(MOST_COLUMNS)), text);
      try {
        for (CsvRecord found : reader) {
          add(found);
        }
      } catch (CsvParseException | UncheckedIOException e) {
        throw reason(e);
      }
      if (!isEnded) {
        throw new FileFormatException(
            name, "line %s: a quote is not closed before the end of the file".formatted(line));
      }
      if (columns.isEmpty()) {
        throw new FileFormatException(
            name,
            "no rows, expected %s".formatted(options.header() ? "the names of columns" : "one"));
      }
      return new Table(name, columns, rows, lines);
    }

    private void add(CsvRecord found) throws FileFormatException {
      if (isEnded) {
        throw new FileFormatException(
            name, "line %s: the character U+FFFF, which no text has".formatted(line));
      }
      List<String> cells = found.getFields();
      line = found.getStartingLineNumber();
      boolean isBlank = cells.size() == 1 && cells.get(0).isEmpty();
      if (cells.size() == 1 && cells.get(0).equals(CsvText.END)) {
        isEnded = true;
      } else if (isBlank && columns.size() != 1) {
        return;
      } else if (columns.isEmpty() && options.header()) {
        columns = named(cells);
      } else {
        if (columns.isEmpty()) {
          columns = IntStream.range(0, cells.size()).mapToObj(String::valueOf).toList();
        }
        addRow(cells);
      }
    }

    private List<String> named(List<String> cells) throws FileFormatException {
      Set<String> names = new HashSet<>();
      for (int i = 0; i < cells.size(); i++) {
        if (!names.add(cells.get(i))) {
          throw new FileFormatException(
              name,
              "line %s: columns %s and %s are both named '%s'"
                  .formatted(line, cells.indexOf(cells.get(i)), i, cells.get(i)));
        }
      }
      return List.copyOf(cells);
    }

    private void addRow(List<String> cells) throws FileFormatException {
      if (cells.size() != columns.size()) {
        boolean isOpen = isOpen() && cells.get(cells.size() - 1).endsWith(CsvText.END);
        throw new FileFormatException(
            name,
            isOpen
                ? "line %s: a quote is not closed before the end of the file".formatted(line)
                : "line %s: %s cells, expected %s".formatted(line, cells.size(), columns.size()));
      }
      rows.add(cells.stream().map(this::kept).toArray(String[]::new));
      lines.add(line);
    }

    private boolean isOpen() {
      return text != null && text.isOpen();
    }

    /** The text itself, or one that equals it and is kept already. */
    private String kept(String text) {
      String known = shared.get(text);
      if (known == null && shared.size() < SHARED) {
        shared.put(text, text);
      }
      return known != null ? known : text;
    }

    private IOException reason(RuntimeException e) {
      Throwable cause = e.getCause();
      if (cause instanceof CharacterCodingException) {
        return new FileFormatException(
            name, "after line %s: bytes that are no UTF-8".formatted(line), e);
      }
      if (cause instanceof IOException io) {
        return io;
      }
      String why = cause != null ? cause.getMessage() : e.getMessage();
      return new FileFormatException(name, "after line %s: %s".formatted(line, why), e);
    }
  }
}
