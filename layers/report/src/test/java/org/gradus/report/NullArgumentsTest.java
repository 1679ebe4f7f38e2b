package org.gradus.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.testkit.NullContract;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.train.History;
import org.gradus.layers.train.Loss;
import org.junit.jupiter.api.Test;

/** Null is refused in words by every public function. */
class NullArgumentsTest {
  private static Map<Class<?>, Object> samples() {
    NdArray image = Pages.images(1, 1, 2, 2);
    Map<Class<?>, Object> samples = new HashMap<>();
    samples.put(String.class, "name");
    samples.put(Layer.class, (Layer) x -> x);
    samples.put(History.class, new History(List.of()));
    samples.put(Optional.class, Optional.empty());
    samples.put(Map.class, Map.of());
    samples.put(List.class, List.of());
    samples.put(Dataset.class, Dataset.of(image, 0));
    samples.put(Batch.class, new Batch(image, 0));
    samples.put(Loss.class, Loss.mse());
    samples.put(NdArray.class, image);
    samples.put(Path.class, Path.of("nothing"));
    samples.put(Report.class, Pages.report("title", x -> x));
    return samples;
  }

  @Test
  void nullIsRefusedInWords() {
    NullContract contract = new NullContract(samples(), Set.of());
    List<String> faults = contract.faults("org.gradus.report");
    assertEquals("", String.join("\n", faults));
    assertTrue(contract.calls() >= 15, () -> contract.calls() + " calls");
  }
}
