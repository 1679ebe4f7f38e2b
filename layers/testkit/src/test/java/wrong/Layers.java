package wrong;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sub;

import java.util.List;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.Layer;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;

/** Layers that are wrong, each in one way. */
public final class Layers {
  private Layers() {}

  private static Parameter numbers(String name, RandomGenerator random) {
    return new Parameter(
        name, NdArray.generate(DType.FLOAT32, Shape.of(3), i -> random.nextGaussian()));
  }

  /** Each of three features times a number: right, and open to be made wrong in any way. */
  public static class Scale implements Layer {
    final Parameter factor;

    public Scale(RandomGenerator random) {
      factor = numbers("factor", random);
    }

    @Override
    public Tensor forward(Tensor x) {
      return forward(x, Pass.inference());
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      Shape shape = Nulls.given("scale: x", x).shape();
      if (shape.rank() != 2 || shape.dim(1) != 3) {
        throw new ShapeException("scale", "input %s, expected [N, 3]".formatted(shape));
      }
      return mul(x, pass.use(factor));
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(factor);
    }

    @Override
    public final String name() {
      return "scale";
    }
  }

  // ---- parameters ------------------------------------------------------------------------------

  /** Learns nothing for its shift. */
  public static final class Unlisted extends Scale {
    private final Parameter shift;

    public Unlisted(RandomGenerator random) {
      super(random);
      shift = numbers("shift", random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      return add(super.forward(x, pass), pass.use(shift));
    }
  }

  /** What a file would not have is a constant, drawn as the layer is made. */
  public static final class HiddenConstant extends Scale {
    private final Tensor shift;

    public HiddenConstant(RandomGenerator random) {
      super(random);
      shift = Tensor.constant(numbers("shift", random).value());
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      return add(super.forward(x, pass), shift);
    }
  }

  /** Scales, and shifts by parameters that are listed as said. */
  private abstract static class TwoParameters extends Scale {
    final Parameter other;

    TwoParameters(String name, RandomGenerator random) {
      super(random);
      other = numbers(name, random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      return add(super.forward(x, pass), pass.use(other));
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(factor, other);
    }
  }

  /** Two parameters of one name. */
  public static final class OneName extends TwoParameters {
    public OneName(RandomGenerator random) {
      super("factor", random);
    }
  }

  /** A name that is no key of a file. */
  public static final class OddName extends TwoParameters {
    public OddName(RandomGenerator random) {
      super("my shift", random);
    }
  }

  /** One parameter under two names. */
  public static final class ListedTwice extends Scale {
    public ListedTwice(RandomGenerator random) {
      super(random);
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(factor, factor.in("again"));
    }
  }

  /** Other parameters whenever it is asked. */
  public static final class Fresh extends Scale {
    public Fresh(RandomGenerator random) {
      super(random);
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(new Parameter("factor", factor.value()));
    }
  }

  /** A second parameter that forward does not use. */
  public static final class Ignored extends TwoParameters {
    public Ignored(RandomGenerator random) {
      super("shift", random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      return sub(mul(x, pass.use(factor)), Tensor.constant(pass.use(other).value()));
    }
  }

  /** A second parameter that makes no difference. */
  public static final class TimesZero extends TwoParameters {
    public TimesZero(RandomGenerator random) {
      super("shift", random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      return add(mul(x, pass.use(factor)), mul(pass.use(other), 0));
    }
  }

  /** Draws from a generator of its own. */
  public static final class OwnGenerator extends Scale {
    public OwnGenerator(RandomGenerator random) {
      super(new java.util.Random());
    }
  }

  // ---- forward passes --------------------------------------------------------------------------

  /** Puts its parameter in place anew, with the value that it has. */
  public static final class PutsInPlace extends Scale {
    public PutsInPlace(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      factor.set(factor.value());
      return super.forward(x, pass);
    }
  }

  /** Writes into its parameter, behind the output. */
  public static final class WritesParameter extends Scale {
    public WritesParameter(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      Tensor y = super.forward(x, pass);
      ((float[]) factor.value().storage())[1] += 1;
      return y;
    }
  }

  /** Writes into its input, behind the output. */
  public static final class WritesInput extends Scale {
    public WritesInput(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      Tensor y = super.forward(x, pass);
      if (x.value().storage() instanceof float[] numbers && numbers.length > 0) {
        numbers[0] = 0;
      }
      return y;
    }
  }

  /** Counts its passes, and after the first gives something else. */
  public static final class Counts extends Scale {
    private int passes;

    public Counts(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      return mul(super.forward(x, pass), passes++ == 0 ? 1 : 2);
    }
  }

  /** Draws numbers in each pass. */
  public static final class Draws extends Scale {
    private final RandomGenerator random;

    public Draws(RandomGenerator random) {
      super(random);
      this.random = random;
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      return mul(super.forward(x, pass), random.nextBoolean() ? 0 : 2);
    }
  }

  /** Behaves otherwise where its input is tracked. */
  public static final class Tracks extends Scale {
    public Tracks(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      return mul(super.forward(x, pass), x.isTracked() ? 1.5 : 1);
    }
  }

  /** Subtracts the mean of the batch. */
  public static final class MixesBatch extends Scale {
    public MixesBatch(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      Tensor y = super.forward(x, pass);
      return x.shape().dim(0) == 0 ? y : sub(y, Ops.mean(y, 0));
    }
  }

  /** Computes with its parameter itself, whatever the pass has in its place. */
  public static final class AsksNobody extends Scale {
    public AsksNobody(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      return add(super.forward(x, pass), sub(factor.tensor(), pass.use(factor)));
    }
  }

  // ---- training --------------------------------------------------------------------------------

  /** Drops elements by a generator of its own. */
  public static final class DrawsInTraining extends Scale {
    private final RandomGenerator random;

    public DrawsInTraining(RandomGenerator random) {
      super(random);
      this.random = random;
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      Tensor y = super.forward(x, pass);
      return pass.isTraining() ? mul(y, random.nextDouble()) : y;
    }
  }

  /** Has a buffer, the mean of which it follows by itself. */
  public static final class Follows extends Scale {
    private final Parameter mean =
        Parameter.buffer("mean", NdArray.zeros(DType.FLOAT32, Shape.of(3)));

    public Follows(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      Tensor y = super.forward(x, pass);
      if (pass.isTraining()) {
        mean.set(mean.value().map(m -> m + 1));
      }
      return sub(y, Tensor.constant(pass.use(mean).value().as(y.dtype())));
    }

    @Override
    public List<Parameter> buffers() {
      return List.of(mean);
    }
  }

  /** In training, a gradient that is wrong. */
  public static final class TrainsWrongly extends Scale {
    public TrainsWrongly(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      Tensor y = super.forward(x, pass);
      return pass.isTraining() ? Tensor.of(new WrongSquare(), y) : y;
    }
  }

  /** In training, one row more. */
  public static final class GrowsInTraining extends Scale {
    public GrowsInTraining(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      Tensor y = super.forward(x, pass);
      return pass.isTraining() ? Ops.concat(0, y, y) : y;
    }
  }

  // ---- gradients -------------------------------------------------------------------------------

  /** x^2, with the gradient of x^3 / 3. */
  private record WrongSquare() implements Op {
    @Override
    public int arity() {
      return 1;
    }

    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0).map(x -> x * x);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return mul(g, y);
    }
  }

  /** Through an op that is wrong. */
  public static final class WrongGradient extends Scale {
    public WrongGradient(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      return Tensor.of(new WrongSquare(), super.forward(x, pass));
    }
  }

  /** No gradient flows through it to its input. */
  public static final class Cuts extends Scale {
    public Cuts(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      return super.forward(x.detach(), pass);
    }
  }

  // ---- wrong calls -----------------------------------------------------------------------------

  /** Converts what it is given, without a word. */
  public static final class Converts extends Scale {
    public Converts(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      return super.forward(
          x == null || x.dtype() == factor.dtype()
              ? x
              : Tensor.constant(x.value().as(factor.dtype())),
          pass);
    }
  }

  /** Looks at an axis that need not be there. */
  public static final class Breaks extends Scale {
    public Breaks(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      int[] dims = x == null ? new int[1] : x.shape().toArray();
      return dims[dims.length - 1] < 0 ? x : super.forward(x, pass);
    }
  }

  /** Does not say who refuses. */
  public static final class Nameless extends Scale {
    public Nameless(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      if (x != null && x.shape().rank() > 2) {
        throw new IllegalArgumentException("the input is wrong");
      }
      return super.forward(x, pass);
    }
  }

  /** Takes null. */
  public static final class TakesNull extends Scale {
    public TakesNull(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      return x == null ? pass.use(factor) : super.forward(x, pass);
    }
  }

  /** Leaves it to the JVM to refuse null. */
  public static final class LeavesNull extends Scale {
    public LeavesNull(RandomGenerator random) {
      super(random);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
      return x.shape().rank() < 0 ? x : super.forward(x, pass);
    }
  }
}
