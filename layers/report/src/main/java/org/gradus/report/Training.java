package org.gradus.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gradus.layers.train.Best;
import org.gradus.layers.train.Epoch;
import org.gradus.layers.train.History;

/** How the training went. */
record Training(History history, Optional<Best> best) {
  static final String VALIDATION = "val_";

  /** What is measured, without {@code val_}, in the order of its first epoch. */
  List<String> measures() {
    Set<String> names = new LinkedHashSet<>();
    for (String name : names()) {
      names.add(name.startsWith(VALIDATION) ? name.substring(VALIDATION.length()) : name);
    }
    return List.copyOf(names);
  }

  /** The names of all values of any epoch. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    history.epochs().forEach(epoch -> names.addAll(epoch.values().keySet()));
    return names;
  }

  /** The best epoch, where it is known and in the history. */
  Optional<Epoch> bestEpoch() {
    return best.flatMap(
        known ->
            history.epochs().stream().filter(epoch -> epoch.number() == known.epoch()).findFirst());
  }

  boolean isBest(Epoch epoch) {
    return best.isPresent() && best.get().epoch() == epoch.number();
  }

  double seconds() {
    return history.epochs().stream().mapToDouble(Epoch::seconds).sum();
  }

  /**
   * At most about so many epochs, at least about half of them where there are as many, evenly; the
   * first, the last and the best are among them.
   */
  List<Epoch> thinned(int most) {
    List<Epoch> all = history.epochs();
    int step = (all.size() + most - 1) / most;
    List<Epoch> some = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      boolean isKept = i % step == 0 || i == all.size() - 1;
      if (isKept || isBest(all.get(i))) {
        some.add(all.get(i));
      }
    }
    return some;
  }
}
