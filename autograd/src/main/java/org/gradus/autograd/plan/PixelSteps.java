package org.gradus.autograd.plan;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.PixelConv;
import org.gradus.autograd.internal.kernel.PixelKernels;
import org.gradus.autograd.internal.kernel.Pixels;
import org.gradus.autograd.internal.kernel.Unary;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.plan.Draft.Kind;
import org.gradus.autograd.plan.Step.OfKernel;
import org.gradus.autograd.plan.Step.Value;

/**
 * Rewrites a draft so that images lie with the channels of one pixel side by side, where kernels
 * gain from it, and folds into convolutions and products what follows them: a bias, normalisation
 * by numbers that are known, the addition of another value, and limits such as those of a rectified
 * linear unit.
 *
 * <p>A value may be there as it was, as pixels, or as both: the one that a step needs is made when
 * it is first asked for.
 */
final class PixelSteps {
  private final Draft draft;
  private final List<Step> old;
  private final PixelKernels<Object> kernels;
  private final Shared shared;
  private final Chains chains;

  /** By values, the border that their readers need. */
  private final int[] borders;

  private final List<Step> steps = new ArrayList<>();

  /** Values that are there as pixels. */
  private final Map<Integer, Held> held = new HashMap<>();

  /** How a value lies as pixels, and the number of the value that holds them. */
  private record Held(Pixels layout, int number) {}

  /** Values that are there as they were. */
  private final Set<Integer> plain = new HashSet<>();

  private PixelSteps(Draft draft, PixelKernels<Object> kernels, Shared shared, int result) {
    this.draft = draft;
    this.old = List.copyOf(draft.steps);
    this.kernels = kernels;
    this.shared = shared;
    this.chains = new Chains(draft, result);
    this.borders = new int[draft.arrays.size()];
    for (int value = 0; value < borders.length; value++) {
      Kind kind = draft.kinds.get(value);
      if (kind == Kind.CONSTANT || kind == Kind.INPUT) {
        plain.add(value);
      }
    }
  }

  /** Rewrites the steps of a draft with a result. */
  static void rewrite(Draft draft, PixelKernels<Object> kernels, Shared shared, int result) {
    PixelSteps rewriting = new PixelSteps(draft, kernels, shared, result);
    rewriting.findBorders();
    rewriting.write();
    rewriting.asPlain(result);
    draft.steps.clear();
    draft.steps.addAll(rewriting.steps);
  }

  // ---- what is there ----------------------------------------------------------------------------

  private static boolean isConvolution(Step step) {
    return step instanceof OfKernel call && call.name().equals("conv2d");
  }

  private void findBorders() {
    for (Step step : old) {
      if (isConvolution(step)) {
        OfKernel call = (OfKernel) step;
        int x = call.value(1);
        borders[x] =
            Math.max(borders[x], Chains.border(((ConvSizes) call.arguments().get(0)).window()));
      }
    }
    for (int again = 0; again < 2; again++) { // what is computed element by element lies alike
      for (int i = old.size() - 1; i >= 0; i--) {
        if (old.get(i) instanceof OfKernel call && isElementwise(call)) {
          int[] most = {borders[call.writes()]};
          call.reads(x -> most[0] = Math.max(most[0], borders[x]));
          borders[call.writes()] = most[0];
          call.reads(x -> borders[x] = most[0]);
        }
      }
    }
  }

  private boolean isElementwise(OfKernel call) {
    return (call.name().equals("unary") && keepsZero((Unary) call.arguments().get(0)))
        || (call.name().equals("binary") && draft.isOfOneShape(call));
  }

  private static boolean keepsZero(Unary f) {
    return switch (f) {
      case NEG,
          ABS,
          SQUARE,
          TANH,
          RELU,
          LEAKY_RELU,
          ELU,
          SILU,
          GELU,
          GELU_TANH,
          MISH,
          HARD_SWISH,
          SOFTSIGN ->
          true;
      default -> false;
    };
  }

  // ---- steps ------------------------------------------------------------------------------------

  private void write() {
    for (int i = 0; i < old.size(); i++) {
      Chain chain = chains.endingAt(i);
      if (chain != null) {
        if (isConvolution(chain.first)) {
          writeConvolution(chain);
        } else {
          writeProduct(chain);
        }
      } else if (!chains.has(i)) {
        write(old.get(i));
      }
    }
  }

  private void write(Step step) {
    if (!(step instanceof OfKernel call) || !asPixels(call)) {
      step.reads(this::asPlain);
      steps.add(step);
      plain.add(step.writes());
    }
  }

  /** Writes a step that works on pixels, where its value is there as such. */
  private boolean asPixels(OfKernel call) {
    return switch (call.name()) {
      case "unary", "binary" -> elementwise(call);
      case "maxPool" -> pool(call);
      case "sum" -> mean(call);
      default -> false;
    };
  }

  private boolean elementwise(OfKernel call) {
    List<Integer> reads = new ArrayList<>();
    call.reads(reads::add);
    Held first = held.get(reads.get(0));
    if (first == null
        || !(call.name().equals("unary") || draft.isOfOneShape(call))
        || !(first.layout.border() == 0 || isElementwise(call))
        || first.layout.border() < borders[call.writes()]
        || !reads.stream().allMatch(x -> lies(x, first.layout))) {
      return false;
    }
    int y = made(call.writes(), first.layout);
    List<Object> arguments = new ArrayList<>();
    for (Object argument : call.arguments()) {
      if (argument instanceof Value value) {
        int number = value.number();
        arguments.add(new Value(number == call.writes() ? y : known(number).number));
      } else {
        arguments.add(argument);
      }
    }
    if (call.name().equals("binary")) {
      arguments.set(1, new int[] {first.layout.size()});
    }
    steps.add(new OfKernel(call.name(), call.handle(), call.kernels(), arguments, y));
    return true;
  }

  private boolean pool(OfKernel call) {
    WindowSizes v = (WindowSizes) call.arguments().get(1);
    int x = call.value(2);
    if (!held.containsKey(x)) {
      return false;
    }
    Pixels in = known(x).layout;
    if (call.value(3) != x
        || in.height() != v.rows().input()
        || in.width() != v.columns().input()
        || v.rows().stride() == 0
        || v.columns().stride() == 0
        || v.rows().dilation() != 1
        || v.columns().dilation() != 1
        || v.rows().before() > 0
        || v.columns().before() > 0
        || Chains.border(v) > 0) {
      return false;
    }
    Pixels out =
        new Pixels(
            in.images(),
            in.channels(),
            v.rows().output(),
            v.columns().output(),
            borders[call.writes()]);
    PixelConv s = window(in, out, v);
    int from = known(x).number;
    int to = made(call.writes(), out);
    add(from, to, in.images(), images -> kernels.maxPool(s.of(images)));
    return true;
  }

  private static PixelConv window(Pixels in, Pixels out, WindowSizes v) {
    return new PixelConv(
        in,
        out,
        v.rows().kernel(),
        v.columns().kernel(),
        v.rows().stride(),
        v.columns().stride(),
        v.rows().before(),
        v.columns().before());
  }

  /** The mean of planes. */
  private boolean mean(OfKernel call) {
    if (call.arguments().size() != 5 || !held.containsKey(call.value(3))) {
      return false;
    }
    int[] extents = (int[]) call.arguments().get(0);
    boolean[] summed = (boolean[]) call.arguments().get(1);
    Pixels in = known(call.value(3)).layout;
    if (!Arrays.equals(extents, new int[] {in.images(), in.channels(), in.height(), in.width()})
        || !Arrays.equals(summed, new boolean[] {false, false, true, true})
        || (Double) call.arguments().get(2) != in.plane()) {
      return false;
    }
    int from = known(call.value(3)).number;
    int to = made(call.writes(), new Pixels(in.images(), in.channels(), 1, 1, 0));
    add(from, to, in.images(), images -> kernels.mean(in.of(images)));
    return true;
  }

  private void writeConvolution(Chain chain) {
    ConvSizes sizes = (ConvSizes) chain.first.arguments().get(0);
    Held x = asPixels(chain.first.value(1), chain.in);
    Pixels out = bordered(chain.out, borders[chain.value]);
    boolean isDepthwise = sizes.groups() > 1 || (sizes.channels() == 1 && sizes.filters() == 1);
    write(chain, window(x.layout, out, sizes.window()), x.number, isDepthwise);
  }

  private static Pixels bordered(Pixels p, int border) {
    return new Pixels(p.images(), p.channels(), p.height(), p.width(), border);
  }

  /** A product with images that were made one row is a convolution with windows of their size. */
  private void writeProduct(Chain chain) {
    int a = chain.first.value(1);
    Held there = held.get(a);
    boolean areImages =
        there != null
            && there.layout.images() == chain.in.images()
            && there.layout.channels() * there.layout.plane() == chain.in.channels();
    Held x = areImages ? known(a) : asPixels(a, chain.in);
    Pixels in = x.layout;
    PixelConv s = new PixelConv(in, chain.out, in.height(), in.width(), 1, 1, 0, 0);
    write(chain, s, x.number, false);
  }

  /** Writes the step of a chain. */
  private void write(Chain chain, PixelConv s, int x, boolean isDepthwise) {
    boolean adds = chain.added >= 0;
    Held other = adds ? asPixels(chain.added, chain.out) : new Held(s.out(), x);
    double[] laid = laidOut(chain.weights.weights, s, isDepthwise);
    double[] b = chain.weights.bias;
    int y = made(chain.value, s.out());
    if (!isDepthwise && !adds && 2 * b.length <= kernels.lanes() && isOfPairs(s)) {
      write(chain, paired(s), pairedWeights(laid, s), twice(b), other, x, y, isDepthwise);
    } else {
      write(chain, s, laid, b, other, x, y, isDepthwise);
    }
  }

  private void write(
      Chain chain,
      PixelConv s,
      double[] laid,
      double[] b,
      Held other,
      int x,
      int y,
      boolean isDepthwise) {
    boolean adds = chain.added >= 0;
    Object like = draft.arrays.get(x);
    Object w = Weights.rounded(laid, like);
    Object weights = shared.same(isDepthwise ? w : kernels.panels(s, w));
    Object bias = shared.same(kernels.bias(s, Weights.rounded(b, like)));
    double least = chain.least;
    double most = chain.most;
    Pixels added = other.layout;
    IntFunction<PixelKernels.Prepared<Object>> function =
        isDepthwise
            ? n -> kernels.depthwise(s.of(n), weights, bias, added.of(n), adds, least, most)
            : n -> kernels.dense(s.of(n), weights, bias, added.of(n), adds, least, most);
    long products = (long) laid.length * s.out().plane();
    steps.add(
        new Step.OfPixels(
            function, s.out().images(), Array.getLength(weights), products, x, other.number, y));
  }

  /** Whether pixels lie in pairs side by side, without a border between them. */
  private static boolean isOfPairs(PixelConv s) {
    return s.out().border() == 0 && s.out().width() % 2 == 0;
  }

  /**
   * The same convolution as one whose pixels are two that are side by side, and have the outputs of
   * both: for so few outputs that lanes of vectors would stand idle.
   */
  private static PixelConv paired(PixelConv s) {
    Pixels p = s.out();
    return new PixelConv(
        s.in(),
        new Pixels(p.images(), 2 * p.channels(), p.height(), p.width() / 2, 0),
        s.kernelRows(),
        s.kernelColumns() + s.strideColumns(),
        s.strideRows(),
        2 * s.strideColumns(),
        s.top(),
        s.left());
  }

  /** Weights [2 outputs, rows, columns, channels], with zeros where the other pixel reads. */
  private static double[] pairedWeights(double[] laid, PixelConv s) {
    int run = s.run();
    int more = s.strideColumns() * s.in().channels();
    double[] paired = new double[2 * laid.length / run * (run + more)];
    for (int row = 0; row < laid.length / run; row++) {
      System.arraycopy(laid, row * run, paired, row * (run + more), run);
      System.arraycopy(laid, row * run, paired, paired.length / 2 + row * (run + more) + more, run);
    }
    return paired;
  }

  private static double[] twice(double[] b) {
    double[] both = Arrays.copyOf(b, 2 * b.length);
    System.arraycopy(b, 0, both, b.length, b.length);
    return both;
  }

  /** From [outputs, channels, rows, columns] to [outputs, rows, columns, channels]. */
  private static double[] laidOut(double[] w, PixelConv s, boolean isDepthwise) {
    int taps = s.kernelRows() * s.kernelColumns();
    int channels = s.in().channels();
    double[] laid = new double[w.length];
    for (int i = 0; i < w.length; i++) {
      int tap = i % taps;
      int channel = i / taps % channels;
      int output = i / taps / channels;
      laid[isDepthwise ? tap * channels + channel : (output * taps + tap) * channels + channel] =
          w[i];
    }
    return laid;
  }

  private void add(
      int from, int to, int images, IntFunction<PixelKernels.Prepared<Object>> function) {
    steps.add(new Step.OfPixels(function, images, 0, 0, from, from, to));
  }

  // ---- values -----------------------------------------------------------------------------------

  private boolean lies(int value, Pixels layout) {
    return held.containsKey(value) && known(value).layout.equals(layout);
  }

  private Held known(int value) {
    Held found = held.get(value);
    if (found == null) {
      throw new IllegalStateException("plan: value %s is not there as pixels".formatted(value));
    }
    return found;
  }

  /** The number of a value that is made as pixels. */
  private int made(int value, Pixels p) {
    int number = value;
    if (p.isPlain()) {
      plain.add(value);
    } else {
      Object array = Plan.another(draft.arrays.get(value), p.size());
      number = draft.add(array, Kind.PLANNED, p.border() > 0 ? p.toString() : "");
    }
    held.put(value, new Held(p, number));
    return number;
  }

  /** A value as pixels of these sizes; they may have a border. */
  private Held asPixels(int value, Pixels p) {
    if (held.containsKey(value)
        && bordered(known(value).layout, 0).equals(p)
        && known(value).layout.border() >= borders[value]) {
      return known(value);
    }
    asPlain(value);
    Pixels to = bordered(p, borders[value]);
    int number = made(value, to);
    if (number != value) {
      add(value, number, to.images(), images -> kernels.fromPlanes(to.of(images)));
    }
    return known(value);
  }

  /** Has a value as it was. */
  private void asPlain(int value) {
    if (plain.add(value)) {
      Held from = known(value);
      Pixels p = from.layout;
      add(from.number, value, p.images(), images -> kernels.toPlanes(p.of(images)));
    }
  }
}
