package org.gradus.layers.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.internal.JsonFault;
import org.jspecify.annotations.Nullable;

/** Reads the header of a safetensors file, and checks that its tensors make up all data. */
final class SafeTensorsHeader {
  /** The key that is no tensor. */
  static final String METADATA = "__metadata__";

  private final String file;
  private final JsonParser json;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private @Nullable Map<String, String> metadata;

  private SafeTensorsHeader(String file, JsonParser json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Where a tensor is: its bytes from the first to the one behind the last, within the data.
   *
   * @param typeName its element type, which may be one that is not read
   */
  record Entry(String name, String typeName, Shape shape, long begin, long end) {
    /** The element type, if it is read. */
    Optional<ElementType> type() {
      return ElementType.named(typeName);
    }

    /** The element type, or a refusal. */
    ElementType readType(String file) throws FileFormatException {
      return type()
          .orElseThrow(
              () ->
                  new FileFormatException(
                      file,
                      "%s has the element type %s, which is not read, expected one of %s"
                          .formatted(tensor(name), Quoted.of(typeName), ElementType.names())));
    }

    /** The element type as messages call it. */
    String typeInWords() {
      return type().map(ElementType::inWords).orElse(Quoted.of(typeName));
    }
  }

  /** All of a header: the tensors in its order, and in the order of their data. */
  record Content(List<Entry> entries, List<Entry> byPlace, Map<String, String> metadata) {}

  /**
   * The content of a header.
   *
   * @param dataBytes how many bytes follow it
   */
  static Content parse(byte[] bytes, long dataBytes, String file) throws IOException {
    if (bytes.length == 0 || bytes[0] != '{') {
      throw new FileFormatException(
          file,
          "the header begins with %s, expected {"
              .formatted(bytes.length == 0 ? "nothing" : "the byte 0x%02x".formatted(bytes[0])));
    }
    CharBuffer text = decoded(bytes, file);
    try (JsonParser json =
        factory(bytes.length).createParser(text.array(), text.arrayOffset(), text.length())) {
      SafeTensorsHeader header = new SafeTensorsHeader(file, json);
      header.parse();
      List<Entry> entries = List.copyOf(header.entries.values());
      List<Entry> byPlace = byPlace(entries, dataBytes, file);
      return new Content(entries, byPlace, header.metadata == null ? Map.of() : header.metadata);
    } catch (JsonProcessingException e) {
      JsonFault fault = JsonFault.of(e);
      String place =
          fault
              .where()
              .map(at -> "not JSON at its character " + at.getCharOffset())
              .orElse("JSON that is not read");
      throw new FileFormatException(
          file, "the header is %s: %s".formatted(place, Quoted.of(fault.what())), e);
    }
  }

  private static CharBuffer decoded(byte[] bytes, String file) throws FileFormatException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(in);
    } catch (CharacterCodingException e) {
      throw new FileFormatException(
          file, "the header is not UTF-8 at its byte %s".formatted(in.position()), e);
    }
  }

  /** Names and texts may be as long as the header; nothing is remembered from file to file. */
  private static JsonFactory factory(int headerBytes) {
    return JsonFactory.builder()
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNameLength(headerBytes)
                .maxStringLength(headerBytes)
                .build())
        .build();
  }

  // ---- JSON ------------------------------------------------------------------------------------

  private void parse() throws IOException {
    json.nextToken();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = text("the header", json.currentName());
      json.nextToken();
      if (name.equals(METADATA)) {
        readMetadata();
      } else if (entries.putIfAbsent(name, entry(name)) != null) {
        throw fault(tensor(name), "is there twice, expected once");
      }
    }
    if (json.nextToken() != null) {
      throw fault("the header", "goes on behind its }, expected nothing");
    }
  }

  private void readMetadata() throws IOException {
    if (metadata != null) {
      throw fault(METADATA, "is there twice, expected once");
    }
    metadata = new LinkedHashMap<>();
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return; // as good as none, for other readers too
    }
    require(METADATA, JsonToken.START_OBJECT, "an object of texts");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = text(METADATA, json.currentName());
      String what = METADATA + " " + Quoted.of(key);
      json.nextToken();
      require(what, JsonToken.VALUE_STRING, "a text");
      if (metadata.put(key, text(what, json.getText())) != null) {
        throw fault(what, "is there twice, expected once");
      }
    }
  }

  /** What is in the braces of a tensor; other keys than the three have no meaning yet. */
  private Entry entry(String name) throws IOException {
    String what = tensor(name);
    require(what, JsonToken.START_OBJECT, "an object");
    Map<String, Object> values = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      json.nextToken();
      Object value =
          switch (key) {
            case "dtype" -> typeName(what);
            case "shape" -> shape(what, numbers(what, key));
            case "data_offsets" -> numbers(what, key);
            default -> json.skipChildren();
          };
      if (values.put(key, value) != null) {
        throw fault(what, "has the key %s twice, expected it once".formatted(Quoted.of(key)));
      }
    }
    return entry(
        name,
        required(what, values, "dtype", String.class),
        required(what, values, "shape", Shape.class),
        required(what, values, "data_offsets", long[].class));
  }

  private <T> T required(String what, Map<String, Object> values, String key, Class<T> type)
      throws FileFormatException {
    Object value = values.get(key);
    if (value == null) {
      throw fault(what, "has no %s, expected dtype, shape and data_offsets".formatted(key));
    }
    return type.cast(value);
  }

  private Entry entry(String name, String type, Shape shape, long[] offsets)
      throws FileFormatException {
    if (offsets.length != 2) {
      throw fault(tensor(name), "has %s data_offsets, expected 2".formatted(offsets.length));
    }
    Entry entry = new Entry(name, type, shape, offsets[0], offsets[1]);
    long given = offsets[1] - offsets[0];
    long expected = entry.type().map(known -> (long) shape.size() * known.bytes()).orElse(given);
    if (offsets[0] > offsets[1] || given != expected) {
      throw fault(
          tensor(name),
          "lies from byte %s to %s, expected %s bytes for %s %s"
              .formatted(offsets[0], offsets[1], Math.max(0, expected), Quoted.of(type), shape));
    }
    return entry;
  }

  private String typeName(String what) throws IOException {
    require(what + " dtype", JsonToken.VALUE_STRING, "a text");
    return json.getText();
  }

  private Shape shape(String what, long[] extents) throws FileFormatException {
    long bound = 1;
    for (long extent : extents) {
      if (extent > FileContent.LARGEST_ARRAY) {
        throw fault(
            what,
            "has the extent %s, and an array holds at most %s"
                .formatted(extent, FileContent.LARGEST_ARRAY));
      }
      bound *= Math.max(extent, 1);
      if (bound > FileContent.LARGEST_ARRAY) {
        throw fault(
            what,
            "has, but for extents of 0, at least %s elements, and an array holds at most %s"
                .formatted(bound, FileContent.LARGEST_ARRAY));
      }
    }
    return Shape.of(Arrays.stream(extents).mapToInt(Math::toIntExact).toArray());
  }

  /** A list of numbers from 0. */
  private long[] numbers(String what, String key) throws IOException {
    require(what + " " + key, JsonToken.START_ARRAY, "a list of numbers");
    List<Long> numbers = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(what + " " + key, JsonToken.VALUE_NUMBER_INT, "whole numbers");
      String text = json.getText();
      boolean fits = text.matches("\\d{1,19}") && Long.parseUnsignedLong(text) >= 0;
      if (!fits) {
        throw fault(
            what + " " + key,
            "has %s, expected numbers from 0 to %s".formatted(Quoted.of(text), Long.MAX_VALUE));
      }
      if (numbers.size() == Elements.MOST_AXES) {
        throw fault(what + " " + key, "has more than %s numbers".formatted(Elements.MOST_AXES));
      }
      numbers.add(Long.parseUnsignedLong(text));
    }
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  private void require(String what, JsonToken expected, String inWords) throws IOException {
    if (json.currentToken() != expected) {
      throw fault(what, "is %s, expected %s".formatted(Quoted.of(json.getText()), inWords));
    }
  }

  /** A text that can be written as UTF-8 again. */
  private String text(String what, String text) throws FileFormatException {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw fault(what, "has half a surrogate pair: " + Quoted.of(text));
    }
    return text;
  }

  private static String tensor(String name) {
    return "tensor " + Quoted.of(name);
  }

  private FileFormatException fault(String what, String message) {
    return new FileFormatException(file, what + " " + message);
  }

  // ---- places ----------------------------------------------------------------------------------

  /** The tensors in the order of their data, which have neither gaps nor overlaps. */
  private static List<Entry> byPlace(List<Entry> entries, long dataBytes, String file)
      throws FileFormatException {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long end = 0;
    for (Entry entry : sorted) {
      if (entry.begin() != end) {
        throw new FileFormatException(
            file,
            "%s begins at byte %s of the data, expected %s, where the one before it ends"
                .formatted(tensor(entry.name()), entry.begin(), end));
      }
      end = entry.end();
    }
    if (end != dataBytes) {
      String last =
          sorted.isEmpty() ? "" : ", at the end of " + tensor(sorted.get(sorted.size() - 1).name());
      throw new FileFormatException(
          file, "%s bytes of data, expected %s%s".formatted(dataBytes, end, last));
    }
    return List.copyOf(sorted);
  }
}
