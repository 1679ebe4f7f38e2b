package wrong;

import fixtures.right.Cube;
import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.ops.Ops;

/**
 * x^3, whose VJP is wrong by little in the elements behind the last whole block of 32, if there is
 * one, as code in blocks might be.
 */
public record WrongAtTheEnd() implements Spoilt {
  @Override
  public Op right() {
    return new Cube();
  }

  @Override
  public Tensor spoilt(Tensor gradient, List<Tensor> in) {
    int whole = gradient.shape().size() / 32 * 32;
    NdArray factors =
        NdArray.generate(
            gradient.dtype(), gradient.shape(), i -> whole > 0 && i >= whole ? LITTLE : 1);
    return Ops.mul(gradient, Tensor.constant(factors));
  }
}
