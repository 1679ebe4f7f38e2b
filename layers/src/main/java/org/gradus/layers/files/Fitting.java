package org.gradus.layers.files;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.internal.Misfits;

/** Finds the places of a net for the values of a file. */
final class Fitting {
  /** What PyTorch calls the number of steps that moved running statistics. */
  private static final String COUNT = "num_batches_tracked";

  private final Map<String, NdArray> places;
  private final Map<String, NdArray> values = new LinkedHashMap<>();
  private final Set<String> met = new HashSet<>();
  private final List<String> loaded = new ArrayList<>();
  private final List<String> misfits = new ArrayList<>();
  private final List<String> leftOver = new ArrayList<>();
  private final List<String> passedOver = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();

  /** The state of a net, whose values are those that stay where the file has none. */
  Fitting(Map<String, NdArray> state) {
    this.places = state;
    values.putAll(state);
  }

  /** Puts the values of a file where they belong. */
  void add(SafeTensorsReader.Whole file, LoadOptions options) {
    Map<String, String> sources = new LinkedHashMap<>();
    file.tensors()
        .tensors()
        .forEach(
            (name, value) -> {
              String target = options.renamed(name);
              String other = sources.putIfAbsent(target, name);
              if (other != null) {
                throw new IllegalArgumentException(
                    "load: %s and %s are both renamed to %s"
                        .formatted(Quoted.of(other), Quoted.of(name), Quoted.of(target)));
              }
              ElementType type = file.types().getOrDefault(name, ElementType.of(value));
              if (places.containsKey(target)) {
                put(target, value, type, options.isConverting());
              } else {
                leave(name, target, type, value.shape());
              }
            });
  }

  private void put(String name, NdArray value, ElementType type, boolean isConverting) {
    met.add(name);
    NdArray place = place(name);
    String here = "%s %s %s".formatted(name, place.dtype(), place.shape());
    if (!value.shape().equals(place.shape()) || (!isConverting && !type.fits(place.dtype()))) {
      misfits.add("%s is %s %s".formatted(here, type.inWords(), value.shape()));
      return;
    }
    NdArray converted = value.as(place.dtype());
    Optional<Double> lost =
        place.dtype() == DType.FLOAT32 ? infinite(value, converted) : Optional.empty();
    if (lost.isPresent()) {
      misfits.add("%s is %s, as a number of FLOAT32 infinite".formatted(here, lost.get()));
      return;
    }
    values.put(name, converted);
    loaded.add(name);
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

  private void leave(String name, String target, ElementType type, Shape shape) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    if (last.equals(COUNT) && type == ElementType.I64 && shape.rank() == 0) {
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
    List<String> inWords =
        missing().stream()
            .map(name -> "%s %s %s".formatted(name, place(name).dtype(), place(name).shape()))
            .toList();
    return new Misfits(misfits, inWords, unknown);
  }

  private List<String> missing() {
    return places.keySet().stream().filter(name -> !met.contains(name)).toList();
  }

  private NdArray place(String name) {
    return Objects.requireNonNull(places.get(name));
  }
}
