package org.gradus.layers.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;

/** Whatever is written is read again, and whatever is damaged is refused by name. */
class NumPyProperties {

  @Property
  void float64IsReadAsItWasWritten(@ForAll double[] numbers) throws IOException {
    NdArray array = NdArray.wrap(numbers.clone(), Shape.of(numbers.length));
    assertEquals(array, NumPyTest.read(NumPyTest.written(array)));
  }

  @Property
  void float32IsReadAsItWasWritten(@ForAll float[] numbers) throws IOException {
    NdArray array = NdArray.wrap(numbers.clone(), Shape.of(1, numbers.length, 1));
    assertEquals(array, NumPyTest.read(NumPyTest.written(array)));
  }

  @Property
  void fortranOrderIsTheOrderOfTheAxesReversed(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 4) Integer> dims) throws IOException {
    int[] extents = dims.stream().mapToInt(Integer::intValue).toArray();
    Shape shape = Shape.of(extents);
    byte[] content = new byte[shape.size()];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i % 127);
    }
    String tuple = dims.toString().replace('[', '(').replace("]", ",)");
    String header = NumPyTest.header("|i1", tuple).replace("False", "True");
    NdArray read = NumPyTest.read(NumPyTest.file(header, HexFormat.of().formatHex(content)));

    assertEquals(shape, read.shape());
    int[] indices = new int[extents.length];
    for (int number = 0; number < content.length; number++) { // the first axis is the fastest
      int rest = number;
      for (int axis = 0; axis < extents.length; axis++) {
        indices[axis] = rest % extents[axis];
        rest /= extents[axis];
      }
      assertEquals(number % 127, read.get(indices));
    }
  }

  /** All patterns of half precision, by the definition of the format. */
  @Test
  void halves() throws IOException {
    StringBuilder hex = new StringBuilder();
    double[] expected = new double[1 << 16];
    for (int bits = 0; bits < 1 << 16; bits++) {
      hex.append("%04x".formatted(bits));
      double sign = bits >= 0x8000 ? -1 : 1;
      double fraction = (bits & 0x3ff) / 1024.0;
      int exponent = bits / 1024 % 32;
      if (exponent == 31) {
        expected[bits] = fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
      } else if (exponent == 0) {
        expected[bits] = sign * fraction * Math.pow(2, -14);
      } else {
        expected[bits] = sign * (1 + fraction) * Math.pow(2, exponent - 15);
      }
    }
    NdArray read =
        NumPyTest.read(NumPyTest.file(NumPyTest.header(">f2", "(65536,)"), hex.toString()));
    assertArrayEquals(expected, read.toDoubleArray());
  }

  @Property
  void integersOf64BitsAreExactOrRefused(@ForAll long number, @ForAll boolean isSigned) {
    String hex = "%016x".formatted(number);
    String exact = isSigned ? Long.toString(number) : Long.toUnsignedString(number);
    try {
      double read =
          NumPyTest.read(NumPyTest.file(NumPyTest.header(isSigned ? ">i8" : ">u8", "()"), hex))
              .item();
      assertEquals(exact, new BigDecimal(read).toBigIntegerExact().toString());
    } catch (IOException e) {
      assertEquals(
          "x.npy: element [] is " + exact + ", expected a number that float64 holds exactly",
          e.getMessage());
      assertTrue(
          new BigDecimal(new BigDecimal(exact).doubleValue()).compareTo(new BigDecimal(exact))
              != 0);
    }
  }

  @Property
  void anyBytesBehindTheMagicNumberAreReadOrRefusedByName(
      @ForAll @Size(max = 40) byte[] bytes, @ForAll @IntRange(max = 140) int from) {
    byte[] file = NumPyTest.written(NdArray.of(new float[] {1, 2, 3}, 1, 3));
    System.arraycopy(bytes, 0, file, from, Math.min(bytes.length, file.length - from));
    try {
      NumPyTest.read(file);
    } catch (IOException e) {
      assertTrue(e.getMessage().startsWith("x.npy: "), e.getMessage());
    }
  }
}
