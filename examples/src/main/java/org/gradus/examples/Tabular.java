package org.gradus.examples;

import static org.gradus.autograd.Tensor.constant;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Normalization;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.Csv;
import org.gradus.layers.files.CsvOptions;
import org.gradus.layers.files.Table;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.Metric;
import org.gradus.layers.train.Trainer;

/**
 * Learns rents from a table with columns of numbers and of classes, and with empty cells; a network
 * beside the mean rent and a linear function.
 *
 * <p>The table, {@code rents.csv}, is made up. For each of 600 flats, {@code new
 * SplittableRandom(1)} draws: the area in whole m^2, from 25 to 139; the year of its house, 1900 to
 * 2019, and whether the cell of the year is empty (one in ten); the district, one of four with a
 * factor of 1.5 (centre), 1.0 (north), 0.8 (harbour) or 1.2 (hills); and noise from a normal
 * distribution of deviation 30. The rent, rounded, is the factor, times 12 area^0.9, times (0.8 +
 * ((year - 1960) / 60)^2 / 2), plus the noise.
 */
public final class Tabular {
  private Tabular() {}

  /** Trains, and prints the errors for flats that were not learned from. */
  public static void main(String[] args) throws Exception {
    compare(300, System.out);
  }

  /** Area, year, whether the year is known, and the districts; rents in thousands. */
  static Dataset flats() throws IOException {
    try (InputStream in = Tabular.class.getResourceAsStream("rents.csv")) {
      Table table = Csv.read(in, "rents.csv", CsvOptions.standard());
      NdArray years = table.numbersOr(Double.NaN, "year");
      NdArray inputs =
          Ops.concat(
                  1,
                  constant(table.numbers("area")),
                  constant(years.map(year -> Double.isNaN(year) ? 1960 : year)),
                  constant(years.map(year -> Double.isNaN(year) ? 0 : 1)),
                  constant(table.oneHot("district")))
              .value();
      return Dataset.of(inputs, table.numbers("rent").map(rent -> rent / 1000));
    }
  }

  /** The part of the variance that the network explains. */
  static double compare(int epochs, PrintStream out) throws IOException {
    Split flats = flats().split(0.8, 1);
    Split known = flats.train().split(0.8, 2); // to learn from, and to stop by
    Normalization normal = Normalization.of(known.train());
    Dataset train = known.train().map(normal::apply);
    Dataset validation = known.test().map(normal::apply);
    Batch test = flats.test().map(normal::apply).all();

    double mean = constant(train.all().targets()).then(Ops::mean).item();
    print("mean", test.targets().map(rent -> mean), test, out);

    RandomGenerator random = new SplittableRandom(1);
    Layer linear = trained(new Linear(7, 1, random), train, validation, epochs);
    print("linear", linear.predict(test.inputs()), test, out);

    Layer net =
        new Sequential(
            new Linear(7, 32, random),
            new Relu(),
            new Linear(32, 32, random),
            new Relu(),
            new Linear(32, 1, random));
    return print(
        "network", trained(net, train, validation, epochs).predict(test.inputs()), test, out);
  }

  /** With the weights after the best epoch. */
  private static Layer trained(Layer net, Dataset train, Dataset validation, int epochs) {
    Trainer trainer =
        new Trainer(net, new Optimizer(net, new Adam(5e-3)), Loss.mse())
            .validating(validation, 100)
            .stoppingEarly(30);
    trainer.fit(Batches.shuffled(train, 32, 1), epochs);
    net.load(trainer.best().orElseThrow().state());
    return net;
  }

  private static double print(String name, NdArray rents, Batch test, PrintStream out) {
    double mae = Metric.mae().of(rents, test) * 1000;
    double rmse = Metric.rmse().of(rents, test) * 1000;
    double r2 = Metric.r2().of(rents, test);
    out.println(Numbers.text("%-8s MAE %4.0f  RMSE %4.0f  R2 %6.3f", name, mae, rmse, r2));
    return r2;
  }
}
