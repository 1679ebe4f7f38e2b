package org.gradus.layers.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.jspecify.annotations.Nullable;

/** The names of an optimiser's state, and the way of numbers into it and out of it. */
final class OptimizerState {
  private static final String STEPS = "optimizer.steps";
  private static final String RATE = "optimizer.rate.";
  private static final String BEST = "optimizer.plateau.best";
  private static final String BAD = "optimizer.plateau.bad";
  private static final String COOLING = "optimizer.plateau.cooling";
  private static final String SCALE = "optimizer.plateau.scale";

  private final List<Owned> owned;
  private final int groups;

  /** Refuses parameters of which two numbers would have one name. */
  OptimizerState(List<Owned> owned, int groups) {
    this.owned = owned;
    this.groups = groups;
    Map<String, String> holders = new LinkedHashMap<>();
    scalarNames(true).forEach(name -> holders.put(name, "the optimiser"));
    for (Owned each : owned) {
      String parameter = each.parameter().name();
      names(each)
          .forEach(
              name -> {
                String other = holders.putIfAbsent(name, parameter);
                if (other != null) {
                  throw new IllegalArgumentException(
                      "optimizer: %s would be in the state twice, for %s and for %s; rename one, as by Parameter.in"
                          .formatted(name, other, parameter));
                }
              });
    }
  }

  /** What is remembered besides that of the parameters. */
  record Scalars(long steps, List<Double> rates, Plateau.@Nullable Memory plateau) {}

  private static String stepOf(Owned each) {
    return each.parameter().name() + ".step";
  }

  /** The names of what is kept of a parameter, the count of its steps last. */
  private static List<String> names(Owned each) {
    List<String> names = new ArrayList<>();
    each.names().forEach(name -> names.add(each.parameter().name() + "." + name));
    names.add(stepOf(each));
    return names;
  }

  private List<String> scalarNames(boolean hasPlateau) {
    List<String> names = new ArrayList<>(List.of(STEPS));
    for (int group = 0; group < groups; group++) {
      names.add(RATE + group);
    }
    if (hasPlateau) {
      names.addAll(List.of(BEST, BAD, COOLING, SCALE));
    }
    return names;
  }

  /** The state as it is now. */
  Map<String, NdArray> of(Scalars scalars) {
    Map<String, NdArray> state = new LinkedHashMap<>();
    state.put(STEPS, count(scalars.steps));
    for (int group = 0; group < groups; group++) {
      state.put(RATE + group, scalar(scalars.rates.get(group)));
    }
    if (scalars.plateau != null) {
      state.put(BEST, scalar(scalars.plateau.best()));
      state.put(BAD, count(scalars.plateau.bad()));
      state.put(COOLING, count(scalars.plateau.cooling()));
      state.put(SCALE, scalar(scalars.plateau.scale()));
    }
    for (Owned each : owned) {
      List<String> names = names(each);
      List<NdArray> kept = each.kept();
      for (int k = 0; k < kept.size(); k++) {
        state.put(names.get(k), kept.get(k));
      }
      state.put(stepOf(each), count(each.steps()));
    }
    return Collections.unmodifiableMap(state);
  }

  private static NdArray count(long value) {
    return scalar((double) value);
  }

  private static NdArray scalar(double value) {
    return NdArray.scalar(DType.FLOAT64, value);
  }

  /**
   * Puts a state in place, and returns what is not of the parameters; or refuses all of it.
   *
   * @param nonFinite whether what the library's methods keep may be NaN or infinite; others keep
   *     what they like
   */
  Scalars load(Map<String, NdArray> given, boolean hasPlateau, boolean nonFinite) {
    Nulls.refuse("load: state", given);
    Map<String, NdArray> state = new LinkedHashMap<>();
    given.forEach((name, array) -> state.put(name, given(name, array)));
    List<String> faults = faults(state, hasPlateau, nonFinite);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          "load: nothing was loaded, because\n  " + String.join("\n  ", faults));
    }
    for (Owned each : owned) {
      List<NdArray> kept =
          names(each).subList(0, each.names().size()).stream()
              .map(name -> at(state, name))
              .toList();
      each.restore((long) at(state, stepOf(each)).item(), kept);
    }
    List<Double> rates = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      rates.add(at(state, RATE + group).item());
    }
    return new Scalars((long) at(state, STEPS).item(), rates, hasPlateau ? plateau(state) : null);
  }

  private List<String> faults(Map<String, NdArray> state, boolean hasPlateau, boolean nonFinite) {
    List<String> faults = new ArrayList<>();
    for (String name : scalarNames(hasPlateau)) {
      boolean isCount = name.equals(STEPS) || name.equals(BAD) || name.equals(COOLING);
      check(
          state,
          name,
          faults,
          isCount
              ? OptimizerState::isCount
              : name.equals(BEST) ? x -> !Double.isNaN(x) : OptimizerState::isRate);
    }
    for (Owned each : owned) {
      for (String name : names(each)) {
        if (name.equals(stepOf(each))) {
          check(state, name, faults, OptimizerState::isCount);
        } else {
          check(state, name, each.parameter().dtype(), each.parameter().shape(), faults);
          @Nullable NdArray kept = state.get(name);
          if (!nonFinite && !each.isForeign() && kept != null && !kept.isFinite()) {
            faults.add(name + " has elements that are NaN or infinite");
          }
        }
      }
    }
    TreeSet<String> left = new TreeSet<>(state.keySet());
    scalarNames(hasPlateau).forEach(left::remove);
    owned.forEach(each -> names(each).forEach(left::remove));
    left.forEach(name -> faults.add(name + " is left over"));
    return faults;
  }

  private static NdArray given(String name, NdArray array) {
    if (name == null || array == null) {
      throw new NullPointerException("load: state is null at " + name);
    }
    return array;
  }

  private static Plateau.Memory plateau(Map<String, NdArray> state) {
    return new Plateau.Memory(
        at(state, BEST).item(),
        (long) at(state, BAD).item(),
        (long) at(state, COOLING).item(),
        at(state, SCALE).item());
  }

  private static NdArray at(Map<String, NdArray> state, String name) {
    return Objects.requireNonNull(state.get(name));
  }

  private static void check(
      Map<String, NdArray> state, String name, List<String> faults, DoublePredicate allowed) {
    int before = faults.size();
    check(state, name, DType.FLOAT64, Shape.SCALAR, faults);
    if (faults.size() == before && !allowed.test(at(state, name).item())) {
      faults.add("%s is %s, which it cannot be".formatted(name, at(state, name).item()));
    }
  }

  private static void check(
      Map<String, NdArray> state, String name, DType dtype, Shape shape, List<String> faults) {
    @Nullable NdArray found = state.get(name);
    if (found == null) {
      faults.add("%s is missing, expected %s %s".formatted(name, dtype, shape));
    } else if (found.dtype() != dtype || !found.shape().equals(shape)) {
      faults.add(
          "%s is %s %s, expected %s %s"
              .formatted(name, found.dtype(), found.shape(), dtype, shape));
    }
  }

  private static boolean isCount(double value) {
    return value >= 0 && value <= 0x1p53 && value == Math.rint(value);
  }

  private static boolean isRate(double value) {
    return value >= 0 && Double.isFinite(value);
  }
}
