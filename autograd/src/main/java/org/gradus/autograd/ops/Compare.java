package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.zeros;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.internal.kernel.Binary;

/**
 * Whether two numbers are in a relation, element by element: a mask for {@link Where}.
 *
 * <pre>
 *   y = 1 where a relates to b, otherwise 0
 *   VJP a, b: 0, since y is constant on both sides of its jumps
 * </pre>
 *
 * Shapes broadcast by NumPy's rules. The mask has the element type of a and b. The two zeros are
 * equal; NaN is not equal to itself, and in no relation but the one of being not equal.
 *
 * @param relation which
 * @see <a href="https://numpy.org/doc/stable/user/basics.broadcasting.html">NumPy's rules</a>
 */
public record Compare(Relation relation) implements BinaryOp {
  /** Refuses null. */
  public Compare {
    Nulls.refuse("compare: relation", relation);
  }

  /** What is asked of a and b. */
  public enum Relation {
    /** a > b. */
    GREATER("greater", Binary.GREATER),
    /** a >= b. */
    GREATER_EQUAL("greaterEqual", Binary.GREATER_EQUAL),
    /** a &lt; b. */
    LESS("less", Binary.LESS),
    /** a &lt;= b. */
    LESS_EQUAL("lessEqual", Binary.LESS_EQUAL),
    /** a = b. */
    EQUAL("equal", Binary.EQUAL),
    /** a and b differ. */
    NOT_EQUAL("notEqual", Binary.NOT_EQUAL);

    private final String text;
    private final Binary kernel;

    Relation(String text, Binary kernel) {
      this.text = text;
      this.kernel = kernel;
    }
  }

  @Override
  public String name() {
    return relation.text;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.binary(name(), relation.kernel, in.get(0), in.get(1));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return zeros(in.get(input));
  }
}
