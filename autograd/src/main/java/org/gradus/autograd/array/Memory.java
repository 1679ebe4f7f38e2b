package org.gradus.autograd.array;

import java.util.function.Supplier;
import org.gradus.autograd.internal.kernel.Temporaries;

/**
 * The memory of results that nobody needs any more. The garbage collector finds it too, but gives
 * new memory in its place, which is zeroed first and is in no cache of the processor.
 */
public final class Memory {
  private Memory() {}

  /**
   * What the body gives. When it is done, the memory of all results of ops that the calling thread
   * has made in it is taken back for later ones, but for those whose value somebody has asked for:
   * {@code NdArray y = Memory.tidy(() -> Ops.square(Ops.relu(x)).value())} keeps the squares. So a
   * loop of large computations without a backward pass works in the same memory again and again.
   * What was taken back is refused if it is used afterwards, never overwritten in silence. Calls
   * may nest. If the body throws, nothing is taken back.
   *
   * <p>A thread that waits in the body for tasks of a fork-join pool may run tasks of others
   * meanwhile, and takes back what these make: such a body does not belong here. The loops of the
   * library run no tasks of others.
   *
   * @param body returns what it has read: numbers, or values
   * @throws NullPointerException if the body is null
   */
  public static <T> T tidy(Supplier<T> body) {
    return Temporaries.takenBack(Nulls.given("tidy: body", body));
  }
}
