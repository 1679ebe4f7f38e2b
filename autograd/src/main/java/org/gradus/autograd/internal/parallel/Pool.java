package org.gradus.autograd.internal.parallel;

import java.lang.ref.SoftReference;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Arrays that are used again: new memory must be zeroed and is in no cache. What came back last is
 * taken first, as it may still be in one. A pool holds at most a fraction of the heap, and the
 * garbage collector may take all of it when memory is short.
 *
 * @param <A> the type of array
 */
public final class Pool<A> {
  /** Shorter arrays are left to the garbage collector, which is as fast. */
  public static final int LEAST = 512;

  /** The part of the heap that free arrays may take up. */
  private static final int FRACTION = 4;

  private final int bytes;
  private final IntFunction<A> maker;
  private final ToIntFunction<A> length;
  private volatile SoftReference<Free<A>> free = new SoftReference<>(new Free<>());

  public Pool(int bytes, IntFunction<A> maker, ToIntFunction<A> length) {
    this.bytes = bytes;
    this.maker = maker;
    this.length = length;
  }

  /** The free arrays by their lengths, and how many bytes they take up. */
  private record Free<A>(Map<Integer, Deque<A>> arrays, AtomicLong held) {
    Free() {
      this(new ConcurrentHashMap<>(), new AtomicLong());
    }
  }

  /** An array of exactly this length, the last that came back. It holds anything. */
  public A take(int n) {
    Free<A> all = n < LEAST ? null : free.get();
    @Nullable Deque<A> same = all == null ? null : all.arrays.get(n);
    @Nullable A found = same == null ? null : same.pollFirst();
    if (all == null || found == null) {
      return maker.apply(n);
    }
    all.held.addAndGet(-(long) n * bytes);
    return found;
  }

  /** Takes an array back that nobody will look at any more. */
  public void give(A array) {
    int n = length.applyAsInt(array);
    if (n < LEAST) {
      return;
    }
    Free<A> all = free.get();
    if (all == null
        || all.held.get() + (long) n * bytes > Runtime.getRuntime().maxMemory() / FRACTION) {
      all = new Free<>();
      free = new SoftReference<>(all);
    }
    all.held.addAndGet((long) n * bytes);
    all.arrays.computeIfAbsent(n, length -> new ConcurrentLinkedDeque<>()).addFirst(array);
  }
}
