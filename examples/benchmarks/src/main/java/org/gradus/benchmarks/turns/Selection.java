package org.gradus.benchmarks.turns;

import java.util.List;
import java.util.Locale;

/**
 * Names that contain one of some words, in capitals or not; all names, if there is no word.
 *
 * @param words that are looked for
 */
public record Selection(List<String> words) {

  /** Takes the words as they are now. */
  public Selection {
    words = List.copyOf(words);
  }

  /** Whether a name is one of those meant. */
  public boolean has(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return words.isEmpty()
        || words.stream().anyMatch(word -> lower.contains(word.toLowerCase(Locale.ROOT)));
  }
}
