package org.gradus.layers.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafeTensorsTest {
  @TempDir private Path folder;

  /** A file of this header, then these bytes. */
  static byte[] file(String header, byte... data) {
    byte[] head = header.getBytes(UTF_8);
    return ByteBuffer.allocate(8 + head.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(head.length)
        .put(head)
        .put(data)
        .array();
  }

  private static SafeTensors read(byte[] file) throws IOException {
    return SafeTensors.read(file, "x");
  }

  private static Map<String, NdArray> mixed() {
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    tensors.put("w", NdArray.wrap(new float[] {1, -2}, Shape.of(2, 1)));
    tensors.put("d", NdArray.wrap(new double[] {0.5}, Shape.of(1)));
    tensors.put("empty", NdArray.zeros(DType.FLOAT32, Shape.of(3, 0)));
    tensors.put("scalar", NdArray.scalar(DType.FLOAT32, 4));
    return tensors;
  }

  // ---- right files -----------------------------------------------------------------------------

  /** Written by hand, with what JSON allows, and in another order than that of the data. */
  @Test
  void readsAFileOfAnotherProgram() throws IOException {
    byte[] data = new byte[20];
    data[2] = (byte) 0x80;
    data[3] = 0x3f;
    data[7] = (byte) 0xc0;
    data[18] = 0x08;
    data[19] = 0x40;
    SafeTensors content =
        read(
            file(
                """
                {"b\\u00e9 \\"" : {"shape":[1,2,1], "data_offsets": [0, 8], "dtype":"F32", "more":[{}]},
                "\\n":{"dtype":"F64","shape":[],"data_offsets":[12,20]},
                "": {"dtype":"F32","shape":[2,0,9],"data_offsets":[8,8]},
                "__metadata__":{"format":"pt","":"\\ud83d\\ude00"},
                "zero":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}
                """,
                data));
    assertEquals(List.of("bé \"", "\n", "", "zero"), List.copyOf(content.tensors().keySet()));
    assertEquals(
        List.of(
            NdArray.wrap(new float[] {1, -2}, Shape.of(1, 2, 1)),
            NdArray.scalar(DType.FLOAT64, 3),
            NdArray.zeros(DType.FLOAT32, Shape.of(2, 0, 9)),
            NdArray.of(new float[] {0}, 1)),
        List.copyOf(content.tensors().values()));
    assertEquals(Map.of("format", "pt", "", "😀"), content.metadata());
  }

  @Test
  void readsAFileOfNothing() throws IOException {
    SafeTensors nothing = SafeTensors.of(Map.of());
    for (String header : List.of("{}", "{}      ", "{\"__metadata__\":null}")) {
      assertEquals(nothing, read(file(header)), header);
    }
    assertEquals(nothing, read(nothing.toBytes()));
  }

  /** The header beside its meaning; eight-byte elements come first, so that all are aligned. */
  @Test
  void writesWhatTheFormatSays() throws IOException {
    String header =
        """
        {"__metadata__":{"gradus.format":"1","gradus.checksum":"crc32c:00000000","by":"hand"},\
        "w":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]},\
        "d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},\
        "empty":{"dtype":"F32","shape":[3,0],"data_offsets":[16,16]},\
        "scalar":{"dtype":"F32","shape":[],"data_offsets":[16,20]}}\
        """;
    header += " ".repeat(7 - (header.length() - 1) % 8);
    byte[] data = {
      0,
      0,
      0,
      0,
      0,
      0,
      (byte) 0xe0,
      0x3f,
      0,
      0,
      (byte) 0x80,
      0x3f,
      0,
      0,
      0,
      (byte) 0xc0,
      0,
      0,
      (byte) 0x80,
      0x40
    };
    CRC32C sum = new CRC32C();
    sum.update(file(header, data));
    byte[] expected = file(header.replace("00000000", "%08x".formatted(sum.getValue())), data);
    SafeTensors content = new SafeTensors(mixed(), Map.of("by", "hand"));
    assertArrayEquals(expected, content.toBytes());
    Path path = folder.resolve("mixed.safetensors");
    content.write(path);
    assertArrayEquals(expected, Files.readAllBytes(path));
    assertEquals(content, SafeTensors.read(path));
    assertEquals(
        List.copyOf(mixed().keySet()), List.copyOf(SafeTensors.read(path).tensors().keySet()));
  }

  /** More than one chunk of a mebibyte. */
  @Test
  void largeTensorsAreReadInParts() throws IOException {
    float[] floats = new float[700_001];
    double[] doubles = new double[300_003];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = i;
    }
    Arrays.setAll(doubles, i -> -i);
    SafeTensors content = SafeTensors.of(Map.of("f", NdArray.of(floats), "d", NdArray.of(doubles)));
    Path path = folder.resolve("large");
    content.write(path);
    assertEquals(content, SafeTensors.read(path));
  }

  @Test
  void everyBitIsKept() throws IOException {
    int[] floats = {0x7fa12345, 0xffc00001, 0x7f800000, 0xff800000, 0x80000000, 1};
    long[] doubles = {0x7ff4000000001234L, 0xfff8000000000001L, Long.MIN_VALUE, 1};
    ByteBuffer data = ByteBuffer.allocate(56).order(ByteOrder.LITTLE_ENDIAN);
    for (long bits : doubles) {
      data.putLong(bits);
    }
    for (int bits : floats) {
      data.putInt(bits);
    }
    SafeTensors content =
        read(
            file(
                "{\"d\":{\"dtype\":\"F64\",\"shape\":[4],\"data_offsets\":[0,32]},"
                    + "\"f\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[32,56]}}",
                data.array()));
    byte[] written = content.toBytes();
    assertArrayEquals(
        data.array(), Arrays.copyOfRange(written, written.length - 56, written.length));
  }

  @Test
  void mapsStayAsTheyWere() {
    Map<String, NdArray> tensors = mixed();
    Map<String, String> metadata = new LinkedHashMap<>(Map.of("a", "b"));
    SafeTensors content = new SafeTensors(tensors, metadata);
    tensors.clear();
    metadata.clear();
    assertEquals(new SafeTensors(mixed(), Map.of("a", "b")), content);
    assertThrows(UnsupportedOperationException.class, () -> content.tensors().clear());
    assertThrows(UnsupportedOperationException.class, () -> content.metadata().clear());
  }

  /** Longer than what parsers of JSON allow by default. */
  @Test
  void namesMayBeLong() throws IOException {
    SafeTensors content =
        new SafeTensors(
            Map.of("n".repeat(60_000), NdArray.of(1f)), Map.of("k".repeat(60_000), "t"));
    assertEquals(content, read(content.toBytes()));
  }

  // ---- refused ---------------------------------------------------------------------------------

  private static void refuses(String message, Throwable refusal) {
    assertEquals(message, refusal.getMessage());
  }

  private static void refuses(String message, byte[] file) {
    refuses("x: " + message, assertThrows(FileFormatException.class, () -> read(file)));
  }

  private static String tensor(String dtype, String shape, String offsets) {
    return "{\"a\":{\"dtype\":%s,\"shape\":%s,\"data_offsets\":%s}}"
        .formatted(dtype, shape, offsets);
  }

  private static String metadata(String metadata) {
    return "{\"__metadata__\":%s}".formatted(metadata);
  }

  private static final String NOT_READ =
      ", which is not read, expected one of [F32, F64, F16, BF16, BOOL, I8, U8, I16, U16, I32, U32,"
          + " I64, U64]";

  static List<Arguments> wrongHeaders() {
    List<Arguments> rows = new ArrayList<>();
    String number = "expected numbers from 0 to 9223372036854775807";
    String a = tensor("\"F32\"", "[1]", "[0,4]");
    String inner = a.substring(1, a.length() - 1);
    Stream.of(
            List.of("", "the header begins with nothing, expected {"),
            List.of(" {}", "the header begins with the byte 0x20, expected {"),
            List.of(
                "{",
                "the header is not JSON at its character 1: Unexpected end-of-input:"
                    + " expected close marker for Object"),
            List.of(
                "{'a':1}",
                "the header is not JSON at its character 1: Unexpected character"
                    + " (''' (code 39)): was expecting double-quote to start field name"),
            List.of("{}{", "the header goes on behind its }, expected nothing"),
            List.of("{\"a\":1}", "tensor a is 1, expected an object"),
            List.of("{\"a\":{}}", "tensor a has no dtype, expected dtype, shape and data_offsets"),
            List.of("{%s,%s}".formatted(inner, inner), "tensor a is there twice, expected once"),
            List.of(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"dtype\":\"F32\"}}",
                "tensor a has the key dtype twice, expected it once"),
            List.of(
                "{\"__metadata__\":{},\"__metadata__\":{}}",
                "__metadata__ is there twice, expected once"),
            List.of(metadata("[]"), "__metadata__ is [, expected an object of texts"),
            List.of(metadata("{\"k\":3}"), "__metadata__ k is 3, expected a text"),
            List.of(
                metadata("{\"k\":\"\",\"k\":\"\"}"),
                "__metadata__ k is there twice, expected once"),
            List.of(metadata("{\"\\ud800\":\"\"}"), "__metadata__ has half a surrogate pair: ?"),
            List.of(metadata("{\"k\":\"\\udc00\"}"), "__metadata__ k has half a surrogate pair: ?"),
            List.of("{\"\\ud800\":{}}", "the header has half a surrogate pair: ?"),
            List.of(tensor("3", "[1]", "[0,4]"), "tensor a dtype is 3, expected a text"),
            List.of(
                tensor("\"F8_E4M3\"", "[4]", "[0,4]"),
                "tensor a has the element type F8_E4M3" + NOT_READ),
            List.of(
                tensor("\"f32\"", "[1]", "[0,4]"), "tensor a has the element type f32" + NOT_READ),
            List.of(
                tensor("\"F32\"", "1", "[0,4]"), "tensor a shape is 1, expected a list of numbers"),
            List.of(
                tensor("\"F32\"", "[1.0]", "[0,4]"),
                "tensor a shape is 1.0, expected whole numbers"),
            List.of(tensor("\"F32\"", "[-0]", "[0,4]"), "tensor a shape has -0, " + number),
            List.of(
                tensor("\"F32\"", "[9223372036854775808]", "[0,4]"),
                "tensor a shape has 9223372036854775808, " + number),
            List.of(
                tensor("\"F32\"", "[]", "[0,11111111111111111111]"),
                "tensor a data_offsets has 11111111111111111111, " + number),
            List.of(
                tensor("\"F32\"", "[" + "1,".repeat(64) + "1]", "[0,4]"),
                "tensor a shape has more than 64 numbers"),
            List.of(
                tensor("\"F32\"", "[0,2147483640]", "[0,0]"),
                "tensor a has the extent 2147483640, and an array holds at most 2147483639"),
            List.of(
                tensor("\"F32\"", "[2147483639,2147483639,2147483639]", "[0,4]"),
                "tensor a has, but for extents of 0, at least 4611685979772682321 elements,"
                    + " and an array holds at most 2147483639"),
            List.of(
                tensor("\"F64\"", "[2147483639]", "[0,4]"),
                "tensor a lies from byte 0 to 4, expected 17179869112 bytes for F64 [2147483639]"),
            List.of(
                tensor("\"F32\"", "[2]", "[0,4]"),
                "tensor a lies from byte 0 to 4, expected 8 bytes for F32 [2]"),
            List.of(
                tensor("\"F32\"", "[1]", "[4,0]"),
                "tensor a lies from byte 4 to 0, expected 4 bytes for F32 [1]"),
            List.of(
                tensor("\"F32\"", "[1]", "[9223372036854775804,9223372036854775807]"),
                "tensor a lies from byte 9223372036854775804 to 9223372036854775807,"
                    + " expected 4 bytes for F32 [1]"),
            List.of(tensor("\"F32\"", "[1]", "[0]"), "tensor a has 1 data_offsets, expected 2"),
            List.of(
                tensor("\"F32\"", "[1]", "[1,5]"),
                "tensor a begins at byte 1 of the data, expected 0, where the one before it ends"),
            List.of(
                "{%s,%s}".formatted(inner, inner.replace("\"a\"", "\"b\"")),
                "tensor b begins at byte 0 of the data, expected 4, where the one before it ends"),
            List.of(
                tensor("\"F32\"", "[2]", "[0,8]"),
                "4 bytes of data, expected 8, at the end of tensor a"),
            List.of(
                tensor("\"F32\"", "[0]", "[0,0]"),
                "4 bytes of data, expected 0, at the end of tensor a"),
            List.of("{}", "4 bytes of data, expected 0"))
        .forEach(row -> rows.add(Arguments.of(row.get(0), row.get(1))));
    return rows;
  }

  @ParameterizedTest
  @MethodSource("wrongHeaders")
  void wrongHeadersAreRefused(String header, String message) {
    refuses(message, file(header, (byte) 0, (byte) 0, (byte) 0, (byte) 0));
  }

  @Test
  void longAndStrangeNamesAreShortInMessages() {
    refuses(
        "tensor ??%s... is 1, expected an object".formatted("n".repeat(98)),
        file("{\"\\n\\u0007%s\":1}".formatted("n".repeat(100_000))));
    refuses("tensor \"\" is 1, expected an object", file("{\"\":1}"));
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    byte[] file = file("{\"abc\":1}");
    file[8 + 3] = (byte) 0xff;
    refuses("the header is not UTF-8 at its byte 3", file);
  }

  /** A header that is not there costs no memory. */
  @Test
  void wrongSizesAreRefused() {
    refuses("0 bytes, expected at least 8 for the size", new byte[0]);
    refuses("7 bytes, expected at least 8 for the size", new byte[7]);
    refuses("the header begins with nothing, expected {", new byte[8]);
    byte[] file = file("{}");
    file[0] = 3;
    refuses("a header of 3 bytes, expected at most 2, which is all that follows", file);
    file[7] = (byte) 0x80;
    refuses(
        "a header of 9223372036854775811 bytes, expected at most 2, which is all that follows",
        file);
  }

  @Test
  void aHeaderAboveTheLimitIsRefusedBeforeItIsRead() {
    byte[] size = Arrays.copyOf(SafeTensorsWriter.length(100_000_001).array(), 9);
    SafeTensorsReader reader =
        new SafeTensorsReader(
            Channels.newChannel(new ByteArrayInputStream(size)), 200_000_000, "x");
    refuses(
        "x: a header of 100000001 bytes, expected at most 100000000",
        assertThrows(FileFormatException.class, reader::read));
  }

  @Test
  void aHeaderAboveTheLimitIsNotWritten() {
    SafeTensors content = new SafeTensors(Map.of(), Map.of("k", "\"".repeat(50)));
    assertEquals(8 + 184, new SafeTensorsWriter("write", content, 184).size());
    refuses(
        "write: the header has 184 bytes, expected at most 183",
        assertThrows(
            IllegalArgumentException.class, () -> new SafeTensorsWriter("write", content, 183)));
  }

  @Test
  void aFileThatShrinksIsRefused() {
    byte[] file = SafeTensors.of(mixed()).toBytes();
    byte[] half = Arrays.copyOf(file, file.length - 1);
    SafeTensorsReader reader =
        new SafeTensorsReader(
            Channels.newChannel(new ByteArrayInputStream(half)), file.length, "x");
    refuses(
        "x: the file ended while it was read, expected %s bytes".formatted(file.length),
        assertThrows(FileFormatException.class, reader::read));
  }

  @Test
  void filesAboveALimitAreRefused() throws IOException {
    Path path = Files.write(folder.resolve("file"), file("{}"));
    assertEquals(SafeTensors.of(Map.of()), SafeTensors.read(path, 10));
    refuses(
        path + ": the file has 10 bytes, expected at most 9; to read it, give a higher limit",
        assertThrows(FileFormatException.class, () -> SafeTensors.read(path, 9)));
    refuses(
        "read: a limit of 0 bytes, expected at least 1",
        assertThrows(IllegalArgumentException.class, () -> SafeTensors.read(path, 0)));
  }

  @Test
  void whatIsNoFileIsRefusedByName() {
    Path nowhere = folder.resolve("nowhere");
    refuses(
        nowhere.toString(),
        assertThrows(NoSuchFileException.class, () -> SafeTensors.read(nowhere)));
    refuses(
        folder + ": cannot be read: Is a directory",
        assertThrows(IOException.class, () -> SafeTensors.read(folder)));
  }

  @Test
  void namesThatTheFileNeedsAreRefused() {
    NdArray one = NdArray.of(1f);
    refuses(
        "safeTensors: a tensor is called __metadata__, which is the name of the metadata",
        assertThrows(
            IllegalArgumentException.class, () -> SafeTensors.of(Map.of("__metadata__", one))));
    for (String key : List.of("gradus.format", "gradus.checksum")) {
      refuses(
          "safeTensors: the metadata have %s, which is written by itself".formatted(key),
          assertThrows(
              IllegalArgumentException.class, () -> new SafeTensors(Map.of(), Map.of(key, "1"))));
    }
  }

  @Test
  void halfCharactersAreRefused() {
    NdArray one = NdArray.of(1f);
    String half = "\ud83d";
    refuses(
        "safeTensors: a tensor's name has half a surrogate pair: ?",
        assertThrows(IllegalArgumentException.class, () -> SafeTensors.of(Map.of(half, one))));
    refuses(
        "safeTensors: a key of the metadata has half a surrogate pair: ?",
        assertThrows(
            IllegalArgumentException.class, () -> new SafeTensors(Map.of(), Map.of(half, ""))));
    refuses(
        "safeTensors: metadata k has half a surrogate pair: ?",
        assertThrows(
            IllegalArgumentException.class, () -> new SafeTensors(Map.of(), Map.of("k", half))));
  }

  @Test
  void nullInAMapIsRefused() {
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    tensors.put("a", null);
    refuses(
        "safeTensors: a is null",
        assertThrows(NullPointerException.class, () -> SafeTensors.of(tensors)));
    tensors.put(null, NdArray.of(1f));
    tensors.remove("a");
    refuses(
        "safeTensors: a tensor's name is null",
        assertThrows(NullPointerException.class, () -> SafeTensors.of(tensors)));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("k", null);
    refuses(
        "safeTensors: metadata k is null",
        assertThrows(NullPointerException.class, () -> new SafeTensors(Map.of(), metadata)));
  }

  // ---- the checksum ----------------------------------------------------------------------------

  private static final String ADVICE =
      "; the file was damaged, or changed by a program that kept this entry of the metadata";

  @Test
  void otherContentThanThatOfTheChecksumIsRefused() {
    byte[] file = SafeTensors.of(mixed()).toBytes();
    String digits = new String(file, UTF_8).replaceFirst("(?s).*crc32c:(.{8}).*", "$1");
    file[file.length - 1] ^= 1;
    CRC32C sum = new CRC32C();
    sum.update(
        new String(file, 0, file.length - 20, UTF_8).replace(digits, "00000000").getBytes(UTF_8));
    sum.update(file, file.length - 20, 20);
    refuses(
        "the content has the checksum %08x, expected %s".formatted(sum.getValue(), digits) + ADVICE,
        file);
  }

  @Test
  void aChecksumThatIsNotWhereItWasWrittenIsRefused() {
    String right =
        "gradus.checksum is %s, expected crc32c: and eight digits at the beginning of"
            + " the header"
            + ADVICE;
    String sum = "crc32c:00000000";
    refuses(
        right.formatted(sum),
        file(metadata("{\"gradus.checksum\":\"%s\",\"gradus.format\":\"1\"}".formatted(sum))));
    refuses(right.formatted("nothing"), file(metadata("{\"gradus.format\":\"1\"}")));
    refuses(
        right.formatted("crc32c:0000000A"),
        file(metadata("{\"gradus.format\":\"1\",\"gradus.checksum\":\"crc32c:0000000A\"}")));
    refuses(
        "gradus.format is nothing, expected 1",
        file(metadata("{\"gradus.checksum\":\"%s\"}".formatted(sum))));
    refuses(
        "gradus.format is 2, expected 1",
        file(metadata("{\"gradus.format\":\"2\",\"gradus.checksum\":\"%s\"}".formatted(sum))));
  }
}
