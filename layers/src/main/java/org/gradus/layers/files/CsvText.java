package org.gradus.layers.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The characters of a CSV file in UTF-8, without a mark of byte order, and a last line of one
 * character that no text has. If that line does not arrive as a row of its own, it is part of a
 * cell: a quote is open at the end of the file.
 */
final class CsvText extends Reader {
  /** The last row; Unicode says that this is no character of any text. */
  static final String END = "\uFFFF";

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String name;
  private final char separator;
  private final Reader text;
  private boolean isFirst = true;
  private char beforeLast;
  private char last = '\n';
  private boolean isStart = true;
  private boolean isQuoted;
  private boolean isBehindQuote;
  private String end = "";
  private boolean isEnd;

  CsvText(InputStream in, String name, char separator) {
    this.name = name;
    this.separator = separator;
    text =
        new InputStreamReader(
            in,
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  @Override
  public int read(char[] to, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    int found = isEnd ? -1 : text.read(to, from, count);
    if (found > 0 && isFirst) {
      isFirst = false;
      if (to[from] == BYTE_ORDER_MARK) {
        System.arraycopy(to, from + 1, to, from, --found);
        if (found == 0) {
          return read(to, from, count);
        }
      }
    }
    if (found > 0) {
      watch(to, from, found);
      return found;
    }
    if (!isEnd) {
      isEnd = true;
      boolean isInRow = last != '\n' && last != '\r';
      end = !isInRow ? END : isOverlooked('\n') ? "\r" + END : "\n" + END;
    }
    int some = Math.min(count, end.length());
    end.getChars(0, some, to, from);
    end = end.substring(some);
    return some > 0 ? some : -1;
  }

  /** Whether what has been read ends within quotes. */
  boolean isOpen() {
    return isQuoted;
  }

  /** FastCSV does not end a row at an LF behind a quoted cell that ends in CR. */
  private boolean isOverlooked(char next) {
    return isBehindQuote && beforeLast == '\r' && next == '\n';
  }

  /** Remembers the last characters, and refuses an end of a row that FastCSV overlooks. */
  private void watch(char[] text, int from, int count) throws FileFormatException {
    for (int i = from; i < from + count; i++) {
      if (isOverlooked(text[i])) {
        throw new FileFormatException(
            name, "a quoted cell ends in a carriage return, and its line in a line feed");
      }
      step(text[i]);
    }
  }

  /** A quote opens a cell at its start; within quotes it closes them, unless another follows. */
  private void step(char next) {
    boolean wasQuoted = isQuoted;
    isQuoted = isQuoted ? next != '"' : next == '"' && (isStart || isBehindQuote);
    isBehindQuote = wasQuoted && !isQuoted;
    isStart = !isQuoted && (next == separator || next == '\n' || next == '\r');
    beforeLast = last;
    last = next;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
