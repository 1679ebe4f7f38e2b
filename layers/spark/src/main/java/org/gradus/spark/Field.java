package org.gradus.spark;

import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.files.Images;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table, and what is read of it: an array of float32 numbers of one shape for each
 * row. A row whose value has another size, is missing, or is not finite is refused.
 *
 * <pre>{@code
 * Field.array("pixels", 1, 28, 28)      // array of any numbers, 784 of them
 * Field.image("content", 3, 32, 32)     // the bytes of an image file, as of format binaryFile
 * Field.label("digit")                  // a class
 * }</pre>
 */
public final class Field implements Serializable {
  private static final long serialVersionUID = 1;

  /** All whole numbers up to this one are float32 numbers. */
  private static final int MOST_CLASSES = 1 << 24;

  private enum Kind {
    ARRAY,
    IMAGE,
    NUMBER,
    LABEL
  }

  private final String column;
  private final Kind kind;

  /** How many there may be, if it is of classes. */
  private final int classes;

  private final int[] dims;

  private Field(String column, Kind kind, int classes, int... dims) {
    this.column = column;
    this.kind = kind;
    this.classes = classes;
    this.dims = dims.clone();
    Shape.of("field " + column, dims); // refuses a negative extent
  }

  /**
   * A column of arrays of numbers, in row-major order.
   *
   * @param column its name
   * @param dims the shape of one example, such as 1, 28, 28
   * @throws IllegalArgumentException if an extent is negative, or there are too many elements
   */
  public static Field array(String column, int... dims) {
    Nulls.refuse("array: column, dims", column, dims);
    return new Field(column, Kind.ARRAY, 0, dims);
  }

  /**
   * A column of the bytes of image files: PNG, JPEG, GIF, BMP or TIFF. Numbers are from 0 to 1.
   *
   * @param column its name
   * @param channels 1 for grey, 3 for red, green and blue
   * @param height of each image; one of another size is refused
   * @param width of each image
   * @throws IllegalArgumentException if there are other channels, or an extent is negative
   */
  public static Field image(String column, int channels, int height, int width) {
    Nulls.refuse("image: column", column);
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "image: %s channels of %s, expected 1 or 3".formatted(channels, column));
    }
    return new Field(column, Kind.IMAGE, 0, channels, height, width);
  }

  /**
   * A column of numbers, one for each row.
   *
   * @param column its name
   */
  public static Field number(String column) {
    return new Field(Nulls.given("number: column", column), Kind.NUMBER, 0);
  }

  /**
   * A column of classes: whole numbers from 0. A class that the loss does not know is refused by
   * the loss, in the step that meets it.
   *
   * @param column its name
   */
  public static Field label(String column) {
    return label(column, MOST_CLASSES);
  }

  /**
   * A column of so many classes: a row that is of another is refused before the first step.
   *
   * @param column its name
   * @param classes at least 1 and at most 16,777,216
   * @throws IllegalArgumentException if there are more or fewer
   */
  public static Field label(String column, int classes) {
    Nulls.refuse("label: column", column);
    if (classes < 1 || classes > MOST_CLASSES) {
      throw new IllegalArgumentException(
          "label: %s classes of %s, expected 1 to %s".formatted(classes, column, MOST_CLASSES));
    }
    return new Field(column, Kind.LABEL, classes);
  }

  /** The name of the column. */
  public String column() {
    return column;
  }

  /** The shape of what a row has; no extents for a number. */
  public int[] shape() {
    return dims.clone();
  }

  /** How many numbers a row has. */
  int size() {
    return Shape.of(dims).size();
  }

  /** So many rows, one behind the other, as one array. */
  NdArray batch(float[] rows, int count) {
    return NdArray.wrap(rows, Shape.of(dims).stacked("shape", count));
  }

  /** A row's element type and shape, as texts of data sets have it. */
  String kind() {
    return "FLOAT32 " + Arrays.toString(dims);
  }

  // ---- reading ---------------------------------------------------------------------------------

  /** Refuses a table that has no such column, or one of another type. */
  void requireIn(String function, StructType schema) {
    requireColumn(function, schema, column);
    DataType type = schema.apply(column).dataType();
    boolean fits =
        switch (kind) {
          case ARRAY ->
              type instanceof ArrayType array && array.elementType() instanceof NumericType;
          case IMAGE -> type instanceof BinaryType;
          case NUMBER, LABEL -> type instanceof NumericType;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "%s: column %s is %s, expected %s"
              .formatted(function, column, type.simpleString(), expected()));
    }
  }

  private String expected() {
    return switch (kind) {
      case ARRAY -> "an array of numbers";
      case IMAGE -> "binary";
      case NUMBER, LABEL -> "a number";
    };
  }

  static void requireColumn(String function, StructType schema, String column) {
    List<String> names = List.of(schema.fieldNames());
    if (!names.contains(column)) {
      throw new IllegalArgumentException(
          "%s: there is no column %s among %s".formatted(function, column, names));
    }
  }

  /**
   * What a row has.
   *
   * @param at the position of the column
   * @throws IllegalArgumentException if it is missing, of another size, or not finite; the message
   *     begins with the column
   */
  float[] read(Row row, int at) {
    if (row.isNullAt(at)) {
      throw fault("is null");
    }
    return switch (kind) {
      case ARRAY -> numbers(elements(row, at));
      case IMAGE -> pixels(row.<byte[]>getAs(at));
      case NUMBER -> numbers(List.of(row.get(at)));
      case LABEL -> label(row.get(at));
    };
  }

  /** Of the number as it is: a float32 number may be a class that the column does not have. */
  private float[] label(Object value) {
    float[] label = numbers(List.of(value));
    BigDecimal exact = new BigDecimal(value.toString());
    if (exact.signum() < 0
        || exact.compareTo(BigDecimal.valueOf(classes)) >= 0
        || exact.remainder(BigDecimal.ONE).signum() != 0) {
      throw fault("is %s, expected a whole number from 0 to %s".formatted(value, classes - 1));
    }
    return label;
  }

  /** Spark leaves an array as it is between two functions of rows. */
  private static List<? extends @Nullable Object> elements(Row row, int at) {
    Object value = row.get(at);
    return value.getClass().isArray()
        ? IntStream.range(0, Array.getLength(value)).mapToObj(i -> Array.get(value, i)).toList()
        : row.getList(at);
  }

  private float[] numbers(List<? extends @Nullable Object> values) {
    int size = size();
    if (values.size() != size) {
      throw fault(
          "has %s values, expected %s of %s".formatted(values.size(), size, Arrays.toString(dims)));
    }
    float[] numbers = new float[size];
    int i = 0;
    for (@Nullable Object value : values) {
      if (!(value instanceof Number number) || !Float.isFinite(number.floatValue())) {
        String where = kind == Kind.ARRAY ? " at " + i : "";
        throw fault("is %s%s, expected a finite float32 number".formatted(value, where));
      }
      numbers[i++] = number.floatValue();
    }
    return numbers;
  }

  private float[] pixels(byte... file) {
    try {
      NdArray image = Images.read(file, column, dims[0], Images.MOST_PIXELS);
      if (!image.shape().equals(Shape.of(dims))) {
        throw fault("has an image %s, expected %s".formatted(image.shape(), Shape.of(dims)));
      }
      return image.toFloatArray();
    } catch (IOException e) {
      throw new IllegalArgumentException("column " + e.getMessage(), e);
    }
  }

  private IllegalArgumentException fault(String what) {
    return new IllegalArgumentException("column %s %s".formatted(column, what));
  }

  /** For example {@code pixels: FLOAT32 [1, 28, 28]}. */
  @Override
  public String toString() {
    return column + ": " + kind();
  }
}
