package org.gradus.autograd.internal.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Counts how often the memory of arrays will still be used in one walk over a graph. After the last
 * use it is taken back for later results, if the walk does that.
 */
public final class Reclaimer {
  private static final String GRADIENTS = "gradients";

  private final boolean takesBack;
  private final Buffer spared;
  private final Map<Buffer, Integer> left = new HashMap<>();

  /**
   * Nothing counted yet.
   *
   * @param spared what the walk reads until it is over, and does not take back
   */
  public Reclaimer(boolean takesBack, Buffer spared) {
    this.takesBack = takesBack;
    this.spared = spared;
  }

  /** The memory is somebody else's, and stays. */
  public void keep(Buffer buffer) {
    buffer.hold(GRADIENTS);
  }

  /** The memory will be used once more. */
  public void add(Buffer buffer) {
    if (takesBack && buffer != spared) {
      left.merge(buffer, 1, Integer::sum);
    }
  }

  /**
   * Claims, before the walk begins, all that it will use and that nobody holds: of several walks
   * over one graph, one takes the memory back, and the others are refused.
   *
   * @throws IllegalStateException if another walk has claimed or taken some of it; then this walk
   *     has claimed nothing
   */
  public void claimAll() {
    spared.open(GRADIENTS);
    List<Buffer> claimed = new ArrayList<>();
    for (Buffer buffer : left.keySet()) {
      if (!buffer.claim(this)) {
        claimed.forEach(own -> own.unclaim(this));
        spared.close();
        throw Buffer.gone(GRADIENTS);
      }
      claimed.add(buffer);
    }
  }

  /** The walk is over. What it spares stays readable if the walk fails before that. */
  public void close() {
    spared.close();
  }

  /** One of the uses is over. */
  public void end(Buffer buffer) {
    if (takesBack && buffer != spared && left.merge(buffer, -1, Integer::sum) == 0) {
      left.remove(buffer);
      buffer.takeBack();
    }
  }

  /**
   * What the body gives, whose memory will be used once more; if the walk takes memory back, that
   * of all that the body made on the way.
   */
  public <T> T adding(Supplier<T> body, Function<T, Buffer> bufferOf) {
    T result = takesBack ? Temporaries.takenBack(body, bufferOf) : body.get();
    add(bufferOf.apply(result));
    return result;
  }

  /** The sum of two, in new memory, which will be used once; a use of both is over. */
  public Buffer sum(Buffer a, Buffer b) {
    Buffer sum =
        Buffer.reading(
            GRADIENTS,
            List.of(a, b),
            () -> {
              Buffer made = a.another();
              Kernels.of(made.array()).axpy(1, b.array(), a.array(), made.array());
              return made;
            });
    add(sum);
    end(a);
    end(b);
    return sum;
  }

  /** Adds to a sum that nobody but the walk has seen; a use of what is added is over. */
  public void addTo(Buffer sum, Buffer other) {
    Buffer.reading(
        GRADIENTS,
        List.of(sum, other),
        () -> {
          Object own = sum.array();
          Kernels.of(own).axpy(1, other.array(), own, own);
          return own;
        });
    end(other);
  }
}
