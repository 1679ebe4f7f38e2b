package org.gradus.spark;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.gradus.autograd.array.Nulls;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table as examples. The number of an example is how many rows have a smaller id, so
 * the order in which a run meets them is a function of the ids, the seed and the epoch: neither the
 * partitions of the table nor the order within them have a say in it.
 *
 * <pre>{@code
 * SparkRows rows = SparkRows.of(table, "id", Field.array("pixels", 1, 28, 28), Field.label("digit"));
 * }</pre>
 *
 * <p>A table must have the same rows each time it is computed. One that draws random numbers must
 * be written first.
 */
public final class SparkRows {
  private final Dataset<Row> table;
  private final Field input;
  private final Field target;

  /** Once they were counted and checked. */
  private @Nullable Numbering numbering;

  private SparkRows(Dataset<Row> table, Field input, Field target) {
    this.table = table;
    this.input = input;
    this.target = target;
  }

  /**
   * Of a table; nothing is computed yet.
   *
   * @param table each of whose rows is an example
   * @param id the column of whole numbers that are different in each row
   * @param input what a net is given
   * @param target what it is to answer
   * @throws IllegalArgumentException if a column is missing, or of another type
   */
  public static SparkRows of(Dataset<Row> table, String id, Field input, Field target) {
    Nulls.refuse("sparkRows: table, id, input, target", table, id, input, target);
    Field.requireColumn("sparkRows", table.schema(), id);
    DataType type = table.schema().apply(id).dataType();
    boolean isWhole =
        type instanceof LongType
            || type instanceof IntegerType
            || type instanceof ShortType
            || type instanceof ByteType;
    if (!isWhole) {
      throw new IllegalArgumentException(
          "sparkRows: column %s is %s, expected whole numbers".formatted(id, type.simpleString()));
    }
    input.requireIn("sparkRows", table.schema());
    target.requireIn("sparkRows", table.schema());
    Dataset<Row> chosen =
        table.select(
            named(id).cast("long").as("id"),
            named(input.column()).as("input"),
            named(target.column()).as("target"));
    return new SparkRows(chosen, input, target);
  }

  private static Column named(String column) {
    return col("`" + column.replace("`", "``") + "`");
  }

  Field input() {
    return input;
  }

  Field target() {
    return target;
  }

  JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(table.sparkSession().sparkContext());
  }

  /** As they are read, in any order. */
  JavaRDD<Example> examples() {
    return table.javaRDD().mapPartitions(reading(input, target));
  }

  /**
   * All examples in memory, in the order of their ids: to train or validate on this machine.
   *
   * @throws IllegalArgumentException if a row is not right; the message names its id and column; or
   *     if there are more numbers than an array has
   */
  public org.gradus.layers.data.Dataset collect() {
    int count = numbering().size();
    List<Example> all = new ArrayList<>(examples().collect());
    all.sort(Comparator.comparingLong(each -> each.id));
    float[] inputs = Numbers.room(count, input.size());
    float[] targets = Numbers.room(count, target.size());
    for (int i = 0; i < count; i++) {
      System.arraycopy(all.get(i).input, 0, inputs, i * input.size(), input.size());
      System.arraycopy(all.get(i).target, 0, targets, i * target.size(), target.size());
    }
    return org.gradus.layers.data.Dataset.of(
        input.batch(inputs, count), target.batch(targets, count));
  }

  /** Checks every row, once, and numbers them; of wrong rows the one of the smallest id is told. */
  synchronized Numbering numbering() {
    if (numbering == null) {
      List<Checked> all = table.javaRDD().mapPartitions(checking(input, target)).collect();
      all.stream()
          .filter(each -> each.fault != null)
          .min(Comparator.comparingLong(each -> each.faultId))
          .ifPresent(
              each -> {
                throw new IllegalArgumentException("sparkRows: " + each.fault);
              });
      long count = all.stream().mapToLong(each -> each.ids.length).sum();
      if (count > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            "sparkRows: %s rows, expected at most %s".formatted(count, Integer.MAX_VALUE - 8));
      }
      long[] ids = new long[(int) count];
      int end = 0;
      for (Checked each : all) {
        System.arraycopy(each.ids, 0, ids, end, each.ids.length);
        end += each.ids.length;
      }
      numbering = Numbering.of(ids);
    }
    return numbering;
  }

  // Functions of their arguments alone, which are sent to executors.

  private static FlatMapFunction<Iterator<Row>, Example> reading(Field input, Field target) {
    return rows -> new Reading(rows, input, target);
  }

  private static FlatMapFunction<Iterator<Row>, Checked> checking(Field input, Field target) {
    return rows -> List.of(Checked.of(rows, input, target)).iterator();
  }

  /** Reads rows one by one. */
  private static final class Reading implements Iterator<Example> {
    private final Iterator<Row> rows;
    private final Field input;
    private final Field target;

    Reading(Iterator<Row> rows, Field input, Field target) {
      this.rows = rows;
      this.input = input;
      this.target = target;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Example next() {
      Row row = rows.next();
      if (row.isNullAt(0)) {
        throw new IllegalArgumentException("a row has no id");
      }
      long id = row.getLong(0);
      try {
        return new Example(id, input.read(row, 1), target.read(row, 2));
      } catch (IllegalArgumentException e) {
        throw new RowException(id, e);
      }
    }
  }

  /** The same text as data sets in memory have, by which a run knows them. */
  String text() {
    return "%s examples: %s and %s".formatted(numbering().size(), input.kind(), target.kind());
  }

  /** A row that is not right. */
  private static final class RowException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    private final long id;

    RowException(long id, IllegalArgumentException cause) {
      super("row %s: %s".formatted(id, cause.getMessage()), cause);
      this.id = id;
    }
  }

  /** The ids of a partition, or the wrong row of the smallest id. */
  private static final class Checked implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int FIRST = 1024;

    private long[] ids = new long[FIRST];
    private @Nullable String fault;
    private long faultId = Long.MAX_VALUE;

    static Checked of(Iterator<Row> rows, Field input, Field target) {
      Checked checked = new Checked();
      Reading reading = new Reading(rows, input, target);
      int count = 0;
      while (reading.hasNext()) {
        try {
          long id = reading.next().id;
          if (count == checked.ids.length) {
            checked.ids = Arrays.copyOf(checked.ids, count * 2);
          }
          checked.ids[count++] = id;
        } catch (RowException e) {
          checked.wrong(e.id, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
          checked.wrong(Long.MIN_VALUE, String.valueOf(e.getMessage()));
        }
      }
      checked.ids = Arrays.copyOf(checked.ids, count);
      return checked;
    }

    private void wrong(long id, String what) {
      if (fault == null || id < faultId) {
        fault = what;
        faultId = id;
      }
    }
  }

  /** For example {@code rows of pixels: FLOAT32 [1, 28, 28] and digit: FLOAT32 []}. */
  @Override
  public String toString() {
    return "rows of %s and %s".formatted(input, target);
  }
}
