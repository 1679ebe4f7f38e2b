package org.gradus.benchmarks.peer;

/** The two that are compared. */
enum Library {
  /** This one. */
  GRADUS("Gradus") {
    @Override
    Trainee trainee(Net net, double learningRate) {
      return new GradusTrainee(net, learningRate);
    }
  },

  /** PyTorch's native engine, under DJL. */
  PYTORCH("PyTorch") {
    @Override
    void start() {
      Torch.start();
    }

    @Override
    Trainee trainee(Net net, double learningRate) {
      return new TorchTrainee(net, learningRate);
    }
  };

  private final String title;

  Library(String title) {
    this.title = title;
  }

  /** What it is called in print. */
  String title() {
    return title;
  }

  /** Does what must be done before the first call, in a process that has not begun with it. */
  void start() {}

  /** A network to be trained, from the same weights in both. */
  abstract Trainee trainee(Net net, double learningRate);
}
