package org.gradus.autograd.array;

import static org.gradus.autograd.array.DType.FLOAT32;
import static org.gradus.autograd.array.DType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NdArrayTest {

  // ---- made from numbers -----------------------------------------------------------------------

  @Test
  void ofCopies() {
    float[] floats = {1, 2, 3, 4, 5, 6};
    NdArray single = NdArray.of(floats, 2, 3);
    floats[0] = 9;
    assertEquals(FLOAT32, single.dtype());
    assertEquals(Shape.of(2, 3), single.shape());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, single.toFloatArray());

    double[] doubles = {1, 2};
    NdArray wide = NdArray.of(doubles, 2, 1);
    doubles[0] = 9;
    assertEquals(FLOAT64, wide.dtype());
    assertEquals(Shape.of(2, 1), wide.shape());
    assertArrayEquals(new double[] {1, 2}, wide.toDoubleArray());
  }

  @Test
  void wrapShares() {
    float[] floats = {1, 2};
    assertSame(floats, NdArray.wrap(floats, Shape.of(2)).storage());
    double[] doubles = {1, 2};
    assertSame(doubles, NdArray.wrap(doubles, Shape.of(1, 2)).storage());
  }

  @Test
  void valuesMustFillTheShape() {
    assertMessage(
        ShapeException.class,
        "array: 3 values do not fill the shape [2, 2], which has 4",
        () -> NdArray.of(new float[3], 2, 2));
    assertMessage(
        ShapeException.class,
        "array: 5 values do not fill the shape [2, 2], which has 4",
        () -> NdArray.of(new double[5], 2, 2));
    assertMessage(
        ShapeException.class,
        "array: 2 values do not fill the shape [], which has 1",
        () -> NdArray.wrap(new float[2], Shape.SCALAR));
    assertMessage(
        ShapeException.class,
        "array: 1 values do not fill the shape [0], which has 0",
        () -> NdArray.wrap(new double[1], Shape.of(0)));
  }

  @ParameterizedTest
  @EnumSource
  void filledArrays(DType dtype) {
    assertEquals(
        "%s [2] {0.0, 0.0}".formatted(dtype), NdArray.zeros(dtype, Shape.of(2)).toString());
    assertEquals(
        "%s [1, 2]\n{{2.5, 2.5}}".formatted(dtype),
        NdArray.full(dtype, Shape.of(1, 2), 2.5).toString());
    assertEquals("%s [] {-1.0}".formatted(dtype), NdArray.scalar(dtype, -1).toString());
    assertEquals("%s [0, 3] {}".formatted(dtype), NdArray.zeros(dtype, Shape.of(0, 3)).toString());
    assertEquals(dtype, NdArray.zeros(dtype, Shape.SCALAR).dtype());
  }

  @Test
  void filledArraysRoundToTheElementType() {
    assertEquals(0.1f, NdArray.full(FLOAT32, Shape.of(2), 0.1).at(1));
    assertEquals(0.1, NdArray.full(FLOAT64, Shape.of(2), 0.1).at(1));
    assertEquals(0.1f, NdArray.scalar(FLOAT32, 0.1).item());
  }

  @ParameterizedTest
  @EnumSource
  void generateCallsOnceForEachElementInOrder(DType dtype) {
    List<Integer> calls = new ArrayList<>();
    NdArray array =
        NdArray.generate(
            dtype,
            Shape.of(2, 3),
            i -> {
              calls.add(i);
              return i / 10.0;
            });
    assertEquals(List.of(0, 1, 2, 3, 4, 5), calls);
    assertEquals(dtype == FLOAT32 ? 0.3f : 0.3, array.get(1, 0));
  }

  // ---- EJML ------------------------------------------------------------------------------------

  @Test
  void ejmlMatricesAreWrappedWithoutACopy() {
    FMatrixRMaj single = new FMatrixRMaj(2, 3, true, 1, 2, 3, 4, 5, 6);
    NdArray fromSingle = NdArray.wrap(single);
    assertSame(single.data, fromSingle.storage());
    assertEquals(NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3), fromSingle);

    DMatrixRMaj wide = new DMatrixRMaj(3, 1, true, 1, 2, 3);
    NdArray fromWide = NdArray.wrap(wide);
    assertSame(wide.data, fromWide.storage());
    assertEquals(NdArray.of(new double[] {1, 2, 3}, 3, 1), fromWide);
  }

  @Test
  void becomesAnEjmlMatrixWithoutACopy() {
    NdArray single = NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    FMatrixRMaj singleMatrix = single.asFMatrix();
    assertSame(single.storage(), singleMatrix.data);
    assertEquals(2, singleMatrix.numRows);
    assertEquals(3, singleMatrix.numCols);
    assertEquals(6, singleMatrix.get(1, 2));

    NdArray wide = NdArray.of(new double[] {1, 2, 3}, 3, 1);
    DMatrixRMaj wideMatrix = wide.asDMatrix();
    assertSame(wide.storage(), wideMatrix.data);
    assertEquals(3, wideMatrix.numRows);
    assertEquals(1, wideMatrix.numCols);
    assertEquals(2, wideMatrix.get(1, 0));
  }

  @Test
  void reshapedEjmlMatricesWithALongerBufferAreRefused() {
    FMatrixRMaj single = new FMatrixRMaj(2, 3);
    single.reshape(1, 2);
    assertMessage(
        ShapeException.class,
        "array: 6 values do not fill the shape [1, 2], which has 2",
        () -> NdArray.wrap(single));
    DMatrixRMaj wide = new DMatrixRMaj(2, 3);
    wide.reshape(2, 2);
    assertMessage(
        ShapeException.class,
        "array: 6 values do not fill the shape [2, 2], which has 4",
        () -> NdArray.wrap(wide));
    wide.reshape(3, 2);
    assertEquals(Shape.of(3, 2), NdArray.wrap(wide).shape());
  }

  @Test
  void onlyMatricesOfTheRightTypeBecomeEjmlMatrices() {
    NdArray single = NdArray.zeros(FLOAT32, Shape.of(2, 2));
    NdArray wide = NdArray.zeros(FLOAT64, Shape.of(2, 2));
    assertMessage(
        DTypeException.class, "asFMatrix: the array is FLOAT64, expected FLOAT32", wide::asFMatrix);
    assertMessage(
        DTypeException.class,
        "asDMatrix: the array is FLOAT32, expected FLOAT64",
        single::asDMatrix);
    assertMessage(
        ShapeException.class,
        "asFMatrix: the array [4] has rank 1, expected 2",
        () -> single.reshape(Shape.of(4)).asFMatrix());
    assertMessage(
        ShapeException.class,
        "asDMatrix: the array [1, 2, 2] has rank 3, expected 2",
        () -> wide.reshape(Shape.of(1, 2, 2)).asDMatrix());
  }

  // ---- read ------------------------------------------------------------------------------------

  @Test
  void elementsAreFoundByIndices() {
    NdArray array = NdArray.generate(FLOAT64, Shape.of(2, 3, 4), i -> i);
    assertEquals(0, array.get(0, 0, 0));
    assertEquals(23, array.get(1, 2, 3));
    assertEquals(17, array.get(1, 1, 1));
    assertEquals(17, array.at(17));
    assertEquals(24, array.size());
    assertEquals(5, NdArray.scalar(FLOAT32, 5).get());
  }

  @Test
  void indicesOutOfRangeAreRefused() {
    NdArray array = NdArray.zeros(FLOAT32, Shape.of(2, 3));
    assertNoElement("get: there is no element [2, 0] in [2, 3]", array, 2, 0);
    // Within the storage, but not within the row.
    assertNoElement("get: there is no element [0, 3] in [2, 3]", array, 0, 3);
    assertNoElement("get: there is no element [1, -1] in [2, 3]", array, 1, -1);
    assertNoElement("get: there is no element [1] in [2, 3]", array, 1);
    assertNoElement("get: there is no element [0, 0, 0] in [2, 3]", array, 0, 0, 0);
    assertNoElement("get: there is no element [] in [2, 3]", array);
    assertNoElement("get: there is no element [0] in [0]", NdArray.zeros(FLOAT64, Shape.of(0)), 0);
    assertMessage(
        ShapeException.class,
        "at: there is no element 6 in [2, 3], which has 6",
        () -> array.at(6));
    assertMessage(
        ShapeException.class,
        "at: there is no element -1 in [2, 3], which has 6",
        () -> array.at(-1));
  }

  private static void assertNoElement(String message, NdArray array, int... indices) {
    assertMessage(ShapeException.class, message, () -> array.get(indices));
  }

  @Test
  void itemIsTheOnlyElement() {
    assertEquals(7, NdArray.of(new float[] {7}, 1, 1, 1).item());
    assertEquals(7, NdArray.scalar(FLOAT64, 7).item());
    assertMessage(
        ShapeException.class,
        "item: the array [2] has 2 elements, expected 1",
        () -> NdArray.zeros(FLOAT32, Shape.of(2)).item());
    assertMessage(
        ShapeException.class,
        "item: the array [0] has 0 elements, expected 1",
        () -> NdArray.zeros(FLOAT32, Shape.of(0)).item());
  }

  @ParameterizedTest
  @EnumSource
  void toArrayCopies(DType dtype) {
    NdArray array = NdArray.generate(dtype, Shape.of(2), i -> i + 0.1);
    array.toFloatArray()[0] = 9;
    array.toDoubleArray()[0] = 9;
    assertArrayEquals(new float[] {0.1f, 1.1f}, array.toFloatArray());
    double[] expected = dtype == FLOAT32 ? new double[] {0.1f, 1.1f} : new double[] {0.1, 1.1};
    assertArrayEquals(expected, array.toDoubleArray());
  }

  // ---- computed --------------------------------------------------------------------------------

  @Test
  void reshapeSharesTheNumbers() {
    NdArray array = NdArray.generate(FLOAT32, Shape.of(2, 3), i -> i);
    NdArray reshaped = array.reshape(Shape.of(3, 1, 2));
    assertSame(array.storage(), reshaped.storage());
    assertEquals(Shape.of(3, 1, 2), reshaped.shape());
    assertEquals(3, reshaped.get(1, 0, 1));
    assertEquals(Shape.of(2, 3), array.shape());
    assertMessage(
        ShapeException.class,
        "array: 6 values do not fill the shape [4], which has 4",
        () -> array.reshape(Shape.of(4)));
  }

  @Test
  void asConvertsOrIsTheArrayItself() {
    NdArray wide = NdArray.of(new double[] {0.1, 1e300, -1e-300, Double.NaN}, 2, 2);
    NdArray single = wide.as(FLOAT32);
    assertSame(wide, wide.as(FLOAT64));
    assertSame(single, single.as(FLOAT32));
    assertEquals(
        NdArray.of(new float[] {0.1f, Float.POSITIVE_INFINITY, -0.0f, Float.NaN}, 2, 2), single);
    assertEquals(
        NdArray.of(new double[] {0.1f, Double.POSITIVE_INFINITY, -0.0, Double.NaN}, 2, 2),
        single.as(FLOAT64));
  }

  @ParameterizedTest
  @EnumSource
  void mapComputesInDoublePrecisionAndRoundsOnce(DType dtype) {
    NdArray array = NdArray.of(new double[] {1, 2, 3}, 3).as(dtype);
    NdArray mapped = array.map(x -> (x + 1e-12 - x) * 1e12);
    assertEquals(dtype, mapped.dtype());
    assertEquals(Shape.of(3), mapped.shape());
    // In single precision, 1 + 1e-12 would be 1.
    assertArrayEquals(new double[] {1, 1, 1}, mapped.toDoubleArray(), 1e-3);
    assertEquals(NdArray.of(new double[] {1, 2, 3}, 3).as(dtype), array);
    assertEquals(dtype == FLOAT32 ? 1 / 3f : 1 / 3.0, array.map(x -> x / 3).at(0));
  }

  @ParameterizedTest
  @EnumSource
  void zipPairsElements(DType dtype) {
    NdArray a = NdArray.of(new double[] {1, 2}, 1, 2).as(dtype);
    NdArray b = NdArray.of(new double[] {30, 40}, 1, 2).as(dtype);
    assertEquals(NdArray.of(new double[] {-29, -38}, 1, 2).as(dtype), a.zip(b, (x, y) -> x - y));
  }

  @ParameterizedTest
  @EnumSource
  void plusScaledAddsAMultiple(DType dtype) {
    NdArray a = NdArray.of(new double[] {1, 2}, 1, 2).as(dtype);
    NdArray b = NdArray.of(new double[] {30, 40}, 1, 2).as(dtype);
    NdArray sum = a.plusScaled(-0.5, b);
    assertEquals(NdArray.of(new double[] {-14, -18}, 1, 2).as(dtype), sum);
    assertNotSame(a.storage(), sum.storage());
    assertEquals(NdArray.of(new double[] {1, 2}, 1, 2).as(dtype), a);
    assertEquals(NdArray.of(new double[] {30, 40}, 1, 2).as(dtype), b);
    NdArray empty = NdArray.zeros(dtype, Shape.of(0, 2));
    assertEquals(empty, empty.plusScaled(2, empty));
  }

  @Test
  void pairsMustAgreeInTypeAndShape() {
    NdArray array = NdArray.zeros(FLOAT32, Shape.of(2, 3));
    NdArray wide = NdArray.zeros(FLOAT64, Shape.of(2, 3));
    NdArray turned = NdArray.zeros(FLOAT32, Shape.of(3, 2));
    assertMessage(
        DTypeException.class,
        "zip: element types FLOAT32 and FLOAT64 differ",
        () -> array.zip(wide, Double::sum));
    assertMessage(
        DTypeException.class,
        "plusScaled: element types FLOAT64 and FLOAT32 differ",
        () -> wide.plusScaled(1, array));
    assertMessage(
        ShapeException.class,
        "zip: shapes [2, 3] and [3, 2] differ",
        () -> array.zip(turned, Double::sum));
    assertMessage(
        ShapeException.class,
        "plusScaled: shapes [2, 3] and [3, 2] differ",
        () -> array.plusScaled(1, turned));
  }

  // ---- equality and text -----------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void equalByTypeShapeAndBits(DType dtype) {
    NdArray array = NdArray.generate(dtype, Shape.of(2, 3), i -> i);
    NdArray same = NdArray.generate(dtype, Shape.of(2, 3), i -> i);
    assertEquals(array, same);
    assertEquals(array.hashCode(), same.hashCode());
    assertNotEquals(array, array.reshape(Shape.of(3, 2)));
    assertNotEquals(array, array.map(x -> x == 5 ? 5.5 : x));
    assertNotEquals(array, array.as(dtype == FLOAT32 ? FLOAT64 : FLOAT32));
    assertNotEquals(array, array.toDoubleArray());
  }

  @ParameterizedTest
  @EnumSource
  void zerosOfDifferentSignDiffer(DType dtype) {
    assertNotEquals(NdArray.scalar(dtype, 0.0), NdArray.scalar(dtype, -0.0));
  }

  @Test
  void allNansAreEqual() {
    double payload = Double.longBitsToDouble(0x7ff8_0000_0000_0001L);
    NdArray nan = NdArray.scalar(FLOAT64, Double.NaN);
    assertEquals(nan, NdArray.scalar(FLOAT64, payload));
    assertEquals(nan.hashCode(), NdArray.scalar(FLOAT64, payload).hashCode());
    assertEquals(
        NdArray.of(new float[] {Float.NaN}),
        NdArray.of(new float[] {Float.intBitsToFloat(0x7fc0_0001)}));
  }

  private static <E extends Exception> void assertMessage(
      Class<E> type, String message, Executable call) {
    assertEquals(message, assertThrows(type, call).getMessage());
  }
}
