package org.gradus.layers.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsFileTest {
  private static final long GIB = 1L << 30;

  @TempDir private Path folder;

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("x.safetensors"), content);
  }

  private static String entry(String name, String type, String shape, long begin, long end) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%s,%s]}"
        .formatted(name, type, shape, begin, end);
  }

  @Test
  void eachTensorIsReadAsFromTheWholeFile() throws IOException {
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    tensors.put("w", NdArray.of(new float[] {1, -2}, 2, 1));
    tensors.put("d", NdArray.of(0.5, 3));
    tensors.put("empty", NdArray.zeros(DType.FLOAT32, Shape.of(3, 0)));
    tensors.put("s", NdArray.scalar(DType.FLOAT32, 4));
    Path path = file(new SafeTensors(tensors, Map.of("k", "v")).toBytes());
    try (SafeTensorsFile file = SafeTensorsFile.open(path)) {
      assertEquals(List.of("w", "d", "empty", "s"), List.copyOf(file.names()));
      assertEquals(Map.of("k", "v"), file.metadata());
      assertEquals(Shape.of(2, 1), file.shape("w"));
      assertEquals("F64", file.elementType("d"));
      assertEquals(path + ": 4 tensors", file.toString());
      for (String name : List.of("s", "w", "empty", "d", "w")) { // in any order, and again
        assertEquals(tensors.get(name), file.read(name), name);
      }
      assertThrows(UnsupportedOperationException.class, () -> file.names().clear());
      assertThrows(UnsupportedOperationException.class, () -> file.metadata().clear());
    }
  }

  /** Counts the bytes that are read. */
  private static final class Counting implements SeekableByteChannel {
    private final SeekableByteChannel in;
    private long count;

    Counting(SeekableByteChannel in) {
      this.in = in;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
      int found = in.read(to);
      count += Math.max(found, 0);
      return found;
    }

    @Override
    public int write(ByteBuffer from) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() throws IOException {
      return in.position();
    }

    @Override
    public SeekableByteChannel position(long place) throws IOException {
      in.position(place);
      return this;
    }

    @Override
    public long size() throws IOException {
      return in.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return in.isOpen();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** A file with holes, which takes little of the disk. */
  @Test
  void oneTensorOfFiveGibibytesIsReadAlone() throws IOException {
    long rest = 5 * GIB;
    byte[] header =
        "{%s,%s,%s,%s,%s,%s}"
            .formatted(
                entry("a", "F32", "[1073741824]", 0, 4 * GIB),
                entry("b", "F64", "[2]", 4 * GIB, 4 * GIB + 16),
                entry("c", "U8", "[1073741808]", 4 * GIB + 16, rest),
                entry("d", "F32", "[3]", rest, rest + 12),
                entry("e", "F16", "[2]", rest + 12, rest + 16),
                entry("f", "I64", "[]", rest + 16, rest + 24))
            .getBytes(UTF_8);
    long start = 8L + header.length;
    Path path = folder.resolve("large.safetensors");
    try (FileChannel out =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      out.write(SafeTensorsWriter.length(header.length), 0);
      out.write(ByteBuffer.wrap(header), 8);
      ByteBuffer numbers = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      out.write(numbers.putDouble(0.25).putDouble(-3).flip(), start + 4 * GIB);
      ByteBuffer last = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
      last.putFloat(1).putFloat(2).putFloat(3).putShort((short) 0x3c00).putShort((short) 0xc000);
      out.write(last.putLong(1L << 40).flip(), start + rest);
    }
    assertEquals(start + rest + 24, Files.size(path));
    try (Counting in = new Counting(Files.newByteChannel(path));
        SafeTensorsFile file = SafeTensorsFile.of(in, "large")) {
      assertEquals(start, in.count);
      assertEquals(NdArray.of(0.25, -3), file.read("b"));
      assertEquals(NdArray.of(1f, 2f, 3f), file.read("d"));
      assertEquals(NdArray.of(1f, -2f), file.read("e"));
      assertEquals(NdArray.scalar(DType.FLOAT64, 1L << 40), file.read("f"));
      assertEquals(start + 16 + 12 + 4 + 8, in.count);
    }
    Files.delete(path);
  }

  /** What is written goes on in parts, behind two gibibytes as before; nobody keeps it here. */
  @Test
  void moreThanTwoGibibytesAreWritten() throws IOException {
    float[] numbers = new float[1 << 24];
    numbers[1] = 1;
    NdArray part = NdArray.wrap(numbers, Shape.of(numbers.length));
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    IntStream.range(0, 33).forEach(i -> tensors.put("part" + i, part));
    SafeTensors content = SafeTensors.of(tensors);
    SafeTensorsWriter writer = new SafeTensorsWriter("write", content, 10_000);
    long[] taken = new long[2];
    byte[] start = new byte[10_000];
    writer.write(
        bytes -> {
          int some = (int) Math.max(0, Math.min(bytes.remaining(), start.length - taken[0]));
          bytes.duplicate().get(start, (int) Math.min(taken[0], start.length), some);
          taken[0] += bytes.remaining();
          taken[1] = Math.max(taken[1], bytes.remaining());
        });
    long header = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertEquals(8 + header + 33L * (1 << 26), taken[0]);
    assertEquals(writer.size(), taken[0]);
    assertTrue(taken[1] <= 1 << 20, () -> taken[1] + " bytes at once");
    String text = new String(start, 8, (int) header, UTF_8);
    assertTrue(
        text.contains(entry("part32", "F32", "[16777216]", 32L << 26, 33L << 26)), () -> text);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, content::toBytes);
    assertEquals(
        "toBytes: the file has %s bytes, and an array holds at most 2147483639"
            .formatted(writer.size()),
        refusal.getMessage());
  }

  // ---- types -----------------------------------------------------------------------------------

  private static NdArray read(String type, String shape, int... bytes) throws IOException {
    byte[] data = new byte[bytes.length];
    IntStream.range(0, bytes.length).forEach(i -> data[i] = (byte) bytes[i]);
    byte[] file =
        SafeTensorsTest.file("{%s}".formatted(entry("a", type, shape, 0, data.length)), data);
    return SafeTensors.read(file, "x").tensors().get("a");
  }

  @Test
  void otherTypesBecomeTheNextThatHoldsThem() throws IOException {
    assertEquals(
        NdArray.of(new float[] {1, -2, 65504, 0x1p-24f}, 2, 2),
        read("F16", "[2,2]", 0, 0x3c, 0, 0xc0, 0xff, 0x7b, 1, 0));
    assertEquals(
        NdArray.of(1f, -2f, Float.NEGATIVE_INFINITY, 0x1p-133f),
        read("BF16", "[4]", 0x80, 0x3f, 0, 0xc0, 0x80, 0xff, 1, 0));
    assertEquals(NdArray.of(0f, 1f), read("BOOL", "[2]", 0, 1));
    assertEquals(NdArray.of(-1f, 127f), read("I8", "[2]", 0xff, 0x7f));
    assertEquals(NdArray.of(255f, 127f), read("U8", "[2]", 0xff, 0x7f));
    assertEquals(NdArray.of(-2f, 256f), read("I16", "[2]", 0xfe, 0xff, 0, 1));
    assertEquals(NdArray.of(65534f, 256f), read("U16", "[2]", 0xfe, 0xff, 0, 1));
    assertEquals(NdArray.of(-2.0), read("I32", "[1]", 0xfe, 0xff, 0xff, 0xff));
    assertEquals(NdArray.of(4294967294.0), read("U32", "[1]", 0xfe, 0xff, 0xff, 0xff));
    int[] minusTwo = new int[8];
    Arrays.fill(minusTwo, 0xff);
    minusTwo[0] = 0xfe;
    assertEquals(NdArray.scalar(DType.FLOAT64, -2), read("I64", "[]", minusTwo));
    int[] top = {0, 0, 0, 0, 0, 0, 0, 0x80};
    assertEquals(NdArray.scalar(DType.FLOAT64, -0x1p63), read("I64", "[]", top));
    assertEquals(NdArray.scalar(DType.FLOAT64, 0x1p63), read("U64", "[]", top));
  }

  /** All bits of a float16 and of a bfloat16: the value by its definition, not a number or not. */
  @Test
  void everyFloatOfTwoBytes() throws IOException {
    byte[] data = new byte[1 << 17];
    ByteBuffer all = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    IntStream.range(0, 1 << 16).forEach(i -> all.putShort((short) i));
    for (String type : List.of("F16", "BF16")) {
      byte[] file =
          SafeTensorsTest.file("{%s}".formatted(entry("a", type, "[65536]", 0, 1 << 17)), data);
      double[] read = SafeTensors.read(file, "x").tensors().get("a").toDoubleArray();
      int digits = type.equals("F16") ? 10 : 7;
      int bias = type.equals("F16") ? 15 : 127;
      double[] expected = new double[1 << 16];
      Arrays.setAll(expected, i -> number(i, digits, bias));
      assertArrayEquals(expected, read, type);
    }
  }

  private static double number(int bits, int digits, int bias) {
    double sign = bits >> 15 == 0 ? 1 : -1;
    int exponent = (bits & 0x7fff) >> digits;
    double fraction = (bits & (1 << digits) - 1) / (double) (1 << digits);
    if (exponent == 2 * bias + 1) {
      return fraction == 0 ? sign / 0.0 : Double.NaN;
    }
    return sign
        * (exponent == 0
            ? fraction * Math.pow(2, 1 - bias)
            : (1 + fraction) * Math.pow(2, exponent - bias));
  }

  private static void refuses(String message, String type, String shape, int... bytes) {
    assertEquals(
        "x: tensor a element " + message,
        assertThrows(FileFormatException.class, () -> read(type, shape, bytes)).getMessage());
  }

  @Test
  void whatIsNotHeldExactlyIsRefusedWithItsPlace() {
    refuses("[1, 0] is 2, expected 0 or 1", "BOOL", "[2,2]", 0, 1, 2, 3);
    String exact = ", expected a number that float64 holds exactly";
    int[] many = new int[16];
    Arrays.fill(many, 8, 16, 0xff);
    many[15] = 0x7f;
    refuses("[1] is 9223372036854775807" + exact, "I64", "[2]", many);
    many[15] = 0xff;
    refuses("[0, 1] is 18446744073709551615" + exact, "U64", "[1,2]", many);
    refuses("[] is 9007199254740993" + exact, "I64", "[]", 1, 0, 0, 0, 0, 0, 0x20, 0);
  }

  // ---- refused ---------------------------------------------------------------------------------

  @Test
  void whatIsWrongIsRefusedWhenTheFileIsOpened() throws IOException {
    Path path = file(SafeTensorsTest.file("{%s}".formatted(entry("a", "F32", "[1]", 0, 4))));
    assertEquals(
        path + ": 0 bytes of data, expected 4, at the end of tensor a",
        assertThrows(FileFormatException.class, () -> SafeTensorsFile.open(path)).getMessage());
    Path nowhere = folder.resolve("nowhere");
    assertThrows(NoSuchFileException.class, () -> SafeTensorsFile.open(nowhere));
  }

  /** Limits of the parser, which does not tell where they are passed. */
  @Test
  void headersBeyondTheParserAreRefused() {
    String deep = "[".repeat(1000) + "]".repeat(1000);
    String message = refusal("{\"a\":{\"more\":%s}}".formatted(deep));
    String start = "x: the header is JSON that is not read: ";
    assertTrue(message.startsWith(start + "Document nesting depth (1001) exceeds"), message);
    message = refusal("{\"a\":{\"shape\":[%s]}}".formatted("9".repeat(1001)));
    assertTrue(message.startsWith(start + "Number value length (1001) exceeds"), message);
  }

  private static String refusal(String header) {
    byte[] file = SafeTensorsTest.file(header);
    return assertThrows(FileFormatException.class, () -> SafeTensors.read(file, "x")).getMessage();
  }

  @Test
  void aTensorOfAnotherTypeIsRefusedWhereItIsRead() throws IOException {
    String header =
        "{%s,%s}".formatted(entry("a", "F8_E4M3", "[3]", 0, 3), entry("b", "U8", "[1]", 3, 4));
    byte[] bytes = SafeTensorsTest.file(header, (byte) 1, (byte) 2, (byte) 3, (byte) 4);
    Path path = file(bytes);
    try (SafeTensorsFile file = SafeTensorsFile.open(path)) {
      assertEquals("F8_E4M3", file.elementType("a"));
      assertEquals(NdArray.of(4f), file.read("b"));
      String fault =
          path + ": tensor a has the element type F8_E4M3, which is not read, expected one of [F32";
      for (Executable read :
          List.<Executable>of(() -> file.read("a"), () -> SafeTensors.read(path))) {
        String message = assertThrows(FileFormatException.class, read).getMessage();
        assertTrue(message.startsWith(fault), message);
      }
    }
    assertEquals(
        "x: tensor a lies from byte 3 to 0, expected 0 bytes for F8_E4M3 [3]",
        refusal("{%s}".formatted(entry("a", "F8_E4M3", "[3]", 3, 0))));
  }

  @Test
  void otherNamesAndShorterFilesAreRefused() throws IOException {
    Path path = file(SafeTensors.of(Map.of("a", NdArray.of(1f, 2f))).toBytes());
    SafeTensorsFile file = SafeTensorsFile.open(path);
    try (file) {
      for (String function : List.of("shape", "elementType", "read")) {
        IllegalArgumentException e =
            assertThrows(
                IllegalArgumentException.class,
                () -> {
                  switch (function) {
                    case "shape" -> file.shape("b");
                    case "read" -> file.read("b");
                    default -> file.elementType("b");
                  }
                });
        assertEquals("%s: %s has no tensor b among 1".formatted(function, path), e.getMessage());
      }
      long size = Files.size(path);
      try (FileChannel out = FileChannel.open(path, StandardOpenOption.WRITE)) {
        out.truncate(size - 1);
      }
      assertEquals(
          path + ": the file ended while it was read, expected %s bytes".formatted(size),
          assertThrows(FileFormatException.class, () -> file.read("a")).getMessage());
    }
    IOException closed = assertThrows(IOException.class, () -> file.read("a"));
    assertEquals(path + ": cannot be read: ClosedChannelException", closed.getMessage());
    assertEquals(ClosedChannelException.class, closed.getCause().getClass());
  }
}
