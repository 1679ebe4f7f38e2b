package org.gradus.spark;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.serve.Predictor;

/**
 * Predicts the rows of a partition, some at a time.
 *
 * @param net of the executor
 * @param columns what is read and added
 */
record Predicting(Broadcast<SharedNet> net, Columns columns)
    implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1;

  /** Of all rows that are predicted at a time: fewer rows, where each has many numbers. */
  private static final int MOST_NUMBERS = 1 << 26;

  /**
   * What is read of a row, and added to it.
   *
   * @param input what the net is given
   * @param at the position of its column
   * @param named the position of the column that names a row; -1 for none
   * @param outputs that are added
   */
  record Columns(Field input, int at, int named, List<SparkPredictor.Output> outputs)
      implements Serializable {}

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return new Predicted(rows, net.value().predictor(), columns);
  }

  /** Rows with their predictions. */
  private static final class Predicted implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final Predictor predictor;
    private final Columns columns;
    private final Deque<Row> ready = new ArrayDeque<>();
    private long read;

    Predicted(Iterator<Row> rows, Predictor predictor, Columns columns) {
      this.rows = rows;
      this.predictor = predictor;
      this.columns = columns;
    }

    @Override
    public boolean hasNext() {
      return !ready.isEmpty() || rows.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException("all rows were there");
      }
      if (ready.isEmpty()) {
        predict();
      }
      return ready.remove();
    }

    private void predict() {
      List<Row> some = new ArrayList<>();
      int size = columns.input.size();
      int most = Math.max(1, Math.min(SharedNet.BATCH, MOST_NUMBERS / Math.max(1, size)));
      float[] inputs = new float[most * size];
      while (some.size() < most && rows.hasNext()) {
        Row row = rows.next();
        System.arraycopy(input(row), 0, inputs, some.size() * size, size);
        some.add(row);
        read++;
      }
      float[] given = Arrays.copyOf(inputs, some.size() * size);
      NdArray outputs = predictor.predict(columns.input.batch(given, some.size()));
      requireRows(outputs, some.size());
      List<float[][]> added = columns.outputs.stream().map(each -> of(each, outputs)).toList();
      for (int i = 0; i < some.size(); i++) {
        ready.add(with(some.get(i), added, i));
      }
    }

    private float[] input(Row row) {
      try {
        return columns.input.read(row, columns.at);
      } catch (IllegalArgumentException e) {
        String name =
            columns.named >= 0
                ? "row " + row.get(columns.named)
                : "row %s of partition %s".formatted(read, TaskContext.getPartitionId());
        throw new IllegalArgumentException(
            "sparkPredictor: %s: %s".formatted(name, e.getMessage()), e);
      }
    }

    private static void requireRows(NdArray outputs, int count) {
      if (outputs.shape().rank() == 0 || outputs.shape().dim(0) != count) {
        throw new IllegalArgumentException(
            "sparkPredictor: outputs %s of %s rows, expected [%s, ...]"
                .formatted(outputs.shape(), count, count));
      }
    }

    private static float[][] of(SparkPredictor.Output output, NdArray outputs) {
      return switch (output.kind()) {
        case OUTPUT -> rows(outputs);
        case PROBABILITIES -> rows(Ops.softmax(Tensor.constant(logits(outputs)), 1).value());
        case CLASS -> classes(rows(logits(outputs)));
      };
    }

    private static NdArray logits(NdArray outputs) {
      if (outputs.shape().rank() != 2) {
        throw new IllegalArgumentException(
            "sparkPredictor: outputs %s, expected logits [N, K] for classes and probabilities"
                .formatted(outputs.shape()));
      }
      return outputs;
    }

    private static float[][] rows(NdArray outputs) {
      float[] all = outputs.as(DType.FLOAT32).toFloatArray();
      int count = outputs.shape().dim(0);
      float[][] rows = new float[count][];
      for (int i = 0; i < count; i++) {
        rows[i] = Arrays.copyOfRange(all, all.length / count * i, all.length / count * (i + 1));
      }
      return rows;
    }

    private static float[][] classes(float[]... logits) {
      float[][] classes = new float[logits.length][1];
      for (int i = 0; i < logits.length; i++) {
        int best = 0;
        for (int k = 0; k < logits[i].length && best >= 0; k++) {
          best = Float.isNaN(logits[i][k]) ? -1 : logits[i][k] > logits[i][best] ? k : best;
        }
        classes[i][0] = best;
      }
      return classes;
    }

    private Row with(Row row, List<float[][]> added, int i) {
      Object[] values = new Object[row.size() + added.size()];
      for (int k = 0; k < row.size(); k++) {
        values[k] = row.get(k);
      }
      for (int k = 0; k < added.size(); k++) {
        float[] of = added.get(k)[i];
        boolean isClass = columns.outputs.get(k).kind() == SparkPredictor.Kind.CLASS;
        values[row.size() + k] = isClass ? (Object) (int) of[0] : of;
      }
      return RowFactory.create(values);
    }
  }
}
