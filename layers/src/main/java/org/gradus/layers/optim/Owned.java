package org.gradus.layers.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.update.UpdateMethod;
import org.gradus.autograd.update.UpdateRule;
import org.gradus.autograd.update.UpdateState;
import org.gradus.layers.Parameter;

/** A parameter of an optimiser, and what is kept of it. */
final class Owned {
  private final Parameter parameter;
  private final int group;
  private final UpdateMethod method;
  private final List<String> names;
  private final UpdateState kept;
  private long steps;

  Owned(Parameter parameter, int group, UpdateMethod method) {
    this.parameter = parameter;
    this.group = group;
    this.method = method;
    this.names = names(method);
    this.kept = UpdateState.zeros(names.size(), parameter.dtype(), parameter.shape());
  }

  /** They are names in a file, beside {@code step}. */
  private static List<String> names(UpdateMethod method) {
    String what = "optimizer: what %s keeps".formatted(method);
    List<String> names = Nulls.list(what, method.kept());
    if (Set.copyOf(names).size() < names.size()
        || names.stream().anyMatch(name -> name.isBlank() || name.equals("step"))) {
      throw new IllegalArgumentException(
          "%s is called %s, expected names that differ, none of them blank, nor step"
              .formatted(what, names));
    }
    return names;
  }

  Parameter parameter() {
    return parameter;
  }

  UpdateMethod method() {
    return method;
  }

  int group() {
    return group;
  }

  /** The names of what is kept of each element. */
  List<String> names() {
    return names;
  }

  long steps() {
    return steps;
  }

  /** What is kept, in the order of the names; copies. */
  List<NdArray> kept() {
    return kept.kept();
  }

  void restore(long stepsBefore, List<NdArray> keptBefore) {
    kept.restore(keptBefore);
    steps = stepsBefore;
  }

  /** Whether the program of somebody else computes the step; it may throw what it likes. */
  boolean isForeign() {
    return !method.getClass().getPackageName().equals(UpdateMethod.class.getPackageName());
  }

  /**
   * The next values of parameters, which still have their present ones. If a rule throws, nothing
   * that is kept has changed.
   */
  static Map<Owned, NdArray> step(
      String function,
      Map<Owned, NdArray> gradients,
      ToDoubleFunction<Owned> rateOf,
      boolean allowsNonFinite) {
    Map<Owned, UpdateRule> rules = new LinkedHashMap<>();
    gradients
        .keySet()
        .forEach(
            each -> rules.put(each, each.method.rule(rateOf.applyAsDouble(each), each.steps + 1)));
    List<Runnable> undo = new ArrayList<>();
    Map<Owned, NdArray> next = new LinkedHashMap<>();
    try {
      rules.forEach(
          (each, rule) -> {
            if (each.isForeign()) { // before the others, which change what is kept in place
              List<NdArray> before = each.kept();
              undo.add(() -> each.kept.restore(before));
              NdArray value =
                  each.kept.step(
                      rule, each.parameter.value(), Objects.requireNonNull(gradients.get(each)));
              if (!allowsNonFinite && !value.isFinite()) {
                throw new NonFiniteStepException(
                    "%s: by %s, %s of %s elements of %s would be NaN or infinite, so no step was taken"
                        .formatted(
                            function,
                            each.method,
                            NonFiniteStepException.faults(value),
                            value.size(),
                            each.parameter.name()));
              }
              next.put(each, value);
            }
          });
    } catch (RuntimeException | Error e) {
      undo.forEach(Runnable::run);
      throw e;
    }
    rules.forEach(
        (each, rule) -> {
          if (!each.isForeign()) {
            next.put(
                each,
                each.kept.step(
                    rule, each.parameter.value(), Objects.requireNonNull(gradients.get(each))));
          }
        });
    next.keySet().forEach(each -> each.steps++);
    return next;
  }
}
