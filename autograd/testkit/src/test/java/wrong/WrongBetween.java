package wrong;

import static org.gradus.autograd.ops.Ops.abs;
import static org.gradus.autograd.ops.Ops.greater;
import static org.gradus.autograd.ops.Ops.less;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.where;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/** An op of one element, whose VJP is wrong by little for sizes of x between two. */
public record WrongBetween(Op right, double least, double most) implements Op {
  @Override
  public int arity() {
    return 1;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return right.forward(in);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor size = abs(in.get(0));
    Tensor within = mul(greater(size, least), less(size, most));
    Tensor gradient = right.vjp(input, g, y, in);
    return where(within, mul(gradient, 1.001), gradient);
  }
}
