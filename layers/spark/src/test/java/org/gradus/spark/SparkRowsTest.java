package org.gradus.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.data.Batch;
import org.gradus.layers.files.Images;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of tables as examples. */
class SparkRowsTest {

  private static Dataset<Row> table(String query) {
    return Cluster.usual().sql(query);
  }

  private static SparkRows rows(Dataset<Row> table) {
    return SparkRows.of(table, "id", Field.array("x", 2), Field.number("y"));
  }

  @Test
  void columnsMayBeOfAnyNumbers() {
    Dataset<Row> table =
        table(
            "select 5 as id, array(1.5D, 2D) as x, 3 as y union all"
                + " select cast(-1 as smallint), array(0.25D, -1D), 7");
    Batch all = rows(table).collect().all();
    assertEquals(NdArray.of(new float[][] {{0.25f, -1}, {1.5f, 2}}), all.inputs());
    assertEquals(NdArray.of(7f, 3f), all.targets());
    Dataset<Row> decimals =
        table("select 1L as id, array(1.5, 2.25) as x, cast(4 as decimal(5, 1)) as y");
    assertEquals(
        NdArray.of(new float[][] {{1.5f, 2.25f}}), rows(decimals).collect().all().inputs());
  }

  @Test
  void arraysMayBeThoseOfAFunctionOfRows() {
    StructType schema =
        new StructType()
            .add("id", DataTypes.LongType)
            .add("x", DataTypes.createArrayType(DataTypes.FloatType))
            .add("y", DataTypes.LongType);
    MapPartitionsFunction<Long, Row> function = SparkRowsTest::made;
    Dataset<Row> table =
        Cluster.usual().range(2).as(Encoders.LONG()).mapPartitions(function, Encoders.row(schema));
    assertEquals(NdArray.of(new float[][] {{0, 1}, {1, 2}}), rows(table).collect().all().inputs());
  }

  private static Iterator<Row> made(Iterator<Long> ids) {
    List<Row> rows = new ArrayList<>();
    ids.forEachRemaining(id -> rows.add(RowFactory.create(id, new float[] {id, id + 1}, id)));
    return rows.iterator();
  }

  @Test
  void columnsMayHaveAnyName() {
    Dataset<Row> table = table("select 1 as `a.b`, array(1, 2) as `c``d`, 0 as `e f`");
    SparkRows rows = SparkRows.of(table, "a.b", Field.array("c`d", 2), Field.label("e f"));
    assertEquals(1, rows.collect().size());
    assertEquals("rows of c`d: FLOAT32 [2] and e f: FLOAT32 []", rows.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "array(1F, 2F) | 1 | 3 | there is no column y among [id, x, z]",
        "array(1F, 2F) | 1 | string(1) | column y is string, expected a number",
        "1F | 1 | 3 | column x is float, expected an array of numbers",
        "array(string(1)) | 1 | 3 | column x is array<string>, expected an array of numbers",
        "array(1F, 2F) | 1.5 | 3 | column id is decimal(2,1), expected whole numbers"
      })
  void columnsThatDoNotFitAreRefused(String x, String id, String y, String message) {
    String name = message.contains("no column") ? "z" : "y";
    Dataset<Row> table = table("select %s as id, %s as x, %s as %s".formatted(id, x, y, name));
    assertEquals(
        "sparkRows: " + message,
        assertThrows(IllegalArgumentException.class, () -> rows(table)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4 | array(1F) | 3F | row 4: column x has 1 values, expected 2 of [2]",
        "4 | array(1F, 2F, 3F) | 3F | row 4: column x has 3 values, expected 2 of [2]",
        "4 | array(1F, float('nan')) | 3F | row 4: column x is NaN at 1, expected a finite float32"
            + " number",
        "4 | array(1F, null) | 3F | row 4: column x is null at 1, expected a finite float32 number",
        "4 | null | 3F | row 4: column x is null",
        "4 | array(1F, 2F) | null | row 4: column y is null",
        "4 | array(1F, 2F) | float('inf') | row 4: column y is Infinity, expected a finite float32"
            + " number",
        "null | array(1F, 2F) | 3F | a row has no id",
        "6 | array(1F, 2F) | 3F | two rows have the id 6"
      })
  void aWrongRowIsNamed(String id, String x, String y, String message) {
    Dataset<Row> table =
        table(
            "select 6 as id, array(1F, 2F) as x, 1F as y union all select %s, %s, %s union all select 7, array(1F, 2F), %s"
                .formatted(id, x, y, message.contains("NaN") ? "float('nan')" : "2F"));
    assertEquals(
        "sparkRows: " + message,
        assertThrows(IllegalArgumentException.class, () -> rows(table).collect()).getMessage());
  }

  @ParameterizedTest
  @CsvSource({"-1", "0.5", "16777218"})
  void aLabelIsAWholeNumber(String label) {
    Dataset<Row> table = table("select 3 as id, array(1F) as x, double(%s) as y".formatted(label));
    SparkRows rows = SparkRows.of(table, "id", Field.array("x", 1), Field.label("y"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> rows.collect()).getMessage();
    assertEquals(
        "sparkRows: row 3: column y is %s, expected a whole number from 0 to 16777215"
            .formatted(Double.parseDouble(label)),
        message);
  }

  /** The nearest float32 number may be a class. */
  @Test
  void aLabelIsOneOfTheColumnsClasses() {
    assertEquals(
        "sparkRows: row 3: column y is 10, expected a whole number from 0 to 9",
        refusedLabel("10", Field.label("y", 10)));
    assertEquals(
        "sparkRows: row 3: column y is 2.9999999999, expected a whole number from 0 to 9",
        refusedLabel("2.9999999999D", Field.label("y", 10)));
    assertEquals(
        "sparkRows: row 3: column y is 16777217, expected a whole number from 0 to 16777215",
        refusedLabel("16777217", Field.label("y")));
    assertEquals(
        "sparkRows: row 3: column y is 0.99999999999999999999, expected a whole number from 0 to 1",
        refusedLabel("cast('0.99999999999999999999' as decimal(38, 20))", Field.label("y", 2)));
    for (String nine : List.of("9", "9F", "9.0D", "9.00", "9L", "cast(9 as tinyint)")) {
      Dataset<Row> table = table("select 3 as id, array(1F) as x, %s as y".formatted(nine));
      SparkRows rows = SparkRows.of(table, "id", Field.array("x", 1), Field.label("y", 10));
      assertEquals(NdArray.of(9f), rows.collect().all().targets());
    }
    for (int classes : new int[] {0, (1 << 24) + 1}) {
      assertEquals(
          "label: %s classes of y, expected 1 to 16777216".formatted(classes),
          assertThrows(IllegalArgumentException.class, () -> Field.label("y", classes))
              .getMessage());
    }
  }

  private static String refusedLabel(String label, Field field) {
    Dataset<Row> table = table("select 3 as id, array(1F) as x, %s as y".formatted(label));
    SparkRows rows = SparkRows.of(table, "id", Field.array("x", 1), field);
    return assertThrows(IllegalArgumentException.class, rows::collect).getMessage();
  }

  @Test
  void imagesAreReadFromTheirFiles(@TempDir Path folder) throws Exception {
    NdArray grey = NdArray.of(0, 0.2f, 0.4f, 0.6f, 0.8f, 1).reshape(1, 2, 3);
    Images.write(folder.resolve("a.png"), grey);
    SparkSession session = Cluster.usual();
    Dataset<Row> files =
        session
            .read()
            .format("binaryFile")
            .load(folder.toString())
            .selectExpr("xxhash64(path) as id", "content", "length(content) > 0 as right")
            .selectExpr("id", "content", "int(right) as right");
    SparkRows rows =
        SparkRows.of(files, "id", Field.image("content", 1, 2, 3), Field.label("right"));
    assertEquals(
        Images.readGrey(folder.resolve("a.png")).reshape(1, 1, 2, 3),
        rows.collect().all().inputs());

    SparkRows others =
        SparkRows.of(files, "id", Field.image("content", 1, 3, 3), Field.label("right"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> others.collect()).getMessage();
    assertTrue(
        message.matches(
            "sparkRows: row -?\\d+: column content has an image \\[1, 2, 3\\], expected \\[1, 3,"
                + " 3\\]"),
        message);
    Files.write(folder.resolve("a.png"), new byte[] {1, 2, 3});
    SparkRows damaged =
        SparkRows.of(files, "id", Field.image("content", 1, 2, 3), Field.label("right"));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> damaged.collect())
            .getMessage()
            .contains(": column content: "));
    assertEquals(
        "image: 2 channels of content, expected 1 or 3",
        assertThrows(IllegalArgumentException.class, () -> Field.image("content", 2, 1, 1))
            .getMessage());
  }
}
