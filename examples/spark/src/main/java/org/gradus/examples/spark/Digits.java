package org.gradus.examples.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.gradus.examples.TrainDigits;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.spark.Field;
import org.gradus.spark.SparkRows;

/** The digits that are embedded in the examples, as tables that executors make of them. */
final class Digits {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("pixels", DataTypes.createArrayType(DataTypes.FloatType, false), false)
          .add("digit", DataTypes.IntegerType, false);

  private Digits() {}

  /** 9,000 to learn from, and 1,000 to test with. */
  static Split split() {
    try {
      return IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a resource of the examples
    }
  }

  /** The first digits, by their numbers; no pixel goes through the driver. */
  static Dataset<Row> table(SparkSession session, int count, boolean isTest) {
    MapPartitionsFunction<Long, Row> rows = numbers -> rows(numbers, isTest);
    return session.range(count).as(Encoders.LONG()).mapPartitions(rows, Encoders.row(SCHEMA));
  }

  private static Iterator<Row> rows(Iterator<Long> numbers, boolean isTest) {
    int[] all =
        StreamSupport.stream(((Iterable<Long>) () -> numbers).spliterator(), false)
            .mapToInt(Math::toIntExact)
            .toArray();
    Split split = split();
    Batch batch = (isTest ? split.test() : split.train()).select(all);
    float[] pixels = batch.inputs().toFloatArray();
    int size = all.length == 0 ? 0 : pixels.length / all.length;
    int[] labels = batch.labels();
    List<Row> rows =
        IntStream.range(0, all.length)
            .mapToObj(
                i ->
                    RowFactory.create(
                        (long) all[i],
                        Arrays.copyOfRange(pixels, i * size, (i + 1) * size),
                        labels[i]))
            .toList();
    return rows.iterator();
  }

  static Field pixels() {
    return Field.array("pixels", 1, 28, 28);
  }

  static SparkRows examples(SparkSession session, int count) {
    return SparkRows.of(
        table(session, count, /* isTest= */ false), "id", pixels(), Field.label("digit"));
  }
}
