package org.gradus.layers.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.gradus.autograd.array.Nulls;

/** What other threads compute. */
public final class Futures {
  private Futures() {}

  /**
   * The result, once it is there; what went wrong in the other thread is thrown in this one.
   *
   * @param begun by another thread
   */
  public static <T> T result(CompletableFuture<T> begun) {
    try {
      return Nulls.given("result: begun", begun).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }
}
