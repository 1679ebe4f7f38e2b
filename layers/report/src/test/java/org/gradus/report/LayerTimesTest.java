package org.gradus.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.BatchNorm1d;
import org.gradus.layers.Embedding;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Relu;
import org.gradus.layers.Residual;
import org.gradus.layers.Sequential;
import org.junit.jupiter.api.Test;

/** Times of layers by a clock that goes on when it is looked at. */
class LayerTimesTest {

  @Test
  void eachLayerThatIsMadeOfNoOtherIsMeasured() {
    SplittableRandom random = new SplittableRandom(1);
    Layer net =
        new Sequential(new Linear(3, 3, random), new Residual(new BatchNorm1d(3)), x -> x.detach());
    NdArray before = net.state().get("1.body.running_mean");
    AtomicLong time = new AtomicLong();

    List<LayerTimes.Row> rows =
        LayerTimes.rows(net, Pages.images(4, 3), () -> time.addAndGet(2000));

    assertEquals(
        List.of(
            new LayerTimes.Row("0", "Linear", 2000, 2000),
            new LayerTimes.Row("1.body", "BatchNorm1d", 2000, 2000),
            new LayerTimes.Row("2", "layer", 2000, 0)),
        rows);
    assertEquals(before, net.state().get("1.body.running_mean"));
  }

  /** Five runs are thrown away; of the other fifteen the eighth smallest counts. */
  @Test
  void theMedianOfRunsIsTaken() {
    AtomicInteger look = new AtomicInteger();
    AtomicLong time = new AtomicLong();
    long[] forward = {900, 900, 900, 900, 900, 15, 1, 14, 2, 13, 3, 12, 4, 11, 5, 10, 6, 9, 7, 8};
    List<LayerTimes.Row> rows =
        LayerTimes.rows(
            new Linear(2, 2, new SplittableRandom(1)),
            Pages.images(2, 2),
            () -> {
              int i = look.getAndIncrement();
              return time.addAndGet(i % 3 == 1 ? forward[i / 3] : i % 3 == 2 ? 10 : 1000);
            });
    assertEquals(List.of(new LayerTimes.Row("", "Linear", 8, 10)), rows);
    assertEquals(60, look.get());
  }

  @Test
  void aSlowLayerRunsOnce() {
    AtomicInteger calls = new AtomicInteger();
    Layer counted =
        x -> {
          calls.incrementAndGet();
          return x;
        };
    AtomicLong time = new AtomicLong();
    List<LayerTimes.Row> rows =
        LayerTimes.rows(counted, Pages.images(2, 2), () -> time.addAndGet(600_000_000L));
    assertEquals(600e6, rows.get(0).forward());
    assertEquals(2, calls.get()); // in the trace, and measured
  }

  /** As in training, what comes before any parameter goes without gradients. */
  @Test
  void anInputHasAGradientWhereItHadOneInTheNet() {
    Layer net =
        new Sequential(new Relu(), new Embedding(5, 2, new SplittableRandom(1)), new Flatten());
    AtomicLong time = new AtomicLong();
    List<LayerTimes.Row> rows =
        LayerTimes.rows(net, NdArray.of(0f, 4f, 2f), () -> time.addAndGet(1000));
    assertEquals(
        List.of(
            new LayerTimes.Row("0", "Relu", 1000, 0),
            new LayerTimes.Row("1", "Embedding", 1000, 1000),
            new LayerTimes.Row("2", "Flatten", 1000, 1000)),
        rows);
  }

  @Test
  void withoutASampleThereIsNone() {
    assertTrue(LayerTimes.html(new Relu(), Optional.empty(), () -> 0).isEmpty());
  }

  /** No gradients of what is frozen are measured, and batch normalisation takes one example. */
  @Test
  void whatIsFrozenInTheNetIsMeasuredSo() {
    SplittableRandom random = new SplittableRandom(1);
    Layer frozen = new Sequential(new Linear(3, 3, random), new BatchNorm1d(3)).frozen();
    AtomicLong time = new AtomicLong();
    List<LayerTimes.Row> rows =
        LayerTimes.rows(
            new Sequential(frozen, new Linear(3, 2, random)),
            Pages.images(1, 3),
            () -> time.addAndGet(1000));
    assertEquals(
        List.of(
            new LayerTimes.Row("0.0", "Linear", 1000, 0),
            new LayerTimes.Row("0.1", "BatchNorm1d", 1000, 0),
            new LayerTimes.Row("1", "Linear", 1000, 1000)),
        rows);
  }
}
