package org.gradus.autograd.inspect;

import java.util.List;
import java.util.Optional;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/**
 * The identity; what is computed from its output is watched for NaN and infinities.
 *
 * <pre>
 *   y = x
 *   VJP: g
 * </pre>
 *
 * <p>A watch travels with the data. Each op that takes a watched tensor is watched, and so is its
 * output, variable or constant: to watch the input of a network is to watch the whole of it. The
 * first op whose output or VJP is not finite throws a {@link NonFiniteException}, which says
 *
 * <pre>
 *   sqrt: its VJP of input 0 has 1 of 2 elements NaN or infinite, the first Infinity at [0]
 *     cotangent: FLOAT32 [2], 1.0 to 1.0
 *     input 0: FLOAT32 [2], 0.0 to 4.0
 *     output: FLOAT32 [2], 0.0 to 2.0
 *     VJP of input 0: FLOAT32 [2], 0.25 to 0.25, 1 infinite
 *     called at Train.loss(Train.java:42)
 * </pre>
 *
 * <pre>{@code
 * Tensor y = net.forward(Watch.finite(x));
 * Watch.firstFault(loss).ifPresent(System.out::println); // after the fact
 * }</pre>
 *
 * <p>An op that was given a NaN or an infinity from elsewhere is not to blame for what it makes of
 * it, and the message says so. A value that does no harm is not reported: a weight of infinity that
 * an op turns into 0 is no fault.
 *
 * <p>Values and gradients have the same bits as without a watch; only watched ops cost more time.
 * Not watched: what is computed from a detached tensor, or from a value put in a new one; and the
 * sum of cotangents at a variable that came in from elsewhere.
 */
public record Watch() implements Op {

  /** x, watched. Any shape. */
  public static Tensor finite(Tensor x) {
    return Tensor.of(Watched.here(new Watch()), x);
  }

  /**
   * Looks for the first op that makes a NaN or an infinity, after the fact and without a watch: it
   * computes the graph of an output once more from its leaves, and, if the output has one element,
   * all gradients. The graph itself stays as it is, and may be one whose memory was taken back.
   *
   * @param output of any shape
   * @return what a watch would say, without the place of the call; empty if all outputs of ops and
   *     all VJPs are finite. If a leaf is to blame, the first op that it harms is named
   */
  public static Optional<String> firstFault(Tensor output) {
    return Replay.firstFault(Nulls.given("firstFault: output", output));
  }

  @Override
  public int arity() {
    return 1;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return in.get(0);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return g;
  }
}
