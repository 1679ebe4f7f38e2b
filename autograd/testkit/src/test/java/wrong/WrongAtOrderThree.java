package wrong;

import static org.gradus.autograd.ops.Ops.mul;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/** A derivative of x^3, of which the third is wrong by little. */
public record WrongAtOrderThree(int derivative) implements Op {
  /** x^3. */
  public WrongAtOrderThree() {
    this(0);
  }

  @Override
  public int arity() {
    return 1;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return in.get(0)
        .map(
            x ->
                switch (derivative) {
                  case 0 -> x * x * x;
                  case 1 -> 3 * x * x;
                  default -> 6 * x;
                });
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return derivative < 2
        ? mul(g, Tensor.of(new WrongAtOrderThree(derivative + 1), in.get(0)))
        : mul(g, 6.001);
  }
}
