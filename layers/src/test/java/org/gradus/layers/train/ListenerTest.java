package org.gradus.layers.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.gradus.layers.Layer;
import org.junit.jupiter.api.Test;

class ListenerTest {

  @Test
  void stepsAndEpochsAreToldInTheirOrderAndNothingElse() {
    List<String> told = new ArrayList<>();
    Layer net = Run.net();
    Trainer trainer =
        new Trainer(net, Run.adam(net), Loss.crossEntropy())
            .telling(Listener.ofSteps(step -> told.add(step.epoch() + "." + step.batch())))
            .telling(Listener.ofEpochs(epoch -> told.add("epoch " + epoch.number())));
    trainer.fit(Run.batches(), 2);
    List<String> expected = new ArrayList<>();
    for (int epoch = 1; epoch <= 2; epoch++) {
      for (int batch = 1; batch <= Run.batches().count(); batch++) {
        expected.add(epoch + "." + batch);
      }
      expected.add("epoch " + epoch);
    }
    assertEquals(expected, told);
  }
}
