package org.gradus.layers.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.gradus.layers.files.FileFormatException;
import org.gradus.layers.files.SafeFile;
import org.gradus.layers.internal.JsonFault;
import org.jspecify.annotations.Nullable;

/** What a run is, by name, as a file: one JSON object of texts. */
final class Configuration {
  /** More than any run has to say; bounds what a forged file costs. */
  private static final int MOST_BYTES = 16 << 20;

  private static final int MOST_CHARACTERS = 1_000_000;

  private Configuration() {}

  /** Refuses what a file of texts does not hold, or what is no note. */
  static void requireText(String what, String text) {
    if (text.length() > MOST_CHARACTERS || !UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          "%s has %s characters, expected at most %s, none of them a half"
              .formatted(what, text.length(), MOST_CHARACTERS));
    }
  }

  /** What a run was computed with, by name; no result depends on it but by rounding. */
  static Map<String, String> machine() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("gradus", version());
    texts.put("java", System.getProperty("java.version", "unknown"));
    boolean hasVectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    texts.put("vector module", hasVectors ? "present" : "absent");
    texts.put(
        "system",
        System.getProperty("os.name", "unknown") + " on " + System.getProperty("os.arch", "any"));
    texts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    return texts;
  }

  private static String version() {
    try (InputStream in =
        Objects.requireNonNull(Configuration.class.getResourceAsStream("version.txt"))) {
      return new String(in.readAllBytes(), UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a resource of this very library
    }
  }

  static void write(Path file, Map<String, String> texts) throws IOException {
    byte[] bytes = json(texts).getBytes(UTF_8);
    SafeFile.write(file, out -> out.write(ByteBuffer.wrap(bytes)));
  }

  private static String json(Map<String, String> texts) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      for (Map.Entry<String, String> entry : texts.entrySet()) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not in memory
    }
    return text + "\n";
  }

  /**
   * Reads such a file.
   *
   * @throws FileFormatException if it is none
   * @throws IOException if it cannot be read
   */
  static Map<String, String> read(Path file) throws IOException {
    String text = text(file);
    JsonFactory factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNameLength(MOST_BYTES)
                    .maxStringLength(MOST_BYTES)
                    .build())
            .build();
    try (JsonParser json = factory.createParser(text)) {
      Map<String, String> texts = texts(file, json);
      if (json.nextToken() != null) {
        throw new FileFormatException(file.toString(), "more than one object");
      }
      return texts;
    } catch (JsonProcessingException e) {
      throw new FileFormatException(file.toString(), why(e), e);
    }
  }

  private static String text(Path file) throws IOException {
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw new FileFormatException(
            file.toString(), "%s bytes, expected at most %s".formatted(size, MOST_BYTES));
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new FileFormatException(file.toString(), "it is not UTF-8", e);
    } catch (FileFormatException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(file + ": " + e, e);
    }
  }

  private static String why(JsonProcessingException e) {
    JsonFault fault = JsonFault.of(e);
    return fault.where().map(at -> "line " + at.getLineNr() + ": ").orElse("") + fault.what();
  }

  private static Map<String, String> texts(Path file, JsonParser json) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    require(file, json, json.nextToken(), JsonToken.START_OBJECT, "an object");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      require(file, json, json.nextToken(), JsonToken.VALUE_STRING, "a text");
      texts.put(name, json.getText());
    }
    return texts;
  }

  private static void require(
      Path file, JsonParser json, @Nullable JsonToken found, JsonToken expected, String inWords)
      throws FileFormatException {
    if (found != expected) {
      throw new FileFormatException(
          file.toString(),
          "line %s: %s, expected %s"
              .formatted(
                  json.currentTokenLocation().getLineNr(),
                  found == null ? "the end" : found,
                  inWords));
    }
  }
}
