package org.gradus.examples.spark;

/**
 * What the steps of a cluster cost, as constants that were measured, and a model of the time of a
 * step by as many workers as one likes:
 *
 * <pre>
 *   step = computing / workers + perStep + perTask workers + out + back + adding
 *   out  = bytes (perByte + 1 / network)
 *   back = workers bytes (perByte + 1 / network), or, in slices, 3 bytes (perByte + 1 / network)
 *   adding = workers bytes addingPerByte, or, in slices, bytes addingPerByte
 * </pre>
 *
 * <p>Weights go out by a broadcast whose pieces executors pass on, so that its time hardly grows
 * with their number. In slices, each worker sends and gets one net's gradients, and the driver gets
 * one net's.
 *
 * @param perStep seconds of a step that neither tasks nor bytes account for
 * @param perTask seconds for each task
 * @param perByte seconds for each byte that is moved, besides the network: to write, copy and read
 *     it
 * @param addingPerByte seconds for each byte of gradients that is added up
 */
record Costs(double perStep, double perTask, double perByte, double addingPerByte) {

  /** The gradients of all tasks from which on they are added up in slices. */
  private static final double SLICED = 64 << 20;

  /**
   * The seconds of a step.
   *
   * @param computing seconds of all parts, one after the other, by one worker
   * @param bytes of the net
   * @param workers each with one task
   * @param network bytes per second of the driver, and of each worker
   */
  double step(double computing, double bytes, int workers, double network) {
    double moving = perByte + 1 / network;
    boolean isSliced = workers > 2 && workers * bytes > SLICED;
    double back = (isSliced ? 3 : workers) * bytes * moving;
    double adding = (isSliced ? 1 : workers) * bytes * addingPerByte;
    int jobs = isSliced ? 2 : 1;
    return computing / workers
        + jobs * (perStep + perTask * workers)
        + bytes * moving
        + back
        + adding;
  }

  /** The seconds that a step must take on one machine for two workers to be faster. */
  double breakEven(double bytes, double network) {
    return 2 * step(0, bytes, 2, network);
  }

  /** The workers, up to a number of them, with whom a step takes least. */
  int best(double computing, double bytes, int most, double network) {
    int best = 1;
    for (int workers = 2; workers <= most; workers++) {
      if (step(computing, bytes, workers, network) < step(computing, bytes, best, network)) {
        best = workers;
      }
    }
    return best;
  }
}
