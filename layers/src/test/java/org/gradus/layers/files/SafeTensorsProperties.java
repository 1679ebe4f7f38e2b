package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;

/** Whatever is written is read again, and whatever was changed is refused by name. */
class SafeTensorsProperties {
  private static final String NAME = "the damaged file";

  private static SafeTensors read(byte[] file) throws IOException {
    return SafeTensors.read(file, NAME);
  }

  private static void refused(byte[] file, String why) {
    FileFormatException refusal = assertThrows(FileFormatException.class, () -> read(file), why);
    assertTrue(refusal.getMessage().startsWith(NAME + ": "), refusal::getMessage);
  }

  /** Tensors of any shape, type and bits. */
  private static SafeTensors drawn(SplittableRandom random, Map<String, String> metadata) {
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    int count = random.nextInt(5);
    while (tensors.size() < count) {
      int[] extents = random.ints(random.nextInt(4), 0, 4).toArray();
      Shape shape = Shape.of(extents);
      NdArray array;
      if (random.nextBoolean()) {
        float[] floats = new float[shape.size()];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = Float.intBitsToFloat(random.nextInt());
        }
        array = NdArray.wrap(floats, shape);
      } else {
        double[] doubles = new double[shape.size()];
        Arrays.setAll(doubles, i -> Double.longBitsToDouble(random.nextLong()));
        array = NdArray.wrap(doubles, shape);
      }
      tensors.put("tensor" + random.nextInt(), array);
    }
    return new SafeTensors(tensors, metadata);
  }

  private static Map<String, String> texts(List<String> words) {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (String word : words) {
      String whole = word.replaceAll("[\\ud800-\\udfff]", "?");
      metadata.put(whole, whole + "!");
    }
    return metadata;
  }

  @Property(tries = 500)
  void whatIsWrittenIsReadAgain(@ForAll long seed, @ForAll @Size(max = 4) List<String> words)
      throws IOException {
    SafeTensors content = drawn(new SplittableRandom(seed), texts(words));
    byte[] file = content.toBytes();
    SafeTensors again = read(file);
    assertEquals(content, again);
    assertEquals(order(content), order(again));
    assertArrayEquals(file, again.toBytes());
    assertEquals(0, ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8);
  }

  private static List<String> order(SafeTensors content) {
    List<String> names = new ArrayList<>(content.tensors().keySet());
    names.addAll(content.metadata().keySet());
    return names;
  }

  /** Each bit of one file. */
  @Test
  void everyBitThatIsFlippedIsFound() {
    byte[] file = drawn(new SplittableRandom(5), Map.of("epoch", "3")).toBytes();
    for (int bit = 0; bit < 8 * file.length; bit++) {
      refused(flipped(file, bit), "bit " + bit);
    }
  }

  @Property(tries = 150)
  void bitsThatAreFlippedAreFound(@ForAll long seed, @ForAll @Size(max = 2) List<String> words) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] file = drawn(random, texts(words)).toBytes();
    for (int i = 0; i < 30; i++) {
      int bit = random.nextInt(8 * file.length);
      refused(flipped(file, bit), "bit " + bit);
    }
  }

  private static byte[] flipped(byte[] file, int bit) {
    byte[] changed = file.clone();
    changed[bit / 8] ^= (byte) (1 << bit % 8);
    return changed;
  }

  /** Up to 32 neighbouring bits, which a sum of 32 bits always tells. */
  @Property(tries = 500)
  void fourBytesThatAreOverwrittenAreFound(@ForAll long seed, @ForAll int bytes)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] file = drawn(random, Map.of()).toBytes();
    byte[] changed = file.clone();
    ByteBuffer.wrap(changed).putInt(random.nextInt(file.length - 3), bytes);
    if (!Arrays.equals(file, changed)) {
      refused(changed, "overwritten");
    }
  }

  @Property(tries = 300)
  void truncatedAndLongerFilesAreFound(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int by) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] file = drawn(random, Map.of("k", "v")).toBytes();
    refused(Arrays.copyOf(file, random.nextInt(file.length)), "truncated");
    refused(Arrays.copyOf(file, file.length - by), "shorter");
    byte[] longer = Arrays.copyOf(file, file.length + by);
    refused(longer, "longer by zeros");
    for (int i = file.length; i < longer.length; i++) {
      longer[i] = (byte) random.nextInt();
    }
    refused(longer, "longer");
  }

  /** Without a checksum: read, or refused in words, and never anything else. */
  @Property(tries = 1000)
  void anyChangeOfAFileWithoutAChecksumIsReadOrRefused(
      @ForAll long seed, @ForAll @IntRange(max = 400) int place, @ForAll byte value)
      throws IOException {
    byte[] file =
        SafeTensorsTest.file(
            "{\"__metadata__\":{\"k\":\"v\\u00e9\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[8,16]},"
                + "\"b\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8],\"c\":[1e5]}}",
            new byte[16]);
    file[place % file.length] = value;
    SplittableRandom random = new SplittableRandom(seed);
    if (random.nextBoolean()) {
      file[random.nextInt(file.length)] = (byte) "{}[]\":,0123456789\\u".charAt(random.nextInt(18));
    }
    readOrRefused(file);
  }

  @Property(tries = 1000)
  void anyHeaderIsReadOrRefused(@ForAll String header, @ForAll @Size(max = 8) byte[] data)
      throws IOException {
    readOrRefused(SafeTensorsTest.file("{" + header, data));
    readOrRefused(SafeTensorsTest.file("{\"a\":" + header + "}", data));
  }

  @Property(tries = 1000)
  void anyBytesAreReadOrRefused(@ForAll byte[] file) throws IOException {
    readOrRefused(file);
  }

  private static void readOrRefused(byte[] file) throws IOException {
    try {
      SafeTensors content = read(file);
      assertEquals(content, read(content.toBytes()));
    } catch (FileFormatException e) {
      assertTrue(e.getMessage().startsWith(NAME + ": "), e::getMessage);
    }
  }

  /** So many axes as are written are read too; more are refused when they are written. */
  @Property(tries = 80)
  void arraysOfManyAxesAreReadAgainOrNotWritten(@ForAll @IntRange(min = 50, max = 80) int axes)
      throws IOException {
    int[] ones = new int[axes];
    Arrays.fill(ones, 1);
    NdArray deep = NdArray.wrap(new float[] {3}, Shape.of(ones));
    SafeTensors tensors = SafeTensors.of(Map.of("w", deep));
    if (axes <= 64) {
      assertEquals(Map.of("w", deep), read(tensors.toBytes()).tensors());
    } else {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> tensors.toBytes());
      assertEquals(
          "toBytes: tensor w has %s axes, expected at most 64".formatted(axes), e.getMessage());
    }
  }
}
