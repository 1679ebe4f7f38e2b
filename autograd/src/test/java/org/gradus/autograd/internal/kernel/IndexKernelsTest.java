package org.gradus.autograd.internal.kernel;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Elements taken, and added, by their positions along the middle axis of [before, axis, after]. */
class IndexKernelsTest {

  record Extents(int before, int axis, int picks, int after) {
    int place(int b, int i, int a) {
      return (b * axis + i) * after + a;
    }

    int pick(int b, int p, int a) {
      return (b * picks + p) * after + a;
    }
  }

  static Stream<Arguments> extents() {
    return Stream.of(Precision.values())
        .flatMap(
            precision ->
                Stream.of(
                        new Extents(1, 1, 1, 1),
                        new Extents(1, 5, 3, 1),
                        new Extents(1, 3, 7, 1),
                        new Extents(4, 3, 5, 1),
                        new Extents(2, 3, 4, 5),
                        new Extents(1, 3, 2, 1025),
                        new Extents(3, 2, 3, 2049),
                        new Extents(1, 7, 40_001, 1),
                        new Extents(20_001, 2, 3, 1),
                        new Extents(0, 2, 3, 4),
                        new Extents(2, 3, 0, 4),
                        new Extents(2, 0, 0, 4),
                        new Extents(2, 3, 4, 0))
                    .map(extents -> Arguments.of(precision, extents)));
  }

  @ParameterizedTest
  @MethodSource("extents")
  void gather(Precision precision, Extents e) {
    Object x = precision.fractions(e.before() * e.axis() * e.after(), 21);
    int[] index = positions(e);
    Object y = precision.zeros(index.length);
    precision.kernels().gather(e.before(), e.axis(), e.picks(), e.after(), x, index, y);
    double[] expected = new double[index.length];
    for (int b = 0; b < e.before(); b++) {
      for (int p = 0; p < e.picks(); p++) {
        for (int a = 0; a < e.after(); a++) {
          int at = e.pick(b, p, a);
          expected[at] = Precision.at(x, e.place(b, index[at], a));
        }
      }
    }
    precision.assertExactly(expected, y);
  }

  @ParameterizedTest
  @MethodSource("extents")
  void scatterAdd(Precision precision, Extents e) {
    int[] index = positions(e);
    Object x = precision.wholes(index.length, 22);
    Object y = precision.zeros(e.before() * e.axis() * e.after());
    precision.kernels().scatterAdd(e.before(), e.picks(), e.axis(), e.after(), x, index, y);
    double[] expected = new double[e.before() * e.axis() * e.after()];
    for (int b = 0; b < e.before(); b++) {
      for (int p = 0; p < e.picks(); p++) {
        for (int a = 0; a < e.after(); a++) {
          int at = e.pick(b, p, a);
          expected[e.place(b, index[at], a)] += Precision.at(x, at);
        }
      }
    }
    precision.assertExactly(expected, y);
  }

  @ParameterizedTest
  @MethodSource("extents")
  void take(Precision precision, Extents e) {
    Object x = precision.fractions(e.before() * e.axis() * e.after(), 21);
    int[] positions = slabs(e);
    Object y = precision.zeros(e.before() * e.picks() * e.after());
    precision.kernels().take(e.before(), e.axis(), e.picks(), e.after(), x, positions, y);
    double[] expected = new double[e.before() * e.picks() * e.after()];
    for (int b = 0; b < e.before(); b++) {
      for (int p = 0; p < e.picks(); p++) {
        for (int a = 0; a < e.after(); a++) {
          expected[e.pick(b, p, a)] = Precision.at(x, e.place(b, positions[p], a));
        }
      }
    }
    precision.assertExactly(expected, y);
  }

  @ParameterizedTest
  @MethodSource("extents")
  void takeInput(Precision precision, Extents e) {
    int[] positions = slabs(e);
    Object x = precision.wholes(e.before() * e.picks() * e.after(), 22);
    Object y = precision.zeros(e.before() * e.axis() * e.after());
    precision.kernels().takeInput(e.before(), e.picks(), e.axis(), e.after(), x, positions, y);
    double[] expected = new double[e.before() * e.axis() * e.after()];
    for (int b = 0; b < e.before(); b++) {
      for (int p = 0; p < e.picks(); p++) {
        for (int a = 0; a < e.after(); a++) {
          expected[e.place(b, positions[p], a)] += Precision.at(x, e.pick(b, p, a));
        }
      }
    }
    precision.assertExactly(expected, y);
  }

  @ParameterizedTest
  @EnumSource
  void elementsOfOnePositionAreAddedInTheirOrder(Precision precision) {
    Object y = precision.zeros(1);
    precision.kernels().scatterAdd(1, 3, 1, 1, precision.array(1, 1e20, -1e20), new int[3], y);
    precision.assertExactly(new double[] {0}, y);
    y = precision.zeros(1);
    precision.kernels().scatterAdd(1, 3, 1, 1, precision.array(1e20, -1e20, 1), new int[3], y);
    precision.assertExactly(new double[] {1}, y);
  }

  private static int[] positions(Extents e) {
    return positions(e, e.before() * e.picks() * e.after());
  }

  private static int[] slabs(Extents e) {
    return positions(e, e.axis() == 0 ? 0 : e.picks());
  }

  private static int[] positions(Extents e, int count) {
    Random random = new Random(23);
    int[] index = new int[count];
    for (int i = 0; i < index.length; i++) {
      index[i] = random.nextInt(e.axis());
    }
    return index;
  }
}
