package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.mse;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sin;

import java.io.PrintStream;
import java.util.List;
import java.util.SplittableRandom;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.check.GradientCheck;
import org.gradus.autograd.check.Report;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.Linear;
import org.gradus.layers.Sequential;
import org.gradus.layers.optim.Optimizer;

/**
 * A new op outside of the library: written in one record, checked in one line, and used as a layer
 * in a network that learns exclusive or. The tests hold it to the same contract as the built-in
 * ops, by a row of the test kit.
 */
public final class YourOwnOp {
  private static final NdArray QUESTIONS = NdArray.of(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 4, 2);
  private static final NdArray ANSWERS = NdArray.of(new float[] {0, 1, 1, 0}, 4, 1);
  private static final int STEPS = 1000;

  private YourOwnOp() {}

  /**
   * A line with a wave on it, element by element: it rises everywhere, and can learn what repeats.
   *
   * <pre>
   *   y = x + sin^2(a x) / a
   *   VJP: g (1 + sin(2 a x))
   * </pre>
   *
   * @param a how fast the wave is, not 0
   * @see <a href="https://arxiv.org/abs/2006.08195">Ziyin, Hartwig, Ueda 2020</a>
   */
  record Snake(double a) implements Op {
    static Tensor snake(Tensor x) {
      return Tensor.of(new Snake(0.5), x);
    }

    @Override
    public int arity() {
      return 1;
    }

    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0).map(x -> x + Math.pow(Math.sin(a * x), 2) / a);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      Tensor slope = add(sin(mul(in.get(0), 2 * a)), 1);
      return mul(g, slope); // made of ops, so that it can be differentiated again
    }
  }

  /** Compares the op's derivatives of orders 1 and 2 with differences; throws if one is wrong. */
  static Report check() {
    return GradientCheck.of(new Snake(0.5))
        .check(NdArray.of(new double[] {-9, -1.5, 0, 0.3, 2}, 5));
  }

  /** The answers [4, 1] after training, and the mean squared error of them. */
  record Learned(NdArray answers, double loss) {}

  static Learned learnExclusiveOr(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Sequential net =
        new Sequential(
            new Linear(2, 8, random),
            Snake::snake, // a function of tensors is a layer
            new Linear(8, 1, random));
    Optimizer optimizer = new Optimizer(net.parameters(), new Sgd(0.1).momentum(0.9));
    Tensor questions = Tensor.constant(QUESTIONS);
    Tensor target = Tensor.constant(ANSWERS);
    for (int step = 0; step < STEPS; step++) {
      optimizer.minimize(mse(net.forward(questions), target));
    }
    Tensor answers = net.forward(questions);
    return new Learned(answers.value(), mse(answers, target).item());
  }

  /** Checks the op, trains with it, and prints both. */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    out.println("snake: " + check());
    Learned learned = learnExclusiveOr(1);
    for (int i = 0; i < 4; i++) {
      out.println(
          Numbers.text(
              "%.0f xor %.0f = %.3f",
              QUESTIONS.get(i, 0), QUESTIONS.get(i, 1), learned.answers.at(i)));
    }
    out.println(Numbers.text("loss %.1e after %s steps", learned.loss, STEPS));
  }
}
