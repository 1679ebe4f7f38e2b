package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.check.Report;

/**
 * What every op promises, as properties over drawn cases: its VJPs, and the VJPs of its VJPs, agree
 * with finite differences and keep the exact laws; and float32 agrees with float64. A subclass
 * gives the row of one op. The gate fails the build for an op that has none.
 */
public abstract class OpContract {
  /** What was checked so far, by op. */
  static final Map<String, Tally> TALLIES = new ConcurrentSkipListMap<>();

  /** Cases that were drawn, and what their checks saw. */
  record Tally(int cases, Report report) {
    Tally and(Tally other) {
      return new Tally(cases + other.cases, report.and(other.report));
    }
  }

  private final OpRow row;

  /** The contract of one op. */
  protected OpContract(OpRow row) {
    this.row = row;
  }

  /** The op that this contract is for. */
  final Class<? extends Op> type() {
    return row.type();
  }

  @Provide
  Arbitrary<OpCase> cases() {
    return row.cases();
  }

  @Property(tries = 200, seed = "20260101", edgeCases = EdgeCasesMode.NONE)
  void gradientsOfOrderOneAndTwoAgreeWithFiniteDifferences(@ForAll("cases") OpCase example) {
    assertEquals(row.type(), example.op().getClass());
    Report report = row.check(example).check(example.inputs().toArray(new NdArray[0]));
    assertEquals(List.of(), report.notDifferentiable(), "cases keep away from kinks");
    TALLIES.merge(example.op().name(), new Tally(1, report), Tally::and);
  }

  @Property(tries = 50, seed = "20260102", edgeCases = EdgeCasesMode.NONE)
  void singlePrecisionAgreesWithDouble(@ForAll("cases") OpCase example) {
    List<NdArray> singles = example.inputs().stream().map(x -> x.as(DType.FLOAT32)).toList();
    List<NdArray> doubles = singles.stream().map(x -> x.as(DType.FLOAT64)).toList();
    List<NdArray> expected = valueAndGradients(example.op(), doubles);
    List<NdArray> actual = valueAndGradients(example.op(), singles);
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(DType.FLOAT32, actual.get(i).dtype());
      assertEquals(expected.get(i).shape(), actual.get(i).shape());
      for (int j = 0; j < expected.get(i).size(); j++) {
        double e = expected.get(i).at(j);
        double a = actual.get(i).at(j);
        assertTrue(
            Double.compare(e, a) == 0 || Math.abs(e - a) <= 1e-5 * Math.max(1, Math.abs(e)),
            () -> example + ": expected " + e + ", was " + a);
      }
    }
  }

  private static List<NdArray> valueAndGradients(Op op, List<NdArray> inputs) {
    Tensor[] x = inputs.stream().map(Tensor::variable).toArray(Tensor[]::new);
    Tensor y = Tensor.of(op, x);
    NdArray cotangent = Domain.NONZERO.draw(y.shape(), 7).as(y.dtype());
    Gradients gradients = Gradients.pullback(y, Tensor.constant(cotangent), Mode.VALUES);
    ArrayList<NdArray> all = new ArrayList<>(List.of(y.value()));
    for (Tensor input : x) {
      all.add(gradients.of(input).value());
    }
    return all;
  }
}
