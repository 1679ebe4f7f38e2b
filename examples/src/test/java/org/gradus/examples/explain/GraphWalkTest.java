package org.gradus.examples.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.ops.Ops;
import org.junit.jupiter.api.Test;

class GraphWalkTest {

  /**
   * Twice x, or the sum of two, which notes when the walk asks for its product. No class of its
   * own, since it is no op for others.
   */
  private static Op noted(String name, int arity, List<String> asked) {
    return (Op)
        Proxy.newProxyInstance(
            Op.class.getClassLoader(),
            new Class<?>[] {Op.class},
            (self, method, given) ->
                switch (method.getName()) {
                  case "name", "toString" -> name;
                  case "arity" -> arity;
                  case "forward" -> forward((List<?>) given[0]);
                  case "vjp" -> {
                    if (!asked.contains(name)) {
                      asked.add(name);
                    }
                    yield arity == 1 ? Ops.mul((Tensor) given[1], 2) : given[1];
                  }
                  default -> throw new AssertionError(method);
                });
  }

  private static NdArray forward(List<?> in) {
    NdArray first = (NdArray) in.get(0);
    return in.size() == 1 ? first.map(x -> 2 * x) : first.plusScaled(1, (NdArray) in.get(1));
  }

  /** The numbers in the picture are in the order in which the engine reaches the nodes. */
  @Test
  void nodesAreInTheOrderOfTheWalk() {
    List<String> asked = new ArrayList<>();
    Tensor x = Tensor.variable(NdArray.of(1.0));
    Tensor a = Tensor.of(noted("a", 1, asked), x);
    Tensor b = Tensor.of(noted("b", 1, asked), a);
    Tensor c = Tensor.of(noted("c", 1, asked), a);
    Tensor d = Tensor.of(noted("d", 2, asked), b, a);
    Tensor loss = Tensor.of(noted("loss", 2, asked), d, c);
    Gradients.backward(loss, x);
    List<String> walk = List.copyOf(asked);
    GraphWalk shown = GraphWalk.of(new Chapter.Heading("", "", ""), loss, Map.of(x, "x"));
    List<String> texts =
        shown.frames().stream()
            .skip(1)
            .map(frame -> frame.text().replaceAll("^<b>#\\d+:? ([a-z]+).*", "$1"))
            .toList();
    assertEquals(6, texts.size());
    assertEquals(walk, texts.subList(0, 5));
    assertEquals("x", texts.get(5));
  }

  @Test
  void whatComesBackToANodeWithTwoUsesIsAddedUp() {
    GraphWalk graph = Chapters.graphs().get(0);
    List<GraphWalk.Frame> frames = graph.frames();
    assertEquals(6, frames.size());
    assertEquals(
        "<b>#3 a: mul</b> gets 1 · 1 = 1 from #1 L: add, and 1 · 6 = 6 from #2 c: mul, and 1 · 6 ="
            + " 6 from #2 c: mul. It is used 3 times, so what comes back is added up: <b>13</b>.",
        frames.get(3).text());
    assertEquals("<b>#4 w: variable</b> gets 13 · 2 = 26 from #3 a: mul.", frames.get(4).text());
    assertEquals("<b>#5 x: variable</b> gets 13 · 3 = 39 from #3 a: mul.", frames.get(5).text());
    assertFalse(frames.get(0).svg().contains("|gradient|"));
    for (int i = 1; i < frames.size(); i++) {
      assertEquals(i, frames.get(i).svg().split("\\|gradient\\|", -1).length - 1);
    }
  }

  /** L = (w x)^2 + w x: the second derivatives are 2 x^2 and 4 w x + 1. */
  @Test
  void theSecondDerivativeIsAWalkToo() {
    List<String> texts =
        Chapters.graphs().get(1).frames().stream().map(GraphWalk.Frame::text).toList();
    assertTrue(
        texts.stream().anyMatch(t -> t.contains(" w: variable</b> gets ") && t.contains("8")));
    assertTrue(
        texts.stream()
            .anyMatch(t -> t.contains(" x: variable</b> gets ") && t.contains("<b>25</b>")));
    assertEquals("<b>#3: accumulate</b> gets 2 · 1 = 2 from #2: accumulate.", texts.get(3));
  }

  /** A box is called in the texts as it is labelled. */
  @Test
  void textsCallNodesAsThePictureDoes() {
    Pattern label = Pattern.compile("#\\d+[^<.,]*: \\w+");
    int found = 0;
    for (GraphWalk graph : Chapters.graphs()) {
      for (GraphWalk.Frame frame : graph.frames().subList(1, graph.frames().size())) {
        Matcher labels = label.matcher(frame.text());
        for (; labels.find(); found++) {
          assertTrue(frame.svg().contains(">" + labels.group() + "<"), labels.group());
        }
      }
    }
    assertTrue(found > 30, found + " labels");
  }
}
