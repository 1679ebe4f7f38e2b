package org.gradus.spark;

import static org.gradus.autograd.ops.ConvOptions.same;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Dropout;
import org.gradus.layers.Flatten;
import org.gradus.layers.GlobalAvgPool2d;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Relu;
import org.gradus.layers.Residual;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.files.StateHash;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.optim.Schedule;
import org.gradus.layers.train.Epoch;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.Metric;
import org.gradus.layers.train.Trainer;

/** A residual network with all that has a state, and what it learns from. */
final class Pupils {
  static final int EPOCHS = 2;
  static final int PARTS = 8;
  private static final int ROWS = 100;
  private static final int SIDE = 8;
  private static final int PIXELS = SIDE * SIDE;

  private Pupils() {}

  static Layer net() {
    RandomGenerator random = new SplittableRandom(1);
    return new Sequential(
        new Conv2d(1, 6, 3, same(), random).withoutBias(),
        new BatchNorm2d(6),
        new Relu(),
        new Residual(
            new Sequential(
                new Conv2d(6, 6, 3, same(), random).withoutBias(),
                new BatchNorm2d(6),
                new Relu(),
                new Conv2d(6, 6, 3, same(), random).withoutBias(),
                new BatchNorm2d(6))),
        new Relu(),
        new GlobalAvgPool2d(),
        new Flatten(),
        new Dropout(0.2),
        new Linear(6, 3, random));
  }

  /** Made once on the driver, and in each executor. */
  static Trainer trainer() {
    return trainer(Loss.crossEntropy());
  }

  static Trainer trainer(Loss loss) {
    Layer net = net();
    Optimizer optimizer = new Optimizer(net, new Adam(0.01)).schedule(Schedule.cosine(10));
    return new Trainer(net, optimizer, loss)
        .seed(7)
        .parts(PARTS)
        .measuring(Metric.accuracy(), Metric.f1())
        .clippingNorm(2);
  }

  /** Five in an epoch; the last one has four examples, fewer than there are parts. */
  static Batches batches(Dataset data) {
    return Batches.shuffled(data, 24, 3)
        .augmented((input, random) -> input.map(x -> x + 0.05 * random.nextGaussian()));
  }

  // ---- examples --------------------------------------------------------------------------------

  static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("pixels", DataTypes.createArrayType(DataTypes.FloatType))
          .add("digit", DataTypes.IntegerType);

  /** Stripes of three kinds, and noise; ids have gaps, and rows are in disorder. */
  static List<Row> rows() {
    SplittableRandom random = new SplittableRandom(5);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      int label = i % 3;
      Float[] pixels = new Float[PIXELS];
      for (int k = 0; k < PIXELS; k++) {
        int x = k % SIDE;
        int y = k / SIDE;
        int stripe = label == 0 ? x : label == 1 ? y : x + y;
        pixels[k] = (float) (stripe % 3 == 0 ? 1 : 0) + (float) (0.3 * random.nextGaussian());
      }
      rows.add(RowFactory.create(-40L + 7L * i + i % 2, pixels, label));
    }
    Collections.shuffle(rows, new Random(2));
    return rows;
  }

  static org.apache.spark.sql.Dataset<Row> table(SparkSession session, int partitions) {
    return session.createDataFrame(rows(), SCHEMA).repartition(partitions);
  }

  static Field pixels() {
    return Field.array("pixels", 1, SIDE, SIDE);
  }

  static SparkRows examples(SparkSession session, int partitions) {
    return SparkRows.of(table(session, partitions), "id", pixels(), Field.label("digit"));
  }

  /** The same examples, without Spark. */
  static Dataset here() {
    List<Row> rows = new ArrayList<>(rows());
    rows.sort((a, b) -> Long.compare(a.getLong(0), b.getLong(0)));
    float[] inputs = new float[ROWS * PIXELS];
    int[] labels = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      Float[] pixels = (Float[]) rows.get(i).get(1);
      for (int k = 0; k < PIXELS; k++) {
        inputs[i * PIXELS + k] = pixels[k];
      }
      labels[i] = rows.get(i).getInt(2);
    }
    return Dataset.of(NdArray.wrap(inputs, Shape.of(ROWS, 1, SIDE, SIDE)), labels);
  }

  /** A run on one machine, which knows nothing of Spark. */
  static String learntHere() {
    Trainer trainer = trainer();
    trainer.fit(batches(here()), EPOCHS);
    return outcome(trainer);
  }

  // ---- what has come of it ---------------------------------------------------------------------

  /** A hash of the net, and what was measured. */
  static String outcome(Trainer trainer) {
    StringBuilder text = new StringBuilder(StateHash.of(trainer.net().state()));
    for (Epoch each : trainer.history().epochs()) {
      text.append(
          "\n%s after %s steps at %s: %s"
              .formatted(each.number(), each.steps(), each.rate(), each.values()));
    }
    trainer.best().ifPresent(best -> text.append("\nbest ").append(StateHash.of(best.state())));
    return text.toString();
  }
}
