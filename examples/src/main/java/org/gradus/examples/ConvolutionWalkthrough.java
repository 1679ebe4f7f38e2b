package org.gradus.examples;

import java.io.PrintStream;

/**
 * Walks through four short documents on the backward pass of convolution, computes their numbers,
 * and says where they are wrong. Each class names its document and quotes its formulas.
 *
 * <ul>
 *   <li>{@link ConvolutionPadding}: padding, and which weight meets which error
 *   <li>{@link ConvolutionLoops}: the backward pass as naive loops
 *   <li>{@link ConvolutionDepth}: depth, stride, several filters and the bias
 *   <li>{@link ConvolutionStep}: the gradient of the weights, and one step of gradient descent
 * </ul>
 */
public final class ConvolutionWalkthrough {
  private ConvolutionWalkthrough() {}

  /** Prints the walk to standard output. */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    ConvolutionPadding.print(ConvolutionPadding.compute(), out);
    out.println();
    ConvolutionLoops.print(ConvolutionLoops.compute(), out);
    out.println();
    ConvolutionDepth.print(ConvolutionDepth.compute(), out);
    out.println();
    ConvolutionStep.print(ConvolutionStep.compute(), out);
  }
}
