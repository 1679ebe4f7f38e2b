package org.gradus.examples;

import java.io.PrintStream;

/**
 * Walks through the four short documents on the backward pass of convolution that this library grew
 * from, computes their numbers, and says where they are wrong.
 *
 * <ol start="0">
 *   <li>{@link Seed0Padding}: A. Kravets, Forward and Backward propagation in Convolutional Neural
 *       Networks: padding, and which weight meets which error
 *   <li>{@link Seed1Loops}: a note on backpropagation for convolutions: naive loops
 *   <li>{@link Seed2Depth}: a question and its answer: depth, stride, several filters and the bias
 *   <li>{@link Seed3Step}: an answer with numbers: the weight gradient and one step
 * </ol>
 */
public final class SeedWalkthrough {
  private SeedWalkthrough() {}

  /** Prints the walk to standard output. */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    Seed0Padding.print(Seed0Padding.compute(), out);
    out.println();
    Seed1Loops.print(Seed1Loops.compute(), out);
    out.println();
    Seed2Depth.print(Seed2Depth.compute(), out);
    out.println();
    Seed3Step.print(Seed3Step.compute(), out);
  }
}
