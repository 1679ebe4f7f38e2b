package wrong;

import fixtures.right.Cube;
import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.ops.Ops;

/**
 * x^3, whose VJP is wrong by little in the elements behind the last whole block of 32, if there is
 * one, as code in blocks might be.
 */
public record WrongAtTheEnd() implements Op {
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
    int size = g.shape().size();
    int whole = size / 32 * 32;
    NdArray factors =
        NdArray.generate(DType.FLOAT64, g.shape(), i -> whole > 0 && i >= whole ? 1.001 : 1);
    return Ops.mul(new Cube().vjp(input, g, y, in), Tensor.constant(factors.as(g.dtype())));
  }
}
