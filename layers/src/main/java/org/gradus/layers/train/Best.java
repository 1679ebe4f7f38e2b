package org.gradus.layers.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/**
 * The best epoch of a run so far.
 *
 * @param epoch its number, from 1
 * @param value by which it was judged
 * @param state of the net at its end: for {@link org.gradus.layers.Layer#load}
 */
public record Best(int epoch, double value, Map<String, NdArray> state) {

  /** Takes a copy of the map. */
  public Best {
    Nulls.refuse("best: state", state);
    state = Collections.unmodifiableMap(new LinkedHashMap<>(state));
  }
}
