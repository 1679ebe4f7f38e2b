package wrong;

import fixtures.right.Cube;
import java.util.List;
import java.util.function.Predicate;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/**
 * x^3, whose VJP is wrong by little for some shapes, as code in blocks might be.
 *
 * @param shapes which
 */
public record WrongWhere(Predicate<Shape> shapes) implements Spoilt {
  @Override
  public Op right() {
    return new Cube();
  }

  @Override
  public Tensor spoilt(Tensor gradient, List<Tensor> in) {
    return Ops.mul(gradient, shapes.test(gradient.shape()) ? LITTLE : 1);
  }
}
