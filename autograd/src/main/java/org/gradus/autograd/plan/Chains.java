package org.gradus.autograd.plan;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gradus.autograd.internal.kernel.Axis;
import org.gradus.autograd.internal.kernel.Binary;
import org.gradus.autograd.internal.kernel.Channels;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.MatmulSizes;
import org.gradus.autograd.internal.kernel.Pixels;
import org.gradus.autograd.internal.kernel.Unary;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.plan.Step.OfKernel;
import org.jspecify.annotations.Nullable;

/** The chains of a draft: each convolution and product, with what can be folded into it. */
final class Chains {
  private final Draft draft;
  private final List<Step> old;
  private final Uses uses;
  private final Set<Integer> claimed = new HashSet<>(); // steps that are part of a chain
  private final Map<Integer, Chain> ends = new HashMap<>(); // by their last steps

  Chains(Draft draft, int result) {
    this.draft = draft;
    this.old = List.copyOf(draft.steps);
    this.uses = new Uses(draft, result);
    find();
  }

  /** The chain that a step is the end of. */
  @Nullable Chain endingAt(int step) {
    return ends.get(step);
  }

  /** Whether a step is part of a chain. */
  boolean has(int step) {
    return claimed.contains(step);
  }

  private Object constant(int value) {
    return draft.arrays.get(value);
  }

  private boolean isConstant(int value) {
    return draft.isConstant(value);
  }

  private void find() {
    for (int i = 0; i < old.size(); i++) {
      Chain chain = old.get(i) instanceof OfKernel call ? begun(call, i) : null;
      if (chain != null) {
        claimed.add(i);
        while (extend(chain)) {
          claimed.add(chain.end);
        }
        ends.put(chain.end, chain);
      }
    }
  }

  private @Nullable Chain begun(OfKernel call, int i) {
    if (call.name().equals("conv2d")) {
      ConvSizes s = (ConvSizes) call.arguments().get(0);
      int w = call.value(2);
      int b = call.value(3);
      if (!isConstant(w) || !isConstant(b) || isConstant(call.value(1)) || !isSupported(s)) {
        return null;
      }
      WindowSizes v = s.window();
      double[] bias = Weights.of(constant(b));
      Weights weights =
          new Weights(Weights.of(constant(w)), Arrays.copyOf(bias, s.filters())); // or zeros
      Pixels in = new Pixels(s.batch(), s.channels(), v.rows().input(), v.columns().input(), 0);
      Pixels out = new Pixels(s.batch(), s.filters(), v.rows().output(), v.columns().output(), 0);
      return weights.areFinite(constant(w)) ? new Chain(call, weights, in, out, i) : null;
    }
    if (call.name().equals("matmul")) {
      MatmulSizes s = (MatmulSizes) call.arguments().get(0);
      int b = call.value(2);
      if (!isOfOneMatrix(s) || isConstant(call.value(1)) || !isConstant(b)) {
        return null;
      }
      int from = s.offsetsB()[0];
      double[] w = new double[s.n() * s.k()];
      for (int n = 0; n < s.n(); n++) {
        for (int k = 0; k < s.k(); k++) {
          w[n * s.k() + k] = Weights.at(constant(b), from + n * s.acrossB() + k * s.downB());
        }
      }
      int rows = s.batch() * s.m();
      Pixels in = new Pixels(rows, s.k(), 1, 1, 0);
      Pixels out = new Pixels(rows, s.n(), 1, 1, 0);
      Weights weights = new Weights(w, new double[s.n()]);
      return weights.areFinite(constant(b)) ? new Chain(call, weights, in, out, i) : null;
    }
    return null;
  }

  /** Whether all rows of a meet one matrix b: many products are one, as that of a batch of one. */
  private static boolean isOfOneMatrix(MatmulSizes s) {
    for (int i = 0; i < s.batch(); i++) {
      if (s.offsetsA()[i] != i * s.m() * s.k() || s.offsetsB()[i] != s.offsetsB()[0]) {
        return false;
      }
    }
    return s.batch() > 0 && !s.transposeA();
  }

  private static boolean isSupported(ConvSizes s) {
    WindowSizes v = s.window();
    boolean isDepthwise = s.groupChannels() == 1 && s.groupFilters() == 1;
    return (s.groups() == 1 || isDepthwise)
        && v.rows().dilation() == 1
        && v.columns().dilation() == 1
        && (long) s.batch() * v.outPlane() > 0
        && border(v) <= Math.max(v.rows().kernel(), v.columns().kernel());
  }

  /** Makes the only step that reads a chain's value its end, if that can be folded in. */
  private boolean extend(Chain chain) {
    int next = uses.only(chain.value);
    if (next < 0 || claimed.contains(next) || !(old.get(next) instanceof OfKernel call)) {
      return false;
    }
    boolean folded =
        switch (call.name()) {
          case "normalizeBy" -> normalizes(chain, call);
          case "binary" ->
              call.arguments().get(0) == Binary.MINIMUM ? limitsBy(chain, call) : adds(chain, call);
          case "unary" -> limits(chain, call);
          default -> false;
        };
    if (folded) {
      chain.end = next;
      chain.value = call.writes();
    }
    return folded;
  }

  private boolean normalizes(Chain chain, OfKernel call) {
    for (int i = 3; i <= 6; i++) {
      if (!isConstant(call.value(i))) {
        return false;
      }
    }
    Channels channels = (Channels) call.arguments().get(1);
    if (call.value(2) != chain.value
        || chain.added >= 0
        || chain.isLimited()
        || !chain.weights.fits(channels, chain.out.plane())) {
      return false;
    }
    return chain.takes(
        chain.weights.normalized(
            (Double) call.arguments().get(0),
            constant(call.value(3)),
            constant(call.value(4)),
            constant(call.value(5)),
            constant(call.value(6))),
        constant(call.value(3)));
  }

  /** A bias, or another value of the same shape. */
  private boolean adds(Chain chain, OfKernel call) {
    if (call.arguments().get(0) != Binary.ADD || chain.added >= 0 || chain.isLimited()) {
      return false;
    }
    int a = call.value(2);
    int b = call.value(4);
    if (draft.isOfOneShape(call) && a != b) {
      chain.added = a == chain.value ? b : a;
      return true;
    }
    int[] shape = (int[]) call.arguments().get(1);
    int[] strides = (int[]) call.arguments().get(5);
    int outputs = chain.out.channels();
    boolean isBias =
        a == chain.value
            && isConstant(b)
            && Array.getLength(constant(b)) == outputs
            && liesAlong(shape, strides, outputs, chain.out.plane());
    return isBias && chain.takes(chain.weights.plus(constant(b)), constant(b));
  }

  /** Whether numbers, one for each channel, lie along that axis, whatever the batch. */
  private static boolean liesAlong(int[] shape, int[] strides, int outputs, int plane) {
    if (outputs == 1) {
      return true; // the one number is that of all
    }
    int axis = plane == 1 ? shape.length - 1 : shape.length - 2;
    return axis >= 0 && shape[axis] == outputs && strides[axis] == 1;
  }

  /** A limit from above that is one number, as a constant. */
  private boolean limitsBy(Chain chain, OfKernel call) {
    int b = call.value(4);
    if (call.value(2) != chain.value || !isConstant(b) || Array.getLength(constant(b)) != 1) {
      return false;
    }
    chain.limitAbove(Weights.at(constant(b), 0));
    return true;
  }

  private static boolean limits(Chain chain, OfKernel call) {
    double c = (Double) call.arguments().get(1);
    switch ((Unary) call.arguments().get(0)) {
      case RELU -> c = 0;
      case AT_LEAST, AT_MOST -> {}
      default -> {
        return false;
      }
    }
    if (call.arguments().get(0) == Unary.AT_MOST) {
      chain.limitAbove(c);
    } else if (chain.most != Double.POSITIVE_INFINITY) {
      return false;
    } else {
      chain.least = Math.max(chain.least, c);
    }
    return true;
  }

  /** The border of zeros that windows read. */
  static int border(WindowSizes v) {
    return Math.max(border(v.rows()), border(v.columns()));
  }

  private static int border(Axis axis) {
    int behind = (axis.output() - 1) * axis.stride() + axis.kernel() - axis.before() - axis.input();
    return Math.max(0, Math.max(axis.before(), behind));
  }
}
