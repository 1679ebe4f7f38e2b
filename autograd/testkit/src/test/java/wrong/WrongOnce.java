package wrong;

import static org.gradus.autograd.ops.Ops.mul;

import fixtures.right.Cube;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;

/** x^3, whose VJP is wrong the first time it is asked for one of 3 elements, as a race might be. */
public record WrongOnce() implements Spoilt {
  private static final AtomicBoolean WRONG = new AtomicBoolean();

  /** Lets it be wrong once more. */
  public static void forget() {
    WRONG.set(true);
  }

  @Override
  public Op right() {
    return new Cube();
  }

  @Override
  public Tensor spoilt(Tensor gradient, List<Tensor> in) {
    boolean wrong = gradient.shape().size() == 3 && WRONG.getAndSet(false);
    return mul(gradient, wrong ? 2 : 1);
  }
}
