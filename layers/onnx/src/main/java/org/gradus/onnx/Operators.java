package org.gradus.onnx;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All operators that can be read, by name. */
final class Operators {
  private static final Operators ALL = new Operators(made());

  private final Map<String, Operator> byName;

  private Operators(Map<String, Operator> byName) {
    this.byName = byName;
  }

  /** By name, in alphabetical order. */
  static Map<String, Operator> all() {
    return ALL.byName;
  }

  private static Map<String, Operator> made() {
    Map<String, Operator> all = new TreeMap<>();
    Stream.of(
            ElementwiseUnary.operators(),
            ElementwiseBinary.operators(),
            Logic.operators(),
            Reductions.operators(),
            Shapes.operators(),
            Making.operators(),
            Indexing.operators(),
            Scattering.operators(),
            Products.operators(),
            ConvolutionWindows.operators(),
            PoolingWindows.operators(),
            Normalizations.operators(),
            Padding.operators(),
            Resizing.operators(),
            Sampling.operators(),
            Recurrent.operators(),
            Quantization.operators(),
            LossOperators.operators(),
            Casting.operators(),
            Control.operators())
        .flatMap(List::stream)
        .forEach(
            operator -> {
              if (all.put(operator.name(), operator) != null) {
                throw new IllegalStateException("two operators are called " + operator.name());
              }
            });
    return Collections.unmodifiableMap(all);
  }
}
