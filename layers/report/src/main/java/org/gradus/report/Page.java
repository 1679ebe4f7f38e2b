package org.gradus.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A page that grows section by section. A section that fails says why, and the others stand. */
final class Page {
  private final StringBuilder body = new StringBuilder();

  /** Adds a section, or nothing. */
  void section(String title, Supplier<Optional<String>> content) {
    attempt(title, content).flatMap(made -> made).ifPresent(html -> add(title, html));
  }

  /** What is computed for sections; if that fails, a section says why, and it is empty. */
  <T> Optional<T> attempt(String title, Supplier<T> computed) {
    try {
      return Optional.of(computed.get());
    } catch (RuntimeException e) {
      add(title, Html.in("p class=\"failed\"", "This could not be made: " + Html.text(why(e))));
      return Optional.empty();
    }
  }

  private static String why(RuntimeException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private void add(String title, String html) {
    body.append(Html.in("section", Html.in("h2", Html.text(title)) + html));
  }

  /** The whole page. */
  String html(String title, String subtitle) {
    return """
    <!DOCTYPE html>
    <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    """
        + Html.in("title", Html.text(title))
        + Html.in("style", "\n" + resource("report.css"))
        + "</head>\n<body>\n"
        + Html.in("header", Html.in("h1", Html.text(title)) + Html.note(subtitle))
        + Html.in("main", "\n" + body)
        + "</body>\n</html>\n";
  }

  /** A text that lies beside this class. */
  static String resource(String name) {
    try (@Nullable InputStream in = Page.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "report: the file %s is missing in its jar".formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
