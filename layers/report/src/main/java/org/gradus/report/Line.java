package org.gradus.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.gradus.layers.train.Epoch;
import org.jspecify.annotations.Nullable;

/**
 * One curve of a plot.
 *
 * @param name in the legend
 * @param colour 0 or 1
 * @param value in an epoch; empty where it was not measured
 */
record Line(String name, int colour, Function<Epoch, OptionalDouble> value) {

  /** The values of a name. */
  static Line of(String name, int colour) {
    return new Line(
        name,
        colour,
        epoch -> {
          Double value = epoch.values().get(name);
          return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
        });
  }

  /** The value in an epoch, NaN where it was not measured. */
  double at(Epoch epoch) {
    return value.apply(epoch).orElse(Double.NaN);
  }

  /** How many of some epochs have a value that can be drawn. */
  int drawn(List<Epoch> epochs) {
    return (int) epochs.stream().filter(epoch -> Plot.isDrawn(at(epoch))).count();
  }

  /**
   * The epochs that the curve goes through: of those whose value can be drawn at most about so
   * many, evenly, with the last and the best; between them one epoch whose value is not finite, if
   * there is any; and both ends of the history. Epochs in which nothing was measured are no gap.
   */
  List<Epoch> thinned(Training training, int most) {
    List<Epoch> all = training.history().epochs();
    int count = drawn(all);
    int step = Math.max(1, (count + most - 1) / most);
    List<Epoch> kept = new ArrayList<>();
    @Nullable Epoch gap = null;
    int seen = 0;
    for (int i = 0; i < all.size(); i++) {
      Epoch epoch = all.get(i);
      if (Plot.isDrawn(at(epoch))) {
        if (seen % step == 0 || seen == count - 1 || training.isBest(epoch)) {
          if (gap != null) {
            kept.add(gap);
          }
          kept.add(epoch);
          gap = null;
        }
        seen++;
      } else if (i == 0 || i == all.size() - 1) {
        kept.add(epoch);
      } else if (value.apply(epoch).isPresent()) {
        gap = epoch;
      }
    }
    return kept;
  }
}
