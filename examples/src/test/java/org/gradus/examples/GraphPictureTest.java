package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.neg;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.inspect.GraphView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphPictureTest {
  private static final Path COMMITTED =
      Path.of(System.getProperty("basedir", ""), "graph.svg").toAbsolutePath();

  @Test
  void thePictureOfTheReadmeIsWhatTheProgramDraws(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("graph.svg");
    GraphPicture.main(new String[] {file.toString()});
    assertEquals(Files.readString(COMMITTED), Files.readString(file));
  }

  @Test
  void theSameGraphAsMermaid() {
    assertEquals(
        """
        flowchart TD
          n0[/"x: constant<br/>FLOAT32 [1, 1, 3, 3]"/]
          n1(["w: variable<br/>FLOAT32 [1, 1, 2, 2]<br/>|gradient| = 3.32"])
          n2["conv2d<br/>2x2<br/>FLOAT32 [1, 1, 2, 2]<br/>|gradient| = 1.22"]
          n0 -->|0| n2
          n1 -->|1| n2
          n3["relu<br/>FLOAT32 [1, 1, 2, 2]<br/>|gradient| = 1.22"]
          n2 --> n3
          n4[/"t: constant<br/>FLOAT32 [1, 1, 2, 2]"/]
          n5[["mse<br/>FLOAT32 [] = 1.5<br/>|gradient| = 1.00"]]
          n3 -->|0| n5
          n4 -->|1| n5
        """,
        GraphPicture.loss().mermaid());
  }

  @Test
  void noBoxCoversAnother() {
    Tensor x = Tensor.variable(NdArray.of(new double[] {1, 2}, 2));
    Tensor y = Tensor.variable(NdArray.of(new double[] {3, 4}, 2));
    Tensor z = sum(add(mul(x, y), mul(neg(x), neg(y))));
    String svg = GraphPicture.svg(GraphView.of(z).dot());
    List<int[]> boxes =
        Pattern.compile("<rect x=\"(\\d+)\" y=\"(\\d+)\" width=\"(\\d+)\" height=\"(\\d+)\"")
            .matcher(svg)
            .results()
            .map(GraphPictureTest::sides)
            .toList();
    assertEquals(8, boxes.size());
    for (int[] a : boxes) {
      for (int[] b : boxes) {
        boolean apart = a[2] < b[0] || b[2] < a[0] || a[3] < b[1] || b[3] < a[1];
        assertTrue(a == b || apart, svg);
      }
    }
  }

  /** Left, top, right and bottom. */
  private static int[] sides(MatchResult box) {
    int left = Integer.parseInt(box.group(1));
    int top = Integer.parseInt(box.group(2));
    int right = left + Integer.parseInt(box.group(3));
    return new int[] {left, top, right, top + Integer.parseInt(box.group(4))};
  }

  @Test
  void namesMayHaveAnyCharacters() {
    Tensor x = Tensor.variable(NdArray.of(new double[] {1, 2}, 2));
    String svg = GraphPicture.svg(GraphView.of(x).names(Map.of(x, "a<b & \"c\"")).dot());
    assertTrue(svg.contains(">a&lt;b &amp; \"c\": variable</text>"), svg);
  }

  @Test
  void gradientsAreDrawnBackwards() {
    String svg = GraphPicture.svg(GraphPicture.loss().dot());
    assertEquals(5, svg.split("marker-end=\"url\\(#value\\)\"", -1).length - 1);
    assertEquals(3, svg.split("marker-end=\"url\\(#gradient\\)\"", -1).length - 1);
  }
}
