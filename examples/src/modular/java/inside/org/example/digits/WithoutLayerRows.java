package org.example.digits;

import java.util.stream.Stream;
import org.gradus.layers.testkit.LayerGate;
import org.gradus.layers.testkit.LayerRow;

/** A gate that must stay closed: the layer of its package has no row. */
final class WithoutLayerRows extends LayerGate {
  WithoutLayerRows() {
    super("org.example.digits");
  }

  @Override
  protected Stream<LayerRow> rows() {
    return Stream.empty();
  }
}
