package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
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

  /** Five edges with values, and three with gradients: none of a constant is drawn. */
  @Test
  void gradientsAreDrawnBackwards() {
    String svg = GraphPicture.loss().svg();
    assertEquals(5, edges("#333", svg));
    assertEquals(3, edges("#c22", svg));
  }

  private static long edges(String color, String svg) {
    int start = svg.indexOf("<g fill=\"none\" stroke=\"" + color);
    String group = svg.substring(start, svg.indexOf("</g>", start));
    return group.lines().filter(line -> line.startsWith("<path")).count();
  }
}
