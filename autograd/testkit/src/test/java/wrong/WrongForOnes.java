package wrong;

import static org.gradus.autograd.ops.Ops.mul;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Mul;

/**
 * a b, whose VJPs are wrong by little, for one pattern of broadcasting alone: both inputs have an
 * axis for each entry, the first has extent 1 just where the entry is true, and the second just
 * where it is false.
 */
public record WrongForOnes(List<Boolean> ofTheFirst) implements Spoilt {
  @Override
  public Op right() {
    return new Mul();
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    Shape.broadcast(name(), in.get(0).shape(), in.get(1).shape());
    return right().forward(in);
  }

  @Override
  public Tensor spoilt(Tensor gradient, List<Tensor> in) {
    return mul(gradient, isThePattern(in.get(0).shape(), in.get(1).shape()) ? LITTLE : 1);
  }

  private boolean isThePattern(Shape a, Shape b) {
    int rank = ofTheFirst.size();
    return a.rank() == rank
        && b.rank() == rank
        && IntStream.range(0, rank).allMatch(k -> (ofTheFirst.get(k) ? a : b).dim(k) == 1)
        && IntStream.range(0, rank).allMatch(k -> (ofTheFirst.get(k) ? b : a).dim(k) > 1);
  }
}
