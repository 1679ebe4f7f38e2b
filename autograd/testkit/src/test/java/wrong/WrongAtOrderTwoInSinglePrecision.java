package wrong;

import static org.gradus.autograd.ops.Ops.mul;

import fixtures.right.Cube;
import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;

/** x^3, right but for the second derivative in float32. */
public record WrongAtOrderTwoInSinglePrecision() implements Op {
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
    Tensor x = in.get(0).dtype() == DType.FLOAT32 ? in.get(0).detach() : in.get(0);
    return mul(g, mul(mul(x, x), 3));
  }
}
