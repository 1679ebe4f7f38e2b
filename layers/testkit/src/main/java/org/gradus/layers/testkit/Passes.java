package org.gradus.layers.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Observation;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;

/** What a layer does with the pass that it is given. */
final class Passes {
  private Passes() {}

  /** With other values in the place of the parameters, it does as if they were the parameters. */
  static void areAsked(Specimen specimen, NdArray x) {
    Map<Parameter, Tensor> others = new HashMap<>();
    specimen.all().forEach(p -> others.put(p, Tensor.variable(p.value().map(v -> 1.25 * v + 0.1))));
    Tensor given = specimen.layer().forward(Tensor.constant(x), Pass.inference().with(others));
    List<Tensor> own = new ArrayList<>(Replay.variables(given));
    own.retainAll(specimen.tensors());
    assertEquals(List.of(), own, "the parameters that are used in spite of the pass");
    Map<Parameter, NdArray> before = new HashMap<>();
    specimen.all().forEach(p -> before.put(p, p.value()));
    others.forEach((parameter, other) -> parameter.set(other.value()));
    assertSameBits(
        specimen.forward(x), given.value(), "the output with values that the pass gives");
    before.forEach(Parameter::set);
  }

  /** The same pass gives the same again, and leaves everything as it is until it is committed. */
  static void canBeRepeated(Specimen specimen, NdArray x, LayerCase example) {
    Map<String, NdArray> before = specimen.saved();
    Pass pass = Pass.training(example.seed(), 1);
    NdArray y = Specimen.copy(specimen.train(x, pass).value());
    assertEquals(example.output(), y.shape(), "the output in training");
    List<Observation> observed = pass.observed();
    assertSameBits(y, specimen.train(x, pass).value(), "the output of the same pass again");
    assertSameBits(
        y,
        specimen.train(x, Pass.training(example.seed(), 1)).value(),
        "the output of an equal pass");
    assertEquals(observed, pass.observed(), "what the same pass has observed again");
    assertEquals(before, specimen.saved(), "the parameters and buffers after training passes");

    pass.commit();
    for (Parameter parameter : specimen.parameters()) {
      assertEquals(before.get(parameter.name()), parameter.value(), parameter.name());
    }
    specimen.layer().load(before);
  }

  static void assertSameBits(NdArray expected, NdArray actual, String what) {
    assertEquals(expected.shape(), actual.shape(), what);
    for (int i = 0; i < expected.size(); i++) {
      if (Double.compare(expected.at(i), actual.at(i)) != 0) {
        fail("%s: element %s is %s, not %s".formatted(what, i, actual.at(i), expected.at(i)));
      }
    }
  }
}
