package org.gradus.layers.testkit;

import java.util.stream.Stream;
import org.gradus.autograd.testkit.Gate;
import org.gradus.layers.Layer;
import org.junit.jupiter.api.Test;

/**
 * The gate of a build: checks the contract of each layer of some packages, and fails for a layer
 * that has no row, so that none enters unchecked. A build extends it by its packages and rows:
 *
 * <pre>{@code
 * class LayersTest extends LayerGate {
 *   LayersTest() {
 *     super("org.example.layers");
 *   }
 *
 *   @Override
 *   protected Stream<LayerRow> rows() {
 *     return Stream.of(
 *         LayerRow.of(random -> new Embedding(5, 3, random))
 *             .parameter("weight", 5, 3)
 *             .example(Shape.of(4), Shape.of(4, 3)));
 *   }
 * }
 * }</pre>
 *
 * <p>Layers are found by their classes. A function that is a layer as it stands, such as {@code
 * Ops::tanh}, has none: the gate asks for no row of it, and takes one.
 */
public abstract class LayerGate extends Gate<LayerRow> {

  /**
   * A gate before these packages and those below them, as {@link Gate} says. Each of them must have
   * a layer.
   *
   * @param packages one or more
   */
  protected LayerGate(String... packages) {
    super(Layer.class, "layer", packages);
  }

  /** The rows: one or more for each layer, and any of functions. */
  @Override
  protected abstract Stream<LayerRow> rows();

  /** A layer without a row fails the build. */
  @Test
  protected void everyLayerHasARow() {
    requireRows();
  }

  /** A row of a layer that is elsewhere, or cannot be made, fails the build: it is stale. */
  @Test
  protected void everyRowHasALayer() {
    requireClasses();
  }
}
