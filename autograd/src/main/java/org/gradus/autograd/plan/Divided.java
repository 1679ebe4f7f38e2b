package org.gradus.autograd.plan;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.parallel.Parallel;
import org.gradus.autograd.internal.parallel.Spares;
import org.gradus.autograd.plan.Draft.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A batch that is computed some examples at a time: each thread takes the next ones through all
 * steps, so that their values stay in its cache, and no thread waits for another between steps.
 * Results are the same to the bit, for no step lets examples depend on each other.
 */
final class Divided {
  /** Elements of values that stay in a second-level cache, beside weights. */
  private static final long CACHED = 1 << 17;

  /** Weights that stay there, too. */
  private static final long FEW_WEIGHTS = 1 << 16;

  /** Products for each weight that make up for its way from the memory. */
  private static final long REUSE = 4;

  private final int batch;
  private final int examples;
  private final int result;
  private final long cost;
  private final Spares<Part> parts;
  private final Spares<Run> runs = new Spares<>(() -> new Run());

  private Divided(
      Draft draft, List<Step> steps, int result, int[] passing, int batch, int examples) {
    this.batch = batch;
    this.examples = examples;
    this.result = result;
    MemoryPlan memory = new MemoryPlan(draft, result, batch, examples);
    Object x = Plan.another(draft.arrays.get(Draft.INPUT_NUMBER), 0);
    Object y = Plan.another(draft.arrays.get(result), 0);
    int lengthX = length(draft, Draft.INPUT_NUMBER) / batch * examples;
    int lengthY = length(draft, result) / batch * examples;
    this.cost = steps.stream().mapToLong(Divided::products).sum();
    this.parts =
        new Spares<>(
            () ->
                new Part(
                    new Workspace(memory.arrays(), steps, passing, /* alone= */ true),
                    Plan.another(x, lengthX),
                    Plan.another(y, lengthY)));
  }

  /** A division of a draft, if its steps allow one, and it pays. */
  static @Nullable Divided of(
      Draft draft, Shape shape, Shape resultShape, int result, int[] passing) {
    int batch = shape.rank() == 0 ? 0 : shape.dim(0);
    int threads = Parallel.threads();
    boolean isPossible =
        batch >= 2 * threads
            && draft.kinds.get(result) == Kind.PLANNED
            && resultShape.rank() > 0
            && resultShape.dim(0) == batch
            && draft.steps.stream().allMatch(step -> isDivided(draft, step, batch));
    if (!isPossible) {
      return null;
    }
    long most = 1;
    long weights = 0;
    long products = 0;
    for (Step step : draft.steps) {
      long[] values = {length(draft, step.writes())};
      step.reads(value -> values[0] += length(draft, value));
      most = Math.max(most, values[0] / batch);
      weights += step instanceof Step.OfPixels pixels ? pixels.weights() : 0;
      products += products(step);
    }
    int examples = (int) Math.max(1, Math.min(CACHED / most, batch / (2 * threads)));
    if (weights > FEW_WEIGHTS && products / batch * examples < REUSE * weights) {
      return null;
    }
    List<Step> steps = new ArrayList<>();
    for (Step step : draft.steps) {
      Step part = step.part(batch, examples);
      if (part == null) {
        return null;
      }
      steps.add(part);
    }
    return new Divided(draft, steps, result, passing, batch, examples);
  }

  private static boolean isDivided(Draft draft, Step step, int batch) {
    boolean[] all = {length(draft, step.writes()) % batch == 0};
    step.reads(
        value -> {
          all[0] &= !draft.isConstant(value);
          all[0] &= length(draft, value) % batch == 0;
        });
    return all[0] && draft.kinds.get(step.writes()) == Kind.PLANNED;
  }

  private static long products(Step step) {
    return step instanceof Step.OfPixels pixels ? pixels.products() * pixels.images() : 0;
  }

  private static int length(Draft draft, int value) {
    return Array.getLength(draft.arrays.get(value));
  }

  /** Computes all examples of x. */
  void run(Object x, Object y) {
    Run run = runs.take();
    run.compute(x, y);
    runs.give(run);
  }

  /** What one thread works with. */
  private final class Part implements Parallel.State {
    private final Workspace workspace;
    private final Object x;
    private final Object y;

    Part(Workspace workspace, Object x, Object y) {
      this.workspace = workspace;
      this.x = x;
      this.y = y;
    }

    /** Computes so many examples, but for the last ones, of which some were computed before. */
    void compute(int number, Object allX, Object allY) {
      int wanted = number * examples;
      int first = Math.min(wanted, batch - examples);
      int each = Array.getLength(x) / examples;
      System.arraycopy(allX, first * each, x, 0, examples * each);
      workspace.run(x, result, y);
      int made = Array.getLength(y) / examples;
      int known = wanted - first;
      System.arraycopy(y, known * made, allY, wanted * made, (examples - known) * made);
    }

    @Override
    public void close() {
      parts.give(this);
    }
  }

  /** One computation at a time, which makes no objects. */
  private final class Run {
    private final Parallel.Repeated<Part> loop =
        new Parallel.Repeated<>((batch + examples - 1) / examples, cost, parts::take, this::part);
    private @Nullable Object x;
    private @Nullable Object y;

    private void part(Part part, int number) {
      Object givenX = x;
      Object givenY = y;
      if (givenX != null && givenY != null) {
        part.compute(number, givenX, givenY);
      }
    }

    void compute(Object givenX, Object givenY) {
      x = givenX;
      y = givenY;
      loop.run();
      x = null; // which are not kept from the garbage collector
      y = null;
    }
  }
}
