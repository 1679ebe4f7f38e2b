package wrong;

import static org.gradus.autograd.ops.Ops.mul;

import fixtures.right.Cube;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/** x^3, whose VJP is wrong the first time it is asked for one of 3 elements, as a race might be. */
public record WrongOnce() implements Op {
  private static final AtomicBoolean WRONG = new AtomicBoolean();

  /** Lets it be wrong once more. */
  public static void forget() {
    WRONG.set(true);
  }

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
    boolean wrong = g.shape().size() == 3 && WRONG.getAndSet(false);
    return mul(new Cube().vjp(input, g, y, in), wrong ? 2 : 1);
  }
}
