package org.gradus.layers.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;

/** The examples of several data sets, those of one behind those of the other. */
final class Concatenated implements Dataset {
  private static final int MOST_NAMED = 4;

  /** Of one or more examples each, and themselves no concatenations; or one without examples. */
  private final List<Dataset> parts;

  /** Behind the last example of each part. */
  private final int[] ends;

  private Concatenated(List<Dataset> parts, int... ends) {
    this.parts = parts;
    this.ends = ends;
  }

  /**
   * The examples of one data set, and those of another behind them.
   *
   * @throws ShapeException if there are too many
   * @throws IllegalArgumentException if one is of sequences whose batches differ in their length
   */
  static Concatenated of(Dataset first, Dataset second) {
    long size = (long) first.size() + second.size();
    if (size > Integer.MAX_VALUE) {
      throw new ShapeException(
          "and", "%s and %s examples are too many".formatted(first.size(), second.size()));
    }
    List<Dataset> parts = new ArrayList<>();
    add(first, parts);
    add(second, parts);
    if (parts.isEmpty()) {
      parts.add(first);
    }
    int[] ends = new int[parts.size()];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += parts.get(i).size();
      ends[i] = end;
    }
    return new Concatenated(parts, ends);
  }

  private static void add(Dataset data, List<Dataset> parts) {
    if (data instanceof Concatenated some) {
      parts.addAll(some.size() == 0 ? List.of() : some.parts);
      return;
    }
    Dataset whole = data;
    while (whole instanceof Subset subset) {
      whole = subset.whole();
    }
    if (whole instanceof Ragged ragged && !ragged.isOfOneLength()) {
      throw new IllegalArgumentException(
          "and: %s beside other data, expected batches of one length; give them toLength"
              .formatted(data));
    }
    if (data.size() > 0) {
      parts.add(data);
    }
  }

  @Override
  public int size() {
    return ends[ends.length - 1];
  }

  private int part(int number) {
    int found = Arrays.binarySearch(ends, number + 1);
    return found < 0 ? -found - 1 : found;
  }

  private int start(int part) {
    return part == 0 ? 0 : ends[part - 1];
  }

  /** The numbers that the examples have in their parts, by part. */
  private Map<Integer, List<Integer>> byPart(int... numbers) {
    Map<Integer, List<Integer>> byPart = new TreeMap<>();
    for (int number : numbers) {
      int part = part(number);
      byPart.computeIfAbsent(part, p -> new ArrayList<>()).add(number - start(part));
    }
    return byPart;
  }

  private static int[] array(List<Integer> numbers) {
    return numbers.stream().mapToInt(number -> number).toArray();
  }

  /** Where each example is when those of a part lie together, in the order of the parts. */
  private int[] places(Map<Integer, List<Integer>> byPart, int... numbers) {
    Map<Integer, Integer> next = new TreeMap<>();
    int count = 0;
    for (Map.Entry<Integer, List<Integer>> entry : byPart.entrySet()) {
      next.put(entry.getKey(), count);
      count += entry.getValue().size();
    }
    return Arrays.stream(numbers)
        .map(number -> next.merge(part(number), 1, Integer::sum) - 1)
        .toArray();
  }

  @Override
  public Batch select(int... numbers) {
    Nulls.refuse("select: numbers", numbers);
    requireAll(numbers);
    Map<Integer, List<Integer>> byPart = byPart(numbers);
    if (byPart.isEmpty()) {
      return parts.get(0).select();
    }
    List<Batch> batches = new ArrayList<>();
    byPart.forEach((part, some) -> batches.add(parts.get(part).select(array(some))));
    if (batches.size() == 1) {
      return batches.get(0);
    }
    Batch all = Batch.joined("and", batches);
    return new InMemory(all).select(places(byPart, numbers));
  }

  @Override
  public int[] labels() {
    return labels(Labels.all(size()));
  }

  /** The classes of some examples. */
  int[] labels(int... numbers) {
    Map<Integer, List<Integer>> byPart = byPart(numbers);
    int[] together =
        byPart.entrySet().stream()
            .flatMapToInt(e -> Arrays.stream(Labels.of(parts.get(e.getKey()), array(e.getValue()))))
            .toArray();
    return Arrays.stream(places(byPart, numbers)).map(place -> together[place]).toArray();
  }

  /** For example {@code 150 examples and 30 examples}. */
  @Override
  public String toString() {
    return parts.size() > MOST_NAMED
        ? "%s examples of %s data sets".formatted(size(), parts.size())
        : parts.stream().map(Dataset::toString).collect(Collectors.joining(" and "));
  }
}
