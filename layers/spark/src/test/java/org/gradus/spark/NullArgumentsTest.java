package org.gradus.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.testkit.NullContract;
import org.gradus.layers.Layer;
import org.junit.jupiter.api.Test;

/** Null is refused in words by every public function. */
class NullArgumentsTest {
  private static Map<Class<?>, Object> samples() {
    SparkRows rows = Pupils.examples(Cluster.usual(), 1);
    SparkTrainer.Training training = Pupils::trainer;
    SparkTrainer.Cutting cutting = data -> Pupils.batches(Nulls.given("batches: data", data));
    SparkPredictor.Making making = Pupils::net;
    Map<Class<?>, Object> samples = new HashMap<>();
    samples.put(String.class, "id");
    samples.put(List.class, List.of());
    samples.put(Layer.class, Pupils.net());
    samples.put(Field.class, Pupils.pixels());
    samples.put(Dataset.class, Pupils.table(Cluster.usual(), 1));
    samples.put(org.gradus.layers.data.Dataset.class, Pupils.here());
    samples.put(SparkRows.class, rows);
    samples.put(SparkTrainer.Training.class, training);
    samples.put(SparkTrainer.Cutting.class, cutting);
    samples.put(SparkTrainer.class, SparkTrainer.of(training, cutting, rows));
    samples.put(SparkPredictor.Making.class, making);
    samples.put(SparkPredictor.class, SparkPredictor.of(making, Pupils.net(), Pupils.pixels()));
    samples.put(Consumer.class, (Consumer<Object>) told -> {});
    samples.put(StepCost.class, new StepCost(1, 1, 1, 0, List.of(), 0, 0, 0));
    return samples;
  }

  @Test
  void nullIsRefusedInWords() {
    NullContract contract = new NullContract(samples(), Set.of());
    List<String> faults = contract.faults("org.gradus.spark");
    assertEquals("", String.join("\n", faults));
    assertTrue(contract.calls() >= 15, () -> contract.calls() + " calls");
  }
}
