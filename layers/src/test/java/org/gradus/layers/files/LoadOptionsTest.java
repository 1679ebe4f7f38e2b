package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Sequential;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadOptionsTest {
  @TempDir private Path folder;

  /** A weight [1, 2] and a bias [1]. */
  private static Layer net(DType dtype) {
    return new Sequential()
        .then(
            "a",
            new Linear(NdArray.of(new float[] {7, 8}, 1, 2).as(dtype), NdArray.of(9f).as(dtype)));
  }

  private Path file(Map<String, NdArray> tensors) throws IOException {
    Path file = folder.resolve("net.safetensors");
    SafeTensors.of(tensors).write(file);
    return file;
  }

  private static Map<String, NdArray> values(DType dtype) {
    return Map.of(
        "x.a.weight", NdArray.of(new double[] {0.1, 2}, 1, 2).as(dtype),
        "x.a.bias", NdArray.of(3.0).as(dtype));
  }

  private static String refusal(Path file, Layer net, LoadOptions options) {
    Map<String, NdArray> before = net.state();
    String message =
        assertThrows(IllegalArgumentException.class, () -> Weights.load(file, net, options))
            .getMessage();
    assertEquals(before, net.state());
    assertTrue(message.startsWith(file + ": load: "), message);
    return message.substring((file + ": load: ").length());
  }

  // ---- names -----------------------------------------------------------------------------------

  @Test
  void namesAreMadeByTheRenamingsInTheirOrder() throws IOException {
    Layer net = net(DType.FLOAT32);
    LoadOptions options =
        LoadOptions.exact()
            .renaming(name -> name.substring(2))
            .renaming(name -> name.replace("weight", "w"))
            .renaming(name -> name.replace(".w", ".weight"));
    Loaded loaded = Weights.load(file(values(DType.FLOAT32)), net, options);
    assertEquals(
        new Loaded(List.of("a.weight", "a.bias"), List.of(), List.of(), List.of(), List.of()),
        loaded);
    assertTrue(loaded.isWhole());
    assertEquals(List.of("a.bias", "a.weight"), loaded.loaded());
    assertEquals(NdArray.of(new float[] {0.1f, 2}, 1, 2), net.state().get("a.weight"));
    assertEquals(NdArray.of(3f), net.state().get("a.bias"));
  }

  @Test
  void twoNamesDoNotBecomeOne() throws IOException {
    Path file = file(Map.of("p.a.bias", NdArray.of(1f), "q.a.bias", NdArray.of(2f)));
    String first = SafeTensors.read(file).tensors().keySet().iterator().next();
    String second = first.equals("p.a.bias") ? "q.a.bias" : "p.a.bias";
    LoadOptions options = LoadOptions.exact().partial().renaming(name -> name.substring(2));
    assertEquals(
        "%s and %s are both renamed to a.bias".formatted(first, second),
        refusal(file, net(DType.FLOAT32), options));
  }

  @Test
  void aNameIsNotRenamedToNull() throws IOException {
    Path file = file(Map.of("p", NdArray.of(1f)));
    Layer net = net(DType.FLOAT32);
    LoadOptions toNull = LoadOptions.exact().renaming(name -> null);
    for (LoadOptions options : List.of(toNull, toNull.renaming(name -> "other"))) {
      assertEquals(
          "load: the new name of p is null",
          assertThrows(NullPointerException.class, () -> Weights.load(file, net, options))
              .getMessage());
    }
  }

  @Test
  void whatIsLeftOverIsToldByBothNames() throws IOException {
    assertEquals(
        "a.bias FLOAT32 [1] is missing; a.weight FLOAT32 [1, 2] is missing;"
            + " x.a.bias, renamed to y.a.bias, is left over;"
            + " x.a.weight, renamed to y.a.weight, is left over",
        refusal(
            file(values(DType.FLOAT32)),
            net(DType.FLOAT32),
            LoadOptions.exact().renaming(name -> name.replace("x.", "y."))));
  }

  // ---- types -----------------------------------------------------------------------------------

  private static final LoadOptions CUT = LoadOptions.exact().renaming(name -> name.substring(2));

  @Test
  void otherTypesAreConvertedWhenThatIsAskedFor() throws IOException {
    for (DType dtype : DType.values()) {
      DType other = dtype == DType.FLOAT32 ? DType.FLOAT64 : DType.FLOAT32;
      Path file = file(values(other));
      Layer net = net(dtype);
      assertEquals(
          "a.bias %s [1] is %s [1]; a.weight %s [1, 2] is %s [1, 2]"
              .formatted(dtype, other, dtype, other),
          refusal(file, net, CUT));
      assertTrue(Weights.load(file, net, CUT.converting()).isWhole());
      assertEquals(
          NdArray.of(new double[] {0.1, 2}, 1, 2).as(other).as(dtype), net.state().get("a.weight"));
    }
  }

  @Test
  void aNumberThatBecomesInfiniteDoesNotFit() throws IOException {
    NdArray large = NdArray.of(new double[] {Double.NEGATIVE_INFINITY, 1e39}, 1, 2);
    Path file = file(Map.of("x.a.weight", large, "x.a.bias", NdArray.of(Double.NaN)));
    Layer net = net(DType.FLOAT32);
    String fault = "a.weight FLOAT32 [1, 2] is 1.0E39, as a number of FLOAT32 infinite";
    assertEquals(fault, refusal(file, net, CUT.converting()));
    Loaded loaded = Weights.load(file, net, CUT.converting().partial());
    assertEquals(List.of(fault), loaded.misfits());
    assertFalse(loaded.isWhole());
    assertEquals(NdArray.of(Float.NaN), net.state().get("a.bias"));
  }

  /**
   * Floats of two bytes are held exactly; whole numbers are no weights unless that is asked for.
   */
  @ParameterizedTest
  @CsvSource({"F16, 3c00, 1", "BF16, 3f80, 1", "I16, 0007, 7", "U16, 8000, 32768"})
  void elementsOfTwoBytes(String type, String hex, float number) throws IOException {
    int bits = Integer.parseInt(hex, 16);
    byte low = (byte) bits;
    byte high = (byte) (bits >> 8);
    byte[] bytes =
        SafeTensorsTest.file(
            ("{\"a.weight\":{\"dtype\":\"%s\",\"shape\":[1,2],\"data_offsets\":[0,4]},"
                    + "\"a.bias\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[4,6]}}")
                .formatted(type, type),
            low,
            high,
            (byte) 0,
            (byte) 0,
            low,
            high);
    Path file = Files.write(folder.resolve("two.safetensors"), bytes);
    Layer net = net(DType.FLOAT32);
    if (type.contains("F")) {
      Weights.load(file, net);
    } else {
      assertEquals(
          "a.bias FLOAT32 [1] is %s [1]; a.weight FLOAT32 [1, 2] is %s [1, 2]"
              .formatted(type, type),
          refusal(file, net, LoadOptions.exact()));
      assertTrue(Weights.load(file, net, LoadOptions.exact().converting()).isWhole());
    }
    assertEquals(NdArray.of(new float[] {number, 0}, 1, 2), net.state().get("a.weight"));
    assertEquals(NdArray.of(number), net.state().get("a.bias"));
  }

  /** A weight of F32, a bias as given, and what the net has no place for. */
  private Path fileOf(String bias, long bits) throws IOException {
    String header =
        "{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
            + "\"a.bias\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[8,16]},"
            + "\"b\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[16,24]},"
            + "\"c\":{\"dtype\":\"F8_E4M3\",\"shape\":[3],\"data_offsets\":[24,27]}}";
    ByteBuffer data = ByteBuffer.allocate(27).order(ByteOrder.LITTLE_ENDIAN);
    data.putFloat(1).putFloat(2).putLong(bits).putLong((1L << 53) + 1);
    byte[] file = SafeTensorsTest.file(header.formatted(bias), data.array());
    return Files.write(folder.resolve("others.safetensors"), file);
  }

  @Test
  void whatIsNotLoadedMayBeOfAnyType() throws IOException {
    Path file = fileOf("F64", Double.doubleToLongBits(0.1));
    Layer net = net(DType.FLOAT32);
    assertEquals(
        "a.bias FLOAT32 [1] is FLOAT64 [1]; b is left over; c is left over",
        refusal(file, net, LoadOptions.exact()));
    assertEquals(
        new Loaded(
            List.of("a.weight"),
            List.of(),
            List.of("a.bias FLOAT32 [1] is FLOAT64 [1]"),
            List.of("b", "c"),
            List.of()),
        Weights.load(file, net, LoadOptions.exact().partial()));
    assertEquals(NdArray.of(new float[] {1, 2}, 1, 2), net.state().get("a.weight"));
    LoadOptions converting = LoadOptions.exact().partial().converting();
    assertEquals(2, Weights.load(file, net, converting).loaded().size());
    assertEquals(NdArray.of(0.1f), net.state().get("a.bias"));
    assertEquals(
        List.of("a.bias FLOAT32 [1] is F8_E4M3 [3]"),
        Weights.load(
                file, net, converting.renaming(name -> name.equals("c") ? "a.bias" : name + "_"))
            .misfits());
  }

  /** Once, to the type of the net: the second of these is nearer to the next float. */
  @ParameterizedTest
  @CsvSource({
    "I64, 9007199254740993",
    "I64, 1152921573326323713",
    "I64, -9223372036854775807",
    "U64, 9007199254740993",
    "U64, 18446744073709551615",
    "U64, 9223372586610589697",
    "U64, 9223373136366403583"
  })
  void wholeNumbersAreRounded(String type, BigInteger number) throws IOException {
    Path file = fileOf(type, number.longValue());
    for (DType dtype : DType.values()) {
      Layer net = net(dtype);
      Weights.load(file, net, LoadOptions.exact().partial().converting());
      NdArray bias = net.state().get("a.bias");
      assertEquals(dtype == DType.FLOAT32 ? number.floatValue() : number.doubleValue(), bias.at(0));
    }
  }

  /** The checksum is that of the whole file. */
  @Test
  void damageOfWhatIsNotLoadedIsRefused() throws IOException {
    Path file =
        file(Map.of("a.weight", NdArray.of(new float[] {1, 2}, 1, 2), "other", NdArray.of(3.0)));
    Layer net = net(DType.FLOAT32);
    LoadOptions partial = LoadOptions.exact().partial();
    assertEquals(List.of("other"), Weights.load(file, net, partial).leftOver());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 9] ^= 1; // the last of eight bytes, before those of four
    Files.write(file, bytes);
    assertThrows(FileFormatException.class, () -> Weights.load(file, net, partial));
  }

  /** Only a scalar of I64 that the net has no place for is a count of steps. */
  @Test
  void whatIsCalledACountButIsNoneIsLeftOver() throws IOException {
    String name = "a.num_batches_tracked";
    assertEquals(
        "a.bias FLOAT32 [1] is missing; a.weight FLOAT32 [1, 2] is missing; %s is left over"
            .formatted(name),
        refusal(
            file(Map.of(name, NdArray.scalar(DType.FLOAT32, 1))),
            net(DType.FLOAT32),
            LoadOptions.exact()));
  }
}
