package org.gradus.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.data.Batch;
import org.gradus.layers.serve.Predictor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of predictions. */
class SparkPredictorTest {
  private static final Batch ALL = Pupils.here().all();
  private static final Layer NET = learnt();

  private static Layer learnt() {
    var trainer = Pupils.trainer();
    trainer.fit(Pupils.batches(Pupils.here()), 1);
    return trainer.net();
  }

  private static SparkPredictor predictor() {
    return SparkPredictor.of(Pupils::net, NET, Pupils.pixels())
        .outputs("logits")
        .probabilities("p")
        .classes("class");
  }

  private static float[] floats(Row row, String column) {
    List<Float> values = row.getList(row.fieldIndex(column));
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  private static float[] row(NdArray all, int i) {
    int size = all.size() / all.shape().dim(0);
    return Arrays.copyOfRange(all.toFloatArray(), i * size, (i + 1) * size);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 200})
  void thePredictionsAreThoseOfOneMachine(int partitions) {
    NdArray logits = Predictor.of(NET, 1, 8, 8).maximumBatch(100).predict(ALL.inputs());
    NdArray probabilities = Ops.softmax(Tensor.constant(logits), 1).value();
    int[] classes = Ops.argMax(Tensor.constant(logits), 1).toArray();
    Dataset<Row> table = Pupils.table(Cluster.usual(), partitions);
    Dataset<Row> predicted = table.transform(predictor()::transform);
    assertEquals(
        List.of("id", "pixels", "digit", "logits", "p", "class"),
        List.of(predicted.schema().fieldNames()));
    List<Row> rows = predicted.orderBy("id").collectAsList();
    assertEquals(ALL.size(), rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Row each = rows.get(i);
      assertArrayEquals(row(ALL.inputs(), i), floats(each, "pixels"));
      assertArrayEquals(row(logits, i), floats(each, "logits"));
      assertArrayEquals(row(probabilities, i), floats(each, "p"));
      assertEquals(classes[i], each.getInt(each.fieldIndex("class")));
    }
  }

  @Test
  void anExactPredictorHasTheBitsOfTheNet() {
    NdArray logits = NET.predict(ALL.inputs());
    List<Row> rows =
        predictor()
            .exact()
            .transform(Pupils.table(Cluster.usual(), 2))
            .orderBy("id")
            .collectAsList();
    for (int i = 0; i < rows.size(); i++) {
      assertArrayEquals(row(logits, i), floats(rows.get(i), "logits"));
    }
  }

  @Test
  void otherOutputsAndColumnsOfTheSameName() {
    Dataset<Row> table = Pupils.table(Cluster.usual(), 2);
    Row first =
        SparkPredictor.of(Flatten::new, new Flatten(), Pupils.pixels())
            .outputs("digit")
            .transform(table)
            .orderBy("id")
            .first();
    assertEquals(3, first.size());
    assertArrayEquals(row(ALL.inputs(), 0), floats(first, "digit"));
    assertEquals("predictor of pixels: FLOAT32 [1, 8, 8]", predictor().toString());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Dataset<Row> table = Pupils.table(Cluster.usual(), 1);
    assertEquals(
        "sparkPredictor: there is no column pixels among [id, digit]",
        refused(() -> predictor().transform(table.drop("pixels"))));
    assertEquals(
        "sparkPredictor: there is no column path among [id, pixels, digit]",
        refused(() -> predictor().naming("path").transform(table)));
    assertEquals(
        "sparkPredictor: two columns are called p", refused(() -> predictor().classes("p")));
    assertTrue(
        refused(() -> SparkPredictor.of(Flatten::new, NET, Pupils.pixels())).startsWith("load: "));
    assertEquals(
        "sparkPredictor: column pixels is read, and cannot be replaced",
        refused(() -> predictor().classes("pixels").transform(table)));
    assertEquals(
        "sparkPredictor: column id is read, and cannot be replaced",
        refused(() -> predictor().naming("id").classes("id").transform(table)));
    SparkPredictor none = SparkPredictor.of(Flatten::new, new Flatten(), Pupils.pixels());
    assertEquals(
        "sparkPredictor: it adds no column; call classes, probabilities or outputs",
        assertThrows(IllegalStateException.class, () -> none.transform(table)).getMessage());
  }

  @Test
  void aNetThatTakesOtherRowsIsRefusedAtOnce() {
    Linear three = new Linear(3, 2, new SplittableRandom(1));
    String message =
        refused(
            () ->
                SparkPredictor.of(
                    () -> new Linear(3, 2, new SplittableRandom(1)),
                    three,
                    Field.array("point", 4)));
    assertTrue(
        message.startsWith("sparkPredictor: a net that is given point: FLOAT32 [4]: linear: "),
        message);
  }

  @Test
  void aWrongRowIsNamedAndNothingIsWritten(@TempDir Path folder) throws IOException {
    Dataset<Row> table =
        Pupils.table(Cluster.usual(), 2)
            .selectExpr("id", "transform(pixels, p -> if(id = 2, float('nan'), p)) as pixels");
    Path out = folder.resolve("out");
    String message = message(predictor().naming("id").transform(table), out);
    assertTrue(
        message.contains("sparkPredictor: row 2: column pixels is NaN at 0, expected a finite"),
        message);
    try (Stream<Path> files = Files.exists(out) ? Files.walk(out) : Stream.empty()) {
      assertFalse(files.anyMatch(file -> file.getFileName().toString().matches("part.*|_SUCCESS")));
    }
    String unnamed = message(predictor().transform(table), folder.resolve("other"));
    assertTrue(
        unnamed.matches("(?s).*sparkPredictor: row \\d+ of partition [01]: column pixels .*"),
        unnamed);
  }

  private static String message(Dataset<Row> rows, Path out) {
    StringBuilder messages = new StringBuilder();
    Throwable thrown = assertThrows(Exception.class, () -> rows.write().json(out.toString()));
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      messages.append(each.getMessage()).append('\n');
    }
    return messages.toString();
  }

  private static String refused(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
