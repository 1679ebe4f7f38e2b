package org.gradus.autograd.internal.kernel;

import org.jspecify.annotations.Nullable;

/**
 * What a kernel has found out about the elements of an array, kept beside them: the next kernel
 * that needs it finds it here. It is what that one would find out itself, to the bit, so results do
 * not depend on whether it is here; and the elements of an array do not change.
 *
 * <p>There is room for one finding. A kernel that comes with another question overwrites it.
 */
public final class Known {
  /** A finding, and the question that it answers: two are the same if they are equal. */
  private record Finding(Object question, Object answer) {}

  private final boolean keeps;
  private volatile @Nullable Finding last;

  private Known(boolean keeps) {
    this.keeps = keeps;
  }

  /** Nothing yet. */
  public static Known nothing() {
    return new Known(true);
  }

  /** Nothing, ever: for elements that will be others in the next call. */
  public static Known never() {
    return new Known(false);
  }

  /** Whether answers are kept. */
  public boolean keeps() {
    return keeps;
  }

  /** The answer to a question, if it is known. */
  public <T> @Nullable T find(Object question, Class<T> type) {
    @Nullable Finding found = last;
    return found != null && found.question.equals(question) ? type.cast(found.answer) : null;
  }

  /** Has an answer be known. */
  public void keep(Object question, Object answer) {
    if (keeps) {
      last = new Finding(question, answer);
    }
  }
}
