package org.gradus.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the calls of one pass have seen, of any number of threads: the last in each place. */
final class Observations {
  private final Map<Key, Observation> seen = new LinkedHashMap<>();

  private boolean any;

  private record Key(String path, Parameter buffer) {}

  synchronized void put(String path, Observation observation) {
    seen.put(new Key(path, observation.buffer()), observation);
    any = true;
  }

  /** Whether there ever was one. */
  synchronized boolean any() {
    return any;
  }

  synchronized List<Observation> list() {
    return List.copyOf(seen.values());
  }

  synchronized List<Observation> take() {
    List<Observation> all = list();
    seen.clear();
    return all;
  }
}
