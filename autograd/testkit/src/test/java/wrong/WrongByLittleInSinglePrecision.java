package wrong;

import static org.gradus.autograd.ops.Ops.mul;

import fixtures.right.Cube;
import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;

/** x^3, whose value or whose VJP is wrong by some 40 units in the last place of float32. */
public record WrongByLittleInSinglePrecision(boolean inItsValue) implements Spoilt {
  private static final double FACTOR = 1.000005;

  @Override
  public Op right() {
    return new Cube();
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray y = right().forward(in);
    return inItsValue && y.dtype() == DType.FLOAT32 ? y.map(v -> v * FACTOR) : y;
  }

  @Override
  public Tensor spoilt(Tensor gradient, List<Tensor> in) {
    boolean wrong = !inItsValue && gradient.dtype() == DType.FLOAT32;
    return mul(gradient, wrong ? FACTOR : 1);
  }
}
