package org.gradus.layers.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Layer;
import org.gradus.layers.optim.Optimizer;

/** How far a run is: the epochs that are done, and the one that is not. */
final class Course {
  final List<Epoch> epochs = new ArrayList<>();
  final Running running = new Running();

  /** All of it as a value, with the states of the net and the optimiser. */
  Checkpoint checkpoint(Layer net, Optimizer optimizer, Loss loss, Options options) {
    return new Checkpoint(
        net.state(),
        optimizer.state(),
        new History(epochs),
        running.progressed(options, options.told(optimizer, loss)),
        options.judge.best());
  }

  /** Puts in place what a file has; if it is refused, nothing has changed. */
  void put(
      Checkpoint saved, Path file, Layer net, Optimizer optimizer, Loss loss, Options options) {
    options.requireSame(file, saved.progress(), options.told(optimizer, loss));
    Map<String, NdArray> before = net.state();
    try {
      net.load(saved.net());
      optimizer.load(saved.optimizer());
    } catch (IllegalArgumentException e) {
      net.load(before);
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
    epochs.addAll(saved.history().epochs());
    options.judge.restore(saved.best());
    running.restore(saved.progress(), options.measured());
  }
}
