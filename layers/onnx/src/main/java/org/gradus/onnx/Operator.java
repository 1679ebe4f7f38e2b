package org.gradus.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An operator of the format, and how it is computed.
 *
 * @param name as in the format, such as {@code Conv}
 * @param since the first version of the operator set in which it is known here
 * @param until the last version that has it
 * @param least how many inputs there are at least
 * @param most how many inputs there are at most
 * @param outputs how many outputs there are at most
 * @param attributes by name, all that are known here
 * @param roles of inputs that are not just any number, by position
 * @param check refuses values of attributes that are not known here, on load
 * @param body computes the outputs
 */
record Operator(
    String name,
    int since,
    int until,
    int least,
    int most,
    int outputs,
    Map<String, Rule> attributes,
    Map<Integer, Role> roles,
    Consumer<Node> check,
    Function<Call, List<Value>> body) {

  /** The last version of the operator set that is known here. */
  static final int LATEST = 21;

  /** As many inputs or outputs as a node likes. */
  static final int ANY = Integer.MAX_VALUE;

  /** What an input is for, where it is an initializer. */
  enum Role {
    /** Learnt, whatever its size. */
    WEIGHT,
    /** Follows what is seen in training. */
    STATISTIC,
    /** Never learnt. */
    CONSTANT,
    /** Learnt if it is more than one number. */
    OPERAND
  }

  /** The kinds of attributes. */
  enum Kind {
    INT,
    FLOAT,
    STRING,
    INTS,
    FLOATS,
    STRINGS,
    TENSOR,
    GRAPH
  }

  /**
   * What is expected of an attribute.
   *
   * @param choices of a string; empty if any will do
   * @param since the first version of the operator set that has it
   * @param until the last one
   * @param isRequired whether it must be there
   */
  record Rule(Kind kind, Set<String> choices, int since, int until, boolean isRequired) {

    /**
     * Reads a rule.
     *
     * @param text as {@code kind=choice|choice@since-until!}, where all but the kind may be left
     *     out
     */
    static Rule of(String text) {
      boolean required = text.endsWith("!");
      String[] range = text.replace("!", "").split("@", -1);
      String[] kind = range[0].split("=", -1);
      int dash = range.length == 1 ? -1 : range[1].indexOf('-');
      String from = dash < 0 ? "" : range[1].substring(0, dash);
      String to = dash < 0 ? "" : range[1].substring(dash + 1);
      return new Rule(
          Kind.valueOf(kind[0].toUpperCase(java.util.Locale.ROOT)),
          kind.length == 1 ? Set.of() : Set.copyOf(Arrays.asList(kind[1].split("\\|", -1))),
          from.isEmpty() ? 0 : Integer.parseInt(from),
          to.isEmpty() ? LATEST : Integer.parseInt(to),
          required);
    }
  }

  /**
   * An operator with one output.
   *
   * @param rules of its attributes, as {@code name:rule name:rule}
   */
  static Operator of(
      String name, int since, int least, int most, String rules, Function<Call, Value> body) {
    return many(name, since, least, most, 1, rules, call -> List.of(body.apply(call)));
  }

  /**
   * An operator with any number of outputs.
   *
   * @param rules of its attributes, as {@code name:rule name:rule}
   */
  static Operator many(
      String name,
      int since,
      int least,
      int most,
      int outputs,
      String rules,
      Function<Call, List<Value>> body) {
    Map<String, Rule> attributes = new LinkedHashMap<>();
    for (String rule : rules.isEmpty() ? new String[0] : rules.split(" ", -1)) {
      int colon = rule.indexOf(':');
      attributes.put(rule.substring(0, colon), Rule.of(rule.substring(colon + 1)));
    }
    return new Operator(
        name, since, LATEST, least, most, outputs, attributes, Map.of(), node -> {}, body);
  }

  /** The same operator, of which some inputs have a role. */
  Operator with(Role role, int... inputs) {
    Map<Integer, Role> more = new LinkedHashMap<>(roles);
    for (int input : inputs) {
      more.put(input, role);
    }
    return new Operator(name, since, until, least, most, outputs, attributes, more, check, body);
  }

  /** The same operator, whose nodes are looked at on load. */
  Operator checked(Consumer<Node> by) {
    return new Operator(
        name, since, until, least, most, outputs, attributes, roles, check.andThen(by), body);
  }

  /** The same operator, which later versions do not have. */
  Operator until(int version) {
    return new Operator(name, since, version, least, most, outputs, attributes, roles, check, body);
  }

  /** What the input in a position is for. */
  Role role(int input) {
    return roles.getOrDefault(input, Role.OPERAND);
  }

  /** The rules of attributes in a version. */
  List<String> attributes(int version) {
    List<String> known = new ArrayList<>();
    attributes.forEach(
        (attribute, rule) -> {
          if (version >= rule.since && version <= rule.until) {
            known.add(attribute);
          }
        });
    return known;
  }
}
