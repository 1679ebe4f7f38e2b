package wrong;

import fixtures.right.Cube;
import java.util.List;
import java.util.function.Predicate;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/**
 * x^3, whose VJP is wrong by little for some shapes.
 *
 * @param shapes which
 */
public record WrongWhere(Predicate<Shape> shapes) implements Op {
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
    return Ops.mul(new Cube().vjp(input, g, y, in), shapes.test(g.shape()) ? 1.001 : 1);
  }
}
