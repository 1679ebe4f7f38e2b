package org.gradus.autograd.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * Cases with very small and very large numbers, made of drawn ones: the inputs are multiplied, all
 * of them, or one after another. So they keep their signs, and what was distinct is so still.
 */
final class Extremes {
  /** No number of two decimals is another one times these. */
  private static List<Double> factors() {
    return List.of(
        1.0472e-30,
        1.0583e-20,
        1.0472e-10,
        1.0583e-5,
        1.0694e-3,
        10.236,
        113.73,
        1.0694e4,
        1.0583e10,
        1.0472e20,
        1.0472e30);
  }

  /** Whose Jacobian is compared entry by entry, at many sizes. */
  private static final int MOST_ELEMENTS = 16;

  private static final int DRAWN = 50;

  private Extremes() {}

  /** The cases of a row, or none if no drawn case is small. */
  static List<OpCase> of(OpRow row, Trials trials) {
    List<OpCase> small =
        trials.first(row.cases(), DRAWN).stream().filter(Extremes::isSmall).toList();
    if (small.isEmpty()) {
      return List.of();
    }
    List<OpCase> extreme = new ArrayList<>();
    int most = small.stream().mapToInt(example -> example.inputs().size()).max().getAsInt();
    for (int input = -1; input < (most > 1 ? most : 0); input++) {
      for (double factor : factors()) {
        if (row.takes(factor)) {
          extreme.add(scaled(small.get(extreme.size() % small.size()), factor, input));
        }
      }
    }
    return extreme.subList(0, Math.min(extreme.size(), trials.cases()));
  }

  private static boolean isSmall(OpCase example) {
    int elements = example.inputs().stream().mapToInt(NdArray::size).sum();
    return example.inputs().stream().allMatch(x -> x.size() > 0) && elements <= MOST_ELEMENTS;
  }

  /** With one input multiplied, or all for -1. */
  private static OpCase scaled(OpCase example, double factor, int only) {
    List<NdArray> inputs = new ArrayList<>(example.inputs());
    for (int i = 0; i < inputs.size(); i++) {
      if (only < 0 || i == only) {
        inputs.set(i, inputs.get(i).map(x -> x * factor));
      }
    }
    return example.withInputs(inputs);
  }

  /** The largest element of each input. */
  static List<Double> sizes(OpCase example) {
    return example.inputs().stream()
        .map(x -> IntStream.range(0, x.size()).mapToDouble(i -> Math.abs(x.at(i))).max().orElse(0))
        .toList();
  }

  /** Whether the op takes no such numbers, which an argument error says. */
  static boolean refuses(OpCase example) {
    try {
      example.apply(example.inputs().stream().map(Tensor::constant).toList());
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }
}
