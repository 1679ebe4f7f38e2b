package org.example.digits;

import java.util.stream.Stream;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Linear;
import org.gradus.layers.testkit.LayerGate;
import org.gradus.layers.testkit.LayerRow;

/** The gate in the package that it guards, where a build puts tests into the module. */
final class InsideLayersTest extends LayerGate {
  InsideLayersTest() {
    super("org.example.digits");
  }

  @Override
  protected Stream<LayerRow> rows() {
    return Stream.of(
        LayerRow.of(random -> new Residual(new Linear(4, 4, random)))
            .parameter("body.weight", 4, 4)
            .parameter("body.bias", 4)
            .example(Shape.of(4), Shape.of(4))
            .exact()
            .refusesInput(
                "body: linear: input [2, 3] has 3 features, but the weight [4, 4] expects 4",
                2,
                3));
  }
}
