package wrong;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/** Says that it takes two inputs, and takes one. */
public record WrongArity() implements Op {
  @Override
  public int arity() {
    return 2;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return in.get(0);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return g;
  }
}
