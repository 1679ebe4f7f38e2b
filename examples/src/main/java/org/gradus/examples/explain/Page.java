package org.gradus.examples.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.gradus.examples.explain.Scene.Mark;
import org.gradus.examples.explain.Scene.Product;
import org.gradus.examples.explain.Scene.Step;

/** The page as one HTML file, which needs no other and no network. */
public final class Page {
  private static final String TEMPLATE = "page.html";
  private static final String PLACE = "@DATA@";

  private Page() {}

  /**
   * The page, with a last chapter on convolutions of one's own.
   *
   * @param yours the geometry of that chapter
   * @throws IOException if the program's own template cannot be read
   */
  public static String html(Geometry yours) throws IOException {
    String data = data(Chapters.of(yours), Chapters.graphs());
    return template().replace(PLACE, data.replace("<", "\\u003c")); // ends no element of the page
  }

  private static String template() throws IOException {
    try (InputStream in = Page.class.getResourceAsStream(TEMPLATE)) {
      if (in == null) {
        throw new IOException("the program has no " + TEMPLATE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static String data(List<Chapter> chapters, List<GraphWalk> graphs) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      strings(json, "how", ConvolutionChapter.how());
      json.writeArrayFieldStart("chapters");
      for (Chapter each : chapters) {
        write(json, each);
      }
      for (GraphWalk each : graphs) {
        write(json, each);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void heading(JsonGenerator json, Chapter.Heading heading) throws IOException {
    json.writeStringField("id", heading.id());
    json.writeStringField("title", heading.title());
    json.writeStringField("text", heading.text());
  }

  private static void write(JsonGenerator json, Chapter chapter) throws IOException {
    json.writeStartObject();
    heading(json, chapter.heading());
    json.writeArrayFieldStart("grids");
    for (Grid each : chapter.grids()) {
      write(json, each);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("scenes");
    for (Scene each : chapter.scenes()) {
      write(json, each);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Grid grid) throws IOException {
    json.writeStartObject();
    json.writeStringField("caption", grid.caption());
    strings(json, "planes", grid.planes());
    json.writeNumberField("rows", grid.rows());
    json.writeNumberField("columns", grid.columns());
    strings(json, "names", grid.names());
    strings(json, "values", grid.values());
    numbers(json, "zeros", grid.zeros());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Scene scene) throws IOException {
    json.writeStartObject();
    json.writeStringField("title", scene.title());
    json.writeStringField("text", scene.text());
    numbers(json, "grids", scene.grids());
    json.writeNumberField("target", scene.target());
    json.writeArrayFieldStart("steps");
    for (Step step : scene.steps()) {
      json.writeStartObject();
      json.writeArrayFieldStart("products");
      for (Product each : step.products()) {
        json.writeStartObject();
        json.writeStringField("symbols", each.symbols());
        json.writeStringField("numbers", each.numbers());
        marks(json, "factors", each.factors());
        json.writeEndObject();
      }
      json.writeEndArray();
      marks(json, "window", step.window());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, GraphWalk walk) throws IOException {
    json.writeStartObject();
    heading(json, walk.heading());
    json.writeArrayFieldStart("frames");
    for (GraphWalk.Frame each : walk.frames()) {
      json.writeStartObject();
      json.writeStringField("text", each.text());
      json.writeStringField("svg", each.svg());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void strings(JsonGenerator json, String field, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String each : values) {
      json.writeString(each);
    }
    json.writeEndArray();
  }

  private static void numbers(JsonGenerator json, String field, List<Integer> values)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (int each : values) {
      json.writeNumber(each);
    }
    json.writeEndArray();
  }

  /** Each as [grid, cell]. */
  private static void marks(JsonGenerator json, String field, List<Mark> marks) throws IOException {
    json.writeArrayFieldStart(field);
    for (Mark each : marks) {
      json.writeStartArray();
      json.writeNumber(each.grid());
      json.writeNumber(each.cell());
      json.writeEndArray();
    }
    json.writeEndArray();
  }
}
