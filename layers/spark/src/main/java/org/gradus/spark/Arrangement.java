package org.gradus.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.storage.StorageLevel;
import org.gradus.layers.data.Batch;
import scala.Tuple2;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/**
 * The examples of an epoch, on shelves: one for each block of parts and some steps. They are moved
 * there once, by a shuffle, when the first step asks for them; a shelf that is lost with its
 * executor is filled again from the table.
 */
final class Arrangement implements AutoCloseable {
  /** About the size of a shelf, in bytes. */
  private static final long SHELF = 32L << 20;

  private final Layout layout;
  private final Broadcast<Numbering> numbering;
  private final Broadcast<int[]> positions;
  private final JavaRDD<Shelf> shelves;

  /**
   * Where the examples of an epoch go.
   *
   * @param blocks of parts
   * @param batchSize examples of a step
   * @param used those of all steps; the rest are dropped
   * @param steps on one shelf
   */
  record Layout(Blocks blocks, int batchSize, int used, int steps) implements Serializable {

    static Layout of(Blocks blocks, int batchSize, int used, long bytesOfExample) {
      long ofStep = Math.max(1, bytesOfExample * (batchSize / blocks.count() + 1));
      int most = used / batchSize + 1;
      return new Layout(blocks, batchSize, used, (int) Math.max(1, Math.min(most, SHELF / ofStep)));
    }

    int shelves() {
      return used == 0 ? 0 : (chunk((used - 1) / batchSize) + 1) * blocks.count();
    }

    int chunk(int step) {
      return step / steps;
    }

    int sizeOf(int step) {
      return Math.min(batchSize, used - step * batchSize);
    }

    /** The shelf of the example at a place of the epoch. */
    int shelf(int position) {
      int step = position / batchSize;
      int[] bounds = Batch.bounds(sizeOf(step), blocks.parts());
      int part = Arrays.binarySearch(bounds, position - step * batchSize);
      int block = (part < 0 ? -part - 2 : part) / blocks.size();
      return chunk(step) * blocks.count() + block;
    }
  }

  /**
   * Of an epoch.
   *
   * @param order the numbers of the examples in the order in which they are met
   */
  Arrangement(JavaSparkContext context, SparkRows rows, Layout layout, int... order) {
    this.layout = layout;
    int[] inverse = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[order[i]] = i;
    }
    this.numbering = context.broadcast(rows.numbering());
    this.positions = context.broadcast(inverse);
    JavaPairRDD<Integer, Shelf.Placed> placed =
        rows.examples().mapPartitionsToPair(new Placing(layout, numbering, positions));
    this.shelves =
        placed
            .partitionBy(new Direct(layout.shelves()))
            .mapPartitions(Arrangement::shelf, /* preservesPartitioning= */ true)
            .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private static Iterator<Shelf> shelf(Iterator<Tuple2<Integer, Shelf.Placed>> placed) {
    List<Shelf.Placed> all = new ArrayList<>();
    placed.forEachRemaining(each -> all.add(each._2()));
    return List.of(new Shelf(all)).iterator();
  }

  /** The shelves of a step, that of block 0 first. */
  JavaRDD<Shelf> ofStep(int step) {
    int first = layout.chunk(step) * layout.blocks.count();
    return JavaRDD.fromRDD(
        PartitionPruningRDD.create(shelves.rdd(), new Range(first, first + layout.blocks.count())),
        ClassTag$.MODULE$.apply(Shelf.class));
  }

  Layout layout() {
    return layout;
  }

  /** Gives the memory of all executors back. */
  @Override
  public void close() {
    shelves.unpersist(/* blocking= */ false);
    positions.destroy();
    numbering.destroy();
  }

  /** Gives each example its shelf. */
  private record Placing(Layout layout, Broadcast<Numbering> numbering, Broadcast<int[]> positions)
      implements PairFlatMapFunction<Iterator<Example>, Integer, Shelf.Placed> {
    private static final long serialVersionUID = 1;

    @Override
    public Iterator<Tuple2<Integer, Shelf.Placed>> call(Iterator<Example> examples) {
      return new PlacedOnes(examples, layout, numbering.value(), positions.value());
    }
  }

  /** One by one, without those that are dropped. */
  private static final class PlacedOnes implements Iterator<Tuple2<Integer, Shelf.Placed>> {
    private final Iterator<Example> examples;
    private final Layout layout;
    private final Numbering numbering;
    private final int[] positions;
    private final List<Tuple2<Integer, Shelf.Placed>> next = new ArrayList<>(1);

    PlacedOnes(Iterator<Example> examples, Layout layout, Numbering numbering, int[] positions) {
      this.examples = examples;
      this.layout = layout;
      this.numbering = numbering;
      this.positions = positions;
    }

    @Override
    public boolean hasNext() {
      while (next.isEmpty() && examples.hasNext()) {
        Example example = examples.next();
        int number = numbering.numberOf(example.id);
        int position = positions[number];
        if (position < layout.used) {
          next.add(
              new Tuple2<>(layout.shelf(position), new Shelf.Placed(position, number, example)));
        }
      }
      return !next.isEmpty();
    }

    @Override
    public Tuple2<Integer, Shelf.Placed> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("all examples were placed");
      }
      return next.remove(0);
    }
  }

  /** A key is the partition. */
  static final class Direct extends Partitioner {
    private static final long serialVersionUID = 1;
    private final int count;

    Direct(int count) {
      this.count = count;
    }

    @Override
    public int numPartitions() {
      return count;
    }

    @Override
    public int getPartition(Object key) {
      return (Integer) key;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Direct direct && direct.count == count;
    }

    @Override
    public int hashCode() {
      return count;
    }
  }

  /** Partitions from one up to another. */
  private static final class Range extends AbstractFunction1<Object, Object>
      implements Serializable {
    private static final long serialVersionUID = 1;
    private final int from;
    private final int to;

    Range(int from, int to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public Object apply(Object index) {
      int partition = (Integer) index;
      return partition >= from && partition < to;
    }
  }
}
