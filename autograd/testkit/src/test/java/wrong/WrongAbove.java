package wrong;

import static org.gradus.autograd.ops.Ops.mul;

import fixtures.right.Cube;
import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/** x^3, whose VJP is wrong by little above a number of elements, as code in blocks might be. */
public record WrongAbove(int elements) implements Op {
  @Override
  public int arity() {
    return 1;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return new Cube().forward(in);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return mul(new Cube().vjp(input, g, y, in), g.shape().size() > elements ? 1.001 : 1);
  }
}
