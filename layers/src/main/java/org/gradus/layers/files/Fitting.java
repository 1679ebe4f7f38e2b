package org.gradus.layers.files;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.files.SafeTensorsHeader.Entry;
import org.gradus.layers.internal.Misfits;

/** Finds the places of a net for the values of a file, of which no others are read. */
final class Fitting implements SafeTensorsReader.Choice {
  /** What PyTorch calls the number of steps that moved running statistics. */
  private static final String COUNT = "num_batches_tracked";

  private final Map<String, NdArray> places;
  private final LoadOptions options;
  private final Map<String, NdArray> values = new LinkedHashMap<>();

  /** The net's names of what is read, by the file's names. */
  private final Map<String, String> targets = new HashMap<>();

  private final Set<String> met = new HashSet<>();
  private final List<String> loaded = new ArrayList<>();
  private final List<String> misfits = new ArrayList<>();
  private final List<String> leftOver = new ArrayList<>();
  private final List<String> passedOver = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();

  /** The state of a net, whose values are those that stay where the file has none. */
  Fitting(Map<String, NdArray> state, LoadOptions options) {
    this.places = state;
    this.options = options;
    values.putAll(state);
  }

  /** Finds where the tensors of a file belong. */
  void add(List<Entry> entries) {
    Map<String, String> sources = new HashMap<>();
    for (Entry entry : entries) {
      String name = entry.name();
      String target = options.renamed(name);
      String other = sources.putIfAbsent(target, name);
      if (other != null) {
        throw new IllegalArgumentException(
            "load: %s and %s are both renamed to %s"
                .formatted(Quoted.of(other), Quoted.of(name), Quoted.of(target)));
      }
      if (places.containsKey(target)) {
        match(entry, target);
      } else {
        leave(entry, target);
      }
    }
  }

  private void match(Entry entry, String target) {
    met.add(target);
    NdArray place = place(target);
    boolean fits =
        entry.type().map(type -> options.isConverting() || type.fits(place.dtype())).orElse(false);
    if (fits && entry.shape().equals(place.shape())) {
      targets.put(entry.name(), target);
    } else {
      misfits.add("%s is %s %s".formatted(here(target), entry.typeInWords(), entry.shape()));
    }
  }

  private String here(String target) {
    NdArray place = place(target);
    return "%s %s %s".formatted(target, place.dtype(), place.shape());
  }

  @Override
  public boolean isWanted(Entry entry) {
    return targets.containsKey(entry.name());
  }

  @Override
  public Optional<DType> rounded(Entry entry) {
    return options.isConverting()
        ? Optional.of(place(Objects.requireNonNull(targets.get(entry.name()))).dtype())
        : Optional.empty();
  }

  /** Puts what was read where it belongs. */
  void put(Map<String, NdArray> read) {
    read.forEach(
        (name, value) -> {
          String target = Objects.requireNonNull(targets.get(name));
          NdArray converted = value.as(place(target).dtype());
          Optional<Double> lost = infinite(value, converted);
          if (lost.isPresent()) {
            misfits.add(
                "%s is %s, as a number of FLOAT32 infinite".formatted(here(target), lost.get()));
          } else {
            values.put(target, converted);
            loaded.add(target);
          }
        });
  }

  /** The first number that became infinite. */
  private static Optional<Double> infinite(NdArray before, NdArray after) {
    if (before.dtype() == after.dtype()) {
      return Optional.empty();
    }
    for (int i = 0; i < before.size(); i++) {
      if (Double.isInfinite(after.at(i)) && !Double.isInfinite(before.at(i))) {
        return Optional.of(before.at(i));
      }
    }
    return Optional.empty();
  }

  private void leave(Entry entry, String target) {
    String name = entry.name();
    String last = name.substring(name.lastIndexOf('.') + 1);
    boolean isWhole = entry.type().equals(Optional.of(ElementType.I64));
    if (last.equals(COUNT) && isWhole && entry.shape().rank() == 0) {
      passedOver.add(name);
      return;
    }
    leftOver.add(name);
    boolean isRenamed = !name.equals(target);
    unknown.add(
        isRenamed ? Quoted.of(name) + ", renamed to " + Quoted.of(target) + "," : Quoted.of(name));
  }

  /** The state of the net with the values of the file. */
  Map<String, NdArray> values() {
    return values;
  }

  /** What became of all. */
  Loaded loaded() {
    return new Loaded(loaded, missing(), misfits, leftOver, passedOver);
  }

  /** What did not fit, for a message. */
  Misfits faults() {
    List<String> inWords = missing().stream().map(this::here).toList();
    return new Misfits(misfits, inWords, unknown);
  }

  private List<String> missing() {
    return places.keySet().stream().filter(name -> !met.contains(name)).toList();
  }

  private NdArray place(String name) {
    return Objects.requireNonNull(places.get(name));
  }
}
