package org.gradus.layers.train;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Epochs as text, which has all of their bits. */
final class HistoryText {
  private static final String OWN = "epoch,steps,rate,seconds";

  /** Fields of an epoch besides its values. */
  private static final int OWN_FIELDS = 4;

  private HistoryText() {}

  /** A line for each epoch, of fields such as {@code loss=0.25}. */
  static String of(History history) {
    return history.epochs().stream().map(HistoryText::line).collect(Collectors.joining("\n"));
  }

  private static String line(Epoch epoch) {
    List<String> fields =
        new ArrayList<>(
            List.of(
                "" + epoch.number(), "" + epoch.steps(), "" + epoch.rate(), "" + epoch.seconds()));
    epoch
        .values()
        .forEach(
            (name, value) ->
                fields.add(URLEncoder.encode(name, StandardCharsets.UTF_8) + "=" + value));
    return String.join(" ", fields);
  }

  /**
   * The epochs of such a text.
   *
   * @throws IllegalArgumentException if it is none
   */
  static History parse(String text) {
    return new History(text.lines().map(HistoryText::epoch).toList());
  }

  private static Epoch epoch(String line) {
    String[] fields = line.split(" ", -1);
    if (fields.length < OWN_FIELDS) {
      throw new IllegalArgumentException("an epoch of %s fields".formatted(fields.length));
    }
    Map<String, Double> values = new LinkedHashMap<>();
    for (int i = OWN_FIELDS; i < fields.length; i++) {
      int equals = fields[i].indexOf('=');
      String name = fields[i].substring(0, Math.max(0, equals));
      values.put(
          URLDecoder.decode(name, StandardCharsets.UTF_8),
          Double.parseDouble(fields[i].substring(equals + 1)));
    }
    return new Epoch(
        Integer.parseInt(fields[0]),
        Long.parseLong(fields[1]),
        Double.parseDouble(fields[2]),
        values,
        Double.parseDouble(fields[3]));
  }

  /** A table with a line of names, for people and their programs; a cell is empty without value. */
  static String csv(History history) {
    Set<String> names = new LinkedHashSet<>();
    history.epochs().forEach(epoch -> names.addAll(epoch.values().keySet()));
    List<String> lines = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(OWN));
    names.forEach(name -> head.add(quoted(name)));
    lines.add(String.join(",", head));
    for (Epoch epoch : history.epochs()) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  "" + epoch.number(),
                  "" + epoch.steps(),
                  "" + epoch.rate(),
                  "" + epoch.seconds()));
      names.forEach(
          name -> {
            Double value = epoch.values().get(name);
            cells.add(value == null ? "" : value.toString());
          });
      lines.add(String.join(",", cells));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String quoted(String name) {
    boolean plain = name.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
