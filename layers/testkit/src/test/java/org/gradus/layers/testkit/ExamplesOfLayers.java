package org.gradus.layers.testkit;

import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.slice;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.functional.PerExample;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Trials;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;

/** The gradients that examples have in a batch, beside those in batches of one. */
public final class ExamplesOfLayers {
  private static final int CASES = 4;
  private static final int BATCH = 3;
  private static final double SINGLE = 1e-6;
  private static final double DOUBLE = 1e-14;

  private ExamplesOfLayers() {}

  /** Tries the layer of a row with some of its cases, in inference. */
  public static void areAsAlone(LayerRow row) {
    Nulls.refuse("examples of layers: row", row);
    row.sizes()
        .forEach(
            drawn ->
                Trials.fromSystemProperties()
                    .forAll(
                        CASES,
                        drawn,
                        sizes -> {
                          if (sizes.ofExample()) {
                            areAsAlone(row, new LayerCase(sizes, BATCH, 1));
                          }
                        }));
  }

  private static void areAsAlone(LayerRow row, LayerCase example) {
    Specimen specimen = Specimen.moved(row, example.seed());
    Shape input = example.input();
    NdArray x = row.domain().draw(input, 2).as(specimen.dtype(input));
    NdArray weights = Domain.nonzero().draw(example.output(), 3).as(x.dtype());
    Tensor scale = Tensor.variable(NdArray.scalar(x.dtype(), 1)); // of the input, in front of all
    Function<List<Tensor>, Tensor> losses = in -> losses(specimen.layer(), in, scale);
    Tensor[] variables =
        Stream.concat(Stream.of(scale), specimen.parameters().stream().map(Parameter::tensor))
            .toArray(Tensor[]::new);
    PerExample made = PerExample.of(losses, List.of(x, weights), variables);
    for (int n = 0; n < BATCH; n++) {
      List<Tensor> alone = List.of(part(x, n), part(weights, n));
      Gradients gradients =
          Gradients.pullback(
              losses.apply(alone),
              Tensor.constant(NdArray.full(x.dtype(), Shape.of(1), 1)),
              Gradients.Mode.VALUES,
              variables);
      for (Tensor variable : variables) {
        NdArray expected = gradients.of(variable).value();
        NdArray actual = part(made.gradients(variable), n).value().reshape(variable.shape());
        double error = actual.plusScaled(-1, expected).norm();
        double most = (x.dtype() == DType.FLOAT32 ? SINGLE : DOUBLE) * made.norms().at(n);
        assertTrue(error <= most, () -> "%s: %s alone, but %s".formatted(row, expected, actual));
      }
    }
    assertEquals(Shape.of(BATCH), made.norms().shape());
  }

  private static Tensor losses(Layer layer, List<Tensor> in, Tensor scale) {
    Tensor x = in.get(0);
    Tensor y = layer.forward(mul(x, scale));
    int count = x.shape().dim(0);
    return sum(reshape(mul(y, in.get(1)), count, y.shape().size() / count), 1);
  }

  private static Tensor part(NdArray batch, int n) {
    return slice(Tensor.constant(batch), 0, n, n + 1);
  }
}
