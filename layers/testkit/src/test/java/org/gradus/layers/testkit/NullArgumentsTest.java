package org.gradus.layers.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fixtures.right.Scale;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.NullContract;
import org.gradus.layers.Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Null is refused in words by every public function of the kit. */
class NullArgumentsTest {
  private static Map<Class<?>, Object> samples() {
    LayerRow row = LayerRow.of(Scale::new);
    Map<Class<?>, Object> samples = new HashMap<>();
    samples.put(NdArray.class, NdArray.of(new double[] {1}, 1));
    samples.put(Shape.class, Shape.of(1));
    samples.put(String.class, "name");
    samples.put(Class.class, IllegalArgumentException.class);
    samples.put(Function.class, (Function<RandomGenerator, Layer>) Scale::new);
    samples.put(UnaryOperator.class, UnaryOperator.identity());
    samples.put(Executable.class, (Executable) () -> {});
    samples.put(Arbitrary.class, Arbitraries.just(Shape.of(1)));
    samples.put(Domain.class, Domain.nonzero());
    samples.put(Layer.class, (Layer) x -> x);
    samples.put(LayerRow.class, row);
    samples.put(LayerContract.class, LayerContract.of(row));
    return samples;
  }

  @Test
  void nullIsRefusedInWords() {
    NullContract contract = new NullContract(samples(), Set.of());
    List<String> faults = contract.faults("org.gradus.layers.testkit");
    assertEquals("", String.join("\n", faults));
    assertTrue(contract.calls() > 20, () -> contract.calls() + " calls");
  }
}
