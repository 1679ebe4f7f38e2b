package org.gradus.layers.optim;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Layer;
import org.gradus.layers.Observation;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of a net, which follow what passes of training observe. A net that trains without
 * them would be another one in inference, so a step asks for a pass that the net has computed with.
 */
final class Followers {
  private final @Nullable Layer net;

  /** Under the net's names. */
  private final List<Parameter> statistics;

  /** The pass of the last step, and how often the net had been called with it. */
  private @Nullable Pass last;

  private long calls;

  private Followers(@Nullable Layer net, List<Parameter> statistics) {
    this.net = net;
    this.statistics = statistics;
  }

  /** Of parameters whose net is not known: nothing is asked for. */
  static Followers unknown() {
    return new Followers(null, List.of());
  }

  static Followers of(Layer net) {
    Set<Parameter> found = new LinkedHashSet<>();
    find(net, found);
    return new Followers(net, net.buffers().stream().filter(found::contains).toList());
  }

  /** A frozen part is in inference. */
  private static void find(Layer layer, Set<Parameter> found) {
    if (layer.frozen() == layer) {
      return;
    }
    Set<Parameter> own = new LinkedHashSet<>(layer.buffers());
    layer.parts().values().forEach(part -> part.buffers().forEach(own::remove));
    own.stream().filter(Parameter::isStatistic).forEach(found::add);
    layer.parts().values().forEach(part -> find(part, found));
  }

  /** Refuses a step without a pass. */
  void requireNone(String function) {
    if (!statistics.isEmpty()) {
      throw new IllegalStateException(
          "%s: the net has %s, which follow what a pass of training observes; give the pass, too"
              .formatted(function, names()));
    }
  }

  /** Refuses a pass that the net has not computed with since the last step, or to no good. */
  void require(String function, Pass pass, boolean allowsNonFinite) {
    if (net != null && !statistics.isEmpty() && pass.isTraining()) {
      boolean again = pass.equals(last);
      if (pass.calls(net) <= (again ? calls : 0)) {
        throw new IllegalStateException(
            "%s: the net has not computed with the pass%s, so %s would not follow; compute the loss by forward(x, pass)"
                .formatted(function, again ? " since the last step" : "", names()));
      }
    }
    if (!allowsNonFinite) {
      pass.observed().forEach(observation -> requireFinite(function, observation));
    }
  }

  private void requireFinite(String function, Observation observation) {
    NdArray value = observation.value();
    if (observation.share() > 0 && !value.isFinite()) {
      Parameter buffer = observation.buffer();
      String name = statistics.stream().filter(buffer::equals).findFirst().orElse(buffer).name();
      throw new NonFiniteStepException(
          "%s: of %s, %s of %s elements were observed as NaN or infinite, so no step was taken"
              .formatted(function, name, NonFiniteStepException.faults(value), value.size()));
    }
  }

  /** Puts in place what was observed. */
  void commit(Pass pass) {
    pass.commit();
    last = pass;
    calls = net == null ? 0 : pass.calls(net);
  }

  private String names() {
    List<String> names = statistics.stream().map(Parameter::name).toList();
    return names.size() > 3 ? names.get(0) + " and others" : String.join(", ", names);
  }
}
