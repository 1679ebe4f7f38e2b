package org.gradus.spark;

import static org.apache.spark.sql.types.DataTypes.FloatType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.Layer;
import org.gradus.layers.serve.Predictor;

/**
 * Predicts for each row of a table, by the executors: adds columns of what a net says.
 *
 * <pre>{@code
 * SparkPredictor predictor = SparkPredictor.of(Digits::net, net, Field.array("pixels", 1, 28, 28))
 *     .classes("digit").probabilities("probabilities");
 * Dataset<Row> read = rows.transform(predictor::transform);
 * }</pre>
 *
 * <p>Each executor has one {@link Predictor}, with the weights of the moment this was made. Rows
 * are read 64 at a time, and never more than these are in memory. What is predicted has the bits of
 * that predictor on one machine, whatever the partitions.
 *
 * <p>Immutable. It is a function of tables, and so fits {@code Dataset.transform}. It is no {@code
 * Transformer} of Spark ML, which would be another dependency.
 */
public final class SparkPredictor {
  private final Sent<Making> making;
  private final Weights weights;
  private final Field input;
  private final boolean exact;
  private final String naming;
  private final List<Output> outputs;

  /** How a net is made that has places for the weights: the same kind of net each time. */
  @FunctionalInterface
  public interface Making extends Serializable {
    /** A new net; its weights are replaced. */
    Layer net();
  }

  /** What a column has. */
  enum Kind {
    OUTPUT,
    PROBABILITIES,
    CLASS
  }

  /** A column that is added. */
  record Output(Kind kind, String column) implements Serializable {
    private DataType type() {
      return kind == Kind.CLASS ? IntegerType : createArrayType(FloatType, false);
    }
  }

  private SparkPredictor(
      Sent<Making> making,
      Weights weights,
      Field input,
      boolean exact,
      String naming,
      List<Output> outputs) {
    this.making = making;
    this.weights = weights;
    this.input = input;
    this.exact = exact;
    this.naming = naming;
    this.outputs = List.copyOf(outputs);
  }

  /**
   * Of a net as it is now, that adds no columns yet.
   *
   * @param making makes a net of the same kind, in each executor
   * @param net whose weights are taken
   * @param input what of a row the net is given
   * @throws IllegalArgumentException if the function holds something that is not serializable, it
   *     makes a net of other weights, or the net refuses such an input
   */
  public static SparkPredictor of(Making making, Layer net, Field input) {
    Nulls.refuse("sparkPredictor: making, net, input", making, net, input);
    Layer made = Nulls.given("sparkPredictor: the net made", making.net());
    made.load(net.state()); // refuses another
    requireAccepted(made, input);
    return new SparkPredictor(
        Sent.of("sparkPredictor: making", making),
        Weights.of(net),
        input,
        /* exact= */ false,
        "",
        List.of());
  }

  /** Refuses a net that does not take such rows, before a task does. */
  private static void requireAccepted(Layer net, Field input) {
    try {
      net.predict(input.batch(new float[input.size()], 1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "sparkPredictor: a net that is given %s: %s".formatted(input, e.getMessage()), e);
    }
  }

  /**
   * With a column of the outputs of the net, as they are: an array of float32 numbers.
   *
   * @param column its name; replaces a column of that name
   */
  public SparkPredictor outputs(String column) {
    return with(Kind.OUTPUT, Nulls.given("outputs: column", column));
  }

  /**
   * With a column of the softmax of the outputs, which are logits [K]: an array of K numbers.
   *
   * @param column its name; replaces a column of that name
   */
  public SparkPredictor probabilities(String column) {
    return with(Kind.PROBABILITIES, Nulls.given("probabilities: column", column));
  }

  /**
   * With a column of the position of the largest output, the first of equal ones; -1 where an
   * output is NaN.
   *
   * @param column its name; replaces a column of that name
   */
  public SparkPredictor classes(String column) {
    return with(Kind.CLASS, Nulls.given("classes: column", column));
  }

  private SparkPredictor with(Kind kind, String column) {
    List<Output> all = new ArrayList<>(outputs);
    if (all.stream().anyMatch(each -> each.column.equals(column))) {
      throw new IllegalArgumentException(
          "sparkPredictor: two columns are called %s".formatted(column));
    }
    all.add(new Output(kind, column));
    return new SparkPredictor(making, weights, input, exact, naming, all);
  }

  /** The same with the bits of {@link Layer#predict}: see {@link Predictor#exact}. */
  public SparkPredictor exact() {
    return new SparkPredictor(making, weights, input, /* exact= */ true, naming, outputs);
  }

  /**
   * Rows that are not right are called by a column in messages, and not by their number.
   *
   * @param column such as an id, or a path
   */
  public SparkPredictor naming(String column) {
    Nulls.refuse("naming: column", column);
    return new SparkPredictor(making, weights, input, exact, column, outputs);
  }

  /**
   * A table with the columns of another, and those of the predictions behind them. It is computed
   * when it is asked for; a row that is not right ends the job, with a message that names it.
   *
   * @param rows that have the column of the input
   * @throws IllegalArgumentException if they have not, it is of another type, or a prediction would
   *     replace it or the column that names rows
   * @throws IllegalStateException if no column was asked for
   */
  public Dataset<Row> transform(Dataset<?> rows) {
    Nulls.refuse("transform: rows", rows);
    if (outputs.isEmpty()) {
      throw new IllegalStateException(
          "sparkPredictor: it adds no column; call classes, probabilities or outputs");
    }
    Dataset<Row> table = rows.toDF();
    for (Output each : outputs) {
      if (each.column.equals(input.column()) || each.column.equals(naming)) {
        throw new IllegalArgumentException(
            "sparkPredictor: column %s is read, and cannot be replaced".formatted(each.column));
      }
      table = table.drop(each.column);
    }
    input.requireIn("sparkPredictor", table.schema());
    if (!naming.isEmpty()) {
      Field.requireColumn("sparkPredictor", table.schema(), naming);
    }
    StructType schema = table.schema();
    int at = schema.fieldIndex(input.column());
    int named = naming.isEmpty() ? -1 : schema.fieldIndex(naming);
    for (Output each : outputs) {
      schema = schema.add(each.column, each.type(), false);
    }
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(table.sparkSession().sparkContext());
    Broadcast<SharedNet> net = context.broadcast(new SharedNet(making, weights, input, exact));
    MapPartitionsFunction<Row, Row> function =
        new Predicting(net, new Predicting.Columns(input, at, named, outputs));
    return table.mapPartitions(function, Encoders.row(schema));
  }

  /** For example {@code predictor of pixels: FLOAT32 [1, 28, 28]}. */
  @Override
  public String toString() {
    return "predictor of " + input;
  }
}
