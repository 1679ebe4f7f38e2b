package wrong;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.ops.Ops;

/** 2 x, which writes to its input in float32. */
public record WritesInSinglePrecision() implements Op {
  @Override
  public int arity() {
    return 1;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray y = in.get(0).map(x -> 2 * x);
    if (in.get(0).storage() instanceof float[] numbers && numbers.length > 0) {
      numbers[0] *= 3;
    }
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Ops.mul(g, 2);
  }
}
