package org.gradus.layers.optim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Layer;
import org.gradus.layers.Observation;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;

/**
 * The buffers of a net that follow what passes of training observe, such as running statistics. A
 * net that trains without them would be another one in inference, so a step asks for them.
 */
final class Followers {
  /**
   * Of parameters whose net is not known: nothing is asked for, and all that was observed is taken.
   */
  static final Followers UNKNOWN = new Followers(Map.of(), false);

  /** Each with the learnt parameters of its layer, and by the net's name for it. */
  private final Map<Parameter, List<Parameter>> besides;

  private final boolean known;

  private Followers(Map<Parameter, List<Parameter>> besides, boolean known) {
    this.besides = besides;
    this.known = known;
  }

  static Followers of(Layer net) {
    Map<Parameter, List<Parameter>> found = new LinkedHashMap<>();
    find(net, found);
    Map<Parameter, List<Parameter>> named = new LinkedHashMap<>();
    for (Parameter buffer : net.buffers()) {
      List<Parameter> beside = found.get(buffer);
      if (beside != null && !buffer.isLearnt()) {
        named.put(buffer, beside);
      }
    }
    return new Followers(named, true);
  }

  /** A frozen part is in inference. */
  private static void find(Layer layer, Map<Parameter, List<Parameter>> found) {
    if (layer.frozen() == layer) {
      return;
    }
    List<Parameter> buffers = new ArrayList<>(layer.buffers());
    List<Parameter> learnt = new ArrayList<>(layer.parameters());
    for (Layer part : layer.parts().values()) {
      buffers.removeAll(part.buffers());
      learnt.removeAll(part.parameters());
      find(part, found);
    }
    buffers.forEach(buffer -> found.put(buffer, learnt));
  }

  /** Refuses a step without a pass. */
  void requireNone(String function) {
    if (!besides.isEmpty()) {
      throw new IllegalStateException(
          "%s: the net has %s, which follow what a pass of training observes; give the pass, too"
              .formatted(function, names(besides.keySet())));
    }
  }

  /** Refuses a pass of training that has seen nothing of this net since the last step. */
  void requireAny(String function, Pass pass) {
    if (pass.isTraining()
        && !besides.isEmpty()
        && missing(pass, layer -> true).size() == besides.size()) {
      throw unseen(function, besides.keySet());
    }
  }

  /** Refuses a pass of training in which a layer that the loss depends on has observed nothing. */
  void requireAll(String function, Pass pass, Collection<Parameter> reached) {
    if (pass.isTraining() && !besides.isEmpty()) {
      Set<Parameter> moved = new HashSet<>(reached);
      List<Parameter> missing = missing(pass, layer -> layer.stream().anyMatch(moved::contains));
      if (!missing.isEmpty()) {
        throw unseen(function, missing);
      }
    }
  }

  /** The buffers of some layers, by their learnt parameters, that the pass has not seen. */
  private List<Parameter> missing(Pass pass, Predicate<List<Parameter>> layers) {
    Set<Parameter> seen = new HashSet<>();
    pass.observed().forEach(each -> seen.add(each.buffer()));
    List<Parameter> missing = new ArrayList<>();
    besides.forEach(
        (buffer, learnt) -> {
          if (!seen.contains(buffer) && layers.test(learnt)) {
            missing.add(buffer);
          }
        });
    return missing;
  }

  private static IllegalStateException unseen(String function, Collection<Parameter> buffers) {
    return new IllegalStateException(
        "%s: the pass has observed nothing for %s since the last step; compute the loss by"
                .formatted(function, names(buffers))
            + " forward(x, pass), and hand the pass on to all parts");
  }

  private static String names(Collection<Parameter> buffers) {
    List<String> names = buffers.stream().map(Parameter::name).toList();
    return names.size() > 3 ? names.get(0) + " and other buffers" : String.join(", ", names);
  }

  /** Refuses to put numbers in place that are not finite. */
  void requireFinite(String function, Pass pass) {
    for (Observation observation : pass.observed()) {
      NdArray value = observation.value();
      if (isMine(observation.buffer()) && !value.isFinite()) {
        throw new NonFiniteStepException(
            "%s: of %s, %s of %s elements were observed as NaN or infinite, so no step was taken"
                .formatted(
                    function,
                    nameOf(observation.buffer()),
                    NonFiniteStepException.faults(value),
                    value.size()));
      }
    }
  }

  private boolean isMine(Parameter buffer) {
    return !known || besides.containsKey(buffer);
  }

  private String nameOf(Parameter buffer) {
    return besides.keySet().stream().filter(buffer::equals).findFirst().orElse(buffer).name();
  }

  /** Puts in place what was observed of this net. */
  void commit(Pass pass) {
    if (known) {
      pass.commit(besides.keySet());
    } else {
      pass.commit();
    }
  }
}
