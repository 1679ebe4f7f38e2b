package org.gradus.layers.optim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of a loss with respect to parameters: a value, which can be added up, scaled and
 * clipped before an {@link Optimizer} takes a step by it.
 *
 * <pre>{@code
 * ParameterGradients gradients = ParameterGradients.of(loss, net.parameters());
 * optimizer.step(gradients.clipNorm(1));
 * }</pre>
 *
 * <p>A batch that does not fit into memory is cut into smaller ones, whose gradients are averaged
 * by {@link #mean}. A parameter that the loss does not depend on has gradient zero, and a step
 * leaves it as it is: see {@link #reached}. Gradients that were computed before a parameter was
 * given another value are not gradients of that parameter any more, and are refused.
 */
public final class ParameterGradients {
  private final Map<Parameter, Entry> entries;

  private ParameterGradients(Map<Parameter, Entry> entries) {
    this.entries = Collections.unmodifiableMap(entries);
  }

  // ---- where they come from --------------------------------------------------------------------

  /**
   * The gradients of a loss; the graph stays as it is.
   *
   * @param loss of one element
   * @param parameters no two the same, and none a buffer
   * @throws IllegalArgumentException if the loss has more or fewer elements, or a parameter is
   *     there twice
   * @throws IllegalStateException if the loss was computed with a former value of a parameter,
   *     which another has replaced since
   */
  public static ParameterGradients of(Tensor loss, List<Parameter> parameters) {
    Nulls.refuse("of: loss, parameters", loss, parameters);
    return of("of", loss, parameters, Gradients.Mode.VALUES);
  }

  /**
   * As {@link #of(Tensor, List)}, and takes back the memory of the graph, as {@link
   * Optimizer#minimize(Tensor)} does.
   *
   * @param loss of one element
   * @param parameters no two the same, and none a buffer
   */
  public static ParameterGradients consuming(Tensor loss, List<Parameter> parameters) {
    Nulls.refuse("consuming: loss, parameters", loss, parameters);
    return of("consuming", loss, parameters, Gradients.Mode.CONSUMING);
  }

  /** As {@link #of(Tensor, List)}, in a mode, and for messages a function. */
  static ParameterGradients of(
      String function, Tensor loss, List<Parameter> parameters, Gradients.Mode mode) {
    if (loss.shape().size() != 1) {
      throw new IllegalArgumentException(
          "%s: the loss has shape %s, expected one element".formatted(function, loss.shape()));
    }
    Map<Parameter, Tensor> variables = ParameterChecks.variables(function, parameters);
    Leaves leaves = Leaves.of(loss);
    Set<Tensor> others = leaves.otherThan(variables.values());
    for (Tensor other : others) { // in most cases there is none
      for (Parameter parameter : variables.keySet()) {
        if (parameter.wasReplaced(other)) {
          throw ParameterChecks.stale(function, parameter);
        }
      }
    }
    Tensor[] reached = variables.values().stream().filter(leaves::has).toArray(Tensor[]::new);
    Map<Parameter, Entry> entries = new LinkedHashMap<>();
    if (reached.length == 0) {
      variables.forEach((parameter, variable) -> entries.put(parameter, new Entry(variable, null)));
      return new ParameterGradients(entries);
    }
    Gradients gradients = Gradients.backward(loss, mode, reached);
    variables.forEach(
        (parameter, variable) ->
            entries.put(
                parameter,
                new Entry(variable, leaves.has(variable) ? gradients.of(variable).value() : null)));
    return new ParameterGradients(entries);
  }

  /**
   * Gradients that the engine has computed, by parameter. A parameter that the loss depends on, but
   * whose gradient was not asked for, counts as one that the loss does not depend on.
   *
   * @param gradients of a loss that was computed with the parameters' current variables
   * @param parameters no two the same, and none a buffer
   * @throws IllegalArgumentException if a parameter is there twice, or one is a buffer
   * @throws IllegalStateException if the loss depends on a former variable of a parameter, which
   *     another has replaced since
   */
  public static ParameterGradients of(Gradients gradients, List<Parameter> parameters) {
    Nulls.refuse("of: gradients, parameters", gradients, parameters);
    return of("of", gradients, parameters);
  }

  static ParameterGradients of(String function, Gradients gradients, List<Parameter> parameters) {
    Map<Parameter, Entry> entries = new LinkedHashMap<>();
    ParameterChecks.variables(function, parameters)
        .forEach(
            (parameter, variable) -> {
              boolean reached = gradients.reached(variable);
              if (parameter.wasReplacedSince(gradients)) {
                throw ParameterChecks.stale(function, parameter);
              }
              @Nullable NdArray gradient = reached ? gradients.of(variable).value() : null;
              entries.put(parameter, new Entry(variable, gradient));
            });
    return new ParameterGradients(entries);
  }

  /**
   * Gradients that were computed elsewhere, as in another process, with the values that the
   * parameters have now.
   *
   * @param gradients by parameter; one that is not there counts as one that the loss does not
   *     depend on
   * @param parameters no two the same, and none a buffer
   * @throws IllegalArgumentException if a parameter is there twice, or one is a buffer, or if a
   *     gradient has another shape or element type than its parameter, or is of none of them
   * @throws NullPointerException if a parameter or a gradient is null
   */
  public static ParameterGradients of(
      Map<Parameter, NdArray> gradients, List<Parameter> parameters) {
    Nulls.refuse("of: gradients, parameters", gradients, parameters);
    gradients.forEach(
        (parameter, gradient) -> {
          Nulls.given("of: a parameter of the gradients", parameter);
          Nulls.given("of: the gradient of " + parameter.name(), gradient);
        });
    Map<Parameter, Entry> entries = new LinkedHashMap<>();
    ParameterChecks.variables("of", parameters)
        .forEach(
            (parameter, variable) ->
                entries.put(parameter, new Entry(variable, gradients.get(parameter))));
    ParameterGradients made = new ParameterGradients(entries);
    gradients.forEach(
        (parameter, gradient) -> {
          made.entry("of", parameter);
          ParameterChecks.requireLike("of", parameter, gradient);
        });
    return made;
  }

  // ---- read ------------------------------------------------------------------------------------

  /** The parameters, in order. */
  public List<Parameter> parameters() {
    return List.copyOf(entries.keySet());
  }

  /**
   * The gradient of a parameter, under this name or another; zeros if the loss does not depend on
   * it.
   *
   * @throws IllegalArgumentException if the parameter is none of those that were asked for
   * @throws IllegalStateException if the parameter has been given another value since
   */
  public NdArray of(Parameter parameter) {
    Entry entry = current("of", Nulls.given("of: parameter", parameter));
    return entry.gradient() != null
        ? entry.gradient()
        : NdArray.zeros(parameter.dtype(), parameter.shape());
  }

  /**
   * Whether the loss depends on a parameter. If not, a step leaves it as it is.
   *
   * @param parameter one of those that were asked for, else this is refused as by {@link #of}
   */
  public boolean reached(Parameter parameter) {
    Nulls.refuse("reached: parameter", parameter);
    return entry("reached", parameter).gradient() != null;
  }

  /** The gradient; null if the loss does not depend on the parameter. Refused as by {@link #of}. */
  @Nullable NdArray find(String function, Parameter parameter) {
    return current(function, parameter).gradient();
  }

  private Entry entry(String function, Parameter parameter) {
    Entry found = entries.get(parameter);
    if (found == null) {
      boolean isNamesake = names().contains(parameter.name());
      throw new IllegalArgumentException(
          "%s: there is no gradient of %s%s, only of %s"
              .formatted(
                  function,
                  isNamesake ? "another parameter that is called " : "",
                  parameter.name(),
                  names()));
    }
    return found;
  }

  private Entry current(String function, Parameter parameter) {
    Entry found = entry(function, parameter);
    if (found.variable() != parameter.tensor()) {
      throw ParameterChecks.stale(function, parameter);
    }
    return found;
  }

  // ---- computed --------------------------------------------------------------------------------

  /**
   * These gradients plus others, parameter by parameter. A parameter that only one of the losses
   * depends on has that one's gradient.
   *
   * @param other of the same parameters
   * @throws IllegalArgumentException if the parameters are not the same ones
   * @throws IllegalStateException if a parameter was given another value between the two
   */
  public ParameterGradients plus(ParameterGradients other) {
    return plus("plus", Nulls.given("plus: other", other));
  }

  private ParameterGradients plus(String function, ParameterGradients other) {
    if (!entries.keySet().equals(other.entries.keySet())) {
      throw new IllegalArgumentException(
          "%s: gradients of %s and of %s, expected the same parameters"
              .formatted(function, names(), other.names()));
    }
    Map<Parameter, Entry> sums = new LinkedHashMap<>();
    entries.forEach(
        (parameter, entry) -> {
          Entry second = other.entry(function, parameter);
          if (entry.variable() != second.variable()) {
            throw new IllegalStateException(
                "%s: the gradients were computed with two values of %s"
                    .formatted(function, parameter.name()));
          }
          sums.put(parameter, entry.with(sum(entry.gradient(), second.gradient())));
        });
    return new ParameterGradients(sums);
  }

  private static @Nullable NdArray sum(@Nullable NdArray a, @Nullable NdArray b) {
    return a == null ? b : b == null ? a : a.plusScaled(1, b);
  }

  private List<String> names() {
    return entries.keySet().stream().map(Parameter::name).toList();
  }

  /**
   * The sum of the gradients of several losses, by a binary tree that depends on their number
   * alone: the first half, as many as the largest power of two below all, plus the rest. So it has
   * the same bits however the work is spread, if each worker adds up a block of as many losses as a
   * power of two, in order, and the last at most as many.
   *
   * @param parts at least one, all of the same parameters
   * @throws IllegalArgumentException if there is none, or as {@link #plus}
   * @throws IllegalStateException as {@link #plus}
   */
  public static ParameterGradients sum(List<ParameterGradients> parts) {
    return tree("sum", Nulls.list("sum: parts", parts));
  }

  /**
   * The {@link #sum} of the gradients of several losses, divided by their number: the gradient of
   * their mean. For parts of a batch that differ in size, take the sum of parts that are {@link
   * #scaled} by their shares.
   *
   * @param parts at least one, all of the same parameters
   * @throws IllegalArgumentException if there is none, or as {@link #plus}
   * @throws IllegalStateException as {@link #plus}
   */
  public static ParameterGradients mean(List<ParameterGradients> parts) {
    List<ParameterGradients> all = Nulls.list("mean: parts", parts);
    ParameterGradients sum = tree("mean", all);
    return sum.isFinite()
        ? sum.dividedBy(all.size())
        : tree("mean", all.stream().map(part -> part.dividedBy(all.size())).toList());
  }

  private ParameterGradients dividedBy(int count) {
    return each((parameter, gradient) -> Ops.div(Tensor.constant(gradient), count).value());
  }

  private static ParameterGradients tree(String function, List<ParameterGradients> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException(function + ": parts is empty, expected one or more");
    }
    TreeSum<ParameterGradients> sum = new TreeSum<>((a, b) -> a.plus(function, b));
    parts.forEach(sum::add);
    return sum.total();
  }

  /**
   * These gradients times a number, in the element type of each.
   *
   * @param factor finite
   * @throws IllegalArgumentException if it is not
   */
  public ParameterGradients scaled(double factor) {
    if (!Double.isFinite(factor)) {
      throw new IllegalArgumentException(
          "scaled: factor %s, expected a finite number".formatted(factor));
    }
    return each((parameter, gradient) -> times(gradient, factor));
  }

  private static NdArray times(NdArray gradient, double factor) {
    return Ops.mul(Tensor.constant(gradient), factor).value();
  }

  /**
   * These gradients, each as a function makes it of the parameter and its gradient. Those of
   * parameters that the loss does not depend on stay as they are.
   *
   * @param f gives an array of the parameter's shape and element type
   * @throws IllegalArgumentException if it gives another
   */
  public ParameterGradients map(BiFunction<Parameter, NdArray, NdArray> f) {
    Nulls.refuse("map: f", f);
    return each(
        (parameter, gradient) -> {
          NdArray made =
              Nulls.given("map: the gradient of " + parameter.name(), f.apply(parameter, gradient));
          ParameterChecks.requireLike("map", parameter, made);
          return made;
        });
  }

  private ParameterGradients each(BiFunction<Parameter, NdArray, NdArray> f) {
    Map<Parameter, Entry> made = new LinkedHashMap<>();
    entries.forEach(
        (parameter, entry) -> {
          @Nullable NdArray gradient = entry.gradient();
          made.put(parameter, gradient == null ? entry : entry.with(f.apply(parameter, gradient)));
        });
    return new ParameterGradients(made);
  }

  // ---- norms and clipping ----------------------------------------------------------------------

  /**
   * The length of all gradients as one vector, in double precision: the square root of the sum of
   * all squares. Nothing overflows on the way.
   */
  public double norm() {
    return hypotenuse(entries.values().stream().map(ParameterGradients::norm).toList());
  }

  private static double norm(Entry entry) {
    @Nullable NdArray gradient = entry.gradient();
    return gradient == null ? 0 : gradient.norm();
  }

  /**
   * The {@link #norm} of each parameter's gradient by the parameter's name, in order.
   *
   * @throws IllegalStateException if two parameters have one name
   */
  public Map<String, Double> norms() {
    Map<String, Double> norms = new LinkedHashMap<>();
    entries.forEach(
        (parameter, entry) -> {
          if (norms.put(parameter.name(), norm(entry)) != null) {
            throw new IllegalStateException(
                "norms: two parameters are called %s; rename one, as by Parameter.in"
                    .formatted(parameter.name()));
          }
        });
    return Collections.unmodifiableMap(norms);
  }

  /**
   * The {@link #norm} of each layer's gradients: of all parameters whose names are the same up to
   * their last part, as in {@code layer1.0.conv1.weight} and {@code layer1.0.conv1.bias}.
   */
  public Map<String, Double> layerNorms() {
    return norms(name -> name.substring(0, Math.max(0, name.lastIndexOf('.'))));
  }

  /**
   * The {@link #norm} of each group of gradients, in the order in which groups appear.
   *
   * @param groupOf the group of a parameter's name, such as the first part of it
   */
  public Map<String, Double> norms(UnaryOperator<String> groupOf) {
    Nulls.refuse("norms: groupOf", groupOf);
    Map<String, List<Double>> groups = new LinkedHashMap<>();
    entries.forEach(
        (parameter, entry) ->
            groups
                .computeIfAbsent(
                    Nulls.given("norms: a group", groupOf.apply(parameter.name())),
                    group -> new ArrayList<>())
                .add(norm(entry)));
    Map<String, Double> norms = new LinkedHashMap<>();
    groups.forEach((group, all) -> norms.put(group, hypotenuse(all)));
    return Collections.unmodifiableMap(norms);
  }

  private static double hypotenuse(Collection<Double> norms) {
    double[] all = norms.stream().mapToDouble(norm -> norm).toArray();
    return NdArray.of(all, all.length).norm();
  }

  /**
   * These gradients, scaled so that their {@link #norm} is at most a number, up to the rounding of
   * their elements; themselves if it is.
   *
   * @param most above 0 and finite
   * @throws IllegalArgumentException if it is not
   * @throws NonFiniteStepException if a gradient is not finite; the message names its parameter
   */
  public ParameterGradients clipNorm(double most) {
    requirePositive("clipNorm", most);
    double norm = norm();
    if (!Double.isFinite(norm)) {
      requireFinite();
    }
    if (norm <= most) {
      return this;
    }
    if (Double.isInfinite(norm)) { // of finite elements, which are longer together than any number
      ParameterGradients shorter = scaled(0x1p-100);
      return shorter.scaledTo(most, shorter.norm());
    }
    return scaledTo(most, norm);
  }

  private void requireFinite() {
    entries.forEach(
        (parameter, entry) -> {
          if (entry.gradient() != null && !entry.gradient().isFinite()) {
            throw new NonFiniteStepException(
                "clipNorm: the gradient of %s is not finite".formatted(parameter.name()));
          }
        });
  }

  private ParameterGradients scaledTo(double most, double norm) {
    // A factor that is too small for its type would lose digits; neither step by itself does.
    double factor = most / norm;
    return factor > Float.MIN_NORMAL
        ? scaled(factor)
        : each((parameter, gradient) -> gradient.map(g -> g / norm * most));
  }

  /**
   * These gradients, each element moved to the nearest number from {@code -most} to {@code most}.
   *
   * @param most above 0 and finite
   * @throws IllegalArgumentException if it is not
   */
  public ParameterGradients clipValue(double most) {
    requirePositive("clipValue", most);
    return each((parameter, gradient) -> Ops.clamp(Tensor.constant(gradient), -most, most).value());
  }

  private static void requirePositive(String function, double most) {
    if (!(most > 0 && Double.isFinite(most))) {
      throw new IllegalArgumentException(
          "%s: most is %s, expected a finite number above 0".formatted(function, most));
    }
  }

  private boolean isFinite() {
    return entries.values().stream()
        .allMatch(each -> each.gradient() == null || each.gradient().isFinite());
  }

  /** For example {@code gradients of [0.weight, 0.bias]}. */
  @Override
  public String toString() {
    return "gradients of " + names();
  }
}
