package wrong;

import static org.gradus.autograd.ops.Ops.mul;

import fixtures.right.Cube;
import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/** x^3 with the gradient of some other function. */
public record WrongGradient() implements Op {
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
    return mul(g, mul(in.get(0), 3));
  }
}
