package org.gradus.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * How the sums of blocks come to the driver: whole, to be added up there; or in slices, each of
 * which is added up by a task of its own, so that the driver gets no more than one net's gradients.
 * Either way in the order of blocks, by one tree.
 */
final class Reduction {
  private Reduction() {}

  /** What comes of all blocks: their heads, in order, and gradients of each, or of all together. */
  record Told(List<Head> heads, List<@Nullable Serializable[]> gradients, long bytes) {
    static Told of(List<Head> heads, List<@Nullable Serializable[]> gradients) {
      return new Told(heads, gradients, gradients.stream().mapToLong(Numbers::bytes).sum());
    }
  }

  /** The gradients of each block. */
  static Told whole(JavaRDD<BlockSum> sums) {
    List<BlockSum> all = sums.collect();
    return Told.of(
        all.stream().map(each -> each.head).toList(),
        all.stream().map(each -> each.gradients).toList());
  }

  /** The gradients of each block, compressed on their way. */
  static Told packed(JavaRDD<BlockSum> sums) {
    List<Packed> all = sums.map(Packed::of).collect();
    return new Told(
        all.stream().map(each -> each.head).toList(),
        all.stream().map(Packed::gradients).toList(),
        all.stream().mapToLong(each -> each.bytes.length).sum());
  }

  /** The gradients of all blocks, added up in slices; none if no task has any. */
  static Told sliced(JavaRDD<BlockSum> sums, Slices slices) {
    List<Piece> pieces =
        sums.mapPartitionsToPair(new Cut(slices))
            .partitionBy(new Arrangement.Direct(slices.count() + 1))
            .mapPartitions(new AddUp())
            .collect();
    List<Head> heads = new ArrayList<>();
    List<@Nullable Serializable[]> sum = new ArrayList<>();
    for (Piece each : pieces) {
      if (each.head != null) {
        heads.add(each.head);
      } else {
        sum.add(each.arrays);
      }
    }
    return Told.of(
        heads, sum.isEmpty() ? List.of() : Collections.singletonList(slices.joined(sum)));
  }

  /** A slice of a block's gradients, or of the sum of all; or a block's head. */
  private static final class Piece implements Serializable {
    private static final long serialVersionUID = 1;

    private final int block;
    private final @Nullable Head head;
    private final @Nullable Serializable[] arrays;

    Piece(int block, @Nullable Head head, @Nullable Serializable... arrays) {
      this.block = block;
      this.head = head;
      this.arrays = arrays;
    }
  }

  /** Cuts what a task has; heads go together. */
  private record Cut(Slices slices)
      implements PairFlatMapFunction<Iterator<BlockSum>, Integer, Piece> {
    private static final long serialVersionUID = 1;

    @Override
    public Iterator<Tuple2<Integer, Piece>> call(Iterator<BlockSum> sums) {
      BlockSum sum = sums.next();
      int block = sum.head.block;
      List<Tuple2<Integer, Piece>> pieces = new ArrayList<>();
      pieces.add(new Tuple2<>(slices.count(), new Piece(block, sum.head)));
      for (int i = 0; sum.gradients.length > 0 && i < slices.count(); i++) {
        pieces.add(new Tuple2<>(i, new Piece(block, null, slices.cut(i, sum.gradients))));
      }
      return pieces.iterator();
    }
  }

  /** Adds up one slice of all blocks; heads are put in order. */
  private record AddUp() implements FlatMapFunction<Iterator<Tuple2<Integer, Piece>>, Piece> {
    private static final long serialVersionUID = 1;

    @Override
    public Iterator<Piece> call(Iterator<Tuple2<Integer, Piece>> pieces) {
      List<Piece> all = new ArrayList<>();
      pieces.forEachRemaining(each -> all.add(each._2()));
      all.sort(Comparator.comparingInt(each -> each.block));
      if (all.isEmpty() || all.get(0).head != null) {
        return all.iterator();
      }
      List<@Nullable Serializable[]> slices = all.stream().map(each -> each.arrays).toList();
      return List.of(new Piece(0, null, Numbers.sum(slices))).iterator();
    }
  }
}
