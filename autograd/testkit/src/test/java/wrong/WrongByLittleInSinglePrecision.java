package wrong;

import static org.gradus.autograd.ops.Ops.mul;

import fixtures.right.Cube;
import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;

/** x^3, whose value or whose VJP is wrong by some 40 units in the last place of float32. */
public record WrongByLittleInSinglePrecision(boolean inItsValue) implements Op {
  private static final double FACTOR = 1.000005;

  @Override
  public int arity() {
    return 1;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray y = new Cube().forward(in);
    return inItsValue && y.dtype() == DType.FLOAT32 ? y.map(v -> v * FACTOR) : y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    boolean wrong = !inItsValue && g.dtype() == DType.FLOAT32;
    return mul(new Cube().vjp(input, g, y, in), wrong ? FACTOR : 1);
  }
}
