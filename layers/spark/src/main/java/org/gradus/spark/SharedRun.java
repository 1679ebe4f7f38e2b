package org.gradus.spark;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Batches;
import org.gradus.layers.train.Metric;
import org.gradus.layers.train.MicroBatches;
import org.gradus.layers.train.Trainer;
import org.jspecify.annotations.Nullable;

/**
 * What all tasks of a run share in a process: how trainers and batches are made, and nets that no
 * task is using. A task has a net of its own, so that one of an earlier step, which Spark may still
 * be running, has no part in it.
 */
final class SharedRun implements Serializable {
  private static final long serialVersionUID = 1;

  private final Sent<SparkTrainer.Training> training;
  private final Sent<SparkTrainer.Cutting> cutting;
  private final int size;
  private final String text;
  private final Field input;
  private final Field target;

  /** What the driver has made. */
  private final String expected;

  private transient @Nullable Deque<Pupil> idle;

  /** A net, and how its loss is computed. */
  record Pupil(Layer net, MicroBatches step) {}

  SharedRun(
      Sent<SparkTrainer.Training> training,
      Sent<SparkTrainer.Cutting> cutting,
      SparkRows rows,
      Trainer trainer) {
    this.training = training;
    this.cutting = cutting;
    this.size = rows.numbering().size();
    this.text = rows.text();
    this.input = rows.input();
    this.target = rows.target();
    this.expected = told(trainer, batches());
  }

  /** The batches, of examples that are not at hand. */
  Batches batches() {
    return cutting.get().batches(new Shown(size, text, input, target));
  }

  /** The batches, of examples of which these are at hand. */
  Batches batches(Shelf shelf, int first, int... numbers) {
    Shown all = new Shown(size, text, input, target);
    return cutting.get().batches(new Shown(all, shelf, first, numbers));
  }

  /** What a task makes of a net, which has the weights that are put into it. */
  <T> T with(Weights weights, Function<Pupil, T> task) {
    Pupil pupil = taken();
    weights.putInto(pupil.net);
    T made = task.apply(pupil);
    synchronized (this) {
      idle().push(pupil);
    }
    return made;
  }

  private Pupil taken() {
    synchronized (this) {
      if (!idle().isEmpty()) {
        return idle().pop();
      }
    }
    Trainer trainer = training.get().trainer();
    String told = told(trainer, batches());
    if (!told.equals(expected)) {
      throw new IllegalStateException(
          "sparkTrainer: an executor makes %s; and the driver %s; give both the same classes, and let them be made the same each time"
              .formatted(told, expected));
    }
    return new Pupil(trainer.net(), trainer.step());
  }

  private synchronized Deque<Pupil> idle() {
    if (idle == null) {
      idle = new ArrayDeque<>();
    }
    return idle;
  }

  /** What a run's bits depend on, as far as there is a text of it. */
  private static String told(Trainer trainer, Batches batches) {
    MicroBatches step = trainer.step();
    String state =
        trainer.net().state().entrySet().stream()
            .map(e -> "%s %s %s".formatted(e.getKey(), e.getValue().dtype(), e.getValue().shape()))
            .collect(Collectors.joining(", "));
    return "a net of [%s], steps in %s parts with %s, and %s"
        .formatted(
            state, step.parts(), step.metrics().stream().map(Metric::name).toList(), batches);
  }
}
