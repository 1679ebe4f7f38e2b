package org.gradus.layers;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.inspect.Nodes;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a layer needs besides its input: whether this is training, the tensors that stand
 * for its weights, random numbers, and a place to put what it has observed. It is handed through a
 * net, so a net has no mode, and a forward pass changes nothing in it.
 *
 * <pre>{@code
 * // given long step
 * Tensor y = net.forward(x);                           // inference
 * Pass pass = Pass.training(seed, step);
 * Tensor loss = mse(net.forward(x, pass), target);     // training: part of the graph
 * optimizer.minimize(loss, pass);                      // takes a step, and puts in place what was observed
 * }</pre>
 *
 * <p>A pass that a net is given again gives the same again: it drops the same elements, and what it
 * observes a second time replaces what it observed there before. So a checkpoint, a gradient check
 * and a Hessian of a net in training are those of one function. Two calls that are to differ, such
 * as those for two parts of a batch, take two passes of two names: {@code pass.in("real")} and
 * {@code pass.in("fake")}.
 *
 * <p>Within a layer, each call of a part is a place of its own, with its own random numbers, also
 * if one part is called twice. That is why the pass that {@link AbstractLayer#compute} is given is
 * of no use after that call: what is called again later, such as the function of a checkpoint, is
 * given a pass by {@link #in}, and gives the same again: each part is one place in it, however
 * often it is called.
 *
 * <p>Of a net whose forward pass was refused half way, nothing is observed.
 *
 * <p>Any number of threads may use a pass; but only one the pass that a layer was given in {@code
 * compute}.
 */
public final class Pass {
  private final Setting setting;
  private final String path;

  /** The call of a layer that this pass was made in; null for the pass that a net is given. */
  private final @Nullable Call around;

  private final Kind kind;

  /** What a pass that was made in the call of a layer is for. */
  private enum Kind {
    /** For the layer's computation: what is called with it is counted. */
    GIVEN,
    /** For calls that can be repeated: what is called with it is not counted. */
    SCOPE,
    /** For one call of a part, or of a whole net, whose place this is. */
    PLACE
  }

  /** Is told of the calls of layers within one call; by any thread. */
  interface Visitor {
    /**
     * A layer is called.
     *
     * @param isFrozen whether it computes as in inference, with parameters that are constants
     * @return is told of that call
     */
    Visitor enter(String path, Layer layer, Tensor x, boolean isFrozen);

    /** The call that this visitor is told of has the output y. */
    void exit(Tensor y);
  }

  /** One call of a layer, by one thread. */
  private static final class Call {
    private final Layer layer;
    private final Thread thread = Thread.currentThread();
    private final Map<String, Integer> times = new HashMap<>();
    private @Nullable RandomGenerator random;
    private @Nullable RuntimeException located;
    private boolean ended;

    Call(Layer layer) {
      this.layer = layer;
    }

    /** The name of a place within, different for each call. */
    String count(String name) {
      int count = times.merge(name, 1, Integer::sum);
      return count == 1 ? name : name + Names.AGAIN + count;
    }
  }

  private Pass(Setting setting, String path, @Nullable Call around, Kind kind) {
    this.setting = setting;
    this.path = path;
    this.around = around;
    this.kind = kind;
  }

  // ---- the pass that a net is given ------------------------------------------------------------

  /** Inference: nothing is dropped, running statistics are used, nothing is observed. */
  public static Pass inference() {
    return new Pass(new Setting(false, 0, 0), "", null, Kind.PLACE);
  }

  /**
   * A pass of training. Its random numbers are a function of the seed, the step, and the place in
   * the net, so they differ from step to step, and a run that is resumed at a step goes on with the
   * same.
   *
   * @param seed of the whole run, any number
   * @param step the count of passes before this one, or any other number that differs
   */
  public static Pass training(long seed, long step) {
    return new Pass(new Setting(true, seed, step), "", null, Kind.PLACE);
  }

  /**
   * The same pass with a tensor in the place of a parameter, be it another variable, the output of
   * an op, or of another element type. What it observes comes to this pass.
   *
   * @throws ShapeException if the tensor has another shape than the parameter
   */
  public Pass with(Parameter parameter, Tensor tensor) {
    return with(
        Map.of(Nulls.given("with: parameter", parameter), Nulls.given("with: tensor", tensor)));
  }

  /** As {@link #with(Parameter, Tensor)}, for several parameters at once. */
  public Pass with(Map<Parameter, Tensor> tensors) {
    Nulls.refuse("with: tensors", tensors);
    Map<Parameter, Tensor> all = new HashMap<>(setting.given());
    tensors.forEach(
        (parameter, tensor) -> {
          Nulls.refuse("with: parameter, tensor", parameter, tensor);
          if (!tensor.shape().equals(parameter.shape())) {
            throw new ShapeException(
                "with",
                "a tensor %s in the place of the parameter %s"
                    .formatted(tensor.shape(), parameter));
          }
          all.put(parameter, tensor);
        });
    return set(setting.with(Map.copyOf(all)));
  }

  /** The same pass with all parameters as constants, so that nothing is kept of the graph. */
  public Pass withoutGradients() {
    return set(setting.withoutGradients(setting.training()));
  }

  /** For a frozen part: inference, without gradients. */
  Pass frozen() {
    return set(setting.withoutGradients(false));
  }

  /**
   * The pass of a part of a batch: with random numbers and observations of its own.
   *
   * @param number of the part, from 0; that of number 0 has the random numbers of this pass
   * @throws IllegalStateException if the number is negative, or this pass was made in a layer
   */
  public Pass part(int number) {
    if (number < 0 || around != null) {
      throw new IllegalStateException(
          "part: number %s of a pass%s, expected at least 0, of the pass that a net is given"
              .formatted(number, around == null ? "" : " in a layer"));
    }
    return set(setting.part(number));
  }

  /**
   * The pass of two parts of a batch: in each place it has observed the mean of what they have.
   *
   * @param other of the second part, of which as much is observed
   * @param share of the second part in both, from 0 to 1
   * @throws IllegalArgumentException if the share is out of its range
   */
  public Pass and(Pass other, double share) {
    Nulls.refuse("and: other", other);
    Observation.requireShare("and", share, "");
    return set(setting.seeing(setting.seen().and(other.setting.seen(), share)));
  }

  /**
   * This pass, with what a net has observed with it in another process, as part of a batch, beside
   * what it has seen itself.
   *
   * @param net that has computed there
   * @param places what {@link #places} told there, of the buffers of this net
   * @throws IllegalArgumentException if one is of a buffer that the net does not have
   */
  public Pass observed(Layer net, Map<String, List<Observation>> places) {
    Nulls.refuse("observed: net, places", net, places);
    return set(setting.seeing(setting.seen().with(net, places)));
  }

  /** The same pass, of which a visitor is told. */
  Pass visited(Visitor visitor) {
    return set(setting.visited(visitor));
  }

  private Pass set(Setting other) {
    return new Pass(other, path, around, kind);
  }

  /**
   * The pass of a place within: with random numbers and observations of its own, and its name in
   * messages. What it observes comes to this pass.
   *
   * @param name such as {@code real}, or {@code 0}: of letters, digits, {@code _} and {@code -}
   * @return a pass that gives the same again each time; in a layer, its parts have their places
   *     within it
   * @throws IllegalArgumentException if this is no name
   */
  public Pass in(String name) {
    if (!Names.isName(Nulls.given("in: name", name))) {
      throw new IllegalArgumentException(
          "in: '%s' is no name, expected %s".formatted(name, Names.EXPECTED));
    }
    return within(name, Kind.SCOPE);
  }

  /** The pass of a part that is known by its name. */
  Pass within(String name) {
    return within(name, Kind.PLACE);
  }

  private Pass within(String name, Kind inside) {
    requireOpen();
    String place =
        kind == Kind.GIVEN && around != null && !name.isEmpty() ? around.count(name) : name;
    return new Pass(setting, Names.join(path, place), around, inside);
  }

  // ---- what a layer asks -----------------------------------------------------------------------

  /** Whether this is training, and not inference. */
  public boolean isTraining() {
    return setting.training();
  }

  /** The place in the net, such as {@code layer1.0.conv2}; empty for the net itself. */
  public String path() {
    return path;
  }

  /**
   * The tensor to compute with, in the place of a parameter.
   *
   * @throws IllegalStateException in a layer that has not declared the parameter as its own, or as
   *     one of a part
   */
  public Tensor use(Parameter parameter) {
    requireOwn(Nulls.given("use: parameter", parameter));
    Tensor given = setting.given().getOrDefault(parameter, parameter.tensor());
    return setting.gradients() && !isFrozen(parameter) ? given : given.detach();
  }

  /** Whether the layer that this pass was given to shares the parameter as a constant. */
  private boolean isFrozen(Parameter parameter) {
    return around != null
        && around.layer instanceof AbstractLayer whole
        && whole.hasFrozen(parameter);
  }

  /** What a layer has not declared is neither learnt nor saved. */
  private void requireOwn(Parameter parameter) {
    if (around != null && around.layer instanceof AbstractLayer whole && !whole.has(parameter)) {
      throw new IllegalStateException(
          "%s: computes with %s, which is none of its parameters; declare it by parameter, buffer,"
                  .formatted(place(whole), parameter)
              + " statistic or shared");
    }
  }

  /** The place and the name of the layer that this pass was given to. */
  private String place(Layer layer) {
    return path.isEmpty() ? layer.name() : path + ": " + layer.name();
  }

  /**
   * Random numbers: a function of the seed, the step, and the place in the net. A layer that asks
   * twice in one call goes on with the same generator.
   *
   * @throws IllegalStateException in inference, which is to be the same each time
   */
  public RandomGenerator random() {
    requireOpen();
    if (!setting.training()) {
      throw new IllegalStateException(
          Names.join(path, "random") + ": asked for in inference; ask isTraining() first");
    }
    if (kind != Kind.GIVEN || around == null) {
      return generator();
    }
    if (around.random == null) {
      around.random = generator();
    }
    return around.random;
  }

  private RandomGenerator generator() {
    return new SplittableRandom(Mix.of(setting.seed(), setting.step(), path));
  }

  /**
   * Keeps a value that was seen in training, for a buffer that follows the mean of such values:
   *
   * <pre>
   *   buffer = (1 - share) buffer + share value
   * </pre>
   *
   * The buffer does so when {@link #commit} puts in place what was observed. In inference nothing
   * is observed, and this does nothing.
   *
   * @param buffer declared by {@link AbstractLayer#statistic}
   * @param share how far the buffer goes to the value, from 0 to 1
   * @throws IllegalArgumentException if the share is out of its range, the value does not fit the
   *     buffer, or the parameter is no statistic
   * @throws IllegalStateException in a layer that has not declared the buffer
   */
  public void observe(Parameter buffer, double share, NdArray value) {
    Nulls.refuse("observe: buffer, value", buffer, value);
    requireOpen();
    requireOwn(buffer);
    Tensor given = setting.given().get(buffer);
    boolean asGiven = given != null && given.dtype() == value.dtype();
    NdArray seen = asGiven ? value.as(buffer.dtype()) : value;
    Observation observation = new Observation(buffer, share, seen);
    if (setting.training() && !isFrozen(buffer)) {
      setting.seen().put(path, observation);
    }
  }

  // ---- what comes of it ------------------------------------------------------------------------

  /** What was observed and not yet put in place: in the order of the places in the net. */
  public List<Observation> observed() {
    return setting.seen().list();
  }

  /** What {@link #observed()} lists, by the places in the net, in order. */
  public Map<String, List<Observation>> places() {
    return setting.seen().places();
  }

  /**
   * Puts in place what was observed, each once. A step of an optimiser that is given the pass does
   * this.
   */
  public void commit() {
    setting.seen().commit();
  }

  /**
   * How often a net, or layers that have parameters or buffers of it, were called with this pass of
   * training from outside any layer, and have computed.
   */
  public long calls(Layer net) {
    Nulls.refuse("calls: net", net);
    return setting.seen().calls(net);
  }

  // ---- how layers are called -------------------------------------------------------------------

  /** The place of a layer that is called with this pass. */
  Pass at(Layer layer) {
    return within(kind == Kind.PLACE || around == null ? "" : nameIn(around.layer, layer));
  }

  /** Calls a layer with a pass of its own; what it refuses is told with its place. */
  Tensor run(Layer layer, Tensor x, Function<Pass, Tensor> body) {
    Pass place = at(layer);
    Call made = new Call(layer);
    boolean whole = around == null && setting.training();
    Setting within = whole ? setting.apart() : setting;
    try {
      if (x == null) {
        Nulls.refuse(layer.name() + ": x", x);
      }
      Visitor visitor =
          setting.visitor() == null
              ? null
              : setting.visitor().enter(place.path, layer, x, setting.isFrozen());
      Setting told = visitor == null ? within : within.visited(visitor);
      Tensor y = body.apply(new Pass(told, place.path, made, Kind.GIVEN));
      if (y == null) {
        Nulls.refuse(layer.name() + ": the output", y);
      }
      if (whole) {
        setting.seen().end(layer, within.seen());
      }
      if (!setting.gradients() && y.isTracked() && !x.isTracked()) {
        y = withoutOwn(layer, y);
      }
      if (visitor != null) {
        visitor.exit(y);
      }
      return y;
    } catch (IllegalArgumentException | NullPointerException e) {
      RuntimeException located = e == made.located ? e : Located.at(place.path, e);
      if (around != null) {
        around.located = located;
      }
      throw located;
    } finally {
      made.ended = true;
    }
  }

  /** Weights that did not come from the pass get no gradient either; other variables do. */
  private static Tensor withoutOwn(Layer layer, Tensor y) {
    Set<Tensor> own = new HashSet<>();
    State.of(layer).forEach(parameter -> own.add(parameter.tensor()));
    boolean others =
        Nodes.of(y).stream().anyMatch(node -> node.isVariable() && !own.contains(node));
    return others ? y : y.detach();
  }

  /** What a layer has must be known as a part's, or shared: it is not learnt otherwise. */
  private String nameIn(Layer whole, Layer layer) {
    if (whole instanceof AbstractLayer declared) {
      var name = declared.nameOf(layer);
      if (name.isPresent()) {
        return name.get();
      }
      boolean shares = kind == Kind.SCOPE && layer instanceof AbstractLayer;
      if (shares
          || State.of(layer).stream()
              .anyMatch(p -> !declared.has(p))) { // in a scope, its place would be that of others
        throw new IllegalStateException(
            "%s: computes with the layer %s, which is none of its parts; declare it by part"
                .formatted(place(whole), layer.name()));
      }
    }
    return layer.name();
  }

  /** A layer that has parameters must take them from the pass. */
  void requireWithoutParameters(Layer layer) {
    if (!layer.parameters().isEmpty() || !layer.buffers().isEmpty()) {
      throw new IllegalStateException(
          "%s: has parameters, but computes without the pass; let it extend AbstractLayer"
              .formatted(place(layer)));
    }
  }

  private void requireOpen() {
    if (kind != Kind.GIVEN || around == null) {
      return;
    }
    if (around.ended) {
      throw new IllegalStateException(
          "%s: the pass is used after the layer has computed; take one by in(name) for that"
              .formatted(path.isEmpty() ? around.layer.name() : path));
    }
    if (!around.thread.equals(Thread.currentThread())) {
      throw new IllegalStateException(
          "%s: the pass is used by another thread; take one by in(name) before, and hand it over"
              .formatted(path.isEmpty() ? around.layer.name() : path));
    }
  }

  /** For example {@code training, seed 1, step 20, in layer1.0}. */
  @Override
  public String toString() {
    String mode =
        setting.training()
            ? "training, seed %s, step %s".formatted(setting.seed(), setting.step())
            : "inference";
    return path.isEmpty() ? mode : mode + ", in " + path;
  }
}
