package org.gradus.layers.optim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.update.UpdateMethod;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.jspecify.annotations.Nullable;

/**
 * Changes parameters step by step, to make a loss smaller. It owns what is remembered from step to
 * step; how a step goes is said by an {@link UpdateMethod}, such as {@code Sgd} or {@code Adam} of
 * {@link org.gradus.autograd.update}, or one of your own.
 *
 * <pre>{@code
 * Optimizer optimizer = new Optimizer(net, new Adam(1e-3));
 * for (Batch batch : batches.epoch(1)) {
 *   Pass pass = Pass.training(seed, optimizer.steps());
 *   Tensor logits = net.forward(batch.inputs(), pass);
 *   double loss = optimizer.minimize(crossEntropy(logits, batch.labels()), pass);
 * }
 * }</pre>
 *
 * <p>A parameter that a loss does not depend on stays as it is in that step, and so does what is
 * kept of it: neither momentum nor weight decay moves it. Steps are counted for each parameter by
 * itself.
 *
 * <p>A step is refused, and has changed nothing, if the loss was computed with a former value of a
 * parameter, or if the loss, a gradient, or what the pass has observed is not finite. What a step
 * has once learnt is never dropped: the only thing that can be changed is the rate.
 *
 * <p>{@link #state} is all that a run needs besides the parameters to go on as if it had not been
 * interrupted, with the same bits. Not for use by several threads at once.
 */
public final class Optimizer {
  private static final String STEP = "step";
  private static final String MINIMIZE = "minimize";

  private final List<Owned> owned;
  private final Rates rates;
  private final OptimizerState stored;

  /** What only a pass can bring up to date. */
  private final Followers followers;

  private boolean allowsNonFinite;
  private long steps;

  /**
   * Parameters that are changed by one method.
   *
   * @param parameters in order; copied
   * @param method with a rate, and a weight decay, of its own
   */
  public record Group(List<Parameter> parameters, UpdateMethod method) {
    /** Takes a copy of the list. */
    public Group {
      parameters = Nulls.list("group: parameters", parameters);
      Nulls.refuse("group: method", method);
    }
  }

  /**
   * An optimiser of these parameters.
   *
   * @param parameters one or more, no two the same, nor of one name
   * @param method by which all are changed
   * @throws IllegalArgumentException if there are no parameters, or one is there twice, under
   *     whatever names, two have one name, or one is a buffer; or if a method's rate is negative or
   *     not finite
   */
  public Optimizer(List<Parameter> parameters, UpdateMethod method) {
    this(
        List.of(
            new Group(
                Nulls.list("optimizer: parameters", parameters),
                Nulls.given("optimizer: method", method))),
        Followers.unknown());
  }

  /**
   * An optimiser of the parameters of a net. If the net has buffers that follow what is observed in
   * training, such as running statistics, then each step must be given the pass, and is refused if
   * the net has not computed with it.
   *
   * @param net with one parameter or more
   * @param method by which all are changed
   * @throws IllegalArgumentException if the net has no parameters, or two have one name
   */
  public Optimizer(Layer net, UpdateMethod method) {
    this(
        List.of(
            new Group(
                Nulls.given("optimizer: net", net).parameters(),
                Nulls.given("optimizer: method", method))),
        Followers.of(net));
  }

  /**
   * As {@link #Optimizer(Layer, UpdateMethod)}, with a method of its own for each group of
   * parameters. Parameters of the net that are in no group stay as they are.
   *
   * @param groups with one parameter or more in all, no two the same, nor of one name
   * @throws IllegalArgumentException as {@link #Optimizer(List)}, or if a parameter is none of the
   *     net's
   */
  public Optimizer(Layer net, List<Group> groups) {
    this(
        requireOf(Nulls.given("optimizer: net", net), Nulls.list("optimizer: groups", groups)),
        Followers.of(net));
  }

  private static List<Group> requireOf(Layer net, List<Group> groups) {
    Set<Parameter> all = Set.copyOf(net.parameters());
    for (Group group : groups) {
      for (Parameter parameter : group.parameters()) {
        if (!all.contains(parameter)) {
          throw new IllegalArgumentException(
              "optimizer: %s is no parameter of the net".formatted(parameter));
        }
      }
    }
    return groups;
  }

  /**
   * An optimiser of groups of parameters, each with a method of its own: biases, say, without
   * weight decay, or the first layers at a smaller rate.
   *
   * @param groups with one parameter or more in all, no two the same, nor of one name
   * @throws IllegalArgumentException if there are no parameters, or one is there twice, under
   *     whatever names, two have one name, or one is a buffer; or if a method's rate is negative or
   *     not finite
   */
  public Optimizer(List<Group> groups) {
    this(Nulls.list("optimizer: groups", groups), Followers.unknown());
  }

  private Optimizer(List<Group> all, Followers followers) {
    this.followers = followers;
    this.rates = new Rates(all);
    this.owned = new ArrayList<>();
    Map<Parameter, Parameter> seen = new HashMap<>();
    for (int i = 0; i < all.size(); i++) {
      for (Parameter parameter : all.get(i).parameters()) {
        ParameterChecks.requireLearnt("optimizer", parameter);
        Parameter first = seen.putIfAbsent(parameter, parameter);
        if (first != null) {
          throw new IllegalArgumentException(
              "optimizer: the parameter %s is there twice, as %s first"
                  .formatted(parameter.name(), first.name()));
        }
        owned.add(new Owned(parameter, i, all.get(i).method()));
      }
    }
    if (owned.isEmpty()) {
      throw new IllegalArgumentException("optimizer: no parameters, expected one or more");
    }
    this.stored = new OptimizerState(owned, rates.groups());
  }

  // ---- options ---------------------------------------------------------------------------------

  /**
   * From the next step on, the rates are multiplied by a factor that depends on the number of
   * steps.
   *
   * @param factors in place of those so far
   * @return this
   */
  public Optimizer schedule(Schedule factors) {
    rates.schedule(Nulls.given("schedule: factors", factors));
    return this;
  }

  /**
   * The rates become smaller where a measure that is told to {@link #observe} no longer gets
   * better.
   *
   * @param rule in place of one before, whose memory is dropped
   * @return this
   */
  public Optimizer plateau(Plateau rule) {
    rates.plateau(Nulls.given("plateau: rule", rule));
    return this;
  }

  /**
   * Steps by a loss or by gradients that are not finite are taken, too, and may make parameters
   * NaN; so is a state that is not finite.
   *
   * @return this
   */
  public Optimizer allowNonFinite() {
    this.allowsNonFinite = true;
    return this;
  }

  /** Whether steps are taken that are not finite. */
  public boolean allowsNonFinite() {
    return allowsNonFinite;
  }

  // ---- the rate --------------------------------------------------------------------------------

  /**
   * From the next step on, a new rate. What is kept of the parameters stays.
   *
   * @param rate of all parameters; a schedule and a plateau multiply it
   * @throws IllegalArgumentException if it is not finite, or negative
   * @throws IllegalStateException if there are several groups: {@link #rateOf} says which one
   */
  public void rate(double rate) {
    rates.set("rate", rates.only(), rate);
  }

  /**
   * From the next step on, a new rate for one group. What is kept of its parameters stays.
   *
   * @param group its position, from 0
   * @param rate of its parameters; a schedule and a plateau multiply it
   * @throws IllegalArgumentException if there is no such group, or the rate is not finite, or
   *     negative
   */
  public void rateOf(int group, double rate) {
    rates.requireGroup(group);
    rates.set("rateOf", group, rate);
  }

  /**
   * The rate of the next step: the rate that was given, times the factors of schedule and plateau.
   *
   * @throws IllegalStateException if there are several groups, or the schedule gives no factor
   */
  public double rate() {
    return rates.given(rates.only()) * rates.factor("rate", steps);
  }

  /**
   * The rate of the next step for one group.
   *
   * @param group its position, from 0
   * @throws IllegalArgumentException if there is no such group
   * @throws IllegalStateException if the schedule gives no factor
   */
  public double rateOf(int group) {
    rates.requireGroup(group);
    return rates.given(group) * rates.factor("rateOf", steps);
  }

  /**
   * Tells the plateau a measure, such as the loss over a validation set.
   *
   * @throws IllegalArgumentException if the measure is NaN
   * @throws IllegalStateException if there is no plateau
   */
  public void observe(double measure) {
    rates.observe(measure);
  }

  /** How many steps were taken. */
  public long steps() {
    return steps;
  }

  // ---- steps -----------------------------------------------------------------------------------

  /**
   * Takes one step.
   *
   * @param gradients of a loss that was computed with the parameters' current variables; more than
   *     those of this optimiser's parameters are all right
   * @throws IllegalArgumentException if the gradient of one of the parameters was not asked for
   * @throws IllegalStateException if the loss was computed with a former value of a parameter, or
   *     depends on none of the parameters; then nothing has changed
   * @throws NonFiniteStepException if a gradient is not finite; then nothing has changed
   */
  public void step(ParameterGradients gradients) {
    followers.requireNone(STEP);
    take(gradients, null);
  }

  /**
   * Takes one step, and puts in place what the pass has observed, of this net and of others.
   *
   * @param gradients as for {@link #step(ParameterGradients)}
   * @param pass in which the loss was computed
   * @throws IllegalArgumentException as {@link #step(ParameterGradients)}
   * @throws IllegalStateException as {@link #step(ParameterGradients)}, or if the net has buffers
   *     that follow what is observed, and has not computed with the pass since the last step
   * @throws NonFiniteStepException as {@link #step(ParameterGradients)}
   */
  public void step(ParameterGradients gradients, Pass pass) {
    Nulls.refuse("step: gradients, pass", gradients, pass);
    followers.require(STEP, pass, allowsNonFinite);
    take(gradients, pass);
  }

  private void take(ParameterGradients gradients, @Nullable Pass pass) {
    Nulls.refuse("step: gradients", gradients);
    double factor = rates.factor(STEP, steps);
    Map<Owned, NdArray> found = found(STEP, gradients);
    if (!allowsNonFinite) {
      found.forEach((each, gradient) -> requireFinite(STEP, each.parameter(), gradient, ""));
    }
    take(STEP, found, each -> rates.given(each.group()) * factor, pass);
  }

  /**
   * Takes one step; as {@link #step(ParameterGradients)}. A parameter whose gradient was not asked
   * for stays as it is.
   *
   * @param gradients of a loss that was computed with the parameters' current variables
   */
  public void step(Gradients gradients) {
    Nulls.refuse("step: gradients", gradients);
    step(ParameterGradients.of(STEP, gradients, parameters()));
  }

  /**
   * Takes one step that makes a loss smaller, and takes back the memory of the graph that led to
   * it, which makes training faster. Of all that was computed on the way to the loss, what was
   * asked for by {@link Tensor#value} before stays readable; the rest is refused afterwards,
   * whatever its size. To keep all of it, call {@link #step(Gradients)} with {@code
   * Gradients.backward(loss)}.
   *
   * @param loss one element, computed with the parameters' current variables
   * @return its value, before the step
   * @throws IllegalArgumentException if the loss has more or fewer than one element
   * @throws IllegalStateException if the loss was computed with a former value of a parameter, or
   *     depends on none of the parameters, or if memory of the graph was taken back before, or is
   *     taken by another thread; then nothing has changed
   * @throws NonFiniteStepException if the loss or a gradient is not finite; the message names the
   *     first op that made it so, and the parameter; then no parameter and no state has changed,
   *     but for a gradient the memory of the graph was taken back
   */
  public double minimize(Tensor loss) {
    Nulls.refuse("minimize: loss", loss);
    followers.requireNone(MINIMIZE);
    return minimized(loss, null);
  }

  /**
   * Takes one step that makes a loss smaller, as {@link #minimize(Tensor)}, and then puts in place
   * what the pass has observed, of this net and of others.
   *
   * @param loss one element, computed with the parameters' current variables
   * @param pass in which the loss was computed
   * @return the loss's value, before the step
   * @throws IllegalArgumentException as {@link #minimize(Tensor)}
   * @throws IllegalStateException as {@link #minimize(Tensor)}, or if the net has buffers that
   *     follow what is observed, and has not computed with the pass since the last step
   * @throws NonFiniteStepException as {@link #minimize(Tensor)}
   */
  public double minimize(Tensor loss, Pass pass) {
    Nulls.refuse("minimize: loss, pass", loss, pass);
    followers.require(MINIMIZE, pass, allowsNonFinite);
    return minimized(loss, pass);
  }

  private double minimized(Tensor loss, @Nullable Pass pass) {
    double factor = rates.factor(MINIMIZE, steps);
    return minimize(loss, each -> rates.given(each.group()) * factor, pass);
  }

  /** With a rate of the first group; those of the others are in proportion. */
  double minimizeAt(double rate, Tensor loss) {
    double first = rates.given(owned.get(0).group());
    return minimize(
        loss, each -> first > 0 ? rates.given(each.group()) / first * rate : rate, null);
  }

  private double minimize(Tensor loss, ToDoubleFunction<Owned> rateOf, @Nullable Pass pass) {
    double value = loss.shape().size() == 1 ? loss.value().item() : 0;
    if (!allowsNonFinite && !Double.isFinite(value)) {
      throw new NonFiniteStepException(
          "minimize: the loss is %s, so no step was taken%s"
              .formatted(value, NonFiniteStepException.blame(loss)));
    }
    Map<Owned, NdArray> found =
        found(
            MINIMIZE,
            ParameterGradients.of(MINIMIZE, loss, parameters(), Gradients.Mode.CONSUMING));
    if (!allowsNonFinite) {
      for (Map.Entry<Owned, NdArray> each : found.entrySet()) {
        if (!each.getValue().isFinite()) {
          requireFinite(
              MINIMIZE,
              each.getKey().parameter(),
              each.getValue(),
              NonFiniteStepException.blame(loss));
        }
      }
    }
    take(MINIMIZE, found, rateOf, pass);
    return value;
  }

  private static void requireFinite(
      String function, Parameter parameter, NdArray gradient, String blame) {
    if (!gradient.isFinite()) {
      long faults = NonFiniteStepException.faults(gradient);
      throw new NonFiniteStepException(
          "%s: the gradient of %s has %s of %s elements NaN or infinite, so no step was taken%s"
              .formatted(function, parameter.name(), faults, gradient.size(), blame));
    }
  }

  /** The gradients of those parameters that the loss depends on. */
  private Map<Owned, NdArray> found(String function, ParameterGradients gradients) {
    Map<Owned, NdArray> found = new LinkedHashMap<>();
    for (Owned each : owned) {
      @Nullable NdArray gradient = gradients.find(function, each.parameter());
      if (gradient != null) {
        found.put(each, gradient);
      }
    }
    if (found.isEmpty()) {
      throw new IllegalStateException(
          "%s: the loss depends on none of the %s parameters".formatted(function, owned.size()));
    }
    return found;
  }

  private void take(
      String function,
      Map<Owned, NdArray> gradients,
      ToDoubleFunction<Owned> rateOf,
      @Nullable Pass pass) {
    Map<Owned, NdArray> next = Owned.step(function, gradients, rateOf, allowsNonFinite);
    next.forEach((each, value) -> each.parameter().set(value));
    steps++;
    if (pass != null) {
      followers.commit(pass);
    }
  }

  /** Of all groups. */
  List<Parameter> parameters() {
    return owned.stream().map(Owned::parameter).toList();
  }

  // ---- state -----------------------------------------------------------------------------------

  /**
   * All that is remembered from step to step, by names: {@code optimizer.steps}, the rate of each
   * group, what a plateau remembers, and for each parameter its name with {@code .step}, how often
   * it has moved, and with each name that its method keeps, such as {@code
   * layer1.0.conv1.weight.exp_avg}. Counts and rates are FLOAT64 without axes. Neither methods nor
   * schedules are part of it, nor are the parameters. Copies; the map cannot be changed.
   */
  public Map<String, NdArray> state() {
    return stored.of(rates.after(steps));
  }

  /**
   * Puts an earlier {@link #state} in place of the present one.
   *
   * @param state of an optimiser of parameters with the same names and shapes, by methods that keep
   *     the same; copied
   * @throws IllegalArgumentException if something is missing, left over, of another shape or
   *     element type, or not finite; the message tells all of it, and nothing has changed
   */
  public void load(Map<String, NdArray> state) {
    OptimizerState.Scalars scalars = stored.load(state, rates.hasPlateau(), allowsNonFinite);
    steps = scalars.steps();
    rates.restore(scalars);
  }

  /** The methods as they were given, in the order of the groups that have parameters. */
  public List<UpdateMethod> methods() {
    return owned.stream().map(Owned::method).distinct().toList();
  }

  /** For example {@code [Adam[rate=0.001, ...]] of 8 parameters after 100 steps at [0.001]}. */
  @Override
  public String toString() {
    List<Double> given = IntStream.range(0, rates.groups()).mapToObj(rates::given).toList();
    return "%s of %s parameters after %s steps at %s"
        .formatted(methods(), owned.size(), steps, given);
  }
}
