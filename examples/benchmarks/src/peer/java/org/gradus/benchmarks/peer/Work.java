package org.gradus.benchmarks.peer;

/** A row of the table: a piece of work, which both sides can do on the same numbers. */
interface Work {
  /** What is computed, and its size. */
  String name();

  /** Floating-point operations of one run, each multiplication and addition counted; 0: unknown. */
  double flops();

  /** Whether {@link Side#check} returns losses, which are few, and not results. */
  boolean checksLosses();

  /** The work in Gradus. */
  Side gradus();

  /** The work in PyTorch's native engine. */
  Side pyTorch();
}
