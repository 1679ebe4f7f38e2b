package wrong;

import static org.gradus.autograd.ops.Ops.mul;

import java.util.List;
import java.util.function.Predicate;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.ops.Where;

/** A choice by a mask, whose VJPs are wrong by little for some shapes of the three inputs. */
public record WrongForShapes(Predicate<List<Tensor>> wrong) implements Op {
  @Override
  public int arity() {
    return 3;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return new Where().forward(in);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return mul(new Where().vjp(input, g, y, in), wrong.test(in) ? 1.001 : 1);
  }
}
