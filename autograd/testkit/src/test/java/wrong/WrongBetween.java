package wrong;

import static org.gradus.autograd.ops.Ops.abs;
import static org.gradus.autograd.ops.Ops.greater;
import static org.gradus.autograd.ops.Ops.less;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.where;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;

/** An op of one element, whose VJP is wrong by little for sizes of x between two. */
public record WrongBetween(Op right, double least, double most) implements Spoilt {
  @Override
  public Tensor spoilt(Tensor gradient, List<Tensor> in) {
    Tensor size = abs(in.get(0));
    Tensor within = mul(greater(size, least), less(size, most));
    return where(within, mul(gradient, LITTLE), gradient);
  }
}
