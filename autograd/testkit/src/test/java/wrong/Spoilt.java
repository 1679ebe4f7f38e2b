package wrong;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/** An op that is right but for its VJPs, which it spoils for some inputs. */
interface Spoilt extends Op {
  /** A factor that is wrong by little. */
  double LITTLE = 1.001;

  /** The op that it is like. */
  Op right();

  /** What is made of the right gradient in one of the inputs. */
  Tensor spoilt(Tensor gradient, List<Tensor> in);

  @Override
  default int arity() {
    return right().arity();
  }

  @Override
  default NdArray forward(List<NdArray> in) {
    return right().forward(in);
  }

  @Override
  default Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return spoilt(right().vjp(input, g, y, in), in);
  }
}
