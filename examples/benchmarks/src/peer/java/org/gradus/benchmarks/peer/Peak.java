package org.gradus.benchmarks.peer;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The most floating-point operations that this machine does in a second, as far as Java can.
 *
 * <p>Measured in a process of its own: a loop of one kind of operator spoils the profiles that all
 * operations of vectors share. In one process of five the JIT then made objects of vectors in the
 * kernels that are to be timed.
 */
final class Peak {
  private static final int LINKS = 500_000;
  private static final int ROUNDS = 1500;

  private Peak() {}

  /**
   * Float32 operations per second of all processors at once, by fused multiplications and additions
   * in registers: the sum of the best short round of each. Empty where the module of the Vector API
   * is absent.
   */
  static OptionalDouble measure() {
    String output = Child.output(Peak.class, List.of());
    return output.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Double.parseDouble(output));
  }

  /** The child: prints the number, or nothing. */
  public static void main(String[] args) {
    try {
      int processors = Runtime.getRuntime().availableProcessors();
      System.out.println(IntStream.range(0, processors).parallel().mapToDouble(Peak::ofOne).sum());
    } catch (NoClassDefFoundError e) {
      // without the module there is none
    }
  }

  private static double ofOne(int processor) {
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      require(Chains.run(processor, LINKS));
      double operations = (double) Chains.OPERATIONS_IN_A_LINK * LINKS;
      best = Math.max(best, operations / (System.nanoTime() - start) * 1e9);
    }
    return best;
  }

  private static void require(float sum) {
    if (!Float.isFinite(sum)) {
      throw new IllegalStateException("peak: the sum is %s, expected a number".formatted(sum));
    }
  }

  /**
   * Sums of which each waits only for itself: enough of them to hide the time that one takes. The
   * method is small, and its vectors are local, or they would be objects.
   */
  private static final class Chains {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int OPERATIONS_IN_A_LINK = 2 * 12 * SPECIES.length();

    static float run(float start, int links) {
      FloatVector x = FloatVector.broadcast(SPECIES, 0.5f);
      FloatVector a = FloatVector.broadcast(SPECIES, start);
      FloatVector b = a.add(1);
      FloatVector c = a.add(2);
      FloatVector d = a.add(3);
      FloatVector e = a.add(4);
      FloatVector f = a.add(5);
      FloatVector g = a.add(6);
      FloatVector h = a.add(7);
      FloatVector i = a.add(8);
      FloatVector j = a.add(9);
      FloatVector k = a.add(10);
      FloatVector l = a.add(11);
      for (int link = 0; link < links; link++) {
        a = a.fma(x, x);
        b = b.fma(x, x);
        c = c.fma(x, x);
        d = d.fma(x, x);
        e = e.fma(x, x);
        f = f.fma(x, x);
        g = g.fma(x, x);
        h = h.fma(x, x);
        i = i.fma(x, x);
        j = j.fma(x, x);
        k = k.fma(x, x);
        l = l.fma(x, x);
      }
      FloatVector sum = a.add(b).add(c).add(d).add(e).add(f);
      return sum.add(g).add(h).add(i).add(j).add(k).add(l).reduceLanes(VectorOperators.ADD);
    }
  }
}
