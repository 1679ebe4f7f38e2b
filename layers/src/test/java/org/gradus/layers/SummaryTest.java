package org.gradus.layers;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void ofLeNetIsWhatOneCountsByHand() {
    Sequential net =
        new Sequential(
            new Conv2d(1, 6, 5, random),
            new Relu(),
            new MaxPool2d(2),
            new Conv2d(6, 16, 5, random),
            new Relu(),
            new MaxPool2d(2),
            new Flatten(),
            new Linear(256, 120, random),
            new Relu(),
            new Linear(120, 84, random),
            new Relu(),
            new Linear(84, 10, random));

    Summary summary = Summary.of(net, Shape.of(1, 1, 28, 28));

    assertEquals(
        """
        layer                              output              parameters  multiply-adds
        Sequential                         [1, 10]
        0: Conv2d                          [1, 6, 24, 24]             156         86,400
        1: Relu                            [1, 6, 24, 24]
        2: MaxPool2d                       [1, 6, 12, 12]
        3: Conv2d                          [1, 16, 8, 8]            2,416        153,600
        4: Relu                            [1, 16, 8, 8]
        5: MaxPool2d                       [1, 16, 4, 4]
        6: Flatten                         [1, 256]
        7: Linear                          [1, 120]                30,840         30,720
        8: Relu                            [1, 120]
        9: Linear                          [1, 84]                 10,164         10,080
        10: Relu                           [1, 84]
        11: Linear                         [1, 10]                    850            840
        in all                                                     44,426        281,640
        input [1, 1, 28, 28], 0 numbers in buffers
        graph 0.0 MB, training step 0.4 MB without the optimiser's\
        """,
        summary.toString());
    assertTrue(summary.toString().lines().allMatch(line -> line.length() <= 80));
  }

  @Test
  void countsGroupsStridesAndRowsOfFeatures() {
    Layer grouped = new Conv2d(4, 8, 3, same().stride(2).groups(2), random);
    Summary summary = Summary.of(grouped, Shape.of(5, 4, 7, 6));
    assertEquals(5 * 8 * 4 * 3 * (2 * 3 * 3), summary.multiplyAdds());
    assertEquals(8 * 2 * 9 + 8, summary.parameters());

    Layer depthwise = new Conv2d(4, 4, 3, valid().groups(4), random).withoutBias();
    summary = Summary.of(depthwise, Shape.of(2, 4, 5, 5));
    assertEquals(2 * 4 * 9 * 9, summary.multiplyAdds());
    assertEquals(36, summary.parameters());

    Layer transposed = new ConvTranspose2d(4, 6, 3, valid().stride(2).groups(2), random);
    summary = Summary.of(transposed, Shape.of(2, 4, 5, 5));
    assertEquals(2 * 4 * 5 * 5 * (3 * 3 * 3), summary.multiplyAdds());
    assertEquals(4 * 3 * 9 + 6, summary.parameters());

    summary = Summary.of(new Conv1d(4, 6, 3, random), Shape.of(2, 4, 10));
    assertEquals(2 * 6 * 8 * 12, summary.multiplyAdds());

    summary = Summary.of(new Linear(4, 3, random), Shape.of(2, 5, 4));
    assertEquals(2 * 5 * 3 * 4, summary.multiplyAdds());
  }

  @Test
  void tellsPlacesBuffersAndWhatIsShared() {
    Linear shared = new Linear(4, 4, random);
    Layer net =
        new Sequential()
            .then(
                "body", new Residual(new Sequential(shared, new BatchNorm1d(4), new Dropout(0.5))))
            .then("again", shared)
            .then("last", x -> x);
    Summary summary = Summary.of(net, Shape.of(3, 4));
    assertEquals(
        List.of(
            ": Sequential",
            "body: Residual",
            "body.body: Sequential",
            "body.body.0: Linear",
            "body.body.1: BatchNorm1d",
            "body.body.2: Dropout",
            "again: Linear",
            "last: layer"),
        summary.rows().stream().map(row -> row.path() + ": " + row.layer()).toList());
    assertEquals(20 + 8, summary.parameters());
    assertEquals(8, summary.buffers());
    assertEquals(2 * 3 * 16, summary.multiplyAdds());
    assertEquals(
        List.of(20L, 0L),
        List.of(summary.rows().get(3).parameters(), summary.rows().get(7).parameters()));
  }

  @Test
  void tellsWhatIsFrozen() {
    Layer frozen = new Sequential(new Linear(4, 4, random), new BatchNorm1d(4)).frozen();
    Summary summary = Summary.of(new Sequential(frozen, new Linear(4, 3, random)), Shape.of(2, 4));
    assertEquals(
        List.of(15L, 28L, 8L), List.of(summary.parameters(), summary.frozen(), summary.buffers()));
    assertEquals(15 + 28, summary.rows().stream().mapToLong(Summary.Row::parameters).sum());
    List<String> lines = summary.toString().lines().toList();
    assertTrue(lines.get(lines.size() - 3).matches("in all +43 +56"), lines::toString);
    assertEquals(
        "input [2, 4], 28 parameters frozen, 8 numbers in buffers", lines.get(lines.size() - 2));
    assertEquals(summary.graphBytes() + 4 * (2 * 15 + 28 + 8), summary.stepBytes());
  }

  /** Six values of 3 x 4 numbers: of the products, the bias, and the four ops of a tanh net. */
  @Test
  void measuresTheGraphOfATrainingStep() {
    Layer net = new Sequential(new Linear(4, 4, random), new Tanh(), new Sigmoid());
    Summary summary = Summary.of(net, Shape.of(3, 4));
    assertEquals(4 * 12 * 4, summary.graphBytes());
    assertEquals(4 * 12 * 4 + 2 * 20 * 4, summary.stepBytes());
    Summary one =
        Summary.of(new Sequential(new Linear(4, 4, random), new BatchNorm1d(4)), Shape.of(1, 4));
    assertTrue(one.graphBytes() > 0);
  }

  @Test
  void fitsEightyColumnsWhateverTheNames() {
    Layer deep = new Linear(1000, 1000, random);
    for (int i = 0; i < 10; i++) {
      deep = new Sequential().then("a_long_name_of_a_place_" + i, deep);
    }
    Summary summary = Summary.of(deep, Shape.of(12, 1, 1, 1, 1, 1, 1, 1000));
    assertTrue(summary.toString().lines().allMatch(line -> line.length() <= 80), summary::toString);
  }

  @Test
  void refusesWhatTheNetRefuses() {
    Layer net = new Sequential(new Linear(4, 4, random));
    assertEquals(
        "0: linear: input [3, 5] has 5 features, but the weight [4, 4] expects 4",
        assertThrows(ShapeException.class, () -> Summary.of(net, Shape.of(3, 5))).getMessage());
  }

  /** A net may take what it takes no zeros for. */
  @Test
  void isOfTheInputsThatAreGiven() {
    Layer net =
        new Sequential(
            x -> {
              if (x.value().at(0) == 0) {
                throw new IllegalArgumentException("zero");
              }
              return x;
            },
            new Linear(4, 4, random));
    NdArray ones = NdArray.full(DType.FLOAT32, Shape.of(3, 4), 1);
    assertEquals(
        Summary.of(new Sequential(x -> x, new Linear(4, 4, random)), Shape.of(3, 4)).toString(),
        Summary.of(net, ones).toString());
    assertThrows(IllegalArgumentException.class, () -> Summary.of(net, Shape.of(3, 4)));
  }
}
