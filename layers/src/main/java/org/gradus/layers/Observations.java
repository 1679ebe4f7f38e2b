package org.gradus.layers;

import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.gradus.autograd.array.Nulls;
import org.jspecify.annotations.Nullable;

/**
 * What was seen and not yet put in place, by any number of threads: in each place of a net the last
 * of each buffer. The order is that of the places, whichever thread came first.
 *
 * <p>What one call of a net has seen is apart until the call is over. What is computed once more
 * after that, as by a checkpoint, replaces what is not yet in place, and adds nothing to what is.
 */
final class Observations {
  private final Map<String, Map<Parameter, Observation>> seen = new TreeMap<>(Names::comparePlaces);

  /** How often each layer was called from outside any layer. */
  private final IdentityHashMap<Layer, Integer> calls = new IdentityHashMap<>();

  /** Where those of a call have gone that is over. */
  private @Nullable Observations whole;

  synchronized void put(String path, Observation observation) {
    @Nullable Observation before =
        seen.computeIfAbsent(path, place -> new LinkedHashMap<>())
            .put(observation.buffer(), observation);
    if (whole != null) {
      whole.putLate(path, observation, before == null);
    }
  }

  private synchronized void putLate(String path, Observation observation, boolean isNew) {
    Map<Parameter, Observation> place = seen.getOrDefault(path, Map.of());
    if (isNew || place.containsKey(observation.buffer())) {
      put(path, observation);
    }
  }

  /** Adds all that a call of a layer has seen, which is over. */
  void end(Layer layer, Observations call) {
    synchronized (call) {
      call.whole = this;
      call.seen.forEach((path, all) -> all.values().forEach(each -> put(path, each)));
    }
    synchronized (this) {
      calls.merge(layer, 1, Integer::sum);
    }
  }

  /** How often a net, or layers that have parameters or buffers of it, were called. */
  synchronized long calls(Layer net) {
    Set<Parameter> parameters = State.of(net);
    return calls.entrySet().stream()
        .filter(
            call ->
                call.getKey() == net
                    || State.of(call.getKey()).stream().anyMatch(parameters::contains))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /**
   * What two parts of a batch have seen: in each place the mean; where only one has seen something,
   * that.
   */
  Observations and(Observations other, double share) {
    Observations both = new Observations();
    addTo(both, (first, next) -> next);
    other.addTo(both, (first, second) -> first.and(second, share));
    return both;
  }

  private synchronized void addTo(Observations to, BinaryOperator<Observation> join) {
    seen.forEach(
        (path, all) ->
            all.forEach(
                (buffer, each) ->
                    to.seen
                        .computeIfAbsent(path, place -> new LinkedHashMap<>())
                        .merge(buffer, each, join)));
    calls.forEach((layer, count) -> to.calls.merge(layer, count, Integer::sum));
  }

  /** With what a net has seen elsewhere, in one call. */
  Observations with(Layer net, Map<String, List<Observation>> places) {
    List<Parameter> buffers = net.buffers();
    Observations both = new Observations();
    addTo(both, (first, next) -> next);
    places.forEach(
        (place, all) -> {
          Nulls.refuse("observed: place, observations", place, all);
          for (Observation each : Nulls.list("observed: observations", all)) {
            if (!buffers.contains(each.buffer())) {
              throw new IllegalArgumentException(
                  "observed: %s is no buffer of the net, which has %s"
                      .formatted(each.buffer(), buffers));
            }
            both.put(place, each);
          }
        });
    both.end(net, new Observations());
    return both;
  }

  /** By places, in order; copies. */
  synchronized Map<String, List<Observation>> places() {
    Map<String, List<Observation>> places = new LinkedHashMap<>();
    seen.forEach((place, all) -> places.put(place, List.copyOf(all.values())));
    return places;
  }

  synchronized List<Observation> list() {
    return seen.values().stream().flatMap(all -> all.values().stream()).toList();
  }

  /** Puts all in place, in order; if one fails, it and those behind it are still to be put. */
  synchronized void commit() {
    for (Map<Parameter, Observation> place : seen.values()) {
      for (Iterator<Observation> all = place.values().iterator(); all.hasNext(); all.remove()) {
        all.next().commit();
      }
    }
    seen.clear();
  }
}
