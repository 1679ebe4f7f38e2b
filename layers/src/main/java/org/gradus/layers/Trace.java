package org.gradus.layers;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.jspecify.annotations.Nullable;

/**
 * What happened in one forward pass of a net: the calls of all its layers, with their inputs and
 * outputs. These are tensors of the graph, so there are gradients at them:
 *
 * <pre>{@code
 * Trace trace = Trace.of(net, images);
 * Tensor features = trace.at("3").output();
 * Tensor logit = Ops.sum(Ops.slice(trace.output(), 1, 7, 8));
 * Tensor slope = Gradients.backward(logit, features).of(features);
 * }</pre>
 *
 * <p>A trace keeps all values of the pass, whatever the graph needs of them.
 *
 * <p>A layer that calls another without handing on the pass, as a function that contains a layer
 * does, counts as one without parts. What a checkpoint calls within the pass is in the trace, with
 * inputs and outputs that are not in the graph.
 *
 * @param calls in the order in which they begin, so a net is before its layers; calls by several
 *     threads at once are in one such order, which may be another next time
 * @param output of the net
 */
public record Trace(List<Call> calls, Tensor output) {

  /** Takes a copy of the list. */
  public Trace {
    calls = Nulls.list("trace: calls", calls);
    Nulls.refuse("trace: output", output);
  }

  /**
   * One call of a layer. A layer that is called twice has two, in places of their own; but calls
   * with a pass of {@link Pass#in} are not counted, so those of one part have one place.
   *
   * @param place in the net, such as {@code layer1.0.conv1}, and {@code layer1.0.conv1#2} for the
   *     second call of that part; empty for the net itself. Names of {@link Pass#in} are part of
   *     it: {@code real.layer1} in a pass {@code in("real")}
   * @param layer that was called
   * @param input x of its forward pass
   * @param output y of its forward pass
   * @param isLeaf whether it called no other layer with its pass
   * @param isFrozen whether it computed as {@link Layer#frozen} layers do: as in inference, with
   *     parameters that are constants
   */
  public record Call(
      String place, Layer layer, Tensor input, Tensor output, boolean isLeaf, boolean isFrozen) {

    /** Refuses null. */
    public Call {
      Nulls.refuse("call: place, layer, input, output", place, layer, input, output);
    }

    /** For example {@code 0: Linear [8, 4] -> [8, 3]}. */
    @Override
    public String toString() {
      String name = layer.kind();
      String text = place.isEmpty() ? name : place + ": " + name;
      return text + " " + input.shape() + " -> " + output.shape();
    }
  }

  /**
   * The trace of a forward pass in inference.
   *
   * @param x of which gradients may be wanted
   * @throws IllegalArgumentException as {@link Layer#forward(Tensor)}
   */
  public static Trace of(Layer net, Tensor x) {
    return of(net, x, Pass.inference());
  }

  /**
   * The trace of a forward pass in inference, for numbers that no gradient is wanted for, such as
   * images. There are gradients at what parameters had a part in.
   *
   * @throws IllegalArgumentException as {@link Layer#forward(Tensor)}
   */
  public static Trace of(Layer net, NdArray x) {
    return of(net, x, Pass.inference());
  }

  /**
   * The trace of a forward pass, for numbers that no gradient is wanted for, such as images.
   *
   * @param pass a new one, for the whole net
   * @throws IllegalArgumentException as {@link Layer#forward(Tensor, Pass)}
   * @throws IllegalStateException as {@link Layer#forward(Tensor, Pass)}
   */
  public static Trace of(Layer net, NdArray x, Pass pass) {
    return of(net, Tensor.constant(Nulls.given("trace: x", x)), pass);
  }

  /**
   * The trace of a forward pass.
   *
   * @param x of which gradients may be wanted
   * @param pass a new one, for the whole net; what was observed comes to it
   * @throws IllegalArgumentException as {@link Layer#forward(Tensor, Pass)}
   * @throws IllegalStateException as {@link Layer#forward(Tensor, Pass)}
   */
  public static Trace of(Layer net, Tensor x, Pass pass) {
    Nulls.refuse("trace: net, x, pass", net, x, pass);
    Visits visits = new Visits();
    Tensor output = net.forward(x, pass.visited(new Open(visits, "", net, x, false)));
    return new Trace(visits.end(), output);
  }

  /**
   * The first call in a place, of which calls with a pass of {@link Pass#in} may share one.
   *
   * @param place as of a call, such as {@code layer1.0.conv1}; empty for the net itself, unless the
   *     pass was made by {@link Pass#in}, whose name the place then begins with
   * @throws IllegalArgumentException if there is none; the message lists the places
   */
  public Call at(String place) {
    Nulls.refuse("at: place", place);
    for (Call call : calls) {
      if (call.place.equals(place)) {
        return call;
      }
    }
    throw new IllegalArgumentException(
        "at: no layer was called in '%s', expected one of %s"
            .formatted(place, calls.stream().map(Call::place).toList()));
  }

  /** The calls of one pass. Its lock guards the list, since several threads may call. */
  private static final class Visits {
    private final List<Open> begun = new ArrayList<>();
    private boolean ended;

    synchronized void begin(Open call) {
      if (!ended) { // a graph may call later, as that of a checkpoint does
        begun.add(call);
      }
    }

    /** Those that have computed. */
    synchronized List<Call> end() {
      List<Call> calls = new ArrayList<>();
      for (Open open : begun) {
        if (open.output != null) {
          calls.add(
              new Call(
                  open.place, open.layer, open.input, open.output, open.isLeaf, open.isFrozen));
        }
      }
      begun.clear();
      ended = true;
      return calls;
    }
  }

  /** A call that has begun, or stands around that of the net. */
  private static final class Open implements Pass.Visitor {
    private final Visits visits;
    private final String place;
    private final Layer layer;
    private final Tensor input;
    private final boolean isFrozen;
    private volatile @Nullable Tensor output;
    private volatile boolean isLeaf = true;

    Open(Visits visits, String place, Layer layer, Tensor input, boolean isFrozen) {
      this.visits = visits;
      this.place = place;
      this.layer = layer;
      this.input = input;
      this.isFrozen = isFrozen;
    }

    @Override
    public Pass.Visitor enter(String path, Layer called, Tensor x, boolean frozen) {
      isLeaf = false;
      Open call = new Open(visits, path, called, x, frozen);
      visits.begin(call);
      return call;
    }

    @Override
    public void exit(Tensor y) {
      output = y;
    }
  }
}
