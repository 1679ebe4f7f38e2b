package org.gradus.autograd;

import static org.gradus.autograd.TinyOps.mul;
import static org.gradus.autograd.TinyOps.total;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * Random graphs of tiny ops. What the engine computes backwards is compared with forward-mode
 * differentiation, by numbers that carry their first and second derivatives along. The tolerance is
 * relative to the sum of the absolute values of all that is added up, which the same forward
 * computation gives when it is run on absolute values.
 */
class RandomGraphProperties {
  private static final int VARIABLES = 3;
  private static final int LENGTH = 2;
  private static final double TOLERANCE = 1e-12;

  /** What a node does to two earlier nodes; some look at the first only. */
  enum Kind {
    ADD,
    MUL,
    SCALE,
    MEET
  }

  /** A node: its inputs are found among the earlier ones, counted from the latest. */
  record Step(Kind kind, int first, int second, double factor) {}

  /** A graph over three variables of two elements each, and directions to differentiate along. */
  record Case(List<Step> steps, List<Double> values, List<Double> directions) {}

  @Property(seed = "4611", tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void gradientsAreThoseOfForwardMode(@ForAll("cases") Case drawn) {
    List<Tensor> variables = variables(drawn);
    Gradients gradients =
        Gradients.backward(
            total(last(tensors(drawn, variables))), variables.toArray(Tensor[]::new));
    for (int v = 0; v < VARIABLES; v++) {
      for (int i = 0; i < LENGTH; i++) {
        double[] unit = new double[VARIABLES * LENGTH];
        unit[v * LENGTH + i] = 1;
        double expected = forward(drawn, x -> x, unit, unit).first();
        double bound = forward(drawn, Math::abs, unit, unit).first();
        double actual = gradients.of(variables.get(v)).value().at(i);
        assertEquals(expected, actual, TOLERANCE * bound);
      }
    }
  }

  @Property(seed = "4612", tries = 500, edgeCases = EdgeCasesMode.NONE)
  void secondDerivativesAreThoseOfForwardMode(@ForAll("cases") Case drawn) {
    List<Tensor> variables = variables(drawn);
    double[] direction = drawn.directions().stream().mapToDouble(x -> x).toArray();
    Tensor loss = total(last(tensors(drawn, variables)));
    Tensor[] asked = variables.toArray(Tensor[]::new);
    Gradients slopes = Gradients.backward(loss, Mode.DIFFERENTIABLE, asked);
    Tensor slope = Tensor.constant(NdArray.scalar(DType.FLOAT64, 0));
    for (int v = 0; v < VARIABLES; v++) {
      double[] part = Arrays.copyOfRange(direction, v * LENGTH, (v + 1) * LENGTH);
      Tensor along = mul(slopes.of(variables.get(v)), TinyOps.constant(part));
      slope = TinyOps.add(slope, total(along));
    }
    Gradients gradients = Gradients.backward(slope, asked);
    for (int v = 0; v < VARIABLES; v++) {
      for (int i = 0; i < LENGTH; i++) {
        double[] unit = new double[VARIABLES * LENGTH];
        unit[v * LENGTH + i] = 1;
        double expected = forward(drawn, x -> x, direction, unit).mixed();
        double bound = forward(drawn, Math::abs, direction, unit).mixed();
        double actual = gradients.of(variables.get(v)).value().at(i);
        assertEquals(expected, actual, TOLERANCE * bound);
      }
    }
  }

  @Property(seed = "4613", tries = 500, edgeCases = EdgeCasesMode.NONE)
  void askingForFewerChangesNoBitAndCallsNoMoreVjps(@ForAll("cases") Case drawn) {
    List<Tensor> variables = variables(drawn);
    List<Tensor> nodes = tensors(drawn, variables);
    Tensor loss = total(last(nodes));
    Tensor[] asked = variables.toArray(Tensor[]::new);
    Gradients all = Gradients.backward(loss, asked);
    Gradients unnamed = Gradients.backward(loss);
    Gradients differentiable = Gradients.backward(loss, Mode.DIFFERENTIABLE, asked);
    for (Tensor variable : variables) {
      NdArray expected = all.of(variable).value();
      assertEquals(expected, Gradients.backward(loss, variable).of(variable).value());
      assertEquals(expected, differentiable.of(variable).value());
      if (unnamed.reached(variable)) {
        assertEquals(expected, unnamed.of(variable).value());
      }
    }
    Gradients everything = Gradients.backward(loss, nodes.toArray(Tensor[]::new));
    for (Tensor variable : variables) {
      assertEquals(all.of(variable).value(), everything.of(variable).value());
    }
  }

  @Property(seed = "4614", tries = 500, edgeCases = EdgeCasesMode.NONE)
  void eachNodeIsVisitedOnceBehindItsUsers(@ForAll("cases") Case drawn) {
    TinyOps.Journal journal = new TinyOps.Journal();
    List<Tensor> nodes = tensors(drawn, variables(drawn), journal);
    Tensor loss = last(nodes);
    Gradients.pullback(loss, loss.detach(), Mode.DIFFERENTIABLE);
    List<Tensor> order = journal.visits().stream().map(TinyOps.Visit::output).distinct().toList();
    long inputs = order.stream().mapToLong(node -> node.inputs().size()).sum();
    assertEquals(inputs, journal.visits().size(), "one VJP for each input of each node");
    for (int i = 0; i < order.size(); i++) {
      Set<Tensor> behind = Set.copyOf(order.subList(i, order.size()));
      for (Tensor input : order.get(i).inputs()) {
        assertTrue(input.isVariable() || behind.contains(input));
      }
    }
    journal.assertNothingWritten();
  }

  // ---- the graph, as tensors -------------------------------------------------------------------

  private static List<Tensor> variables(Case drawn) {
    List<Tensor> variables = new ArrayList<>();
    for (int v = 0; v < VARIABLES; v++) {
      List<Double> own = drawn.values().subList(v * LENGTH, (v + 1) * LENGTH);
      variables.add(TinyOps.variable(own.stream().mapToDouble(x -> x).toArray()));
    }
    return variables;
  }

  private static List<Tensor> tensors(Case drawn, List<Tensor> variables) {
    return tensors(drawn, variables, new TinyOps.Journal());
  }

  private static List<Tensor> tensors(Case drawn, List<Tensor> variables, TinyOps.Journal journal) {
    List<Tensor> nodes = new ArrayList<>(variables);
    for (Step step : drawn.steps()) {
      Tensor a = earlier(nodes, step.first());
      Tensor b = earlier(nodes, step.second());
      nodes.add(
          switch (step.kind()) {
            case ADD -> journal.of(new TinyOps.Add(), a, b);
            case MUL -> journal.of(new TinyOps.Mul(), a, b);
            case SCALE -> journal.of(new TinyOps.Scale(step.factor()), a);
            case MEET ->
                journal.of(
                    new TinyOps.Spread(Shape.of(LENGTH)), journal.of(new TinyOps.Total(), a));
          });
    }
    return nodes;
  }

  private static <T> T earlier(List<T> nodes, int back) {
    return nodes.get(nodes.size() - 1 - back % nodes.size());
  }

  private static <T> T last(List<T> nodes) {
    return nodes.get(nodes.size() - 1);
  }

  // ---- the graph, forwards ---------------------------------------------------------------------

  /** value + first e + second f + mixed e f, where e^2 = f^2 = 0. */
  record HyperDual(double value, double first, double second, double mixed) {
    HyperDual plus(HyperDual o) {
      return new HyperDual(value + o.value, first + o.first, second + o.second, mixed + o.mixed);
    }

    HyperDual times(HyperDual o) {
      return new HyperDual(
          value * o.value,
          first * o.value + value * o.first,
          second * o.value + value * o.second,
          mixed * o.value + first * o.second + second * o.first + value * o.mixed);
    }
  }

  /** The sum of the last node's elements, with derivatives along two directions. */
  private static HyperDual forward(
      Case drawn, DoubleUnaryOperator read, double[] direction1, double[] direction2) {
    List<List<HyperDual>> nodes = new ArrayList<>();
    for (int v = 0; v < VARIABLES; v++) {
      List<HyperDual> elements = new ArrayList<>();
      for (int i = v * LENGTH; i < (v + 1) * LENGTH; i++) {
        elements.add(
            new HyperDual(
                read.applyAsDouble(drawn.values().get(i)),
                read.applyAsDouble(direction1[i]),
                read.applyAsDouble(direction2[i]),
                0));
      }
      nodes.add(elements);
    }
    for (Step step : drawn.steps()) {
      List<HyperDual> a = earlier(nodes, step.first());
      List<HyperDual> b = earlier(nodes, step.second());
      HyperDual factor = new HyperDual(read.applyAsDouble(step.factor()), 0, 0, 0);
      List<HyperDual> result = new ArrayList<>();
      for (int i = 0; i < LENGTH; i++) {
        result.add(
            switch (step.kind()) {
              case ADD -> a.get(i).plus(b.get(i));
              case MUL -> a.get(i).times(b.get(i));
              case SCALE -> a.get(i).times(factor);
              case MEET -> sum(a);
            });
      }
      nodes.add(result);
    }
    return sum(last(nodes));
  }

  private static HyperDual sum(List<HyperDual> elements) {
    return elements.stream().reduce(new HyperDual(0, 0, 0, 0), HyperDual::plus);
  }

  // ---- what is drawn ---------------------------------------------------------------------------

  @Provide
  Arbitrary<Case> cases() {
    Arbitrary<Double> numbers =
        Arbitraries.integers().between(-150, 150).map(hundredths -> hundredths / 100.0);
    Arbitrary<Step> steps =
        Combinators.combine(
                Arbitraries.of(Kind.values()),
                Arbitraries.integers().between(0, 5),
                Arbitraries.integers().between(0, 5),
                numbers)
            .as(Step::new);
    Arbitrary<List<Double>> points = numbers.list().ofSize(VARIABLES * LENGTH);
    return Combinators.combine(steps.list().ofMinSize(1).ofMaxSize(12), points, points)
        .as(Case::new);
  }
}
