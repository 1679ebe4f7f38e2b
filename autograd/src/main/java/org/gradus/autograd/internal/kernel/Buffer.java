package org.gradus.autograd.internal.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.gradus.autograd.internal.parallel.DoubleArrays;
import org.gradus.autograd.internal.parallel.FloatArrays;
import org.jspecify.annotations.Nullable;

/**
 * The memory of an array's elements, shared by all arrays that are views of it. What an op of the
 * library made can be taken back for later results: once, and only while nobody reads or holds it.
 *
 * <pre>
 *   state: how many read the memory at this moment, or one of
 *     OWN     nobody but its maker knows it yet
 *     HELD    somebody may keep it; it is never taken back
 *     GONE    it was taken back; whoever asks for it is refused
 *     BLANK   it has no values: it stands for others while calls of kernels are recorded
 * </pre>
 *
 * Each change of state is one atomic step, so that no interleaving of threads lets one read what
 * another has taken back.
 */
public final class Buffer {
  private static final int OWN = -1;
  private static final int HELD = -2;
  private static final int GONE = -3;
  private static final int BLANK = -4;

  /** What this thread reads at this moment, the last one first. */
  private static final ThreadLocal<Deque<Buffer>> OPEN = ThreadLocal.withInitial(ArrayDeque::new);

  private final AtomicInteger state;
  private final AtomicReference<@Nullable Object> walk = new AtomicReference<>();
  private final @Nullable Recorder recorder; // of what has no values
  private final Known known = Known.nothing();
  private volatile @Nullable Object array;

  private Buffer(Object array, int state, @Nullable Recorder recorder) {
    this.array = array;
    this.state = new AtomicInteger(state);
    this.recorder = recorder;
  }

  /** Over a {@code float[]} or {@code double[]} that others know: it is never taken back. */
  public static Buffer of(Object array) {
    return new Buffer(array, HELD, null);
  }

  /** Over an array that stands for others of its type and length, and is not read. */
  static Buffer blank(Object array, Recorder recorder) {
    return new Buffer(array, BLANK, recorder);
  }

  /** A buffer for float32 elements, which holds anything. */
  static Buffer floats(int n) {
    return made(FloatArrays.POOL.take(n));
  }

  /** A buffer for float64 elements, which holds anything. */
  static Buffer doubles(int n) {
    return made(DoubleArrays.POOL.take(n));
  }

  private static Buffer made(Object array) {
    Buffer made = new Buffer(array, OWN, null);
    Temporaries.add(made);
    return made;
  }

  /** A buffer of this one's type and length, which holds anything. */
  Buffer another() {
    return another(array() instanceof float[] floats ? floats.length : ((double[]) array()).length);
  }

  /** A buffer for n elements of the type of this one's, which holds anything. */
  public Buffer another(int n) {
    if (recorder != null) {
      return blank(array() instanceof float[] ? new float[n] : new double[n], recorder);
    }
    return array() instanceof float[] ? floats(n) : doubles(n);
  }

  /** The kernels for the elements; of a blank, those that record what they are called with. */
  public Kernels<Object> kernels() {
    return recorder == null ? Kernels.of(array()) : recorder.kernels();
  }

  /** What is known about the elements; nothing, ever, if somebody may write to them. */
  public Known known() {
    return state.get() < OWN ? Known.never() : known;
  }

  /**
   * The {@code float[]} or {@code double[]}, for one who made the buffer, reads it inside of {@link
   * #reading}, or holds it.
   *
   * @throws IllegalStateException if it was taken back
   */
  public Object array() {
    Object found = array;
    if (found == null) {
      throw gone("array");
    }
    return found;
  }

  /** From now on others than its maker know it: it is a tensor's. */
  public Buffer shared() {
    state.compareAndSet(OWN, 0);
    return this;
  }

  /**
   * As {@link #array}, for an op: of what it has made, or what its thread reads meanwhile. If it is
   * called with an array by itself, outside of a tensor, nobody has seen to that; it is held.
   *
   * @throws IllegalStateException if it was taken back
   */
  public Object arrayForOp() {
    return state.get() >= 0 && !OPEN.get().contains(this) ? hold("forward") : array();
  }

  /**
   * The {@code float[]} or {@code double[]}, for somebody who may keep it: it will not be taken
   * back.
   *
   * @param what named in the error
   * @throws IllegalStateException if it was taken back before
   */
  public Object hold(String what) {
    for (int now = state.get(); now != HELD; now = state.get()) {
      if (now < HELD) {
        throw refused(now, what);
      }
      state.compareAndSet(now, HELD); // those who read it now may go on
    }
    return array();
  }

  /**
   * What the body gives, for whose time none of the buffers is taken back.
   *
   * @param what named in the error
   * @throws IllegalStateException if one was taken back before
   */
  public static <T> T reading(String what, List<Buffer> buffers, Supplier<T> body) {
    return reading(what, buffers, buffer -> buffer, body);
  }

  /**
   * What the body gives, for whose time no buffer of the owners is taken back.
   *
   * @param what named in the error
   * @throws IllegalStateException if one was taken back before
   */
  public static <O, T> T reading(
      String what, List<O> owners, Function<O, Buffer> bufferOf, Supplier<T> body) {
    Deque<Buffer> own = OPEN.get();
    int before = own.size();
    try {
      for (int i = 0; i < owners.size(); i++) { // an iterator is an object
        Buffer buffer = bufferOf.apply(owners.get(i));
        buffer.open(what);
        own.push(buffer);
      }
      return body.get();
    } finally {
      while (own.size() > before) {
        own.pop().close();
      }
    }
  }

  /** From now on one more reads it, for whose time it is not taken back. */
  void open(String what) {
    for (int now = state.get(); now != HELD; now = state.get()) {
      if (now < HELD) {
        throw refused(now, what);
      }
      if (state.compareAndSet(now, Math.max(now, 0) + 1)) {
        return;
      }
    }
  }

  /**
   * One of those who read it is done. Somebody may have taken hold of it since it was opened; then
   * there is nothing to count.
   */
  void close() {
    int now = state.get();
    while (now != HELD && !state.compareAndSet(now, now - 1)) {
      now = state.get();
    }
  }

  /** Whether this walk may take it back, of all walks that there are: the first to ask may. */
  boolean claim(Object who) {
    return state.get() == HELD
        || (state.get() != GONE && (walk.compareAndSet(null, who) || walk.get() == who));
  }

  /** Leaves it to another walk. */
  void unclaim(Object who) {
    walk.compareAndSet(who, null);
  }

  /** Ends its life, unless somebody reads or holds it. */
  void takeBack() {
    if (state.compareAndSet(0, GONE) || state.compareAndSet(OWN, GONE)) {
      Object found = array();
      array = null;
      if (found instanceof float[] floats) {
        FloatArrays.POOL.give(floats);
      } else {
        DoubleArrays.POOL.give((double[]) found);
      }
    }
  }

  private static RuntimeException refused(int state, String what) {
    return state == BLANK ? new Recorder.Refused(what + " reads values") : gone(what);
  }

  static IllegalStateException gone(String what) {
    return new IllegalStateException(
        what
            + ": these values were taken back by minimize, by a backward pass in mode CONSUMING, or"
            + " at the end of Memory.tidy; read them before it, or call"
            + " step(Gradients.backward(loss)), which takes nothing back");
  }
}
