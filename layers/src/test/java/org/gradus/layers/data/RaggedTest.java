package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RaggedTest {
  private static final NdArray THREE = NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
  private static final NdArray ONE = NdArray.of(new float[] {7, 8}, 1, 2);
  private static final NdArray NONE = NdArray.zeros(DType.FLOAT32, Shape.of(0, 2));

  private static Ragged ragged() {
    return Ragged.of(List.of(THREE, ONE, NONE), 4, 5, 6);
  }

  @Test
  void aBatchIsAsLongAsItsLongest() {
    Batch batch = ragged().select(1, 0, 2);
    assertEquals(
        NdArray.of(new float[] {7, 8, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0}, 3, 3, 2),
        batch.inputs());
    assertArrayEquals(new int[] {5, 4, 6}, batch.labels());
    assertArrayEquals(new int[] {1, 3, 0}, Ragged.lengths(batch.inputs(), 0));
    assertEquals(
        NdArray.of(new float[] {1, 0, 0, 1, 1, 1, 0, 0, 0}, 3, 3), Ragged.mask(batch.inputs(), 0));
    assertEquals(NdArray.of(new float[] {7, 8}, 1, 1, 2), ragged().select(1).inputs());
    assertEquals(Shape.of(1, 0, 2), ragged().select(2).inputs().shape());
    assertEquals(Shape.of(0, 0, 2), ragged().select().inputs().shape());
    assertEquals(Shape.of(1, 0), Ragged.mask(ragged().select(2).inputs(), 0).shape());
  }

  @Test
  void lengthsAreLimitedOrFixed() {
    assertEquals(
        NdArray.of(new float[] {1, 2, 3, 4, 7, 8, 0, 0}, 2, 2, 2),
        ragged().atMost(2).select(0, 1).inputs());
    assertEquals(Shape.of(1, 1, 2), ragged().atMost(2).select(1).inputs().shape());
    assertEquals(Shape.of(1, 3, 2), ragged().atMost(5).select(0).inputs().shape());
    assertEquals(
        NdArray.of(new float[] {7, 8, 0, 0}, 1, 2, 2), ragged().toLength(2).select(1).inputs());
    assertEquals(
        NdArray.of(new float[] {1, 2, 3, 4}, 1, 2, 2), ragged().toLength(2).select(0).inputs());
    assertEquals(Shape.of(2, 4, 2), ragged().toLength(4).select(0, 1).inputs().shape());
    assertEquals(Shape.of(0, 4, 2), ragged().toLength(4).select().inputs().shape());
    assertEquals(Shape.of(1, 4, 2), ragged().toLength(4).padding(9).select(1).inputs().shape());
    assertEquals(Shape.of(1, 2, 2), ragged().atMost(2).padding(9).select(0).inputs().shape());
    assertEquals(Shape.of(1, 4, 2), ragged().toLength(4).atMost(5).select(0).inputs().shape());
  }

  @Test
  void paddingIsRoundedToTheElementType() {
    Ragged padded = ragged().padding(0.1).toLength(4);
    NdArray inputs = padded.select(1, 2, 0).inputs();
    assertEquals(0.1f, inputs.get(0, 1, 0));
    assertArrayEquals(new int[] {1, 0, 3}, Ragged.lengths(inputs, 0.1));
    assertArrayEquals(new int[] {4, 4, 4}, Ragged.lengths(inputs, 0));
  }

  @Test
  void rowsOfPaddingWithinASequenceAreItsOwn() {
    NdArray silent = NdArray.of(new float[] {0, 0, 0, 1}, 2, 2);
    Ragged data = Ragged.of(List.of(silent, THREE), 0, 1);
    NdArray inputs = data.select(0, 1).inputs();
    assertArrayEquals(new int[] {2, 3}, Ragged.lengths(inputs, 0));
    assertEquals(NdArray.of(new float[] {1, 1, 0, 1, 1, 1}, 2, 3), Ragged.mask(inputs, 0));
  }

  /** Sequence i has the tokens i + 1, as many as its length. */
  @Property(tries = 60)
  void lengthsAreSeenInBatchesOfAnEpoch(
      @ForAll @IntRange(min = 1, max = 20) int size,
      @ForAll @IntRange(min = 1, max = 6) int batchSize,
      @ForAll @IntRange(min = 1, max = 9) int most,
      @ForAll boolean isFixed,
      @ForAll boolean isDouble,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    DType dtype = isDouble ? DType.FLOAT64 : DType.FLOAT32;
    List<NdArray> sequences =
        IntStream.range(0, size)
            .mapToObj(i -> NdArray.full(dtype, Shape.of(random.nextInt(9)), i + 1))
            .toList();
    NdArray targets = NdArray.generate(DType.FLOAT64, Shape.of(size, 1), i -> i);
    Ragged all = Ragged.of(sequences, targets).padding(-1);
    Ragged data = isFixed ? all.toLength(most) : all.atMost(most);
    int seen = 0;
    for (Batch batch : Batches.shuffled(data, batchSize, seed).prefetch(2).epoch(1)) {
      int longest = 0;
      int[] lengths = Ragged.lengths(batch.inputs(), -1);
      for (int n = 0; n < batch.size(); n++) {
        int number = (int) batch.targets().get(n, 0);
        int length = Math.min(most, sequences.get(number).size());
        assertEquals(length, lengths[n]);
        longest = Math.max(longest, length);
        for (int t = 0; t < batch.inputs().shape().dim(1); t++) {
          assertEquals(t < length ? number + 1 : -1, batch.inputs().get(n, t));
          assertEquals(t < length ? 1 : 0, Ragged.mask(batch.inputs(), -1).get(n, t));
        }
      }
      assertEquals(isFixed ? most : longest, batch.inputs().shape().dim(1));
      assertEquals(dtype, batch.inputs().dtype());
      assertEquals(dtype, Ragged.mask(batch.inputs(), -1).dtype());
      seen += batch.size();
    }
    assertEquals(size, seen);
  }

  @Test
  void limitsAreCombined() {
    NdArray cut = NdArray.of(new float[] {1, 2, 3, 4, 0, 0, 0, 0}, 1, 4, 2);
    assertEquals(cut, ragged().atMost(2).toLength(4).select(0).inputs());
    assertEquals(cut, ragged().toLength(4).atMost(2).select(0).inputs());
    assertEquals(cut, ragged().toLength(2).toLength(4).select(0).inputs());
    assertEquals(Shape.of(1, 2, 2), ragged().atMost(2).atMost(5).select(0).inputs().shape());
  }

  @Test
  void sequencesOfOnePaddingAreJoined() {
    Ragged first = Ragged.of(List.of(ONE), 5);
    Ragged second = Ragged.of(List.of(THREE, ONE), 6, 7);
    Ragged all = Ragged.of(List.of(ONE, THREE, ONE), 5, 6, 7);
    Dataset both = first.and(second);
    assertEquals(all.select(0, 2, 1), both.select(0, 2, 1));
    assertEquals(all.atMost(2).all(), first.atMost(2).and(second.atMost(2)).all());
    assertEquals(
        all.toLength(4).all(), first.toLength(4).and(second.toLength(4).subset(0, 1)).all());
    assertEquals(
        Shape.of(3, 4, 2),
        first.toLength(4).and(second.padding(-1).toLength(4)).all().inputs().shape());
  }

  @Test
  void batchesOfDifferentLengthsAreNotPutTogether() {
    Ragged first = Ragged.of(List.of(ONE), 5);
    refused(
        "and: sequences with padding 0.0, at least 0 and at most any long beside sequences with"
            + " padding -1.0, at least 0 and at most any long, expected the same, or one toLength",
        () -> first.and(first.padding(-1)));
    refused(
        "and: sequences with padding 0.0, at least 3 and at most 3 long beside sequences with"
            + " padding 0.0, at least 4 and at most 4 long, expected the same, or one toLength",
        () -> first.toLength(3).and(first.toLength(4)));
    Dataset others = Dataset.of(NdArray.zeros(DType.FLOAT32, Shape.of(1, 3, 2)), 0);
    String message =
        "and: 1 sequences of FLOAT32 [2] with FLOAT32 [] beside other data, expected batches of"
            + " one length; give them toLength";
    refused(message, () -> first.and(others));
    refused(message, () -> others.and(first));
    refused(message.replace("and: ", "and: 1 of "), () -> others.and(first.subset(0)));
    refused(
        "and: sequences of FLOAT32 [] beside sequences of FLOAT32 [2], expected one kind",
        () -> first.and(Ragged.of(List.of(NdArray.of(1f)), 0)));
    assertEquals(Shape.of(2, 3, 2), first.toLength(3).and(others).all().inputs().shape());
  }

  @Test
  void words() {
    assertEquals("3 sequences of FLOAT32 [2] with FLOAT32 []", ragged().toString());
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void sequencesThatDoNotBelongTogetherAreRefused() {
    refused("ragged: no sequences, expected at least 1", () -> Ragged.of(List.of()));
    refused(
        "ragged: 2 sequences and targets [1], expected as many of each",
        () -> Ragged.of(List.of(ONE, THREE), 1));
    refused(
        "ragged: 1 sequences and targets [], expected as many of each",
        () -> Ragged.of(List.of(ONE), NdArray.scalar(DType.FLOAT32, 1)));
    refused(
        "ragged: sequence 1 has rows of FLOAT64 [2] beside rows of FLOAT32 [2], expected one kind",
        () -> Ragged.of(List.of(ONE, ONE.as(DType.FLOAT64)), 0, 1));
    refused(
        "ragged: sequence 1 has rows of FLOAT32 [] beside rows of FLOAT32 [2], expected one kind",
        () -> Ragged.of(List.of(ONE, NdArray.of(1f)), 0, 1));
    refused(
        "ragged: sequence 0 is a scalar, expected [T, ...]",
        () -> Ragged.of(List.of(NdArray.scalar(DType.FLOAT32, 1)), 0));
    refused(
        "batch: label -1 of example 0, expected 0 to 16777216", () -> Ragged.of(List.of(ONE), -1));
    refused("select: there is no example 3 among 3", () -> ragged().select(3));
  }

  @Test
  void lengthsThatCouldNotBeSeenAreRefused() {
    String rest = ", expected one that is not; choose another padding";
    NdArray zeros = NdArray.of(new float[] {1, 2, 0, 0}, 2, 2);
    refused(
        "ragged: row 1, the last of sequence 1, is the padding 0.0" + rest,
        () -> Ragged.of(List.of(ONE, zeros), 0, 1));
    refused(
        "ragged: row 0, the last of sequence 0, is the padding 0.1" + rest,
        () -> Ragged.of(List.of(NdArray.of(0.1f)), 0).padding(0.1));
    NdArray middle = NdArray.of(new float[] {1, 2, 0, 0, 1, 1}, 3, 2);
    Ragged data = Ragged.of(List.of(middle), 0);
    refused(
        "ragged: row 1, the last of sequence 0, is the padding 0.0" + rest, () -> data.atMost(2));
    refused(
        "ragged: row 1, the last of sequence 0, is the padding 0.0" + rest, () -> data.toLength(2));
    refused(
        "ragged: row 2, the last of sequence 0, is the padding 1.0" + rest, () -> data.padding(1));
    assertArrayEquals(
        new int[] {2}, Ragged.lengths(data.padding(-1).atMost(2).select(0).inputs(), -1));
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    refused("atMost: length 0, expected at least 1", () -> ragged().atMost(0));
    refused("toLength: length -1, expected at least 1", () -> ragged().toLength(-1));
    refused(
        "padding: padding NaN of FLOAT32 sequences, expected a finite number",
        () -> ragged().padding(Double.NaN));
    refused(
        "padding: padding 1.0E300 of FLOAT32 sequences, expected a finite number",
        () -> ragged().padding(1e300));
    refused(
        "mask: padding NaN of FLOAT32 sequences, expected a finite number",
        () -> Ragged.mask(THREE, Double.NaN));
    assertEquals(
        "lengths: inputs [1], expected [N, T, ...]",
        assertThrows(ShapeException.class, () -> Ragged.lengths(NdArray.of(1f), 0)).getMessage());
    refused("mask: inputs [], expected [N, T, ...]", () -> Ragged.mask(scalar(), 0));
  }

  private static NdArray scalar() {
    return NdArray.scalar(DType.FLOAT32, 1);
  }
}
