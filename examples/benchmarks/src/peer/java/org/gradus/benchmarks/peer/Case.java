package org.gradus.benchmarks.peer;

import java.util.function.Supplier;

/**
 * A row of the table: what both sides compute from the same numbers.
 *
 * @param name what is computed, and its size
 * @param peer what Gradus is compared with
 * @param flops floating-point operations of one run, each multiplication and addition counted; 0:
 *     not told
 * @param tolerance how far results may differ, as a share of the largest
 * @param gradus makes Gradus' side
 * @param theirs makes the peer's side
 */
record Case(
    String name,
    Peer peer,
    double flops,
    double tolerance,
    Supplier<Side> gradus,
    Supplier<Side> theirs) {

  /** What Gradus is compared with. */
  enum Peer {
    /** PyTorch's native engine, under DJL. */
    PYTORCH("PyTorch"),

    /** ONNX Runtime, by its own Java interface. */
    ONNX_RUNTIME("ONNX Runtime");

    private final String title;

    Peer(String title) {
      this.title = title;
    }

    /** What it is called in print. */
    String title() {
      return title;
    }

    /** What is added to the name of a row: nothing, for the usual peer. */
    String suffix() {
      return this == PYTORCH ? "" : ", beside " + title;
    }
  }
}
