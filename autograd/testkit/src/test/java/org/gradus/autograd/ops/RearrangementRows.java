package org.gradus.autograd.ops;

import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.PartRows.axis;
import static org.gradus.autograd.ops.ShapeRows.generate;
import static org.gradus.autograd.ops.ShapeRows.numbers;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.nonzero;
import static org.gradus.autograd.testkit.Draw.fill;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of what takes whole slabs by their positions, and of what is made of that. */
final class RearrangementRows {
  private static final int HUGE = Integer.MAX_VALUE;

  private RearrangementRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(take(), takeInput(), padByMode(), depthToSpace(), spaceToDepth());
  }

  // ---- slabs by their positions ----------------------------------------------------------------

  private static OpRow take() {
    Indices index = Indices.of(new int[] {2, 0, 2}, 3);
    return OpRow.of(
            Take.class,
            slabs(
                (whole, axis, indices, seed) ->
                    OpCase.of(new Take(axis, indices), fill(seed, nonzero(), whole))))
        .exact()
        .oracle(
            c -> {
              Take op = c.op(Take.class);
              Naive x = Naive.of(c.input(0));
              int axis = axis(op.axis(), x.rank());
              return generate(
                  taken(x.shape(), axis, op.index().shape()).toArray(),
                  i -> x.at(source(i, axis, op.index())));
            })
        .edges(
            OpCase.of(new Take(0, Indices.of(new int[] {0}, 1)), numbers(1)),
            OpCase.of(new Take(0, Indices.of(new int[] {0})), numbers(1)),
            OpCase.of(new Take(0, Indices.of(new int[0], 0)), numbers(3)),
            OpCase.of(new Take(1, Indices.of(new int[0], 2, 0)), numbers(2, 0, 3)),
            OpCase.of(new Take(-1, Indices.of(new int[] {1, 1, 1, 1, 1}, 5)), numbers(0, 2)),
            OpCase.of(new Take(0, Indices.of(new int[] {1, 1, 0, 1, 1, 1}, 2, 3)), numbers(2, 1)))
        .calls(
            call(x -> Ops.take(x, 0, 2, 0, 2), count(3, 2))
                .gives(array(shape(3, 2), 5, 6, 1, 2, 5, 6)),
            call(x -> Ops.take(x, -1, 1, 1, 0), count(2, 2))
                .gives(array(shape(2, 3), 2, 2, 1, 4, 4, 3)),
            call(x -> Ops.take(x, 1, 2, 0), count(2, 3, 2))
                .gives(array(shape(2, 2, 2), 5, 6, 1, 2, 11, 12, 7, 8)),
            call(x -> Ops.take(x, 0), count(3, 2)).gives(array(shape(0, 2))),
            // the axes of the index replace the axis
            call(x -> Ops.take(x, 0, Indices.of(new int[] {1, 0, 0, 2}, 2, 2)), count(3, 2))
                .gives(array(shape(2, 2, 2), 3, 4, 1, 2, 1, 2, 5, 6)),
            call(x -> Ops.take(x, 1, Indices.of(new int[] {1})), count(2, 3)).gives(vector(2, 5)),
            // what is taken twice gets both gradients, what is not taken none
            call(x -> Ops.take(x, 0, 2, 0, 2), count(3, 2))
                .cotangent(1, 2, 3, 4, 5, 6)
                .gradients(array(shape(3, 2), 3, 4, 0, 0, 6, 8)),
            // so often that totals are kept, added in order
            call(x -> Ops.take(x, 0, 1, 1, 1, 1, 1, 0), vector(7, 8))
                .cotangent(1, 1e8, -1e8, 3, 5, 7)
                .gradients(vector(7, 9)))
        .refuses(
            ShapeException.class,
            "take: there is no axis 2 in [2, 3], which has rank 2",
            () -> Ops.take(zeros(2, 3), 2, index))
        .refuses(
            ShapeException.class,
            "take: there is no axis 0 in [], which has rank 0",
            () -> Ops.take(zeros(), 0, 0))
        .refuses(
            IllegalArgumentException.class,
            "take: index 3 at [1] is outside axis 1 of [2, 3], which has extent 3",
            () -> Ops.take(zeros(2, 3), -1, 0, 3))
        .refuses(
            IllegalArgumentException.class,
            "take: index -1 at [0] is outside axis 0 of [2, 3], which has extent 2",
            () -> Ops.take(zeros(2, 3), 0, -1))
        .refuses(
            IllegalArgumentException.class,
            "take: index 5 at [1, 0] is outside axis 0 of [2], which has extent 2",
            () -> Ops.take(zeros(2), 0, Indices.of(new int[] {0, 1, 5, 1}, 2, 2)))
        .refuses(
            ShapeException.class,
            "take: [50000, 50000] has at least 2500000000 elements, and an array holds at most"
                + " 2147483639",
            () -> Ops.take(zeros(1, 50_000), 0, new int[50_000]));
  }

  private static OpRow takeInput() {
    Indices index = Indices.of(new int[] {2, 0, 2}, 3);
    return OpRow.of(
            TakeInput.class,
            slabs(
                (whole, axis, indices, seed) -> {
                  Shape part = taken(whole, axis(axis, whole.rank()), indices.shape());
                  return OpCase.of(
                      new TakeInput(axis, indices, whole), fill(seed, nonzero(), part));
                }))
        .exact()
        .oracle(
            c -> {
              TakeInput op = c.op(TakeInput.class);
              Naive y = Naive.of(c.input(0));
              int axis = axis(op.axis(), op.shape().rank());
              double[] sums = new double[op.shape().size()];
              Naive places =
                  Naive.of(NdArray.generate(c.input(0).dtype(), op.shape(), flat -> flat));
              for (int[] i : Naive.indices(y.dims())) {
                sums[(int) places.at(source(i, axis, op.index()))] += y.at(i);
              }
              return NdArray.of(sums, op.shape().toArray());
            })
        .edges(
            OpCase.of(new TakeInput(0, Indices.of(new int[] {0}, 1), shape(1)), numbers(1)),
            OpCase.of(new TakeInput(0, Indices.of(new int[] {1}), shape(2)), numbers()),
            OpCase.of(new TakeInput(0, Indices.of(new int[0], 0), shape(2)), numbers(0)),
            OpCase.of(new TakeInput(1, Indices.of(new int[6], 6), shape(0, 2)), numbers(0, 6)),
            OpCase.of(new TakeInput(0, Indices.of(new int[6], 6), shape(2, 0)), numbers(6, 0)))
        .calls(
            call(new TakeInput(0, index, shape(3, 2)), count(3, 2))
                .gives(array(shape(3, 2), 3, 4, 0, 0, 6, 8))
                .cotangent(1, 2, 3, 4, 5, 6)
                .gradients(array(shape(3, 2), 5, 6, 1, 2, 5, 6)),
            call(new TakeInput(-1, index, shape(2, 3)), count(2, 3))
                .gives(array(shape(2, 3), 2, 0, 4, 5, 0, 10)),
            call(
                    new TakeInput(0, Indices.of(new int[6], 6), shape(2)),
                    vector(1, 1e8, -1e8, 1, 2, 3))
                .gives(vector(7, 0)))
        .refuses(
            ShapeException.class,
            "takeInput: there is no axis -3 in [2, 3], which has rank 2",
            () -> Tensor.of(new TakeInput(-3, index, shape(2, 3)), zeros(2, 3)))
        .refuses(
            IllegalArgumentException.class,
            "takeInput: index 2 at [0] is outside axis 0 of [2, 3], which has extent 2",
            () -> Tensor.of(new TakeInput(0, index, shape(2, 3)), zeros(3, 3)))
        .refuses(
            ShapeException.class,
            "takeInput: what is taken from [2, 3] has shape [2, 3], but the input has [2, 4]",
            () -> Tensor.of(new TakeInput(1, index, shape(2, 3)), zeros(2, 4)));
  }

  /** A case of a shape, positions along an axis of it, and a seed. */
  interface Slabs {
    OpCase of(Shape whole, int axis, Indices indices, long seed);
  }

  /** Up to 8 positions: more than a few, from which on totals are kept. */
  static Arbitrary<OpCase> slabs(Slabs cases) {
    return Draw.shapes(1, 3)
        .flatMap(
            whole ->
                combine(
                        Draw.axis(whole),
                        Arbitraries.of(
                            shape(), shape(0), shape(1), shape(3), shape(8), shape(2, 3)),
                        Draw.seeds())
                    .as(
                        (axis, drawn, seed) -> {
                          int extent = whole.dim(axis);
                          Shape picks = extent == 0 ? shape(2, 0) : drawn;
                          SplittableRandom random = new SplittableRandom(seed);
                          int[] positions =
                              IntStream.range(0, picks.size())
                                  .map(i -> random.nextInt(extent))
                                  .toArray();
                          return cases.of(whole, axis, Indices.wrap(positions, picks), seed);
                        }));
  }

  private static Shape taken(Shape whole, int axis, Shape index) {
    IntStream before = IntStream.of(whole.toArray()).limit(axis);
    IntStream after = IntStream.of(whole.toArray()).skip(axis + 1L);
    IntStream within = IntStream.of(index.toArray());
    return Shape.of(Stream.of(before, within, after).flatMapToInt(dims -> dims).toArray());
  }

  /** The place in x of the element of y at a place. */
  private static int[] source(int[] place, int axis, Indices index) {
    int rank = index.shape().rank();
    int flat = 0;
    for (int k = 0; k < rank; k++) {
      flat = flat * index.shape().dim(k) + place[axis + k];
    }
    int position = index.at(flat);
    return Stream.of(
            IntStream.of(place).limit(axis),
            IntStream.of(position),
            IntStream.of(place).skip(axis + (long) rank))
        .flatMapToInt(places -> places)
        .toArray();
  }

  // ---- margins ---------------------------------------------------------------------------------

  record PadByMode(List<Integer> before, List<Integer> after, PadMode mode)
      implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.pad(in.get(0), ints(before), ints(after), mode);
    }

    /** With no more of the margins than there is to continue. */
    static OpCase of(
        List<Integer> before, List<Integer> after, PadMode mode, Shape shape, long seed) {
      IntBinaryOperator allowed =
          (margin, extent) ->
              switch (mode) {
                case CONSTANT -> margin;
                case REFLECT -> Math.max(0, Math.min(margin, extent - 1));
                case EDGE -> extent == 0 ? 0 : margin;
              };
      PadByMode pad =
          new PadByMode(within(before, shape, allowed), within(after, shape, allowed), mode);
      return OpCase.of(pad.toString(), pad, fill(seed, nonzero(), shape));
    }

    private static List<Integer> within(
        List<Integer> margins, Shape shape, IntBinaryOperator allowed) {
      return IntStream.range(0, shape.rank())
          .map(k -> allowed.applyAsInt(margins.get(k), shape.dim(k)))
          .boxed()
          .toList();
    }

    private static int[] ints(List<Integer> list) {
      return list.stream().mapToInt(i -> i).toArray();
    }

    /** Walks from the margin into x. */
    double at(Naive x, int[] place) {
      int[] j = place.clone();
      for (int k = 0; k < j.length; k++) {
        int last = x.dim(k) - 1;
        j[k] -= before.get(k);
        while (j[k] < 0 || j[k] > last) {
          switch (mode) {
            case CONSTANT -> {
              return 0;
            }
            case REFLECT -> j[k] = j[k] < 0 ? -j[k] : last - (j[k] - last);
            case EDGE -> j[k] += j[k] < 0 ? 1 : -1;
          }
        }
      }
      return x.at(j);
    }
  }

  private static OpRow padByMode() {
    Arbitrary<List<Integer>> margins = Arbitraries.integers().between(0, 3).list().ofSize(3);
    List<Integer> ones = List.of(1, 1, 1);
    List<Integer> more = List.of(2, 0, 3);
    Tensor matrix = zeros(2, 5);
    double[] reflected = {
      5, 4, 5, 6, 5, //
      2, 1, 2, 3, 2, //
      5, 4, 5, 6, 5, //
      2, 1, 2, 3, 2
    };
    double[] edges = {
      1, 1, 2, 2, //
      1, 1, 2, 2, //
      3, 3, 4, 4
    };
    return OpRow.function(
            "pad by mode",
            combine(
                    Draw.shapes(0, 3),
                    margins,
                    margins,
                    Arbitraries.of(PadMode.class),
                    Draw.seeds())
                .as(
                    (shape, before, after, mode, seed) ->
                        PadByMode.of(before, after, mode, shape, seed)))
        .exact()
        .oracle(
            c -> {
              PadByMode pad = c.function(PadByMode.class);
              Naive x = Naive.of(c.input(0));
              int[] dims = x.dims();
              for (int k = 0; k < dims.length; k++) {
                dims[k] += pad.before().get(k) + pad.after().get(k);
              }
              return generate(dims, i -> pad.at(x, i));
            })
        .edges(
            PadByMode.of(ones, more, PadMode.REFLECT, shape(), 1),
            PadByMode.of(ones, more, PadMode.EDGE, shape(1), 1),
            PadByMode.of(ones, more, PadMode.REFLECT, shape(1, 2), 1),
            PadByMode.of(more, ones, PadMode.EDGE, shape(0, 2), 1),
            PadByMode.of(more, ones, PadMode.REFLECT, shape(4, 0, 4), 1))
        .calls(
            "pad",
            call(x -> Ops.pad(x, new int[] {1, 1}, new int[] {1, 1}, PadMode.REFLECT), count(2, 3))
                .gives(array(shape(4, 5), reflected)),
            call(x -> Ops.pad(x, new int[] {2}, new int[] {2}, PadMode.REFLECT), vector(1, 2, 3))
                .gives(vector(3, 2, 1, 2, 3, 2, 1)),
            call(x -> Ops.pad(x, new int[] {1, 1}, new int[] {0, 1}, PadMode.EDGE), count(2, 2))
                .gives(array(shape(3, 4), edges)),
            call(x -> Ops.pad(x, new int[] {1}, new int[] {2}, PadMode.CONSTANT), vector(7))
                .gives(vector(0, 7, 0, 0)),
            call(x -> Ops.pad(x, new int[] {0}, new int[] {0}, PadMode.EDGE), vector())
                .gives(vector()),
            // only what is at the edge is continued
            call(x -> Ops.pad(x, new int[] {1}, new int[] {1}, PadMode.EDGE), vector(1, INF, 2))
                .gives(vector(1, 1, INF, 2, 2)),
            // what is in the margin has a gradient, too
            call(x -> Ops.pad(x, new int[] {2}, new int[] {1}, PadMode.REFLECT), vector(1, 2, 3))
                .cotangent(1, 2, 3, 4, 5, 6)
                .gradients(vector(3, 2 + 4 + 6, 1 + 5)),
            call(x -> Ops.pad(x, new int[] {2}, new int[] {1}, PadMode.EDGE), vector(1, 2))
                .cotangent(1, 2, 3, 4, 5)
                .gradients(vector(1 + 2 + 3, 4 + 5)))
        .refuses(
            ShapeException.class,
            "pad: margins 1 before and 2 after axis 0 of [2, 5], expected at most 1: a reflection"
                + " leaves out the end of 2 elements",
            () -> Ops.pad(matrix, new int[] {1, 0}, new int[] {2, 0}, PadMode.REFLECT))
        .refuses(
            ShapeException.class,
            "pad: margins 1 before and 0 after axis 0 of [0], expected at most 0: a reflection"
                + " leaves out the end of 0 elements",
            () -> Ops.pad(zeros(0), new int[] {1}, new int[] {0}, PadMode.REFLECT))
        .refuses(
            ShapeException.class,
            "pad: margins 0 before and 1 after axis 1 of [2, 0], expected 0: there is no edge of 0"
                + " elements",
            () -> Ops.pad(zeros(2, 0), new int[] {1, 0}, new int[] {0, 1}, PadMode.EDGE))
        .refuses(
            IllegalArgumentException.class,
            "pad: a margin before of -1, expected at least 0",
            () -> Ops.pad(matrix, new int[] {0, -1}, new int[] {0, 2}, PadMode.EDGE))
        .refuses(
            ShapeException.class,
            "pad: margins [1] before and [2, 3] after, expected 2 each for [2, 5]",
            () -> Ops.pad(matrix, new int[] {1}, new int[] {2, 3}, PadMode.EDGE))
        .refuses(
            ShapeException.class,
            "pad: [50002, 50005] has at least 2500350010 elements, and an array holds at most"
                + " 2147483639",
            () -> Ops.pad(matrix, new int[] {50_000, 50_000}, new int[2], PadMode.EDGE));
  }

  // ---- channels and pixels ---------------------------------------------------------------------

  record DepthToSpace(int block) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.depthToSpace(in.get(0), block);
    }

    OpCase of(Shape base, long seed) {
      Shape x = base.with(1, base.dim(1) * block * block);
      return OpCase.of(toString(), this, fill(seed, nonzero(), x));
    }
  }

  private static OpRow depthToSpace() {
    Tensor x = zeros(1, 6, 2, 2);
    return OpRow.function(
            "depthToSpace",
            combine(Draw.shapes(4, 4), Arbitraries.integers().between(1, 2), Draw.seeds())
                .as((shape, block, seed) -> new DepthToSpace(block).of(shape, seed)))
        .exact()
        .oracle(
            c -> {
              int b = c.function(DepthToSpace.class).block();
              Naive in = Naive.of(c.input(0));
              int[] dims = {in.dim(0), in.dim(1) / (b * b), in.dim(2) * b, in.dim(3) * b};
              return generate(
                  dims,
                  i -> in.at(i[0], i[1] * b * b + i[2] % b * b + i[3] % b, i[2] / b, i[3] / b));
            })
        .edges(
            new DepthToSpace(2).of(shape(0, 1, 1, 1), 1),
            new DepthToSpace(2).of(shape(1, 0, 1, 2), 1),
            new DepthToSpace(2).of(shape(1, 1, 0, 2), 1),
            new DepthToSpace(1).of(shape(1, 1, 1, 1), 1),
            new DepthToSpace(3).of(shape(2, 1, 1, 2), 1))
        .calls(
            // as PyTorch's pixel_shuffle
            call(in -> Ops.depthToSpace(in, 2), count(1, 4, 1, 2))
                .gives(array(shape(1, 1, 2, 4), 1, 3, 2, 4, 5, 7, 6, 8)),
            call(in -> Ops.depthToSpace(in, 2), count(1, 8, 1, 1))
                .gives(array(shape(1, 2, 2, 2), 1, 2, 3, 4, 5, 6, 7, 8)),
            call(in -> Ops.depthToSpace(in, 1), count(2, 1, 2, 1)).gives(count(2, 1, 2, 1)),
            call(in -> Ops.spaceToDepth(Ops.depthToSpace(in, 3), 3), count(2, 18, 2, 1))
                .gives(count(2, 18, 2, 1)))
        .refuses(
            ShapeException.class,
            "depthToSpace: input [6, 2, 2] has rank 3, expected 4",
            () -> Ops.depthToSpace(zeros(6, 2, 2), 1))
        .refuses(
            IllegalArgumentException.class,
            "depthToSpace: block 0, expected at least 1",
            () -> Ops.depthToSpace(x, 0))
        .refuses(
            ShapeException.class,
            "depthToSpace: input [1, 6, 2, 2] has 6 channels, which 4 (the square of block 2) does"
                + " not divide",
            () -> Ops.depthToSpace(x, 2))
        .refuses(
            ShapeException.class,
            "depthToSpace: input [1, 6, 2, 2] has 6 channels, which 4611686014132420609 (the square"
                + " of block 2147483647) does not divide",
            () -> Ops.depthToSpace(x, HUGE))
        .refuses(
            ShapeException.class,
            "depthToSpace: axis 2 would have an extent of 4294967294, which no array holds",
            () -> Ops.depthToSpace(zeros(1, 0, 2, 2), HUGE));
  }

  record SpaceToDepth(int block) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.spaceToDepth(in.get(0), block);
    }

    OpCase of(Shape base, long seed) {
      Shape x = base.with(2, base.dim(2) * block).with(3, base.dim(3) * block);
      return OpCase.of(toString(), this, fill(seed, nonzero(), x));
    }
  }

  private static OpRow spaceToDepth() {
    return OpRow.function(
            "spaceToDepth",
            combine(Draw.shapes(4, 4), Arbitraries.integers().between(1, 2), Draw.seeds())
                .as((shape, block, seed) -> new SpaceToDepth(block).of(shape, seed)))
        .exact()
        .oracle(
            c -> {
              int b = c.function(SpaceToDepth.class).block();
              Naive in = Naive.of(c.input(0));
              int[] dims = {in.dim(0), in.dim(1) * b * b, in.dim(2) / b, in.dim(3) / b};
              return generate(
                  dims,
                  i -> in.at(i[0], i[1] / (b * b), i[2] * b + i[1] / b % b, i[3] * b + i[1] % b));
            })
        .edges(
            new SpaceToDepth(2).of(shape(0, 1, 1, 1), 1),
            new SpaceToDepth(2).of(shape(1, 0, 1, 2), 1),
            new SpaceToDepth(2).of(shape(1, 1, 0, 2), 1),
            new SpaceToDepth(1).of(shape(1, 1, 1, 1), 1),
            new SpaceToDepth(3).of(shape(2, 1, 1, 2), 1))
        .calls(
            // as PyTorch's pixel_unshuffle
            call(in -> Ops.spaceToDepth(in, 2), count(1, 1, 2, 4))
                .gives(array(shape(1, 4, 1, 2), 1, 3, 2, 4, 5, 7, 6, 8)),
            call(in -> Ops.spaceToDepth(in, 2), count(1, 2, 2, 2)).gives(count(1, 8, 1, 1)),
            call(in -> Ops.depthToSpace(Ops.spaceToDepth(in, 3), 3), count(2, 2, 6, 3))
                .gives(count(2, 2, 6, 3)))
        .refuses(
            ShapeException.class,
            "spaceToDepth: input [] has rank 0, expected 4",
            () -> Ops.spaceToDepth(zeros(), 1))
        .refuses(
            IllegalArgumentException.class,
            "spaceToDepth: block -1, expected at least 1",
            () -> Ops.spaceToDepth(zeros(1, 1, 2, 2), -1))
        .refuses(
            ShapeException.class,
            "spaceToDepth: input [1, 1, 3, 2] is 3 x 2, which block 2 does not divide",
            () -> Ops.spaceToDepth(zeros(1, 1, 3, 2), 2))
        .refuses(
            ShapeException.class,
            "spaceToDepth: input [1, 1, 2, 3] is 2 x 3, which block 2 does not divide",
            () -> Ops.spaceToDepth(zeros(1, 1, 2, 3), 2));
  }
}
