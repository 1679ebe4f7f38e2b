package org.gradus.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.onnx.Draft.Node;
import org.gradus.onnx.Places.Place;

/**
 * One draft for any batch size, of drafts for some: what they have in common is as it is, and whole
 * numbers that differ are computed from the input's shape. Such a number is a N + b for a batch of
 * N, which all drafts have to bear out; anything else that differs is refused.
 */
final class BatchSizes {
  private final List<Draft> drafts;
  private final int[] sizes;
  private final String input;
  private final Draft whole = new Draft();
  private final Map<String, String> names = new HashMap<>(); // of what is named otherwise now

  private BatchSizes(List<Draft> drafts, int[] sizes, String input) {
    this.drafts = drafts;
    this.sizes = sizes;
    this.input = input;
  }

  /**
   * The draft that stands for all.
   *
   * @param sizes the batch size of each
   * @param input whose axis 0 is the batch
   * @param reserved the names of inputs and outputs
   * @throws IllegalArgumentException if one differs in something else, naming the op
   */
  static Draft join(List<Draft> drafts, int[] sizes, String input, Set<String> reserved) {
    BatchSizes all = new BatchSizes(drafts, sizes, input);
    reserved.forEach(all.whole::reserve);
    all.joinNodes();
    return all.whole;
  }

  private void joinNodes() {
    Draft first = drafts.get(0);
    for (Node node : first.nodes()) {
      whole.reserve(node.name());
      whole.reserve(node.output());
    }
    first.constants().keySet().stream()
        .filter(name -> !Draft.isNumber(name))
        .forEach(whole::reserve);
    for (int i = 0; i < first.nodes().size(); i++) {
      int position = i;
      Node node = first.nodes().get(i);
      for (Draft other : drafts) {
        requireAlike(node, other.nodes().size() > i ? other.nodes().get(i) : node, other);
      }
      List<String> inputs = new ArrayList<>();
      for (int k = 0; k < node.inputs().size(); k++) {
        int slot = k;
        List<Object> values =
            drafts.stream()
                .map(draft -> draft.constants().get(draft.nodes().get(position).inputs().get(slot)))
                .toList();
        inputs.add(values.get(0) == null ? node.inputs().get(k) : constant(node, k, values));
      }
      whole.add(node.with(inputs, node.output()));
    }
  }

  private void requireAlike(Node node, Node other, Draft draft) {
    if (draft.nodes().size() != drafts.get(0).nodes().size() || !node.type().equals(other.type())) {
      throw refused(
          node, "a batch of another size is computed by other operators, here " + other.type());
    }
    node.attributes()
        .forEach(
            (name, value) -> {
              if (!value.equals(other.attributes().get(name))) {
                throw refused(
                    node,
                    "%s of %s is %s for a batch of %s, and %s for one of %s"
                        .formatted(
                            name,
                            node.type(),
                            value,
                            sizes[0],
                            other.attributes().get(name),
                            sizes[drafts.indexOf(draft)]));
              }
            });
  }

  private static IllegalArgumentException refused(Node node, String what) {
    return new IllegalArgumentException(
        "export: %s: %s; export it for a fixed batch".formatted(node.call(), what));
  }

  /** The name of a constant, or of what is computed in its place. */
  private String constant(Node node, int slot, List<Object> values) {
    String number = node.inputs().get(slot);
    Object first = values.get(0);
    if (values.stream().allMatch(value -> isSame(first, value))) {
      return same(node, slot, number, first);
    }
    if (first instanceof long[]) {
      List<long[]> lists = values.stream().map(value -> (long[]) value).toList();
      if (node.type().equals("Reshape") && slot == 1) {
        long[] rest = withRest(lists);
        if (rest.length > 0) {
          return whole.constantOf(node.name() + "/" + slot, rest);
        }
      }
      return computed(node, lists);
    }
    if (first instanceof NdArray array && values.stream().allMatch(v -> isFull((NdArray) v))) {
      double value = array.at(0);
      boolean alike = values.stream().allMatch(v -> same(value, ((NdArray) v).at(0)));
      List<long[]> shapes = values.stream().map(v -> dims(((NdArray) v).shape())).toList();
      if (alike) {
        String one =
            whole.constantOf(node.name() + "/" + slot, NdArray.scalar(array.dtype(), value));
        return compute(node, "Expand", one, computed(node, shapes));
      }
    }
    throw refused(
        node,
        "input %s of %s is a constant that differs with the batch".formatted(slot, node.type()));
  }

  /** A constant of all drafts; it is named after where it is used first, unless it has a name. */
  private String same(Node node, int slot, String number, Object value) {
    String known = names.get(number);
    if (known == null) {
      known =
          Draft.isNumber(number)
              ? whole.constantOf(node.name() + "/" + slot, value)
              : whole.constantNamed(number, value);
      names.put(number, known);
    }
    return known;
  }

  private static boolean isSame(Object a, Object b) {
    if (a instanceof long[] list) {
      return b instanceof long[] other && Arrays.equals(list, other);
    }
    return a.equals(b); // arrays by their bits
  }

  private static boolean same(double a, double b) {
    return Double.doubleToLongBits(a) == Double.doubleToLongBits(b);
  }

  private static boolean isFull(NdArray array) {
    for (int i = 1; i < array.size(); i++) {
      if (!same(array.at(0), array.at(i))) {
        return false;
      }
    }
    return array.size() > 0;
  }

  private static long[] dims(Shape shape) {
    return Arrays.stream(shape.toArray()).asLongStream().toArray();
  }

  // ---- whole numbers that depend on the batch --------------------------------------------------

  /** The shape with -1 for the one extent that differs; empty if that does not say it. */
  private static long[] withRest(List<long[]> lists) {
    long[] first = lists.get(0);
    long[] rest = first.clone();
    int differing = 0;
    for (int i = 0; i < first.length; i++) {
      for (long[] list : lists) {
        if (list.length != first.length || first[i] == 0) {
          return new long[0];
        }
        rest[i] = list[i] != first[i] ? -1 : rest[i];
      }
      differing += rest[i] == -1 ? 1 : 0;
    }
    return differing == 1 ? rest : new long[0];
  }

  /** The name of a list whose entries are a N + b. */
  private String computed(Node node, List<long[]> lists) {
    long[] first = lists.get(0);
    List<String> parts = new ArrayList<>();
    List<Long> fixed = new ArrayList<>();
    for (int i = 0; i < first.length; i++) {
      int entry = i;
      if (lists.stream().anyMatch(list -> list.length != first.length)) {
        throw refused(node, "a list of whole numbers has another length for another batch");
      }
      long[] values = lists.stream().mapToLong(list -> list[entry]).toArray();
      if (Arrays.stream(values).allMatch(value -> value == values[0])) {
        fixed.add(values[0]);
        continue;
      }
      flush(node, fixed, parts);
      parts.add(affine(node, values));
    }
    flush(node, fixed, parts);
    return parts.size() == 1
        ? parts.get(0)
        : compute(node, "Concat", Map.of("axis", 0L), parts.toArray(new String[0]));
  }

  private void flush(Node node, List<Long> fixed, List<String> parts) {
    if (!fixed.isEmpty()) {
      long[] values = fixed.stream().mapToLong(value -> value).toArray();
      parts.add(whole.constantOf(node.name() + "/size", values));
      fixed.clear();
    }
  }

  /** The list [a N + b]. */
  private String affine(Node node, long[] values) {
    long slope = (values[1] - values[0]) / (sizes[1] - sizes[0]);
    long rest = values[0] - slope * sizes[0];
    for (int i = 0; i < values.length; i++) {
      if (values[i] != slope * sizes[i] + rest) {
        throw refused(
            node,
            "a size is %s for batches of %s, which is no multiple and sum"
                .formatted(Arrays.toString(values), Arrays.toString(sizes)));
      }
    }
    String value =
        compute(
            node,
            "Gather",
            Map.of("axis", 0L),
            compute(node, "Shape", input),
            whole.constantOf(node.name() + "/batch", new long[] {0}));
    if (slope != 1) {
      value =
          compute(node, "Mul", value, whole.constantOf(node.name() + "/times", new long[] {slope}));
    }
    if (rest != 0) {
      value =
          compute(node, "Add", value, whole.constantOf(node.name() + "/plus", new long[] {rest}));
    }
    return value;
  }

  private String compute(Node node, String type, String... inputs) {
    return compute(node, type, Map.of(), inputs);
  }

  private String compute(Node node, String type, Map<String, Object> attributes, String... inputs) {
    return whole.node(new Place(node.name()), type, attributes, List.of(inputs));
  }
}
