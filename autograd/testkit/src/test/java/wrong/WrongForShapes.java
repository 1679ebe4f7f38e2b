package wrong;

import static org.gradus.autograd.ops.Ops.mul;

import java.util.List;
import java.util.function.Predicate;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Where;

/** A choice by a mask, whose VJPs are wrong by little for some shapes of the three inputs. */
public record WrongForShapes(Predicate<List<Tensor>> wrong) implements Spoilt {
  @Override
  public Op right() {
    return new Where();
  }

  @Override
  public Tensor spoilt(Tensor gradient, List<Tensor> in) {
    return mul(gradient, wrong.test(in) ? LITTLE : 1);
  }
}
