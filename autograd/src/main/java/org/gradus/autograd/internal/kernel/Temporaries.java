package org.gradus.autograd.internal.kernel;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that a thread makes on the way to a result. Once there is the result, nobody looks at
 * them any more, unless somebody holds them: their memory is taken back.
 */
public final class Temporaries {
  /** Those of the thread, while it computes such a result. */
  private static final ThreadLocal<@Nullable Temporaries> OPEN = new ThreadLocal<>();

  /** What nobody knows any more is left to the garbage collector, before it is short of memory. */
  private final List<WeakReference<Buffer>> made = new ArrayList<>();

  private Temporaries() {}

  /** Tells that the calling thread has made a buffer. */
  static void add(Buffer buffer) {
    Temporaries open = OPEN.get();
    if (open != null) {
      open.made.add(new WeakReference<>(buffer));
    }
  }

  /** What the body gives. All buffers that it has made are taken back but those that are held. */
  public static <T> T takenBack(Supplier<T> body) {
    return takenBack(body, result -> null);
  }

  /**
   * What the body gives. All buffers that it has made are taken back but that of the result, which
   * may be a temporary of the computation around this one.
   */
  static <T> T takenBack(Supplier<T> body, Function<T, @Nullable Buffer> bufferOf) {
    Temporaries around = OPEN.get();
    Temporaries own = new Temporaries();
    OPEN.set(own);
    try {
      T result = body.get();
      Buffer kept = bufferOf.apply(result);
      for (WeakReference<Buffer> each : own.made) {
        Buffer buffer = each.get();
        if (buffer != null && buffer != kept) {
          buffer.takeBack();
        } else if (buffer != null && around != null) {
          around.made.add(each);
        }
      }
      return result;
    } finally {
      if (around == null) {
        OPEN.remove();
      } else {
        OPEN.set(around);
      }
    }
  }
}
