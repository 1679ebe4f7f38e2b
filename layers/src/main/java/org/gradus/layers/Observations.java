package org.gradus.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What was seen and not yet put in place, by any number of threads: in each place of a net the last
 * of each buffer. The order is that of the places, whichever thread came first.
 */
final class Observations {
  private final Map<String, Map<Parameter, Observation>> seen = new TreeMap<>(Names::comparePlaces);

  synchronized void put(String path, Observation observation) {
    seen.computeIfAbsent(path, place -> new LinkedHashMap<>())
        .put(observation.buffer(), observation);
  }

  /** Adds all that one call has seen, which is over. */
  void putAll(Observations call) {
    call.seen.forEach((path, all) -> all.values().forEach(each -> put(path, each)));
  }

  synchronized List<Observation> list() {
    return seen.values().stream().flatMap(all -> all.values().stream()).toList();
  }

  /** Takes those of some buffers out. */
  synchronized List<Observation> take(Predicate<Parameter> buffers) {
    List<Observation> taken = list().stream().filter(each -> buffers.test(each.buffer())).toList();
    seen.values().forEach(all -> all.keySet().removeIf(buffers));
    return taken;
  }
}
