package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumPyTest {
  @TempDir private Path folder;

  /** A file of version 1.0: this header and a line feed, then these bytes in hexadecimal. */
  static byte[] file(String header, String content) {
    return file(1, header + "\n", content);
  }

  private static byte[] file(int major, String header, String content) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    byte[] bytes = HexFormat.of().parseHex(content.replace(" ", ""));
    ByteBuffer buffer = ByteBuffer.allocate(12 + text.length + bytes.length);
    buffer.order(ByteOrder.LITTLE_ENDIAN).put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'});
    buffer.put((byte) major).put((byte) 0);
    if (major == 1) {
      buffer.putShort((short) text.length);
    } else {
      buffer.putInt(text.length);
    }
    buffer.put(text).put(bytes);
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  static String header(String descr, String shape) {
    return "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, shape);
  }

  static NdArray read(byte[] content) throws IOException {
    return NumPy.read(new ByteArrayInputStream(content), "x.npy");
  }

  private static void refused(String message, byte[] content) {
    FileFormatException e = assertThrows(FileFormatException.class, () -> read(content));
    assertEquals("x.npy: " + message, e.getMessage());
  }

  // ---- elements --------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "<f4, 0000c03f 000020c0, 1.5, -2.5",
    ">f4, 3fc00000 c0200000, 1.5, -2.5",
    "<f8, 000000000000f83f 00000000000004c0, 1.5, -2.5",
    ">f8, 3ff8000000000000 c004000000000000, 1.5, -2.5",
    "<f2, 003e 00c1, 1.5, -2.5",
    ">f2, 3e00 c100, 1.5, -2.5",
    ">f2, 7bff 0400, 65504, 6.103515625e-5",
    ">f2, 0001 83ff, 5.9604644775390625e-8, -6.097555160522461e-5",
    ">f2, 7c00 fc00, Infinity, -Infinity",
    ">f2, 7e00 8000, NaN, -0.0",
    "|i1, 7f 80, 127, -128",
    "|u1, 7f 80, 127, 128",
    "<u1, 7f ff, 127, 255",
    "|b1, 01 00, 1, 0",
    "<i2, ff7f 0080, 32767, -32768",
    ">i2, 7fff 8000, 32767, -32768",
    "<u2, ff7f 0080, 32767, 32768",
    ">u2, 0001 ffff, 1, 65535",
    "<i4, ffffff7f 00000080, 2147483647, -2147483648",
    ">i4, 7fffffff 80000000, 2147483647, -2147483648",
    "<u4, ffffff7f ffffffff, 2147483647, 4294967295",
    ">u4, 00000001 ffffffff, 1, 4294967295",
    ">i8, 0020000000000000 8000000000000000, 9007199254740992, -9223372036854775808",
    "<i8, 0100000000000000 ffffffffffffffff, 1, -1",
    ">i8, 7ffffffffffffc00 8000000000000400, 9223372036854774784, -9223372036854774784",
    ">u8, 0020000000000000 8000000000000000, 9007199254740992, 9223372036854775808",
    ">u8, fffffffffffff800 4000000000000400, 18446744073709549568, 4611686018427388928",
    "<u8, 0100000000000000 0000000000000000, 1, 0",
  })
  void elementsOfAllTypes(String descr, String hex, double first, double second)
      throws IOException {
    NdArray array = read(file(header(descr, "(2,)"), hex));

    assertEquals(Shape.of(2), array.shape());
    List<String> singles = List.of("f2", "f4", "i1", "i2", "u1", "u2", "b1");
    boolean isSingle = singles.contains(descr.substring(1));
    assertEquals(isSingle ? DType.FLOAT32 : DType.FLOAT64, array.dtype());
    assertArrayEquals(new double[] {first, second}, array.toDoubleArray());
  }

  @ParameterizedTest
  @CsvSource({
    ">i8, 0020000000000001, 9007199254740993",
    ">i8, ffdfffffffffffff, -9007199254740993",
    ">i8, 7fffffffffffffff, 9223372036854775807",
    ">u8, 0020000000000001, 9007199254740993",
    ">u8, ffffffffffffffff, 18446744073709551615",
    ">u8, fffffffffffffc00, 18446744073709550592",
  })
  void whatFloat64DoesNotHoldIsRefusedWithItsPlace(String descr, String hex, String number) {
    String content = "0000000000000000".repeat(4) + hex + "0000000000000000";
    String message = "element %s is %s, expected a number that float64 holds exactly";
    refused(message.formatted("[1, 1]", number), file(header(descr, "(2, 3)"), content));
    refused(
        message.formatted("[0, 2]", number),
        file(header(descr, "(2, 3)").replace("False", "True"), content));
    refused(message.formatted("[4]", number), file(header(descr, "(6,)"), content));
  }

  @Test
  void aBoolIsNoughtOrOne() {
    refused(
        "element [1] is 255, expected 0 or 1, as of type b1", file(header("|b1", "(2,)"), "01 ff"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<c8", "<f16", "|S5", "<U3", "|O", "f4", "|f4", "=f4", "<M8[ns]", "<f3", "", "xf4"
      })
  void otherTypesAreRefused(String descr) {
    refused(
        ("elements of type %s, expected f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8 or b1 with"
                + " the order of their bytes, such as '<f4'")
            .formatted(descr.isEmpty() ? "\"\"" : descr),
        file(header(descr, "(1,)"), "00000000"));
  }

  @Test
  void bitsOfNotANumberStay() throws IOException {
    NdArray array = read(file(header(">f4", "()"), "7fc12345"));
    assertEquals(0x7fc12345, Float.floatToRawIntBits(array.toFloatArray()[0]));
  }

  // ---- shapes ----------------------------------------------------------------------------------

  static Stream<Arguments> shapes() {
    return Stream.of(
        Arguments.of("()", "07", Shape.SCALAR),
        Arguments.of("(1,)", "07", Shape.of(1)),
        Arguments.of("(1L,)", "07", Shape.of(1)),
        Arguments.of("(1L, 1L)", "07", Shape.of(1, 1)),
        Arguments.of("(1, 1, 1)", "07", Shape.of(1, 1, 1)),
        Arguments.of("(1,1,)", "07", Shape.of(1, 1)),
        Arguments.of("( )", "07", Shape.SCALAR),
        Arguments.of("(0,)", "", Shape.of(0)),
        Arguments.of("(00,)", "", Shape.of(0)),
        Arguments.of("(0, 2147483639)", "", Shape.of(0, 2147483639)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void shapesOfAllRanks(String tuple, String content, Shape expected) throws IOException {
    assertEquals(expected, read(file(header("|i1", tuple), content)).shape());
  }

  @Test
  void fortranOrderBecomesRows() throws IOException {
    String fortran = header("|i1", "(2, 3)").replace("False", "True");
    assertEquals(
        NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3), read(file(fortran, "01 04 02 05 03 06")));
    String vector = header("<f8", "(2,)").replace("False", "True");
    assertEquals(NdArray.of(1.0, 2.0), read(file(vector, "000000000000f03f 0000000000000040")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(2147483640,)", "(65536, 32768)", "(0, 2147483640)", "(99999999999, 0)"})
  void moreThanAnArrayHoldsIsRefused(String tuple) {
    refused(
        "shape " + tuple + ", expected at most 2147483639 elements",
        file(header("|i1", tuple), ""));
  }

  @Test
  void fewerOrMoreBytesThanAnnouncedAreRefused() {
    String header = header("<f4", "(2, 3)");
    refused("expected '<f4' [2, 3], 24 bytes, found 23", file(header, "00".repeat(23)));
    refused("expected '<f4' [2, 3], 24 bytes, found 26", file(header, "00".repeat(26)));
    refused(
        "expected '<f4' [2, 3], 24 bytes, found more than 1048600",
        file(header, "00".repeat(24 + (1 << 20) + 1)));
    refused(
        "expected '<f8' [2147483639], 17179869112 bytes, found 3", // costs no memory
        file(header("<f8", "(2147483639,)"), "00".repeat(3)));
  }

  // ---- headers ---------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (2,)}",
        "{'shape': (2,), 'fortran_order': False, 'descr': '|i1'}    ",
        "{'fortran_order':False,'descr':'|i1','shape':(2,)}",
        "{ 'fortran_order' : True , 'descr' : '|i1' , 'shape' : ( 2 , ) , }",
      })
  void keysInAnyOrder(String header) throws IOException {
    assertEquals(NdArray.of(3f, -1f), read(file(header, "03 ff")));
    assertEquals(NdArray.of(3f, -1f), read(file(2, header + "\n", "03 ff")));
    assertEquals(NdArray.of(3f, -1f), read(file(3, header + "\n", "03 ff")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "None",
        "{'descr': '|i1', 'fortran_order': False}",
        "{'descr': '|i1', 'shape': (2,)}",
        "{'fortran_order': False, 'shape': (2,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (2,), 'more': True}",
        "{'descr': '|i1', 'descr': '|i1', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '|i1', 'fortran_order': False, 'size': (2,)}",
        "{'descr': '|i1' 'fortran_order': False, 'shape': (2,)}",
        "{'descr': \"|i1\", 'fortran_order': False, 'shape': (2,)}",
        "{'descr': [('a', '|i1')], 'fortran_order': False, 'shape': (2,)}",
        "{'descr': True, 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '|i1', 'fortran_order': 'True', 'shape': (2,)}",
        "{'descr': '|i1', 'fortran_order': 0, 'shape': (2,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (2)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (2,,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (2.0,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (02,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (1+1,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': [2]}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': True}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (2,)} + {}",
        "print({'descr': '|i1', 'fortran_order': False, 'shape': (2,)})",
      })
  void otherHeadersAreRefused(String header) {
    String shown = header.isEmpty() ? "\"\"" : header;
    shown = shown.length() <= 100 ? shown : shown.substring(0, 100) + "...";
    String message =
        "the header is "
            + shown
            + ", expected one such as {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
            + " and a line feed";
    refused(message, file(header, "03 ff"));
  }

  @Test
  void aMessageHasNoControlCharactersOfAHeader() {
    refused(
        "the header is {?[31m}, expected one such as {'descr': '<f4', 'fortran_order': False,"
            + " 'shape': (2, 3), } and a line feed",
        file("{\033[31m}", ""));
  }

  @Test
  void moreAxesThanNumPyTakesAreRefused() throws IOException {
    assertEquals(64, read(file(header("|i1", "(" + "1,".repeat(64) + ")"), "07")).shape().rank());
    refused(
        "a shape of 65 axes, expected at most 64",
        file(header("|i1", "(" + "1,".repeat(65) + ")"), "07"));
  }

  @Test
  void aHeaderEndsInALineFeed() {
    String header = header("|i1", "(2,)");
    refused(
        "the header is "
            + header
            + ", expected one such as {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
            + " and a line feed",
        file(1, header + "  ", "03 ff"));
  }

  @Test
  void otherBeginningsAreRefused() {
    byte[] whole = file(header("|i1", "(2,)"), "03 ff");
    byte[] other = whole.clone();
    other[0] = 'P';
    refused("does not begin with 0x93 NUMPY, as .npy files do", other);
    refused("expected a header of 8 bytes, found 0", new byte[0]);
    refused("expected a header of 8 bytes, found 7", Arrays.copyOf(whole, 7));
    refused("expected a header of 10 bytes, found 9", Arrays.copyOf(whole, 9));
    int length = whole.length - 2;
    refused(
        "expected a header of %s bytes, found %s".formatted(length, length - 1),
        Arrays.copyOf(whole, length - 1));
    other = whole.clone();
    other[6] = 4;
    refused("version 4.0, expected 1.0, 2.0 or 3.0", other);
    other[6] = (byte) 255;
    refused("version 255.0, expected 1.0, 2.0 or 3.0", other);
    other[6] = 0;
    other[7] = 1;
    refused("version 0.1, expected 1.0, 2.0 or 3.0", other);
    other[6] = 1;
    refused("version 1.1, expected 1.0, 2.0 or 3.0", other);
  }

  @Test
  void aLongHeaderCostsNoMemory() {
    byte[] file = file(2, header("|i1", "(2,)") + "\n", "03 ff");
    Arrays.fill(file, 8, 12, (byte) 0xff);
    refused("a header of 4294967295 bytes, expected at most 10000", file);
  }

  // ---- writing ---------------------------------------------------------------------------------

  /** The bytes that numpy 2.4 makes of numpy.array([[1, 2, 3]], '<f4'). */
  @Test
  void writesWhatNumPyWrites() throws IOException {
    Path file = folder.resolve("x.npy");
    NumPy.write(file, NdArray.of(new float[] {1, 2, 3}, 1, 3));

    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }";
    byte[] expected =
        file(header + " ".repeat(117 - header.length()), "0000803f 00000040 00004040");
    assertArrayEquals(expected, Files.readAllBytes(file));
    assertEquals(128 + 12, expected.length);
  }

  static byte[] written(NdArray array) {
    return written(array, NpyFormat.standard());
  }

  private static byte[] written(NdArray array, NpyFormat format) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      NpyWriter.write(out, array, format);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void readsWhatItWrites() throws IOException {
    Path file = folder.resolve("x.npy");
    for (int size : new int[] {0, 1, 8191, 8192, 8193, 16384, 16385, 100_000}) {
      for (DType dtype : DType.values()) {
        NdArray array = NdArray.generate(dtype, Shape.of(size), i -> Math.sin(i));
        NumPy.write(file, array);
        assertEquals(array, NumPy.read(file));
        assertEquals(0, (Files.size(file) - sizeOf(array)) % 64);
      }
    }
  }

  /** The bytes that numpy 2.4 makes of numpy.array([[1, 2], [3, 4]], '>f4', order="F"). */
  @Test
  void writesColumnsAndTheMostSignificantByteFirst() {
    NdArray array = NdArray.of(new float[] {1, 2, 3, 4}, 2, 2);
    String header = "{'descr': '>f4', 'fortran_order': True, 'shape': (2, 2), }";
    String content = "3f800000 40400000 40000000 40800000";
    NpyFormat format = NpyFormat.standard().fortranOrder().bigEndian();
    assertArrayEquals(
        file(header + " ".repeat(117 - header.length()), content), written(array, format));
    assertArrayEquals(
        file(2, header + " ".repeat(115 - header.length()) + "\n", content),
        written(array, format.version(2)));
  }

  @Test
  void readsWhatItWritesInEachFormat() throws IOException {
    Path file = folder.resolve("x.npy");
    for (int[] dims : new int[][] {{}, {7}, {3, 0}, {1, 5}, {2, 3, 4}, {181, 1, 97}}) {
      for (DType dtype : DType.values()) {
        NdArray array = NdArray.generate(dtype, Shape.of(dims), i -> Math.sin(i));
        for (int i = 0; i < 12; i++) {
          NpyFormat format = new NpyFormat(i / 4 + 1, i % 2 > 0, i / 2 % 2 > 0);
          NumPy.write(file, array, format);
          assertEquals(array, NumPy.read(file), format::toString);
          byte[] bytes = Files.readAllBytes(file);
          assertEquals(format.version(), bytes[6]);
          assertEquals(0, (bytes.length - sizeOf(array)) % 64);
        }
      }
    }
  }

  @Test
  void formatsHaveVersions() {
    for (int version : new int[] {0, 4}) {
      assertEquals(
          "npy format: version %s, expected 1, 2 or 3".formatted(version),
          assertThrows(IllegalArgumentException.class, () -> NpyFormat.standard().version(version))
              .getMessage());
    }
  }

  private static long sizeOf(NdArray array) {
    return (long) array.size() * (array.dtype() == DType.FLOAT32 ? 4 : 8);
  }
}
