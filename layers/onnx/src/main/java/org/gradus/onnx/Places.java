package org.gradus.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gradus.autograd.Tensor;
import org.gradus.layers.Layer;
import org.gradus.layers.Trace;

/**
 * Which layer each tensor of a trace was made in: the innermost. A node of a file that was read is
 * a layer, and its name that of the node, which is kept where it is written as one node again.
 */
final class Places {
  private Places() {}

  /**
   * Where a tensor was made.
   *
   * @param name of the layer in the net, or of a node that was read
   * @param layer empty where what is written stands in no layer
   */
  record Place(String name, Optional<Layer> layer) {
    static final Place NONE = new Place("");

    Place(String name) {
      this(name, Optional.empty());
    }

    /** Whether the name is that of a node that was read. */
    boolean isNode() {
      return layer.filter(NodeCall.class::isInstance).isPresent();
    }
  }

  /**
   * The places of the tensors.
   *
   * @param prefix which names lose
   */
  static Map<Tensor, Place> of(Trace trace, String prefix) {
    Map<Tensor, Place> places = new HashMap<>();
    List<Trace.Call> outer = new ArrayList<>();
    for (Trace.Call call : trace.calls()) {
      if (call.isLeaf()) {
        mark(call, prefix, places, true);
      } else {
        outer.add(call);
      }
    }
    Collections.reverse(outer); // the inner ones begin later
    outer.forEach(call -> mark(call, prefix, places, false));
    return places;
  }

  /** Marks what lies between input and output; a layer without parts made nothing earlier. */
  private static void mark(
      Trace.Call call, String prefix, Map<Tensor, Place> places, boolean stops) {
    String name = call.place();
    String own =
        (name + ".").equals(prefix)
            ? ""
            : name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    Place place = new Place(own, Optional.of(call.layer()));
    Set<Tensor> seen = new HashSet<>(Set.of(call.input()));
    Deque<Tensor> open = new ArrayDeque<>(List.of(call.output()));
    while (!open.isEmpty()) {
      Tensor tensor = open.pop();
      if (seen.add(tensor) && !(stops && places.containsKey(tensor))) {
        places.putIfAbsent(tensor, place);
        tensor.inputs().forEach(open::push);
      }
    }
  }
}
