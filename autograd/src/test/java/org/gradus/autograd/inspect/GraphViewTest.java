package org.gradus.autograd.inspect;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.bias;
import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.mse;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.neg;
import static org.gradus.autograd.ops.Ops.relu;
import static org.gradus.autograd.ops.Ops.sqrt;
import static org.gradus.autograd.ops.Ops.sub;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;
import org.junit.jupiter.api.Test;

class GraphViewTest {

  private static Tensor variable(double... values) {
    return Tensor.variable(NdArray.of(values, values.length));
  }

  private static Tensor constant(double... values) {
    return Tensor.constant(NdArray.of(values, values.length));
  }

  // ---- whole texts -----------------------------------------------------------------------------

  /** A picture of a small network, with all that a picture can have. */
  private static GraphView network() {
    Tensor x = Tensor.constant(ramp(1, 1, 4, 4));
    Tensor w = Tensor.variable(ramp(1, 1, 2, 2));
    Tensor b = Tensor.variable(NdArray.of(new float[] {-20}, 1));
    Tensor y = relu(bias(conv2d(x, w, ConvOptions.valid().stride(2)), b));
    Tensor loss = mse(y, Tensor.constant(ramp(1, 1, 2, 2)));
    GraphView view = GraphView.of(loss).names(Map.of(x, "image", w, "w", b, "b", y, "edges"));
    return view.gradients(Gradients.backward(loss, view.tracked()));
  }

  private static NdArray ramp(int... dims) {
    return NdArray.generate(DType.FLOAT32, Shape.of(dims), i -> i);
  }

  @Test
  void aNetworkInTheLanguageOfGraphviz() {
    assertEquals(
        """
        digraph {
          n0 [label="image: constant\\nFLOAT32 [1, 1, 4, 4]", shape=ellipse, style=dashed];
          n1 [label="w: variable\\nFLOAT32 [1, 1, 2, 2]\\n|gradient| = 1.39e+03", shape=ellipse];
          n2 [label="conv2d\\n2x2, stride 2\\nFLOAT32 [1, 1, 2, 2]\\n|gradient| = 40.2", shape=box];
          n0 -> n2 [label="0"];
          n1 -> n2 [label="1"];
          n3 [label="b: variable\\nFLOAT32 [1] = -20.0\\n|gradient| = 65.0", shape=ellipse];
          n4 [label="bias\\nFLOAT32 [1, 1, 2, 2]\\n|gradient| = 40.2", shape=box];
          n2 -> n4 [label="0"];
          n3 -> n4 [label="1"];
          n5 [label="edges: relu\\nFLOAT32 [1, 1, 2, 2]\\n|gradient| = 40.2", shape=box];
          n4 -> n5;
          n6 [label="constant\\nFLOAT32 [1, 1, 2, 2]", shape=ellipse, style=dashed];
          n7 [label="mse\\nFLOAT32 [] = 1615.5\\n|gradient| = 1.00", shape=box, peripheries=2];
          n5 -> n7 [label="0"];
          n6 -> n7 [label="1"];
        }
        """,
        network().dot());
  }

  @Test
  void aNetworkInTheLanguageOfMermaid() {
    assertEquals(
        """
        flowchart TD
          n0[/"image: constant<br/>FLOAT32 [1, 1, 4, 4]"/]
          n1(["w: variable<br/>FLOAT32 [1, 1, 2, 2]<br/>|gradient| = 1.39e+03"])
          n2["conv2d<br/>2x2, stride 2<br/>FLOAT32 [1, 1, 2, 2]<br/>|gradient| = 40.2"]
          n0 -->|0| n2
          n1 -->|1| n2
          n3(["b: variable<br/>FLOAT32 [1] = -20.0<br/>|gradient| = 65.0"])
          n4["bias<br/>FLOAT32 [1, 1, 2, 2]<br/>|gradient| = 40.2"]
          n2 -->|0| n4
          n3 -->|1| n4
          n5["edges: relu<br/>FLOAT32 [1, 1, 2, 2]<br/>|gradient| = 40.2"]
          n4 --> n5
          n6[/"constant<br/>FLOAT32 [1, 1, 2, 2]"/]
          n7[["mse<br/>FLOAT32 [] = 1615.5<br/>|gradient| = 1.00"]]
          n5 -->|0| n7
          n6 -->|1| n7
        """,
        network().mermaid());
  }

  @Test
  void theSameGraphGivesTheSameText() {
    GraphView view = network();
    assertEquals(view.dot(), view.dot());
    assertEquals(view.mermaid(), network().mermaid());
    Locale locale = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertEquals(view.mermaid(), network().mermaid());
      assertTrue(view.dot().contains("40.2"));
    } finally {
      Locale.setDefault(locale);
    }
  }

  // ---- shapes of graphs ------------------------------------------------------------------------

  @Test
  void aDiamondStaysADiamond() {
    Tensor x = variable(1, 2);
    assertEquals(
        """
        flowchart TD
          n0(["variable<br/>FLOAT64 [2]"])
          n1["sqrt<br/>FLOAT64 [2]"]
          n0 --> n1
          n2["neg<br/>FLOAT64 [2]"]
          n0 --> n2
          n3[["sub<br/>FLOAT64 [2]"]]
          n1 -->|0| n3
          n2 -->|1| n3
        """,
        GraphView.of(sub(sqrt(x), neg(x))).mermaid());
  }

  @Test
  void theSameTensorTwiceIsOneNodeWithTwoEdges() {
    Tensor x = variable(1, 2);
    assertEquals(
        """
        digraph {
          n0 [label="variable\\nFLOAT64 [2]", shape=ellipse];
          n1 [label="mul\\nFLOAT64 [2]", shape=box, peripheries=2];
          n0 -> n1 [label="0"];
          n0 -> n1 [label="1"];
        }
        """,
        GraphView.of(mul(x, x)).dot());
  }

  @Test
  void severalOutputsShareTheirNodes() {
    Tensor x = variable(1, 2);
    Tensor y = neg(x);
    Tensor z = sum(y);
    assertEquals(
        """
        flowchart TD
          n0(["variable<br/>FLOAT64 [2]"])
          n1[["neg<br/>FLOAT64 [2]"]]
          n0 --> n1
          n2[["sum<br/>axes [0]<br/>FLOAT64 [] = -3.0"]]
          n1 --> n2
          n3[["sqrt<br/>FLOAT64 [2]"]]
          n0 --> n3
        """,
        GraphView.of(z, y, sqrt(x), z).mermaid());
  }

  @Test
  void whatNoVariableFeedsIsALeaf() {
    Tensor c = neg(constant(1, 2));
    assertEquals(
        """
        flowchart TD
          n0[["constant<br/>FLOAT64 [2]"]]
        """,
        GraphView.of(c).mermaid());
    assertEquals(
        """
        digraph {
          n0 [label="constant\\nFLOAT64 [2]", shape=ellipse, style=dashed, peripheries=2];
        }
        """,
        GraphView.of(c).dot());
    assertEquals(
        """
        digraph {
          n0 [label="variable\\nFLOAT64 [1] = 0.1", shape=ellipse, peripheries=2];
        }
        """,
        GraphView.of(variable(0.1)).dot());
  }

  @Test
  void aLongChainOnASmallStack() throws Exception {
    FutureTask<String> task =
        new FutureTask<>(
            () -> {
              Tensor y = variable(1);
              for (int i = 0; i < 100_000; i++) {
                y = neg(y);
              }
              return GraphView.of(y).dot();
            });
    new Thread(null, task, "small stack", 256 << 10).start();
    assertEquals(2 + 1 + 2 * 100_000, task.get().lines().count());
    assertTrue(task.get().endsWith("  n99999 -> n100000;\n}\n"));
  }

  @Test
  void aGraphOfNothingIsRefused() {
    var error = assertThrows(IllegalArgumentException.class, GraphView::of);
    assertEquals("graph view: 0 tensors, expected one or more", error.getMessage());
  }

  // ---- names and gradients ---------------------------------------------------------------------

  @Test
  void namesAddUpAndThoseOfOthersAreIgnored() {
    Tensor x = variable(1, 2);
    Tensor y = neg(x);
    Map<Tensor, String> names = new HashMap<>(Map.of(x, "x", constant(1), "another"));
    GraphView one = GraphView.of(y).names(names);
    GraphView two = one.names(Map.of(y, "y")).names(Map.of(x, "input"));
    names.put(x, "changed");
    assertEquals(
        """
        flowchart TD
          n0(["x: variable<br/>FLOAT64 [2]"])
          n1[["neg<br/>FLOAT64 [2]"]]
          n0 --> n1
        """,
        one.mermaid());
    assertEquals(
        """
        flowchart TD
          n0(["input: variable<br/>FLOAT64 [2]"])
          n1[["y: neg<br/>FLOAT64 [2]"]]
          n0 --> n1
        """,
        two.mermaid());
  }

  @Test
  void gradientsAreShownWhereTheyWereAskedForAndReached() {
    Tensor x = variable(1, 2);
    Tensor y = mul(x, constant(3, 4));
    Tensor other = neg(variable(1, 1));
    GraphView view = GraphView.of(y, other);
    assertArrayEquals(new Tensor[] {x, y, other.inputs().get(0), other}, view.tracked());
    Gradients gradients = Gradients.pullback(y, constant(1, -1), Mode.VALUES, view.tracked());
    assertEquals(
        """
        flowchart TD
          n0(["variable<br/>FLOAT64 [2]<br/>|gradient| = 5.00"])
          n1[/"constant<br/>FLOAT64 [2]"/]
          n2[["mul<br/>FLOAT64 [2]<br/>|gradient| = 1.41"]]
          n0 -->|0| n2
          n1 -->|1| n2
          n3(["variable<br/>FLOAT64 [2]"])
          n4[["neg<br/>FLOAT64 [2]"]]
          n3 --> n4
        """,
        view.gradients(gradients).mermaid());
    Gradients ofVariables = Gradients.backward(sum(y));
    List<String> shown =
        GraphView.of(y)
            .gradients(gradients)
            .names(Map.of(x, "x"))
            .gradients(ofVariables)
            .dot()
            .lines()
            .filter(line -> line.contains("gradient"))
            .toList();
    assertEquals(
        List.of("  n0 [label=\"x: variable\\nFLOAT64 [2]\\n|gradient| = 5.00\", shape=ellipse];"),
        shown);
  }

  /** Also of numbers in boxes that a gradient makes wider. */
  @Test
  void picturesOfAWalkHaveAllInTheSamePlaces() {
    Tensor x = variable(1e-30, 2);
    Tensor y = sum(mul(x, x));
    GraphView view = GraphView.of(y).names(Map.of(x, "x")).roomForGradients();
    String before = view.svg();
    String after = view.gradients(Gradients.backward(y, view.tracked())).svg();
    String half = view.gradients(Gradients.backward(y, y)).svg();
    assertFalse(before.contains("|gradient|"));
    assertEquals(2, half.split("\\|gradient\\|", -1).length);
    assertEquals(4, after.split("\\|gradient\\|", -1).length);
    for (String picture : List.of(half, after)) {
      List<String> red =
          picture.lines().filter(line -> !before.lines().toList().contains(line)).toList();
      assertTrue(red.stream().allMatch(line -> line.contains("#c22") || line.contains("<path")));
      assertTrue(picture.lines().toList().containsAll(before.lines().toList()), picture);
    }
  }

  // ---- text ------------------------------------------------------------------------------------

  @Test
  void charactersThatMeanSomethingAreEscaped() {
    Tensor x = variable(1, 2);
    String name = "\"q\" \\n [a] {b} <i>&lt; #35; `c` %% é→;\n1. d\\";
    GraphView view = GraphView.of(x).names(Map.of(x, name));
    assertEquals(
        """
        digraph {
          n0 [label="\\"q\\" \\\\n [a] {b} <i>&amp;lt; #35; `c` %% é→; 1. d\\\\: variable\\nFLOAT64 [2]", shape=ellipse, peripheries=2];
        }
        """,
        view.dot());
    assertEquals(
        """
        flowchart TD
          n0[["#34;q#34; #92;n [a] #123;b#125; #60;i#62;#38;lt#59; #35;35#59; #96;c#96; #37;#37; é#8594;#59; 1. d#92;: variable<br/>FLOAT64 [2]"]]
        """,
        view.mermaid());
  }

  @Test
  void aWatchedGraphShowsTheOps() {
    Tensor x = Watch.finite(variable(1, 2));
    assertEquals(
        """
        flowchart TD
          n0(["variable<br/>FLOAT64 [2]"])
          n1["watch<br/>FLOAT64 [2]"]
          n0 --> n1
          n2["mul<br/>factor 3.0<br/>FLOAT64 [2]"]
          n1 --> n2
          n3[/"constant<br/>FLOAT64 [2]"/]
          n4[["add<br/>FLOAT64 [2]"]]
          n2 -->|0| n4
          n3 -->|1| n4
        """,
        GraphView.of(add(mul(x, 3), neg(Watch.finite(constant(1, 2))))).mermaid());
  }
}
