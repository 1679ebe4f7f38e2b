package org.gradus.benchmarks.peer;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Cases that belong together, and have a mean ratio. */
enum Group {
  /** Functions of each element or row. */
  ELEMENTWISE(ElementwiseCases::all),

  /** Losses. */
  LOSSES(LossCases::all),

  /** Normalisations. */
  NORMS(NormCases::all),

  /** Sums, means, largest elements. */
  REDUCTIONS(ReductionCases::all),

  /** Products of matrices. */
  PRODUCTS(ProductCases::all),

  /** Convolutions. */
  CONVOLUTIONS(ConvolutionCases::all),

  /** What moves data and computes little. */
  MOVEMENT(MovementCases::all),

  /** Updates of parameters. */
  OPTIMISERS(OptimiserCases::all),

  /** Training steps of whole networks. */
  STEPS(StepCases::all),

  /** Predictions of whole networks. */
  INFERENCE(InferenceCases::all),

  /** Bytes, in processes of their own. */
  MEMORY(Memory::print),

  /** Seconds from the start of a process. */
  START(
      out -> {
        FirstUse.print(out);
        FirstRun.print(out);
      }),

  /** What more threads and larger batches bring. */
  SCALING(Scaling::print);

  private final Supplier<List<Case>> cases;
  private final Consumer<PrintWriter> report;

  Group(Supplier<List<Case>> cases) {
    this.cases = cases;
    this.report = out -> {};
  }

  Group(Consumer<PrintWriter> report) {
    this.cases = List::of;
    this.report = report;
  }

  /** The cases, made anew. */
  List<Case> cases() {
    return cases.get();
  }

  /** Measures and prints what is not a matter of turns. */
  void report(PrintWriter out) {
    report.accept(out);
  }

  /** As it is written in options and in print. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
