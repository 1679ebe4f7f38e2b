package org.gradus.autograd.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Arrays that several plans of one function have: each content once. */
final class Shared {
  private final List<Object> arrays = new ArrayList<>();

  /** An array of this content, for all who ask. */
  synchronized Object same(Object array) {
    for (Object known : arrays) {
      boolean equal =
          known instanceof float[] floats ? isSame(floats, array) : isSame((double[]) known, array);
      if (equal) {
        return known;
      }
    }
    arrays.add(array);
    return array;
  }

  private static boolean isSame(float[] known, Object array) {
    return array instanceof float[] floats && Arrays.equals(known, floats);
  }

  private static boolean isSame(double[] known, Object array) {
    return array instanceof double[] doubles && Arrays.equals(known, doubles);
  }
}
