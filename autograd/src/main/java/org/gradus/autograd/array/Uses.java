package org.gradus.autograd.array;

import java.util.HashMap;
import java.util.Map;
import org.gradus.autograd.internal.kernel.Buffer;
import org.gradus.autograd.internal.kernel.Kernels;

/**
 * How often the memory of arrays will still be used in a walk over a graph. After the last use it
 * is taken back for later results, if the walk may do that; arrays that share their memory with
 * others outlive them all.
 */
public final class Uses {
  private final boolean takesBack;
  private final Map<Buffer, Integer> left = new HashMap<>();

  /** None yet. */
  public Uses(boolean takesBack) {
    this.takesBack = takesBack;
  }

  /** The array will be used once more. */
  public void add(NdArray array) {
    if (takesBack) {
      left.merge(array.buffer(), 1, Integer::sum);
    }
  }

  /** One of the array's uses is over. */
  public void end(NdArray array) {
    if (takesBack && left.merge(array.buffer(), -1, Integer::sum) == 0) {
      left.remove(array.buffer());
      array.buffer().giveBack();
    }
  }

  /** The sum of two arrays, in a new one, which will be used; a use of both is over. */
  public NdArray sum(NdArray a, NdArray b) {
    NdArray sum = a.plusScaled(1, b);
    add(sum);
    end(a);
    end(b);
    return sum;
  }

  /** Adds an array to a sum that nobody but the caller has seen; a use of the array is over. */
  public void addTo(NdArray sum, NdArray array) {
    Object own = sum.buffer().array();
    Kernels.of(own).axpy(1, array.buffer().array(), own, own);
    end(array);
  }
}
