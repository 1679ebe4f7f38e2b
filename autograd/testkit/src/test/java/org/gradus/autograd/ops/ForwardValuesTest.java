package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.PoolOptions.window;
import static org.gradus.autograd.ops.Values.assertClose;
import static org.gradus.autograd.ops.Values.assertExactly;
import static org.gradus.autograd.ops.Values.range;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Values of every function of {@link Ops}, worked by hand, in both element types; each method is
 * named after its function. Where the numbers are whole, or nothing is rounded, the bits are equal.
 */
class ForwardValuesTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  @Test
  void everyFunctionOfOpsIsHere() {
    Set<String> tested = names(ForwardValuesTest.class, 0);
    Set<String> missing = names(Ops.class, Modifier.STATIC);
    missing.addAll(names(NetworkOps.class, Modifier.STATIC));
    missing.removeAll(tested);
    assertEquals(Set.of(), missing);
  }

  private static Set<String> names(Class<?> type, int modifiers) {
    return Stream.of(type.getDeclaredMethods())
        .filter(method -> !method.isSynthetic() && !Modifier.isPrivate(method.getModifiers()))
        .filter(method -> (method.getModifiers() & modifiers) == modifiers)
        .map(Method::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  // ---- element by element, broadcasting --------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void add(DType type) {
    Tensor x = tensor(type, shape(2, 3), 1, 2, 3, 4, 5, 6);
    assertExactly(
        tensor(type, shape(2, 3), 1.5, 2, 2.5, 4, 4.5, 5),
        Ops.add(x, tensor(type, shape(2, 3), 0.5, 0, -0.5, 0, -0.5, -1)));
    assertExactly(
        tensor(type, shape(2, 3), 11, 22, 33, 14, 25, 36),
        Ops.add(x, tensor(type, shape(3), 10, 20, 30)));
    assertExactly(
        tensor(type, shape(2, 3), 11, 12, 13, 24, 25, 26),
        Ops.add(tensor(type, shape(2, 1), 10, 20), x));
    assertExactly(
        tensor(type, shape(2, 2), 11, 21, 12, 22),
        Ops.add(tensor(type, shape(2, 1), 1, 2), tensor(type, shape(2), 10, 20)));
    assertExactly(tensor(type, shape(2), 8, 9), Ops.add(scalar(type, 7), vector(type, 1, 2)));
    assertExactly(tensor(type, shape(), 9), Ops.add(scalar(type, 7), scalar(type, 2)));
    assertExactly(
        tensor(type, shape(1, 1), 9), Ops.add(scalar(type, 7), tensor(type, shape(1, 1), 2)));
    assertExactly(
        tensor(type, shape(2, 0)),
        Ops.add(tensor(type, shape(2, 1), 1, 2), tensor(type, shape(0))));
    assertExactly(tensor(type, shape(2), 3.5, 4.5), Ops.add(vector(type, 1, 2), 2.5));
    assertExactly(tensor(type, shape(2), 3.5, 4.5), Ops.add(2.5, vector(type, 1, 2)));
    assertExactly(tensor(type, shape(), 3), Ops.add(scalar(type, 1), 2));
    assertExactly(tensor(type, shape(0, 2)), Ops.add(tensor(type, shape(0, 2)), 2));
  }

  @ParameterizedTest
  @EnumSource
  void sub(DType type) {
    Tensor x = tensor(type, shape(2, 2), 1, 2, 3, 4);
    assertExactly(tensor(type, shape(2, 2), -9, -18, -7, -16), Ops.sub(x, vector(type, 10, 20)));
    assertExactly(
        tensor(type, shape(2, 2), 9, 8, 17, 16), Ops.sub(tensor(type, shape(2, 1), 10, 20), x));
    assertExactly(tensor(type, shape(2, 2), 0, 0, 0, 0), Ops.sub(x, x));
    assertExactly(tensor(type, shape(2), -1.5, -0.5), Ops.sub(vector(type, 1, 2), 2.5));
    assertExactly(tensor(type, shape(2), 1.5, 0.5), Ops.sub(2.5, vector(type, 1, 2)));
    assertExactly(tensor(type, shape(), 0), Ops.sub(0, scalar(type, 0)));
    assertExactly(tensor(type, shape(0)), Ops.sub(1, tensor(type, shape(0))));
  }

  @ParameterizedTest
  @EnumSource
  void mul(DType type) {
    Tensor x = tensor(type, shape(2, 3), 1, 2, 3, 4, 5, 6);
    assertExactly(
        tensor(type, shape(2, 3), 10, -20, 0, 40, -50, 0), Ops.mul(x, vector(type, 10, -10, 0)));
    assertExactly(
        tensor(type, shape(2, 3), 10, 20, 30, 80, 100, 120),
        Ops.mul(x, tensor(type, shape(2, 1), 10, 20)));
    assertExactly(tensor(type, shape(2, 3), 1, 4, 9, 16, 25, 36), Ops.mul(x, x));
    assertExactly(
        tensor(type, shape(2, 1, 2), 3, 4, 6, 8),
        Ops.mul(tensor(type, shape(2, 1, 1), 1, 2), tensor(type, shape(1, 2), 3, 4)));
    assertExactly(tensor(type, shape(3), -2, -4, -6), Ops.mul(vector(type, 1, 2, 3), -2));
    assertExactly(tensor(type, shape(3), -2, -4, -6), Ops.mul(-2, vector(type, 1, 2, 3)));
    assertExactly(tensor(type, shape(), 6), Ops.mul(scalar(type, 2), scalar(type, 3)));
    assertExactly(
        tensor(type, shape(0, 3)), Ops.mul(tensor(type, shape(0, 1)), vector(type, 1, 2, 3)));
  }

  @ParameterizedTest
  @EnumSource
  void div(DType type) {
    Tensor x = tensor(type, shape(2, 2), 1, 2, 3, 4);
    assertExactly(tensor(type, shape(2, 2), 0.5, 0.5, 1.5, 1), Ops.div(x, vector(type, 2, 4)));
    assertExactly(
        tensor(type, shape(2, 2), 2, 1, 4, 3), Ops.div(tensor(type, shape(2, 1), 2, 12), x));
    assertClose(tensor(type, shape(2), 1 / 3.0, 2 / 3.0), Ops.div(vector(type, 1, 2), 3));
    assertExactly(tensor(type, shape(2), 0.25, -0.5), Ops.div(vector(type, 1, -2), 4));
    assertExactly(tensor(type, shape(2), 3, -1.5), Ops.div(3, vector(type, 1, -2)));
    assertExactly(tensor(type, shape(), 4), Ops.div(8, scalar(type, 2)));
    assertExactly(tensor(type, shape(0)), Ops.div(8, tensor(type, shape(0))));
  }

  @ParameterizedTest
  @EnumSource
  void neg(DType type) {
    assertExactly(
        tensor(type, shape(2, 2), -1, 2, -0.0, 0.5),
        Ops.neg(tensor(type, shape(2, 2), 1, -2, 0, -0.5)));
    assertExactly(tensor(type, shape(), -3), Ops.neg(scalar(type, 3)));
    assertExactly(tensor(type, shape(0, 1)), Ops.neg(tensor(type, shape(0, 1))));
  }

  @ParameterizedTest
  @EnumSource
  void maximum(DType type) {
    Tensor x = tensor(type, shape(2, 3), 1, 2, 3, 4, 5, 6);
    assertExactly(
        tensor(type, shape(2, 3), 2, 5, 3, 4, 5, 6), Ops.maximum(x, vector(type, 2, 5, 3)));
    assertExactly(
        tensor(type, shape(2, 3), 2, 2, 3, 5, 5, 6),
        Ops.maximum(tensor(type, shape(2, 1), 2, 5), x));
    assertExactly(vector(type, -1, 0.5), Ops.maximum(vector(type, -1, -2), vector(type, -3, 0.5)));
    assertExactly(vector(type, -1, -1.5), Ops.maximum(vector(type, -1, -2), -1.5));
    assertExactly(tensor(type, shape(0)), Ops.maximum(tensor(type, shape(0)), 3));
  }

  @ParameterizedTest
  @EnumSource
  void minimum(DType type) {
    Tensor x = tensor(type, shape(2, 3), 1, 2, 3, 4, 5, 6);
    assertExactly(
        tensor(type, shape(2, 3), 1, 2, 3, 2, 5, 3), Ops.minimum(x, vector(type, 2, 5, 3)));
    assertExactly(
        tensor(type, shape(2, 3), 1, 2, 2, 4, 5, 5),
        Ops.minimum(tensor(type, shape(2, 1), 2, 5), x));
    assertExactly(vector(type, -3, -2), Ops.minimum(vector(type, -1, -2), vector(type, -3, 0.5)));
    assertExactly(vector(type, -1.5, -2), Ops.minimum(vector(type, -1, -2), -1.5));
    assertExactly(tensor(type, shape(0)), Ops.minimum(tensor(type, shape(0)), 3));
  }

  // ---- masks, choices --------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void greater(DType type) {
    Tensor x = vector(type, 1, 2, 3);
    assertExactly(vector(type, 0, 0, 1), Ops.greater(x, vector(type, 2, 2, 2)));
    assertExactly(
        tensor(type, shape(2, 3), 0, 0, 1, 0, 0, 0),
        Ops.greater(x, tensor(type, shape(2, 1), 2, 4)));
    assertExactly(vector(type, 0, 0, 1), Ops.greater(x, 2));
    assertExactly(tensor(type, shape(0)), Ops.greater(tensor(type, shape(0)), 2));
  }

  @ParameterizedTest
  @EnumSource
  void greaterEqual(DType type) {
    Tensor x = vector(type, 1, 2, 3);
    assertExactly(vector(type, 0, 1, 1), Ops.greaterEqual(x, vector(type, 2, 2, 2)));
    assertExactly(
        tensor(type, shape(2, 3), 0, 1, 1, 0, 0, 0),
        Ops.greaterEqual(x, tensor(type, shape(2, 1), 2, 4)));
    assertExactly(vector(type, 0, 1, 1), Ops.greaterEqual(x, 2));
    assertExactly(tensor(type, shape(0)), Ops.greaterEqual(tensor(type, shape(0)), 2));
  }

  @ParameterizedTest
  @EnumSource
  void less(DType type) {
    Tensor x = vector(type, 1, 2, 3);
    assertExactly(vector(type, 1, 0, 0), Ops.less(x, vector(type, 2, 2, 2)));
    assertExactly(
        tensor(type, shape(2, 3), 1, 0, 0, 1, 1, 1), Ops.less(x, tensor(type, shape(2, 1), 2, 4)));
    assertExactly(vector(type, 1, 0, 0), Ops.less(x, 2));
    assertExactly(tensor(type, shape(0)), Ops.less(tensor(type, shape(0)), 2));
  }

  @ParameterizedTest
  @EnumSource
  void lessEqual(DType type) {
    Tensor x = vector(type, 1, 2, 3);
    assertExactly(vector(type, 1, 1, 0), Ops.lessEqual(x, vector(type, 2, 2, 2)));
    assertExactly(
        tensor(type, shape(2, 3), 1, 1, 0, 1, 1, 1),
        Ops.lessEqual(x, tensor(type, shape(2, 1), 2, 4)));
    assertExactly(vector(type, 1, 1, 0), Ops.lessEqual(x, 2));
    assertExactly(tensor(type, shape(0)), Ops.lessEqual(tensor(type, shape(0)), 2));
  }

  @ParameterizedTest
  @EnumSource
  void equal(DType type) {
    Tensor x = vector(type, 1, 2, 3);
    assertExactly(vector(type, 0, 1, 0), Ops.equal(x, vector(type, 2, 2, 2)));
    assertExactly(
        tensor(type, shape(2, 3), 0, 1, 0, 0, 0, 0), Ops.equal(x, tensor(type, shape(2, 1), 2, 4)));
    assertExactly(vector(type, 0, 1, 0), Ops.equal(x, 2));
    assertExactly(tensor(type, shape(0)), Ops.equal(tensor(type, shape(0)), 2));
  }

  @ParameterizedTest
  @EnumSource
  void notEqual(DType type) {
    Tensor x = vector(type, 1, 2, 3);
    assertExactly(vector(type, 1, 0, 1), Ops.notEqual(x, vector(type, 2, 2, 2)));
    assertExactly(
        tensor(type, shape(2, 3), 1, 0, 1, 1, 1, 1),
        Ops.notEqual(x, tensor(type, shape(2, 1), 2, 4)));
    assertExactly(vector(type, 1, 0, 1), Ops.notEqual(x, 2));
    assertExactly(tensor(type, shape(0)), Ops.notEqual(tensor(type, shape(0)), 2));
  }

  @ParameterizedTest
  @EnumSource
  void where(DType type) {
    Tensor mask = tensor(type, shape(2, 3), 1, 0, -2, 0, 0.5, -0.0);
    Tensor a = tensor(type, shape(2, 3), 1, 2, 3, 4, 5, 6);
    assertExactly(
        tensor(type, shape(2, 3), 1, 20, 3, 10, 5, 30),
        Ops.where(mask, a, vector(type, 10, 20, 30)));
    assertExactly(
        tensor(type, shape(2, 3), 10, 2, 10, 4, 20, 6),
        Ops.where(mask, tensor(type, shape(2, 1), 10, 20), a));
    assertExactly(
        tensor(type, shape(2, 2), 3, 3, 7, 8),
        Ops.where(tensor(type, shape(2, 1), 1, 0), scalar(type, 3), vector(type, 7, 8)));
    assertExactly(tensor(type, shape(2, 3), 1, -9, 3, -9, 5, -9), Ops.where(mask, a, -9));
    assertExactly(tensor(type, shape(2, 3), -9, 2, -9, 4, -9, 6), Ops.where(mask, -9, a));
    assertExactly(scalar(type, 2), Ops.where(scalar(type, 0), 1, scalar(type, 2)));
    assertExactly(tensor(type, shape(0)), Ops.where(tensor(type, shape(0)), 1, vector(type, 2)));
  }

  @ParameterizedTest
  @EnumSource
  void gate(DType type) {
    Tensor b = tensor(type, shape(2, 3), 1, 2, 3, 4, 5, 6);
    assertExactly(
        tensor(type, shape(2, 3), 1, 0, 0, 0, 0, 6),
        Ops.gate(tensor(type, shape(2, 3), 0.1, -0.1, 0, -0.0, -7, 7), b));
    assertExactly(tensor(type, shape(2, 3), 0, 2, 0, 0, 5, 0), Ops.gate(vector(type, -1, 1, 0), b));
    assertExactly(
        tensor(type, shape(2, 3), 1, 2, 3, 0, 0, 0), Ops.gate(tensor(type, shape(2, 1), 1, -1), b));
    assertExactly(
        tensor(type, shape(2, 2), 5, 6, 0, 0),
        Ops.gate(tensor(type, shape(2, 1), 1, -1), vector(type, 5, 6)));
    assertExactly(tensor(type, shape(), -3), Ops.gate(scalar(type, 1), scalar(type, -3)));
  }

  // ---- functions of each element ---------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void abs(DType type) {
    assertExactly(vector(type, 1, 2.5, 0, 0), Ops.abs(vector(type, 1, -2.5, 0, -0.0)));
    assertExactly(scalar(type, 3), Ops.abs(scalar(type, -3)));
  }

  @ParameterizedTest
  @EnumSource
  void sign(DType type) {
    assertExactly(vector(type, 1, -1, 0, 1), Ops.sign(vector(type, 7, -0.25, 0, 1e-30)));
    assertExactly(scalar(type, -1), Ops.sign(scalar(type, -3)));
  }

  @ParameterizedTest
  @EnumSource
  void clamp(DType type) {
    Tensor x = vector(type, -3, -1, 0.5, 2, 7);
    assertExactly(vector(type, -1, -1, 0.5, 2, 2), Ops.clamp(x, -1, 2));
    assertExactly(vector(type, 0.5, 0.5, 0.5, 0.5, 0.5), Ops.clamp(x, 0.5, 0.5));
    assertExactly(vector(type, -3, -1, 0.5, 1, 1), Ops.clamp(x, Double.NEGATIVE_INFINITY, 1));
    assertExactly(vector(type, 1, 1, 1, 2, 7), Ops.clamp(x, 1, Double.POSITIVE_INFINITY));
    assertExactly(tensor(type, shape(0)), Ops.clamp(tensor(type, shape(0)), 0, 1));
  }

  @ParameterizedTest
  @EnumSource
  void square(DType type) {
    assertExactly(vector(type, 1, 6.25, 0, 9), Ops.square(vector(type, 1, -2.5, 0, 3)));
    assertExactly(scalar(type, 16), Ops.square(scalar(type, -4)));
  }

  @ParameterizedTest
  @EnumSource
  void reciprocal(DType type) {
    assertExactly(vector(type, 1, -0.5, 4), Ops.reciprocal(vector(type, 1, -2, 0.25)));
    assertClose(scalar(type, 1 / 3.0), Ops.reciprocal(scalar(type, 3)));
  }

  @ParameterizedTest
  @EnumSource
  void exp(DType type) {
    assertClose(
        tensor(type, shape(4), 1, 2.718281828459045, 0.36787944117144233, 7.38905609893065),
        Ops.exp(vector(type, 0, 1, -1, 2)));
    assertExactly(scalar(type, 1), Ops.exp(scalar(type, 0)));
    assertExactly(tensor(type, shape(0)), Ops.exp(tensor(type, shape(0))));
  }

  @ParameterizedTest
  @EnumSource
  void log(DType type) {
    assertClose(
        tensor(type, shape(4), 0, 0.6931471805599453, -0.6931471805599453, 2.302585092994046),
        Ops.log(vector(type, 1, 2, 0.5, 10)));
    assertExactly(scalar(type, 0), Ops.log(scalar(type, 1)));
    assertExactly(tensor(type, shape(2, 0)), Ops.log(tensor(type, shape(2, 0))));
  }

  @ParameterizedTest
  @EnumSource
  void log1p(DType type) {
    assertClose(
        vector(type, 0, 0.6931471805599453, -0.6931471805599453, 2.302585092994046),
        Ops.log1p(vector(type, 0, 1, -0.5, 9)));
    assertExactly(vector(type, 1e-30, -1e-30), Ops.log1p(vector(type, 1e-30, -1e-30)));
  }

  @ParameterizedTest
  @EnumSource
  void expm1(DType type) {
    assertClose(
        vector(type, 0, 1.718281828459045, -0.6321205588285577, 2),
        Ops.expm1(vector(type, 0, 1, -1, Math.log(3))));
    assertExactly(vector(type, 1e-30, -1e-30), Ops.expm1(vector(type, 1e-30, -1e-30)));
  }

  @ParameterizedTest
  @EnumSource
  void sqrt(DType type) {
    assertClose(
        tensor(type, shape(4), 0, 1, 1.4142135623730951, 12), Ops.sqrt(vector(type, 0, 1, 2, 144)));
    assertExactly(scalar(type, 1.5), Ops.sqrt(scalar(type, 2.25)));
  }

  @ParameterizedTest
  @EnumSource
  void pow(DType type) {
    Tensor x = vector(type, 1, 2, -3, 0.5);
    assertExactly(tensor(type, shape(4), 1, 1, 1, 1), Ops.pow(x, 0));
    assertExactly(tensor(type, shape(4), 1, 2, -3, 0.5), Ops.pow(x, 1));
    assertExactly(tensor(type, shape(4), 1, 4, 9, 0.25), Ops.pow(x, 2));
    assertExactly(tensor(type, shape(4), 1, 8, -27, 0.125), Ops.pow(x, 3));
    assertClose(tensor(type, shape(4), 1, 0.25, 1 / 9.0, 4), Ops.pow(x, -2));
    assertClose(tensor(type, shape(2), 3, 1.4142135623730951), Ops.pow(vector(type, 9, 2), 0.5));
    assertExactly(scalar(type, 32), Ops.pow(scalar(type, 2), 5));
  }

  @ParameterizedTest
  @EnumSource
  void sin(DType type) {
    assertClose(
        vector(type, 0, 0.5, 1, -0.8414709848078965),
        Ops.sin(vector(type, 0, Math.PI / 6, Math.PI / 2, -1)));
    assertExactly(scalar(type, 0), Ops.sin(scalar(type, 0)));
  }

  @ParameterizedTest
  @EnumSource
  void cos(DType type) {
    assertClose(
        vector(type, 1, 0.5, 0, -1, 0.5403023058681398),
        Ops.cos(vector(type, 0, Math.PI / 3, Math.PI / 2, Math.PI, -1)));
    assertExactly(scalar(type, 1), Ops.cos(scalar(type, 0)));
  }

  @ParameterizedTest
  @EnumSource
  void erf(DType type) {
    assertClose(
        vector(type, 0, 0.8427007929497149, -0.8427007929497149, 0.5204998778130465),
        Ops.erf(vector(type, 0, 1, -1, 0.5)));
    assertExactly(scalar(type, 0), Ops.erf(scalar(type, 0)));
  }

  @ParameterizedTest
  @EnumSource
  void tanh(DType type) {
    assertClose(
        tensor(type, shape(4), 0, 0.7615941559557649, -0.7615941559557649, 0.9640275800758169),
        Ops.tanh(vector(type, 0, 1, -1, 2)));
    assertExactly(scalar(type, 0), Ops.tanh(scalar(type, 0)));
  }

  @ParameterizedTest
  @EnumSource
  void sigmoid(DType type) {
    assertClose( // at ln 3 it is 3 / (3 + 1)
        tensor(type, shape(4), 0.5, 0.7310585786300049, 0.2689414213699951, 0.75),
        Ops.sigmoid(vector(type, 0, 1, -1, Math.log(3))));
    assertExactly(scalar(type, 0.5), Ops.sigmoid(scalar(type, 0)));
  }

  @ParameterizedTest
  @EnumSource
  void relu(DType type) {
    assertExactly(
        tensor(type, shape(2, 3), 1, 0, 0, 0.25, 0, 1e30),
        Ops.relu(tensor(type, shape(2, 3), 1, -1, 0, 0.25, -1e30, 1e30)));
    assertExactly(scalar(type, 0), Ops.relu(scalar(type, -3)));
    assertExactly(tensor(type, shape(0)), Ops.relu(tensor(type, shape(0))));
  }

  @ParameterizedTest
  @EnumSource
  void leakyRelu(DType type) {
    assertExactly(
        vector(type, 1, -0.25, 0, 8, -2), Ops.leakyRelu(vector(type, 1, -1, 0, 8, -8), 0.25));
    assertExactly(vector(type, 1, 3), Ops.leakyRelu(vector(type, 1, -1), -3));
  }

  @ParameterizedTest
  @EnumSource
  void elu(DType type) {
    assertClose( // e^-ln 2 - 1 is -1/2
        vector(type, 1, -0.5, 0, 8), Ops.elu(vector(type, 1, -Math.log(2), 0, 8), 1));
    assertClose(
        vector(type, 1, -1.5, 0, -1.900425863264272),
        Ops.elu(vector(type, 1, -Math.log(4), 0, -3), 2));
  }

  @ParameterizedTest
  @EnumSource
  void softplus(DType type) {
    assertClose( // at ln 3 it is ln 4
        vector(type, 0.6931471805599453, 1.3132616875182228, 0.3132616875182228, Math.log(4)),
        Ops.softplus(vector(type, 0, 1, -1, Math.log(3))));
  }

  @ParameterizedTest
  @EnumSource
  void silu(DType type) {
    assertClose( // at ln 3 the sigmoid is 3/4
        vector(type, 0, 0.7310585786300049, -0.2689414213699951, 0.75 * Math.log(3)),
        Ops.silu(vector(type, 0, 1, -1, Math.log(3))));
    assertExactly(scalar(type, 0), Ops.silu(scalar(type, 0)));
  }

  @ParameterizedTest
  @EnumSource
  void gelu(DType type) {
    assertClose(
        vector(type, 0, 0.8413447460685429, -0.15865525393145705, 1.9544997361036416),
        Ops.gelu(vector(type, 0, 1, -1, 2)));
    assertExactly(scalar(type, 0), Ops.gelu(scalar(type, 0)));
  }

  @ParameterizedTest
  @EnumSource
  void softmax(DType type) {
    double ln2 = Math.log(2);
    double ln3 = Math.log(3);
    assertClose(
        tensor(type, shape(3), 1 / 6.0, 2 / 6.0, 3 / 6.0),
        Ops.softmax(vector(type, 0, ln2, ln3), 0));
    Tensor x = tensor(type, shape(2, 2), 0, ln3, 5, 5);
    assertClose(tensor(type, shape(2, 2), 0.25, 0.75, 0.5, 0.5), Ops.softmax(x, 1));
    assertClose(Ops.softmax(x, 1), Ops.softmax(x, -1));
    assertClose( // the first column is 0 and ln 3, the second ln 2 and 0
        tensor(type, shape(2, 2), 0.25, 2 / 3.0, 0.75, 1 / 3.0),
        Ops.softmax(tensor(type, shape(2, 2), 0, ln2, ln3, 0), 0));
    assertClose( // the middle axis of [2, 2, 1]
        tensor(type, shape(2, 2, 1), 0.25, 0.75, 0.5, 0.5),
        Ops.softmax(tensor(type, shape(2, 2, 1), 7, 7 + ln3, -1, -1), -2));
    assertExactly(
        tensor(type, shape(2, 1), 1, 1), Ops.softmax(tensor(type, shape(2, 1), 3, -4), 1));
    assertExactly(tensor(type, shape(0, 3)), Ops.softmax(tensor(type, shape(0, 3)), 1));
    assertExactly(tensor(type, shape(3, 0)), Ops.softmax(tensor(type, shape(3, 0)), 1));
  }

  @ParameterizedTest
  @EnumSource
  void logSoftmax(DType type) {
    double ln2 = Math.log(2);
    double ln3 = Math.log(3);
    assertClose(
        tensor(type, shape(2, 2), -2 * ln2, ln3 - 2 * ln2, -ln2, -ln2),
        Ops.logSoftmax(tensor(type, shape(2, 2), 0, ln3, 5, 5), 1));
    assertClose(
        tensor(type, shape(2, 2), -2 * ln2, -ln2, ln3 - 2 * ln2, -ln2),
        Ops.logSoftmax(tensor(type, shape(2, 2), 0, 5, ln3, 5), 0));
    assertExactly(tensor(type, shape(1), 0), Ops.logSoftmax(vector(type, 1000), 0));
  }

  // ---- sums ------------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void sum(DType type) {
    Tensor x = range(type, shape(2, 3, 2), 1); // 1 to 12
    assertExactly(scalar(type, 78), Ops.sum(x));
    assertExactly(tensor(type, shape(3, 2), 8, 10, 12, 14, 16, 18), Ops.sum(x, 0));
    assertExactly(tensor(type, shape(2, 2), 9, 12, 27, 30), Ops.sum(x, 1));
    assertExactly(tensor(type, shape(2, 3), 3, 7, 11, 15, 19, 23), Ops.sum(x, -1));
    assertExactly(tensor(type, shape(3), 18, 26, 34), Ops.sum(x, 2, 0));
    assertExactly(tensor(type, shape(2), 21, 57), Ops.sum(x, 1, -1));
    assertExactly(scalar(type, 78), Ops.sum(x, 0, 1, 2));
    assertExactly(
        tensor(type, shape(2, 1, 2), 9, 12, 27, 30), Tensor.of(new Sum(List.of(1), true), x));
    assertExactly(x, Tensor.of(new Sum(List.of(), false), x));
    assertExactly(scalar(type, 5), Ops.sum(scalar(type, 5)));
    assertExactly( // added up in double precision: in float32, 1e8 + 1 is 1e8
        scalar(type, 3), Ops.sum(vector(type, 1e8, 1, 1, 1, -1e8)));
    assertExactly(
        vector(type, 2, 4),
        Ops.sum(tensor(type, shape(4, 2), 1e8, 1e8, 1, 2, 1, 2, -1e8, -1e8), 0));
    assertExactly(tensor(type, shape(3), 0, 0, 0), Ops.sum(tensor(type, shape(3, 0)), 1));
    assertExactly(tensor(type, shape(0)), Ops.sum(tensor(type, shape(3, 0)), 0));
    assertExactly(
        tensor(type, shape(2, 3), 1, 2, 3, 4, 5, 6), Ops.sum(range(type, shape(2, 1, 3), 1), 1));
  }

  @ParameterizedTest
  @EnumSource
  void mean(DType type) {
    Tensor x = range(type, shape(2, 2, 2), 1); // 1 to 8
    assertExactly(scalar(type, 4.5), Ops.mean(x));
    assertExactly(tensor(type, shape(2, 2), 3, 4, 5, 6), Ops.mean(x, 0));
    assertExactly(tensor(type, shape(2, 2), 2, 3, 6, 7), Ops.mean(x, 1));
    assertExactly(tensor(type, shape(2), 3.5, 5.5), Ops.mean(x, 0, -1));
    assertExactly(
        tensor(type, shape(1, 2, 1), 3.5, 5.5), Tensor.of(new Mean(List.of(0, 2), true), x));
    assertExactly(scalar(type, 5), Ops.mean(scalar(type, 5)));
    assertClose(scalar(type, 2 / 3.0), Ops.mean(vector(type, 0, 1, 1)));
    assertExactly(tensor(type, shape(0)), Ops.mean(tensor(type, shape(3, 0)), 0));
  }

  @ParameterizedTest
  @EnumSource
  void variance(DType type) {
    Tensor x = range(type, shape(2, 2, 2), 1); // 1 to 8
    assertExactly(scalar(type, 5.25), Ops.variance(x));
    assertExactly(tensor(type, shape(2, 2), 4, 4, 4, 4), Ops.variance(x, 0));
    assertExactly(tensor(type, shape(2, 2), 1, 1, 1, 1), Ops.variance(x, 1));
    assertExactly(vector(type, 4.25, 4.25), Ops.variance(x, -1, 0)); // of 1 2 5 6
    assertExactly(
        tensor(type, shape(2, 1, 1), 1.25, 1.25),
        Tensor.of(new Variance(List.of(1, 2), 0, true), x));
    assertExactly( // of a sample: (4 + 1 + 9) / (3 - 1)
        scalar(type, 7), Tensor.of(new Variance(List.of(0), 1, false), vector(type, 1, 2, 6)));
    assertExactly(scalar(type, 0), Ops.variance(scalar(type, 5)));
    assertExactly(scalar(type, 16), Ops.variance(vector(type, 1e8, 1e8 + 8)));
    assertExactly(tensor(type, shape(0)), Ops.variance(tensor(type, shape(3, 0)), 0));
  }

  @ParameterizedTest
  @EnumSource
  void max(DType type) {
    Tensor x = tensor(type, shape(2, 3), 1, 9, -3, 7, 5, -6);
    assertExactly(scalar(type, 9), Ops.max(x));
    assertExactly(vector(type, 7, 9, -3), Ops.max(x, 0));
    assertExactly(vector(type, 9, 7), Ops.max(x, -1));
    assertExactly(scalar(type, 9), Ops.max(x, 1, 0));
    assertExactly(tensor(type, shape(1, 3), 7, 9, -3), Tensor.of(new Max(List.of(0), true), x));
    assertExactly(x, Tensor.of(new Max(List.of(), false), x));
    Tensor cube = range(type, shape(2, 3, 2), 1);
    assertExactly(tensor(type, shape(2, 2), 5, 6, 11, 12), Ops.max(cube, 1));
    assertExactly(vector(type, 8, 10, 12), Ops.max(cube, 2, 0));
    assertExactly(tensor(type, shape(0)), Ops.max(tensor(type, shape(3, 0)), 0));
  }

  @ParameterizedTest
  @EnumSource
  void min(DType type) {
    Tensor x = tensor(type, shape(2, 3), 1, 9, -3, 7, 5, -6);
    assertExactly(scalar(type, -6), Ops.min(x));
    assertExactly(vector(type, 1, 5, -6), Ops.min(x, 0));
    assertExactly(vector(type, -3, -6), Ops.min(x, 1));
    assertExactly(tensor(type, shape(2, 1), -3, -6), Tensor.of(new Min(List.of(-1), true), x));
    assertExactly(vector(type, 1, 3, 5), Ops.min(range(type, shape(2, 3, 2), 1), 0, 2));
    assertExactly(scalar(type, 5), Ops.min(scalar(type, 5)));
  }

  @ParameterizedTest
  @EnumSource
  void logSumExp(DType type) {
    Tensor x = tensor(type, shape(2, 2), 0, Math.log(2), Math.log(3), Math.log(4));
    assertClose(scalar(type, Math.log(10)), Ops.logSumExp(x));
    assertClose(vector(type, Math.log(4), Math.log(6)), Ops.logSumExp(x, 0));
    assertClose(vector(type, Math.log(3), Math.log(7)), Ops.logSumExp(x, -1));
    assertClose(
        tensor(type, shape(2, 1), Math.log(3), Math.log(7)),
        Tensor.of(new LogSumExp(List.of(1), true), x));
    assertExactly(scalar(type, 5), Ops.logSumExp(scalar(type, 5)));
    assertExactly(tensor(type, shape(0)), Ops.logSumExp(tensor(type, shape(3, 0)), 0));
  }

  @ParameterizedTest
  @EnumSource
  void argMax(DType type) {
    Tensor x = tensor(type, shape(2, 3), 1, 9, -3, 7, 5, 7);
    assertEquals(Indices.of(new int[] {1, 0}, 2), Ops.argMax(x, 1)); // the first of two 7s
    assertEquals(Indices.of(new int[] {1, 0, 1}, 3), Ops.argMax(x, -2));
    assertEquals(Indices.of(new int[] {1}), Ops.argMax(vector(type, 1, Double.NaN, 3), 0));
    Tensor cube = range(type, shape(2, 3, 2), 1);
    assertEquals(Indices.of(new int[] {2, 2, 2, 2}, 2, 2), Ops.argMax(cube, 1));
    assertEquals(Indices.of(new int[0], 0), Ops.argMax(tensor(type, shape(0, 3)), 1));
    assertExactly( // gather takes the maxima
        tensor(type, shape(2, 1), 9, 7), Ops.gather(x, 1, Ops.argMax(x, 1).reshape(2, 1)));
  }

  // ---- shapes ----------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void reshape(DType type) {
    Tensor x = range(type, shape(2, 6), 1);
    assertExactly(range(type, shape(3, 4), 1), Ops.reshape(x, 3, 4));
    assertExactly(range(type, shape(3, 1, 4), 1), Ops.reshape(x, 3, -1, 4));
    assertExactly(range(type, shape(12), 1), Ops.reshape(x, -1));
    assertExactly(range(type, shape(12, 1), 1), Ops.reshape(x, 12, -1));
    assertExactly(scalar(type, 7), Ops.reshape(vector(type, 7)));
    assertExactly(tensor(type, shape(1, 1), 7), Ops.reshape(scalar(type, 7), 1, -1));
    assertExactly(tensor(type, shape(5, 0)), Ops.reshape(tensor(type, shape(0, 3)), 5, -1));
    assertExactly(tensor(type, shape(0, 5)), Ops.reshape(tensor(type, shape(0, 3)), 0, 5));
  }

  @ParameterizedTest
  @EnumSource
  void flatten(DType type) {
    assertExactly(range(type, shape(2, 6), 1), Ops.flatten(range(type, shape(2, 3, 2), 1)));
    assertExactly(range(type, shape(3, 1), 1), Ops.flatten(range(type, shape(3), 1)));
    assertExactly(tensor(type, shape(0, 6)), Ops.flatten(tensor(type, shape(0, 2, 3))));
    assertExactly(tensor(type, shape(2, 0)), Ops.flatten(tensor(type, shape(2, 0, 3))));
  }

  @ParameterizedTest
  @EnumSource
  void permute(DType type) {
    Tensor x = range(type, shape(2, 3, 2), 1);
    assertExactly(
        tensor(type, shape(2, 2, 3), 1, 3, 5, 7, 9, 11, 2, 4, 6, 8, 10, 12),
        Ops.permute(x, 2, 0, 1));
    assertExactly(
        tensor(type, shape(3, 2, 2), 1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12),
        Ops.permute(x, 1, 0, 2));
    assertExactly(x, Ops.permute(x, 0, 1, 2));
    assertExactly(scalar(type, 7), Ops.permute(scalar(type, 7)));
    assertExactly(tensor(type, shape(0, 2)), Ops.permute(tensor(type, shape(2, 0)), 1, 0));
    assertExactly(
        range(type, shape(1, 3, 1), 1), Ops.permute(range(type, shape(3, 1, 1), 1), 2, 0, 1));
  }

  @ParameterizedTest
  @EnumSource
  void transpose(DType type) {
    assertExactly(
        tensor(type, shape(3, 2), 1, 4, 2, 5, 3, 6), Ops.transpose(range(type, shape(2, 3), 1)));
    assertExactly(
        tensor(type, shape(2, 2, 2), 1, 3, 2, 4, 5, 7, 6, 8),
        Ops.transpose(range(type, shape(2, 2, 2), 1)));
    assertExactly(tensor(type, shape(3, 0)), Ops.transpose(tensor(type, shape(0, 3))));
  }

  @ParameterizedTest
  @EnumSource
  void broadcastTo(DType type) {
    assertExactly(
        tensor(type, shape(2, 3), 1, 2, 3, 1, 2, 3),
        Ops.broadcastTo(vector(type, 1, 2, 3), shape(2, 3)));
    assertExactly(
        tensor(type, shape(2, 2, 2), 1, 1, 2, 2, 1, 1, 2, 2),
        Ops.broadcastTo(tensor(type, shape(2, 1), 1, 2), shape(2, 2, 2)));
    assertExactly(tensor(type, shape(1, 2), 7, 7), Ops.broadcastTo(scalar(type, 7), shape(1, 2)));
    assertExactly(tensor(type, shape(0, 1)), Ops.broadcastTo(vector(type, 7), shape(0, 1)));
    assertExactly(vector(type, 1, 2), Ops.broadcastTo(vector(type, 1, 2), shape(2)));
  }

  @ParameterizedTest
  @EnumSource
  void sumTo(DType type) {
    Tensor x = range(type, shape(2, 3, 2), 1);
    assertExactly(tensor(type, shape(3, 2), 8, 10, 12, 14, 16, 18), Ops.sumTo(x, shape(3, 2)));
    assertExactly(tensor(type, shape(3, 1), 18, 26, 34), Ops.sumTo(x, shape(3, 1)));
    assertExactly(tensor(type, shape(2, 1, 2), 9, 12, 27, 30), Ops.sumTo(x, shape(2, 1, 2)));
    assertExactly(scalar(type, 78), Ops.sumTo(x, shape()));
    assertExactly(tensor(type, shape(1, 1), 78), Ops.sumTo(x, shape(1, 1)));
    assertExactly(x, Ops.sumTo(x, shape(2, 3, 2)));
    assertExactly(
        tensor(type, shape(1, 2), 0, 0), Ops.sumTo(tensor(type, shape(0, 2)), shape(1, 2)));
  }

  // ---- parts, and what is made of parts --------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void slice(DType type) {
    Tensor x = range(type, shape(2, 5), 1);
    assertExactly(tensor(type, shape(2, 2), 2, 3, 7, 8), Ops.slice(x, 1, 1, 3));
    assertExactly(tensor(type, shape(2, 2), 4, 5, 9, 10), Ops.slice(x, -1, -2, 5));
    assertExactly(tensor(type, shape(2, 3), 1, 2, 3, 6, 7, 8), Ops.slice(x, 1, 0, -2));
    assertExactly(tensor(type, shape(1, 5), 6, 7, 8, 9, 10), Ops.slice(x, 0, 1, 2));
    assertExactly(tensor(type, shape(2, 3), 1, 3, 5, 6, 8, 10), Ops.slice(x, 1, 0, 5, 2));
    assertExactly(tensor(type, shape(2, 2), 1, 3, 6, 8), Ops.slice(x, 1, 0, 4, 2));
    assertExactly(tensor(type, shape(2, 1), 2, 7), Ops.slice(x, 1, 1, 5, Integer.MAX_VALUE));
    assertExactly(tensor(type, shape(2, 0)), Ops.slice(x, 1, 5, 5));
    assertExactly(tensor(type, shape(2, 0)), Ops.slice(x, 1, 2, 2, 3));
    assertExactly(tensor(type, shape(0, 5)), Ops.slice(x, 0, 0, 0));
    assertSame(x.value(), Ops.slice(x, 0, -2, 2).value()); // all of it: nothing is copied
    assertExactly( // the middle axis
        tensor(type, shape(2, 1, 2), 3, 4, 9, 10),
        Ops.slice(range(type, shape(2, 3, 2), 1), 1, 1, 2));
  }

  @ParameterizedTest
  @EnumSource
  void concat(DType type) {
    Tensor x = range(type, shape(2, 2), 1);
    Tensor y = range(type, shape(2, 1), 5);
    assertExactly(tensor(type, shape(2, 3), 1, 2, 5, 3, 4, 6), Ops.concat(1, x, y));
    assertExactly(tensor(type, shape(2, 3), 5, 1, 2, 6, 3, 4), Ops.concat(-1, y, x));
    assertExactly(tensor(type, shape(4, 2), 1, 2, 3, 4, 1, 2, 3, 4), Ops.concat(0, x, x));
    assertExactly(x, Ops.concat(0, x));
    Tensor nothing = tensor(type, shape(2, 0));
    assertExactly(
        tensor(type, shape(2, 3), 1, 2, 5, 3, 4, 6),
        Ops.concat(1, nothing, x, nothing, y, nothing));
    assertExactly(tensor(type, shape(4, 0)), Ops.concat(0, nothing, nothing));
    assertExactly(
        tensor(type, shape(2, 2, 1), 1, 3, 2, 4),
        Ops.concat(1, range(type, shape(2, 1, 1), 1), range(type, shape(2, 1, 1), 3)));
  }

  @ParameterizedTest
  @EnumSource
  void stack(DType type) {
    Tensor x = vector(type, 1, 2);
    Tensor y = vector(type, 3, 4);
    assertExactly(tensor(type, shape(2, 2), 1, 2, 3, 4), Ops.stack(0, x, y));
    assertExactly(tensor(type, shape(2, 2), 1, 3, 2, 4), Ops.stack(1, x, y));
    assertExactly(tensor(type, shape(2, 2), 1, 3, 2, 4), Ops.stack(-1, x, y));
    assertExactly(
        vector(type, 7, 8, 9), Ops.stack(0, scalar(type, 7), scalar(type, 8), scalar(type, 9)));
    assertExactly(tensor(type, shape(1, 2), 1, 2), Ops.stack(0, x));
    assertExactly(
        tensor(type, shape(1, 2, 3), 1, 2, 3, 4, 5, 6),
        Ops.stack(1, range(type, shape(1, 3), 1), range(type, shape(1, 3), 4)));
  }

  @ParameterizedTest
  @EnumSource
  void pad(DType type) {
    Tensor x = range(type, shape(2, 2), 1);
    assertExactly(
        tensor(
            type, shape(3, 5), 0.5, 1, 2, 0.5, 0.5, 0.5, 3, 4, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5),
        Ops.pad(x, new int[] {0, 1}, new int[] {1, 2}, 0.5));
    assertExactly(x, Ops.pad(x, new int[2], new int[2], 7));
    assertExactly(
        vector(type, -INF, 7), Ops.pad(vector(type, 7), new int[] {1}, new int[] {0}, -INF));
    assertExactly(
        vector(type, 9, 9, 9), Ops.pad(tensor(type, shape(0)), new int[] {1}, new int[] {2}, 9));
    assertExactly(scalar(type, 7), Ops.pad(scalar(type, 7), new int[0], new int[0], 9));
  }

  @ParameterizedTest
  @EnumSource
  void flip(DType type) {
    Tensor x = range(type, shape(2, 3), 1);
    assertExactly(tensor(type, shape(2, 3), 4, 5, 6, 1, 2, 3), Ops.flip(x, 0));
    assertExactly(tensor(type, shape(2, 3), 3, 2, 1, 6, 5, 4), Ops.flip(x, -1));
    assertExactly(tensor(type, shape(2, 3), 6, 5, 4, 3, 2, 1), Ops.flip(x, 0, 1));
    assertExactly(tensor(type, shape(2, 3), 6, 5, 4, 3, 2, 1), Ops.flip(x));
    assertExactly(
        tensor(type, shape(2, 2, 2), 3, 4, 1, 2, 7, 8, 5, 6),
        Ops.flip(range(type, shape(2, 2, 2), 1), 1));
    assertExactly(tensor(type, shape(0, 2)), Ops.flip(tensor(type, shape(0, 2))));
    assertExactly(scalar(type, 7), Ops.flip(scalar(type, 7)));
  }

  @ParameterizedTest
  @EnumSource
  void tile(DType type) {
    Tensor x = range(type, shape(2, 2), 1);
    assertExactly(tensor(type, shape(2, 4), 1, 2, 1, 2, 3, 4, 3, 4), Ops.tile(x, 2));
    assertExactly(tensor(type, shape(4, 2), 1, 2, 3, 4, 1, 2, 3, 4), Ops.tile(x, 2, 1));
    assertExactly(tensor(type, shape(2, 2, 2), 1, 2, 3, 4, 1, 2, 3, 4), Ops.tile(x, 2, 1, 1));
    assertExactly(
        tensor(type, shape(2, 4), 1, 2, 1, 2, 1, 2, 1, 2), Ops.tile(vector(type, 1, 2), 2, 2));
    assertExactly(vector(type, 7, 7, 7), Ops.tile(scalar(type, 7), 3));
    assertExactly(x, Ops.tile(x));
    assertExactly(tensor(type, shape(2, 0)), Ops.tile(x, 0));
  }

  @ParameterizedTest
  @EnumSource
  void gather(DType type) {
    Tensor x = tensor(type, shape(2, 3), 10, 20, 30, 40, 50, 60);
    assertExactly( // as take_along_axis
        tensor(type, shape(2, 2), 30, 10, 50, 50),
        Ops.gather(x, 1, Indices.of(new int[] {2, 0, 1, 1}, 2, 2)));
    assertExactly(
        tensor(type, shape(1, 3), 40, 20, 60),
        Ops.gather(x, -2, Indices.of(new int[] {1, 0, 1}, 1, 3)));
    assertExactly(
        tensor(type, shape(2, 1, 2), 3, 2, 5, 8),
        Ops.gather(range(type, shape(2, 2, 2), 1), 1, Indices.of(new int[] {1, 0, 0, 1}, 2, 1, 2)));
    assertExactly(tensor(type, shape(2, 0)), Ops.gather(x, 1, Indices.of(new int[0], 2, 0)));
  }

  @ParameterizedTest
  @EnumSource
  void scatterAdd(DType type) {
    Tensor x = tensor(type, shape(2, 3), 10, 20, 30, 40, 50, 60);
    assertExactly( // 10 and 30 meet, 40 and 50 and 60 meet
        tensor(type, shape(2, 4), 40, 0, 20, 0, 0, 150, 0, 0),
        Ops.scatterAdd(x, 1, Indices.of(new int[] {0, 2, 0, 1, 1, 1}, 2, 3), 4));
    assertExactly(
        tensor(type, shape(2, 3), 0, 50, 30, 50, 20, 60),
        Ops.scatterAdd(x, 0, Indices.of(new int[] {1, 1, 0, 1, 0, 1}, 2, 3), 2));
    assertExactly(
        tensor(type, shape(1, 2), 0, 0),
        Ops.scatterAdd(tensor(type, shape(0, 2)), 0, Indices.of(new int[0], 0, 2), 1));
  }

  // ---- products --------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void matmul(DType type) {
    Tensor a = range(type, shape(2, 3), 1); //  1 2 3 | 4 5 6
    Tensor b = range(type, shape(3, 2), 7); //  7 8 | 9 10 | 11 12
    Tensor product = tensor(type, shape(2, 2), 58, 64, 139, 154);
    assertExactly(product, Ops.matmul(a, b));
    assertExactly(product, Ops.matmul(Ops.transpose(a), b, true, false));
    assertExactly(product, Ops.matmul(a, Ops.transpose(b), false, true));
    assertExactly(product, Ops.matmul(Ops.transpose(a), Ops.transpose(b), true, true));
    assertExactly(
        tensor(type, shape(3, 3), 39, 49, 59, 54, 68, 82, 69, 87, 105),
        Ops.matmul(a, b, true, true));
    assertExactly( // two matrices on the left, one on the right
        tensor(type, shape(2, 1, 1), 1 * 5 + 2 * 6, 3 * 5 + 4 * 6),
        Ops.matmul(range(type, shape(2, 1, 2), 1), range(type, shape(2, 1), 5)));
    assertExactly( // [2, 1] and [2] matrices broadcast to [2, 2]
        tensor(type, shape(2, 2, 1, 1), 30, 40, 60, 80),
        Ops.matmul(tensor(type, shape(2, 1, 1, 1), 1, 2), tensor(type, shape(2, 1, 1), 30, 40)));
    assertExactly(
        tensor(type, shape(1, 1), 6),
        Ops.matmul(tensor(type, shape(1, 1), 2), tensor(type, shape(1, 1), 3)));
    assertExactly(
        tensor(type, shape(2, 2), 0, 0, 0, 0),
        Ops.matmul(tensor(type, shape(2, 0)), tensor(type, shape(0, 2))));
    assertExactly(tensor(type, shape(0, 2)), Ops.matmul(tensor(type, shape(0, 3)), b));
    assertExactly(tensor(type, shape(2, 0)), Ops.matmul(a, tensor(type, shape(3, 0))));
    assertExactly(tensor(type, shape(0, 2, 2)), Ops.matmul(tensor(type, shape(0, 2, 3)), b));
  }

  @ParameterizedTest
  @EnumSource
  void bias(DType type) {
    Tensor b = vector(type, 10, 20);
    assertExactly(
        tensor(type, shape(2, 2), 11, 22, 13, 24), Ops.bias(range(type, shape(2, 2), 1), b));
    assertExactly(
        tensor(type, shape(1, 2, 2), 11, 12, 23, 24), Ops.bias(range(type, shape(1, 2, 2), 1), b));
    assertExactly(
        tensor(type, shape(2, 2, 1, 2), 11, 12, 23, 24, 15, 16, 27, 28),
        Ops.bias(range(type, shape(2, 2, 1, 2), 1), b));
    assertExactly(
        tensor(type, shape(1, 2, 1, 1, 2), 11, 12, 23, 24),
        Ops.bias(range(type, shape(1, 2, 1, 1, 2), 1), b));
    assertExactly(tensor(type, shape(0, 2, 3, 3)), Ops.bias(tensor(type, shape(0, 2, 3, 3)), b));
    assertExactly(
        tensor(type, shape(2, 0)), Ops.bias(tensor(type, shape(2, 0)), tensor(type, shape(0))));
  }

  // ---- convolutions ----------------------------------------------------------------------------

  /**
   * The image and the filter of most cases below.
   *
   * <pre>
   *   1 2 3
   *   4 5 6     1 2
   *   7 8 9     3 4
   * </pre>
   */
  @ParameterizedTest
  @EnumSource
  void conv2d(DType type) {
    Tensor x = range(type, shape(1, 1, 3, 3), 1);
    Tensor w = range(type, shape(1, 1, 2, 2), 1);
    // 1 1 + 2 2 + 3 4 + 4 5 = 37: not flipped
    assertExactly(tensor(type, shape(1, 1, 2, 2), 37, 47, 67, 77), Ops.conv2d(x, w));
    assertExactly(
        tensor(type, shape(1, 1, 3, 3), 37, 47, 21, 67, 77, 33, 23, 26, 9),
        Ops.conv2d(x, w, same()));
    assertExactly( // the padding of same() goes below and to the right
        Ops.conv2d(x, w, same()), Ops.conv2d(x, w, valid().padding(0, 1, 0, 1)));
    assertExactly( // above and to the left
        tensor(type, shape(1, 1, 3, 3), 4, 11, 18, 18, 37, 47, 36, 67, 77),
        Ops.conv2d(x, w, valid().padding(1, 0, 1, 0)));
    assertExactly( // the last row and column are not read
        tensor(type, shape(1, 1, 1, 1), 37), Ops.conv2d(x, w, valid().stride(2)));
    assertExactly(tensor(type, shape(1, 1, 2, 1), 37, 67), Ops.conv2d(x, w, valid().stride(1, 2)));
    assertExactly( // 1 1 + 2 3 + 3 7 + 4 9
        tensor(type, shape(1, 1, 1, 1), 64), Ops.conv2d(x, w, valid().dilation(2)));
    assertExactly( // rows 1 and 3, neighbouring columns: 1 1 + 2 2 + 3 7 + 4 8
        tensor(type, shape(1, 1, 1, 2), 58, 68), Ops.conv2d(x, w, valid().dilation(2, 1)));
    assertExactly( // stride 2 and padding 1 read each corner's neighbourhood
        tensor(
            type,
            shape(1, 1, 2, 2),
            4,
            3 * 2 + 4 * 3,
            2 * 4 + 4 * 7,
            1 * 5 + 2 * 6 + 3 * 8 + 4 * 9),
        Ops.conv2d(x, w, valid().stride(2).padding(1)));
    assertExactly(
        tensor(type, shape(1, 1, 3, 3), 2, 4, 6, 8, 10, 12, 14, 16, 18),
        Ops.conv2d(x, tensor(type, shape(1, 1, 1, 1), 2)));
    assertExactly(tensor(type, shape(0, 1, 2, 2)), Ops.conv2d(tensor(type, shape(0, 1, 3, 3)), w));
  }

  @ParameterizedTest
  @EnumSource
  void biasedConv2d(DType type) {
    Tensor x = range(type, shape(2, 1, 2, 2), 1);
    Tensor w = tensor(type, shape(3, 1, 1, 2), 1, 1, 0, 1, 2, 0);
    assertExactly( // pixels side by side added, the right ones, the left ones twice
        tensor(type, shape(2, 3, 2, 1), 13, 17, 22, 24, 32, 36, 21, 25, 26, 28, 40, 44),
        Ops.conv2d(x, w, tensor(type, shape(3), 10, 20, 30), valid()));
  }

  @ParameterizedTest
  @EnumSource
  void conv2dMixesChannelsWithinAGroup(DType type) {
    Tensor x = tensor(type, shape(2, 2, 1, 1), 3, 5, 7, 9);
    Tensor w = tensor(type, shape(2, 2, 1, 1), 1, 10, 100, 1000);
    assertExactly(tensor(type, shape(2, 2, 1, 1), 53, 5300, 97, 9700), Ops.conv2d(x, w));
    assertExactly(
        tensor(type, shape(2, 2, 1, 1), 30, 500, 70, 900),
        Ops.conv2d(x, tensor(type, shape(2, 1, 1, 1), 10, 100), valid().groups(2)));
    assertExactly( // no channels: an empty sum
        tensor(type, shape(1, 2, 1, 1), 0, 0),
        Ops.conv2d(tensor(type, shape(1, 0, 1, 1)), tensor(type, shape(2, 0, 1, 1))));
    assertExactly( // no filters
        tensor(type, shape(2, 0, 1, 1)), Ops.conv2d(x, tensor(type, shape(0, 2, 1, 1))));
  }

  @ParameterizedTest
  @EnumSource
  void conv2dInput(DType type) {
    Tensor w = range(type, shape(1, 1, 2, 2), 1);
    ConvGeometry plain = valid().geometry(shape(1, 1, 3, 3), w.shape());
    assertExactly( // the filter, set down at (0, 0) and at (1, 1)
        tensor(type, shape(1, 1, 3, 3), 1, 2, 0, 3, 4 + 1, 2, 0, 3, 4),
        Ops.conv2dInput(w, tensor(type, shape(1, 1, 2, 2), 1, 0, 0, 1), plain));
    ConvGeometry strided = valid().stride(2).geometry(shape(1, 1, 5, 5), w.shape());
    assertExactly( // strides of 2 set them side by side; row and column 4 are not reached
        tensor(
            type,
            shape(1, 1, 5, 5), //
            1,
            2,
            10,
            20,
            0, //
            3,
            4,
            30,
            40,
            0, //
            100,
            200,
            1000,
            2000,
            0, //
            300,
            400,
            3000,
            4000,
            0, //
            0,
            0,
            0,
            0,
            0),
        Ops.conv2dInput(w, tensor(type, shape(1, 1, 2, 2), 1, 10, 100, 1000), strided));
    assertExactly( // filters add up, channels do not
        tensor(type, shape(1, 2, 1, 1), 1 * 5 + 3 * 6, 2 * 5 + 4 * 6),
        Ops.conv2dInput(
            tensor(type, shape(2, 2, 1, 1), 1, 2, 3, 4),
            tensor(type, shape(1, 2, 1, 1), 5, 6),
            valid().geometry(shape(1, 2, 1, 1), shape(2, 2, 1, 1))));
    assertExactly(
        tensor(type, shape(0, 1, 3, 3)),
        Ops.conv2dInput(w, tensor(type, shape(0, 1, 2, 2)), plain));
  }

  @ParameterizedTest
  @EnumSource
  void conv2dWeight(DType type) {
    Tensor x = range(type, shape(1, 1, 3, 3), 1);
    FilterSize sizes = new FilterSize(2, 2);
    ConvGeometry plain = sizes.over(valid());
    assertExactly( // x at each tap's place, plus x one step down and to the right
        tensor(type, shape(1, 1, 2, 2), 1 + 5, 2 + 6, 4 + 8, 5 + 9),
        Ops.conv2dWeight(x, tensor(type, shape(1, 1, 2, 2), 1, 0, 0, 1), plain));
    assertExactly( // one output, at the upper left
        tensor(type, shape(1, 1, 2, 2), 10, 20, 40, 50),
        Ops.conv2dWeight(x, tensor(type, shape(1, 1, 1, 1), 10), sizes.over(valid().stride(2))));
    assertExactly( // images add up
        tensor(type, shape(1, 1, 1, 1), 1 * 3 + 2 * 4),
        Ops.conv2dWeight(
            tensor(type, shape(2, 1, 1, 1), 1, 2),
            tensor(type, shape(2, 1, 1, 1), 3, 4),
            valid().geometry(shape(2, 1, 1, 1), shape(1, 1, 1, 1))));
    assertExactly( // no images: an empty sum
        tensor(type, shape(1, 1, 2, 2), 0, 0, 0, 0),
        Ops.conv2dWeight(tensor(type, shape(0, 1, 3, 3)), tensor(type, shape(0, 1, 2, 2)), plain));
  }

  @ParameterizedTest
  @EnumSource
  void conv1d(DType type) {
    Tensor x = range(type, shape(1, 1, 5), 1);
    Tensor w = range(type, shape(1, 1, 3), 1);
    assertExactly( // 1 1 + 2 2 + 3 3 = 14: not flipped
        tensor(type, shape(1, 1, 3), 14, 20, 26), Ops.conv1d(x, w, valid()));
    assertExactly(
        tensor(type, shape(1, 1, 5), 8, 14, 20, 26, 14), Ops.conv1d(x, w, valid().padding(1)));
    assertExactly(tensor(type, shape(1, 1, 5), 8, 14, 20, 26, 14), Ops.conv1d(x, w, same()));
    assertExactly( // causal
        tensor(type, shape(1, 1, 5), 3, 8, 14, 20, 26),
        Ops.conv1d(x, w, valid().padding(0, 0, 2, 0)));
    assertExactly(
        tensor(type, shape(1, 1, 2), 14, 26), Ops.conv1d(x, w, valid().stride(2).strict()));
    assertExactly( // 1 1 + 3 2 + 5 3
        tensor(type, shape(1, 1, 1), 22), Ops.conv1d(x, w, valid().dilation(2)));
    assertExactly( // what is said of rows is not looked at
        tensor(type, shape(1, 1, 3), 14, 20, 26),
        Ops.conv1d(x, w, valid().stride(2, 1).padding(3, 2, 0, 0).dilation(7, 1)));
    Tensor pairs = tensor(type, shape(2, 2, 1), 3, 5, 7, 9);
    assertExactly( // channels add up in each filter
        tensor(type, shape(2, 2, 1), 53, 5300, 97, 9700),
        Ops.conv1d(pairs, tensor(type, shape(2, 2, 1), 1, 10, 100, 1000), valid()));
    assertExactly(
        tensor(type, shape(2, 2, 1), 30, 500, 70, 900),
        Ops.conv1d(pairs, tensor(type, shape(2, 1, 1), 10, 100), valid().groups(2)));
    assertExactly(
        tensor(type, shape(0, 1, 3)), Ops.conv1d(range(type, shape(0, 1, 5), 1), w, valid()));
  }

  @ParameterizedTest
  @EnumSource
  void depthwiseConv2d(DType type) {
    Tensor x = range(type, shape(1, 2, 1, 2), 1);
    Tensor w = tensor(type, shape(4, 1, 1, 2), 1, 10, 100, 1000, 1, -1, 2, 0);
    assertExactly( // two filters on 1 2, two on 3 4
        tensor(type, shape(1, 4, 1, 1), 21, 2100, -1, 6), Ops.depthwiseConv2d(x, w, valid()));
    assertExactly(
        tensor(type, shape(1, 2, 2, 1), 0, 21, 0, -1),
        Ops.depthwiseConv2d(
            x,
            tensor(type, shape(2, 1, 1, 2), 1, 10, 1, -1),
            valid().padding(1, 0, 0, 0).stride(1, 3)));
    assertExactly(
        tensor(type, shape(0, 4, 1, 1)),
        Ops.depthwiseConv2d(tensor(type, shape(0, 2, 1, 2)), w, valid()));
  }

  @ParameterizedTest
  @EnumSource
  void convTranspose2d(DType type) {
    Tensor w = range(type, shape(1, 1, 2, 2), 1);
    Tensor corners = tensor(type, shape(1, 1, 2, 2), 1, 0, 0, 1);
    assertExactly( // the filter, set down at (0, 0) and at (1, 1)
        tensor(type, shape(1, 1, 3, 3), 1, 2, 0, 3, 4 + 1, 2, 0, 3, 4),
        Ops.convTranspose2d(corners, w, valid()));
    assertExactly( // padding is cut off, on each side by itself
        tensor(type, shape(1, 1, 1, 1), 5), Ops.convTranspose2d(corners, w, valid().padding(1)));
    assertExactly(
        tensor(type, shape(1, 1, 2, 2), 3, 5, 0, 3),
        Ops.convTranspose2d(corners, w, valid().padding(1, 0, 0, 1)));
    assertExactly(
        tensor(type, shape(1, 1, 2, 2), 1, 2, 3, 5), Ops.convTranspose2d(corners, w, same()));
    assertExactly( // all of it is cut off
        tensor(type, shape(1, 1, 0, 2)),
        Ops.convTranspose2d(tensor(type, shape(1, 1, 1, 1), 5), w, valid().padding(1, 1, 0, 0)));
    Tensor row = tensor(type, shape(1, 1, 1, 2), 1, 10);
    Tensor taps = tensor(type, shape(1, 1, 1, 3), 1, 2, 3);
    assertExactly( // 1 2 3, and 10 20 30 one step to the right
        tensor(type, shape(1, 1, 1, 4), 1, 12, 23, 30), Ops.convTranspose2d(row, taps, valid()));
    assertExactly( // two steps to the right
        tensor(type, shape(1, 1, 1, 5), 1, 2, 13, 20, 30),
        Ops.convTranspose2d(row, taps, valid().stride(1, 2)));
    assertExactly(
        tensor(type, shape(1, 1, 1, 7), 1, 2, 3, 10, 20, 30, 0),
        Ops.convTranspose2d(row, taps, valid().stride(3), 0, 1));
    assertExactly(
        tensor(type, shape(1, 1, 3, 6), 1, 2, 3, 10, 20, 30, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        Ops.convTranspose2d(row, taps, valid().stride(3), 2, 0));
    assertExactly( // taps two apart
        tensor(type, shape(1, 1, 1, 6), 1, 10, 2, 20, 3, 30),
        Ops.convTranspose2d(row, taps, valid().dilation(2)));
    assertExactly( // twice as wide: the last of five is cut off
        tensor(type, shape(1, 1, 2, 4), 1, 2, 13, 20, 0, 0, 0, 0),
        Ops.convTranspose2d(row, taps, same().stride(2)));
    Tensor pair = tensor(type, shape(1, 2, 1, 1), 3, 5);
    assertExactly( // each output channel sees both input channels
        tensor(type, shape(1, 3, 1, 1), 5003, 50030, 500300),
        Ops.convTranspose2d(
            pair, tensor(type, shape(2, 3, 1, 1), 1, 10, 100, 1000, 10000, 100000), valid()));
    assertExactly( // or one of them
        tensor(type, shape(1, 4, 1, 1), 3, 30, 500, 5000),
        Ops.convTranspose2d(
            pair, tensor(type, shape(2, 2, 1, 1), 1, 10, 100, 1000), valid().groups(2)));
    assertExactly(
        tensor(type, shape(0, 1, 3, 3)),
        Ops.convTranspose2d(tensor(type, shape(0, 1, 2, 2)), w, valid()));
  }

  /** The size of a filter that slides over a 3 x 3 image. */
  private record FilterSize(int height, int width) {
    ConvGeometry over(ConvOptions options) {
      return options.geometry(shape(1, 1, 3, 3), shape(1, 1, height, width));
    }
  }

  // ---- pooling ---------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void maxPool2d(DType type) {
    Tensor x = range(type, shape(1, 1, 4, 4), 1);
    assertExactly(tensor(type, shape(1, 1, 2, 2), 6, 8, 14, 16), Ops.maxPool2d(x, 2));
    assertExactly(Ops.maxPool2d(x, 2), Ops.maxPool2d(x, window(2)));
    assertExactly( // the last row and column are not read
        tensor(type, shape(1, 1, 1, 1), 11), Ops.maxPool2d(x, 3));
    assertExactly(
        tensor(type, shape(1, 1, 4, 2), 2, 4, 6, 8, 10, 12, 14, 16),
        Ops.maxPool2d(x, window(1, 2)));
    assertExactly( // each window has elements two apart
        tensor(type, shape(1, 1, 2, 2), 11, 12, 15, 16),
        Ops.maxPool2d(x, window(2).stride(1).dilation(2)));
    Tensor negative = Ops.neg(range(type, shape(1, 1, 3, 3), 1));
    assertExactly( // padding never is the maximum
        tensor(type, shape(1, 1, 2, 2), -1, -2, -4, -5),
        Ops.maxPool2d(negative, window(2).padding(1)));
    assertExactly( // planes are apart
        tensor(type, shape(2, 2, 1, 1), 2, 4, 6, 8),
        Ops.maxPool2d(range(type, shape(2, 2, 1, 2), 1), window(1, 2)));
    assertExactly(
        tensor(type, shape(0, 1, 2, 2)), Ops.maxPool2d(tensor(type, shape(0, 1, 4, 4)), 2));
  }

  /** Of 1 to 25 in a square. */
  @ParameterizedTest
  @EnumSource
  void maxPool2dInCeilMode(DType type) {
    Tensor x = range(type, shape(1, 1, 5, 5), 1);
    assertExactly( // the last row and column get windows that hang over
        tensor(type, shape(1, 1, 3, 3), 7, 9, 10, 17, 19, 20, 22, 24, 25),
        Ops.maxPool2d(x, window(2).ceil()));
    assertExactly( // nothing is left over
        tensor(type, shape(1, 1, 2, 2), 13, 15, 23, 25),
        Ops.maxPool2d(x, window(3).stride(2).ceil()));
    assertExactly( // only the columns leave something over
        tensor(type, shape(1, 1, 1, 3), 22, 24, 25), Ops.maxPool2d(x, window(5, 2).ceil()));
    assertExactly( // rows -1 0, 1 2, 3 4; a window from row 5 on would begin in the padding below
        tensor(type, shape(1, 1, 3, 3), 1, 3, 5, 11, 13, 15, 21, 23, 25),
        Ops.maxPool2d(x, window(2).padding(1).ceil()));
    assertExactly( // a window of 3 over 2, with stride 2
        tensor(type, shape(1, 1, 1, 1), 4),
        Ops.maxPool2d(range(type, shape(1, 1, 2, 2), 1), window(3).stride(2).ceil()));
    assertExactly( // windows may begin in the padding before, not in that behind
        tensor(type, shape(1, 1, 1, 2), 1, 3),
        Ops.maxPool2d(range(type, shape(1, 1, 1, 3), 1), window(1, 3).padding(0, 0, 2, 2).ceil()));
  }

  @ParameterizedTest
  @EnumSource
  void maxPool2dInput(DType type) {
    PoolGeometry geometry = window(2).stride(1).geometry("maxPool2d", shape(1, 1, 3, 3));
    Tensor y = range(type, shape(1, 1, 2, 2), 1);
    assertExactly( // the maxima of 1 to 9 lie below and to the right
        tensor(type, shape(1, 1, 3, 3), 0, 0, 0, 0, 1, 2, 0, 3, 4),
        Ops.maxPool2dInput(range(type, shape(1, 1, 3, 3), 1), y, geometry));
    assertExactly( // all four windows find the middle, where they add up
        tensor(type, shape(1, 1, 3, 3), 0, 0, 0, 0, 10, 0, 0, 0, 0),
        Ops.maxPool2dInput(
            tensor(type, shape(1, 1, 3, 3), 0, 0, 0, 0, 9, 0, 0, 0, 0), y, geometry));
  }

  @ParameterizedTest
  @EnumSource
  void maxPool2dPick(DType type) {
    PoolGeometry geometry = window(2).stride(1).geometry("maxPool2d", shape(1, 1, 3, 3));
    Tensor h = tensor(type, shape(1, 1, 3, 3), 10, 20, 30, 40, 50, 60, 70, 80, 90);
    assertExactly(
        tensor(type, shape(1, 1, 2, 2), 50, 60, 80, 90),
        Ops.maxPool2dPick(range(type, shape(1, 1, 3, 3), 1), h, geometry));
    assertExactly( // of -1 to -9 the maxima lie above and to the left
        tensor(type, shape(1, 1, 2, 2), 10, 20, 40, 50),
        Ops.maxPool2dPick(Ops.neg(range(type, shape(1, 1, 3, 3), 1)), h, geometry));
  }

  @ParameterizedTest
  @EnumSource
  void avgPool2d(DType type) {
    Tensor x = range(type, shape(1, 1, 4, 4), 1);
    assertExactly(tensor(type, shape(1, 1, 2, 2), 3.5, 5.5, 11.5, 13.5), Ops.avgPool2d(x, 2));
    assertExactly(Ops.avgPool2d(x, 2), Ops.avgPool2d(x, window(2)));
    assertExactly(tensor(type, shape(1, 1, 1, 1), 6), Ops.avgPool2d(x, 3));
    assertExactly(
        tensor(type, shape(1, 1, 2, 2), 6, 7, 10, 11),
        Ops.avgPool2d(x, window(2).stride(1).dilation(2)));
    Tensor square = range(type, shape(1, 1, 3, 3), 1);
    PoolOptions padded = window(2).padding(1);
    assertExactly( // (1) (2 3) (4 7) (5 6 8 9), each over 4
        tensor(type, shape(1, 1, 2, 2), 0.25, 1.25, 2.75, 7), Ops.avgPool2d(square, padded));
    assertExactly( // over the elements that are there
        tensor(type, shape(1, 1, 2, 2), 1, 2.5, 5.5, 7),
        Ops.avgPool2d(square, padded.ignorePadding()));
    assertExactly(
        tensor(type, shape(2, 2, 1, 1), 1.5, 3.5, 5.5, 7.5),
        Ops.avgPool2d(range(type, shape(2, 2, 1, 2), 1), window(1, 2)));
    assertExactly(
        tensor(type, shape(0, 1, 2, 2)), Ops.avgPool2d(tensor(type, shape(0, 1, 4, 4)), 2));
  }

  @ParameterizedTest
  @EnumSource
  void avgPool2dInCeilMode(DType type) {
    Tensor x = range(type, shape(1, 1, 1, 5), 1);
    PoolOptions pairs = window(1, 2).ceil();
    assertExactly( // what lies behind the end never counts
        tensor(type, shape(1, 1, 1, 3), 1.5, 3.5, 5), Ops.avgPool2d(x, pairs));
    assertExactly(
        tensor(type, shape(1, 1, 1, 3), 1.5, 3.5, 5), Ops.avgPool2d(x, pairs.ignorePadding()));
    PoolOptions padded = window(1, 4).stride(4).padding(0, 0, 2, 1).ceil();
    assertExactly( // (0 0 1 2) (3 4 5 0): all of them on the image or its padding
        tensor(type, shape(1, 1, 1, 2), 0.75, 3), Ops.avgPool2d(x, padded));
    assertExactly(
        tensor(type, shape(1, 1, 1, 2), 1.5, 4), Ops.avgPool2d(x, padded.ignorePadding()));
    PoolOptions over = window(1, 4).stride(3).padding(0, 0, 0, 1).ceil();
    assertExactly( // (1 2 3 4) (4 5 0) and one place behind the padding
        tensor(type, shape(1, 1, 1, 2), 2.5, 3), Ops.avgPool2d(x, over));
    assertExactly(
        tensor(type, shape(1, 1, 1, 2), 2.5, 4.5), Ops.avgPool2d(x, over.ignorePadding()));
    assertExactly( // the same along the height
        tensor(type, shape(1, 1, 2, 1), 2.5, 3),
        Ops.avgPool2d(
            range(type, shape(1, 1, 5, 1), 1),
            window(4, 1).stride(3, 1).padding(0, 1, 0, 0).ceil()));
  }

  @Test
  void theOrderOfPoolOptionsDoesNotMatter() {
    assertEquals(
        window(2).stride(3, 4).padding(1, 0, 1, 0).dilation(2).ignorePadding().ceil(),
        window(2).ceil().ignorePadding().dilation(2).padding(1, 0, 1, 0).stride(3, 4));
    PoolOptions last = window(2, 3).ceil().ignorePadding().stride(1);
    assertEquals(true, last.roundUp());
    assertEquals(false, last.countPadding());
    assertEquals(false, window(2).roundUp());
    assertEquals(true, window(2).ceil().countPadding());
  }

  @ParameterizedTest
  @EnumSource
  void globalMaxPool2d(DType type) {
    Tensor x = tensor(type, shape(2, 2, 1, 3), 1, 3, 2, -1, -3, -2, 7, 7, 7, 0, 0, 9);
    assertExactly(tensor(type, shape(2, 2, 1, 1), 3, -1, 7, 9), Ops.globalMaxPool2d(x));
    assertExactly(
        tensor(type, shape(0, 2, 1, 1)), Ops.globalMaxPool2d(tensor(type, shape(0, 2, 3, 1))));
  }

  @ParameterizedTest
  @EnumSource
  void globalAvgPool2d(DType type) {
    Tensor x = tensor(type, shape(2, 2, 2, 1), 1, 3, -1, -3, 7, 7, 0, 9);
    assertExactly(tensor(type, shape(2, 2, 1, 1), 2, -2, 7, 4.5), Ops.globalAvgPool2d(x));
    assertExactly(
        tensor(type, shape(0, 2, 1, 1)), Ops.globalAvgPool2d(tensor(type, shape(0, 2, 3, 1))));
    assertExactly(
        tensor(type, shape(1, 1, 1, 1), Double.NaN),
        Ops.globalAvgPool2d(tensor(type, shape(1, 1, 0, 3))));
  }

  @ParameterizedTest
  @EnumSource
  void avgPool2dInput(DType type) {
    PoolGeometry overlapping = window(2).stride(1).geometry("avgPool2d", shape(1, 1, 3, 3));
    assertExactly( // quarters of 4, 8, 12, 16, added where windows overlap
        tensor(type, shape(1, 1, 3, 3), 1, 3, 2, 4, 10, 6, 3, 7, 4),
        Ops.avgPool2dInput(tensor(type, shape(1, 1, 2, 2), 4, 8, 12, 16), overlapping, true));
    PoolGeometry padded = window(2).padding(1).geometry("avgPool2d", shape(1, 1, 3, 3));
    Tensor y = tensor(type, shape(1, 1, 2, 2), 4, 8, 12, 16);
    assertExactly(
        tensor(type, shape(1, 1, 3, 3), 1, 2, 2, 3, 4, 4, 3, 4, 4),
        Ops.avgPool2dInput(y, padded, true));
    assertExactly(
        tensor(type, shape(1, 1, 3, 3), 4, 4, 4, 6, 4, 4, 6, 4, 4),
        Ops.avgPool2dInput(y, padded, false));
  }

  @ParameterizedTest
  @EnumSource
  void upsampleNearest(DType type) {
    Tensor x = range(type, shape(1, 1, 2, 2), 1);
    assertExactly(
        tensor(type, shape(1, 1, 4, 4), 1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4),
        Ops.upsampleNearest(x, 2));
    assertExactly(
        tensor(type, shape(1, 1, 2, 6), 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4),
        Ops.upsampleNearest(x, 1, 3));
    assertExactly(
        tensor(type, shape(1, 1, 4, 2), 1, 2, 1, 2, 3, 4, 3, 4), Ops.upsampleNearest(x, 2, 1));
    assertExactly( // images and channels are apart
        tensor(type, shape(2, 2, 1, 2), 1, 1, 2, 2, 3, 3, 4, 4),
        Ops.upsampleNearest(range(type, shape(2, 2, 1, 1), 1), 1, 2));
    assertExactly(
        tensor(type, shape(0, 1, 4, 4)), Ops.upsampleNearest(tensor(type, shape(0, 1, 2, 2)), 2));
  }

  @ParameterizedTest
  @EnumSource
  void upsampleBilinear(DType type) {
    Tensor row = tensor(type, shape(1, 1, 1, 2), 0, 8);
    assertExactly( // at 0 (from -1/4), 1/4, 3/4 and 1 (from 5/4)
        tensor(type, shape(1, 1, 1, 4), 0, 2, 6, 8), Ops.upsampleBilinear(row, 1, 4, false));
    assertClose( // at 0, 1/3, 2/3 and 1
        tensor(type, shape(1, 1, 1, 4), 0, 8 / 3.0, 16 / 3.0, 8),
        Ops.upsampleBilinear(row, 1, 4, true));
    assertExactly(
        tensor(type, shape(1, 1, 4, 1), 0, 2, 6, 8),
        Ops.upsampleBilinear(Ops.reshape(row, 1, 1, 2, 1), 4, 1, false));
    Tensor x = tensor(type, shape(1, 1, 2, 2), 0, 8, 16, 24);
    assertExactly( // the middle is the mean of all four
        tensor(type, shape(1, 1, 3, 3), 0, 4, 8, 8, 12, 16, 16, 20, 24),
        Ops.upsampleBilinear(x, 3, 3, true));
    assertExactly(tensor(type, shape(1, 1, 1, 1), 12), Ops.upsampleBilinear(x, 1, 1, false));
    assertExactly( // the first corner
        tensor(type, shape(1, 1, 1, 1), 0), Ops.upsampleBilinear(x, 1, 1, true));
    assertExactly(x, Ops.upsampleBilinear(x, 2, 2, false));
    assertExactly(x, Ops.upsampleBilinear(x, 2, 2, true));
    Tensor five = range(type, shape(1, 1, 1, 5), 1);
    assertExactly( // smaller: at 0, 2 and 4
        tensor(type, shape(1, 1, 1, 3), 1, 3, 5), Ops.upsampleBilinear(five, 1, 3, true));
    assertExactly( // at 3/4 and 13/4
        tensor(type, shape(1, 1, 1, 2), 1.75, 4.25), Ops.upsampleBilinear(five, 1, 2, false));
    assertExactly(
        tensor(type, shape(0, 1, 4, 3)),
        Ops.upsampleBilinear(tensor(type, shape(0, 1, 2, 2)), 4, 3, false));
  }

  // ---- normalisation, dropout ------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void normalize(DType type) {
    Tensor x = tensor(type, shape(2, 2), 1, 3, 5, 13);
    assertExactly( // over n, not n - 1: the variances are 1 and 16
        tensor(type, shape(2, 2), -1, 1, -1, 1), Ops.normalize(x, 0, 1));
    assertExactly( // 1 + 3 = 4
        vector(type, -0.5, 0.5), Ops.normalize(vector(type, 1, 3), 3));
    assertExactly( // 4 and 25
        tensor(type, shape(2, 2), -1, -1, 1, 1), Ops.normalize(x, 0, -2));
    Tensor y = tensor(type, shape(2, 1, 2), 1, 5, 1, 5);
    assertExactly( // the mean is 3, the variance 4: over all axes
        tensor(type, shape(2, 1, 2), -1, 1, -1, 1), Ops.normalize(y, 0));
    assertExactly(Ops.normalize(y, 0), Ops.normalize(y, 0, 0, 2));
    assertExactly(scalar(type, 0), Ops.normalize(scalar(type, 7), 1));
    assertExactly(tensor(type, shape(0, 2)), Ops.normalize(tensor(type, shape(0, 2)), 1, 0));
  }

  @ParameterizedTest
  @EnumSource
  void batchNorm(DType type) {
    Tensor gamma = vector(type, 2, -3);
    Tensor beta = vector(type, 100, 10);
    // Channel 0 is 1 3, of mean 2 and variance 1; channel 1 is 5 9, of mean 7 and variance 4.
    Tensor x = tensor(type, shape(2, 2), 1, 5, 3, 9);
    assertExactly(tensor(type, shape(2, 2), 98, 13, 102, 7), Ops.batchNorm(x, gamma, beta, 0));
    assertExactly( // 1 + 3 = 4, twice
        tensor(type, shape(2, 2), 99, 11.5, 101, 8.5),
        Ops.batchNorm(tensor(type, shape(2, 2), 1, 5, 3, 7), gamma, beta, 3));
    assertExactly( // the same two channels, along L and along H and W
        tensor(type, shape(1, 2, 2), 98, 102, 13, 7),
        Ops.batchNorm(tensor(type, shape(1, 2, 2), 1, 3, 5, 9), gamma, beta, 0));
    assertExactly(
        tensor(type, shape(2, 2, 1, 2), 98, 102, 13, 7, 98, 102, 13, 7),
        Ops.batchNorm(tensor(type, shape(2, 2, 1, 2), 1, 3, 5, 9, 1, 3, 5, 9), gamma, beta, 0));
    assertExactly( // one element of each: nothing but beta
        tensor(type, shape(1, 2), 100, 10),
        Ops.batchNorm(tensor(type, shape(1, 2), 7, 8), gamma, beta, 1));
    assertExactly(
        tensor(type, shape(0, 2, 3)), Ops.batchNorm(tensor(type, shape(0, 2, 3)), gamma, beta, 1));
  }

  @ParameterizedTest
  @EnumSource
  void batchNormByGivenMeanAndVariance(DType type) {
    Tensor gamma = vector(type, 2, -3);
    Tensor beta = vector(type, 100, 10);
    Tensor mean = vector(type, 1, 5);
    Tensor variance = vector(type, 1, 6); // 1 + 3 = 4, 6 + 3 = 9
    assertExactly( // (x - 1) 2 / 2 + 100 and (x - 5) (-3) / 3 + 10
        tensor(type, shape(2, 2), 100, 10, 102, 6),
        Ops.batchNorm(tensor(type, shape(2, 2), 1, 5, 3, 9), gamma, beta, mean, variance, 3));
    assertExactly(
        tensor(type, shape(1, 2, 1, 2), 100, 102, 10, 6),
        Ops.batchNorm(tensor(type, shape(1, 2, 1, 2), 1, 3, 5, 9), gamma, beta, mean, variance, 3));
  }

  @ParameterizedTest
  @EnumSource
  void layerNorm(DType type) {
    Tensor x = tensor(type, shape(2, 2), 1, 3, 5, 13);
    assertExactly(
        tensor(type, shape(2, 2), 8, 17, 8, 17),
        Ops.layerNorm(x, vector(type, 2, -3), vector(type, 10, 20), 0));
    assertExactly( // 1 + 3 = 4 in the first row
        tensor(type, shape(1, 2), 9, 18.5),
        Ops.layerNorm(
            tensor(type, shape(1, 2), 1, 3), vector(type, 2, -3), vector(type, 10, 20), 3));
    Tensor y = tensor(type, shape(2, 2, 2), 1, 1, 5, 5, 7, 3, 3, 7);
    assertExactly( // over the last two axes
        tensor(type, shape(2, 2, 2), -1, -2, 3, 4, 1, -2, -3, 4),
        Ops.layerNorm(y, range(type, shape(2, 2), 1), Ops.zeros(range(type, shape(2, 2), 1)), 0));
  }

  @ParameterizedTest
  @EnumSource
  void groupNorm(DType type) {
    Tensor x = tensor(type, shape(1, 4, 1), 1, 3, 5, 13);
    Tensor gamma = vector(type, 1, 2, 3, 4);
    Tensor beta = vector(type, 10, 20, 30, 40);
    assertExactly(tensor(type, shape(1, 4, 1), 9, 22, 27, 44), Ops.groupNorm(x, 2, gamma, beta, 0));
    assertExactly( // 1 + 3 = 4, 16 + 3 = 19
        tensor(type, shape(1, 2), 9.5, 21),
        Ops.groupNorm(
            tensor(type, shape(1, 2), 1, 3), 1, vector(type, 1, 2), vector(type, 10, 20), 3));
    assertExactly( // as many groups as channels, along H and W; images are apart
        tensor(type, shape(2, 2, 1, 2), 9, 11, 18, 22, 11, 9, 22, 18),
        Ops.groupNorm(
            tensor(type, shape(2, 2, 1, 2), 1, 3, 5, 13, 5, 1, 9, 7),
            2,
            vector(type, 1, 2),
            vector(type, 10, 20),
            0));
    assertExactly( // one group
        tensor(type, shape(1, 2, 2), -1, -1, 2, 2),
        Ops.groupNorm(
            tensor(type, shape(1, 2, 2), 1, 1, 5, 5),
            1,
            vector(type, 1, 2),
            vector(type, 0, 0),
            0));
    assertExactly(
        tensor(type, shape(0, 4, 3)),
        Ops.groupNorm(tensor(type, shape(0, 4, 3)), 2, gamma, beta, 1));
  }

  /** The elements that a seed keeps are part of the interface: they never change. */
  @ParameterizedTest
  @EnumSource
  void dropout(DType type) {
    Tensor x = range(type, shape(2, 4), 1);
    assertExactly(tensor(type, shape(2, 4), 2, 4, 0, 8, 10, 0, 14, 0), Ops.dropout(x, 0.5, 0));
    assertExactly(tensor(type, shape(2, 4), 0, 4, 0, 8, 0, 12, 14, 0), Ops.dropout(x, 0.5, 1));
    assertExactly(
        tensor(type, shape(8), 0, 8, 0, 0, 0, 0, 0, 0),
        Ops.dropout(tensor(type, shape(8), 1, 1, 1, 1, 1, 1, 1, 1), 0.875, 1));
    assertExactly(x, Ops.dropout(x, 0, 5));
    assertExactly(tensor(type, shape(0)), Ops.dropout(tensor(type, shape(0)), 0.5, 1));
  }

  // ---- losses ----------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void mse(DType type) {
    assertClose( // (9 + 4 + 0) / 3
        scalar(type, 13 / 3.0), Ops.mse(vector(type, 1, 2, 3), vector(type, 4, 0, 3)));
    assertExactly(
        scalar(type, 2.5),
        Ops.mse(tensor(type, shape(2, 1), 1, 2), tensor(type, shape(2, 1), 0, 4)));
    assertExactly(scalar(type, 9), Ops.mse(scalar(type, 5), scalar(type, 2)));
  }

  @ParameterizedTest
  @EnumSource
  void halfSquaredError(DType type) {
    assertExactly(
        scalar(type, 6.5), Ops.halfSquaredError(vector(type, 1, 2, 3), vector(type, 4, 0, 3)));
    assertExactly(scalar(type, 4.5), Ops.halfSquaredError(scalar(type, 5), scalar(type, 2)));
    assertExactly(
        scalar(type, 0),
        Ops.halfSquaredError(tensor(type, shape(0, 2)), tensor(type, shape(0, 2))));
  }

  @ParameterizedTest
  @EnumSource
  void l1(DType type) {
    assertClose( // (3 + 2 + 0) / 3
        scalar(type, 5 / 3.0), Ops.l1(vector(type, 1, 2, 3), vector(type, 4, 0, 3)));
    assertExactly(scalar(type, 3), Ops.l1(scalar(type, 2), scalar(type, 5)));
  }

  @ParameterizedTest
  @EnumSource
  void huber(DType type) {
    Tensor y = vector(type, 1, 2, 3, 0);
    Tensor t = vector(type, 4, 0, 3, 0.5); // errors of -3, 2, 0, -1/2
    assertExactly( // 5/2, 3/2, 0, 1/8
        scalar(type, 33 / 32.0), Ops.huber(y, t, 1));
    assertExactly( // 4, 2, 0, 1/8
        scalar(type, 49 / 32.0), Ops.huber(y, t, 2));
    assertExactly( // half the squares: 9/2, 2, 0, 1/8
        scalar(type, 53 / 32.0), Ops.huber(y, t, 10));
    assertExactly(scalar(type, 53 / 32.0), Ops.huber(y, t, Double.POSITIVE_INFINITY));
  }

  @ParameterizedTest
  @EnumSource
  void binaryCrossEntropyWithLogits(DType type) {
    double ln2 = Math.log(2);
    double ln3 = Math.log(3);
    Tensor logits = vector(type, 0, ln3); // probabilities 1/2 and 3/4
    assertClose(
        scalar(type, (ln2 + 2 * ln2) / 2),
        Ops.binaryCrossEntropyWithLogits(logits, vector(type, 1, 0)));
    assertClose(
        scalar(type, (ln2 - Math.log(0.75)) / 2),
        Ops.binaryCrossEntropyWithLogits(logits, vector(type, 0, 1)));
    assertClose( // a quarter yes, three quarters no
        scalar(type, -0.25 * Math.log(0.75) + 0.75 * 2 * ln2),
        Ops.binaryCrossEntropyWithLogits(scalar(type, ln3), scalar(type, 0.25)));
  }

  @ParameterizedTest
  @EnumSource
  void nllLoss(DType type) {
    Tensor logarithms = tensor(type, shape(2, 3), -1, -2, -3, -4, -5, -6);
    assertExactly(scalar(type, 3), Ops.nllLoss(logarithms, 1, 0)); // (2 + 4) / 2
    assertExactly(scalar(type, 4.5), Ops.nllLoss(logarithms, 2, 2));
    assertClose(
        Ops.crossEntropy(logarithms, 2, 0), Ops.nllLoss(Ops.logSoftmax(logarithms, 1), 2, 0));
  }

  @ParameterizedTest
  @EnumSource
  void klDivergence(DType type) {
    double ln2 = Math.log(2);
    Tensor halves = vector(type, 0.5, 0.5);
    Tensor logarithms = vector(type, -2 * ln2, Math.log(0.75)); // of 1/4 and 3/4
    assertClose( // two examples: a half of each is mean over the batch
        scalar(type, (0.5 * ln2 + 0.5 * Math.log(2 / 3.0)) / 2),
        Ops.klDivergence(logarithms, halves));
    assertClose( // one example
        scalar(type, 0.5 * ln2 + 0.5 * Math.log(2 / 3.0)),
        Ops.klDivergence(Ops.reshape(logarithms, 1, 2), Ops.reshape(halves, 1, 2)));
    assertExactly(scalar(type, 0), Ops.klDivergence(vector(type, 0, -7), vector(type, 1, 0)));
  }

  @ParameterizedTest
  @EnumSource
  void crossEntropyOfSmoothedLabels(DType type) {
    double ln2 = Math.log(2);
    Tensor logits = tensor(type, shape(1, 2), 0, Math.log(3)); // probabilities 1/4 and 3/4
    assertClose( // a quarter on the first, three quarters on the second
        scalar(type, 0.25 * 2 * ln2 - 0.75 * Math.log(0.75)),
        Ops.crossEntropy(logits, new int[] {1}, 0.5));
    assertExactly(Ops.crossEntropy(logits, 1), Ops.crossEntropy(logits, new int[] {1}, 0));
  }

  @ParameterizedTest
  @EnumSource
  void crossEntropy(DType type) {
    double ln2 = Math.log(2);
    double ln3 = Math.log(3);
    Tensor logits = tensor(type, shape(2, 2), 0, 0, ln3, 0); // softmax 1/2 1/2, 3/4 1/4
    assertClose(scalar(type, (ln2 - Math.log(0.75)) / 2), Ops.crossEntropy(logits, 0, 0));
    assertClose(scalar(type, (ln2 + 2 * ln2) / 2), Ops.crossEntropy(logits, 1, 1));
    assertClose(
        Ops.crossEntropy(logits, 1, 0),
        Ops.crossEntropy(logits, tensor(type, shape(2, 2), 0, 1, 1, 0)));
    assertClose( // rows that do not sum to 1: (1 + 1/2) ln 2, and nothing
        scalar(type, 0.75 * ln2),
        Ops.crossEntropy(logits, tensor(type, shape(2, 2), 1, 0.5, 0, 0)));
    assertClose( // three places in one image, all of them 1/2: (1 + ... + 6) / 8 ln 2 / 3
        scalar(type, 7 * ln2 / 8),
        Ops.crossEntropy(
            tensor(type, shape(1, 2, 3), 0, 0, 0, 0, 0, 0),
            Ops.mul(range(type, shape(1, 2, 3), 1), 0.125)));
    assertExactly(scalar(type, 0), Ops.add(Ops.crossEntropy(tensor(type, shape(1, 1), 5), 0), 0));
  }

  // ---- constants -------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void stopGradient(DType type) {
    Tensor x = Tensor.variable(vector(type, 1, -0.0, Double.NaN).value());
    assertExactly(x, Ops.stopGradient(x));
    assertEquals(false, Ops.stopGradient(x).isTracked());
    Tensor squares = Ops.mul(x, Ops.stopGradient(x));
    assertExactly(x, Gradients.backward(Ops.sum(squares)).of(x)); // x c has the slope c, not 2 x
  }

  @ParameterizedTest
  @EnumSource
  void zeros(DType type) {
    assertExactly(
        tensor(type, shape(1, 2), 0, 0), Ops.zeros(tensor(type, shape(1, 2), 3, Double.NaN)));
    assertExactly(scalar(type, 0), Ops.zeros(scalar(type, 3)));
    assertEquals(false, Ops.zeros(Values.variable(shape(), 3)).isTracked());
  }

  @ParameterizedTest
  @EnumSource
  void scalar(DType type) {
    assertExactly(tensor(type, shape(), -0.1), Ops.scalar(tensor(type, shape(2), 1, 2), -0.1));
    assertEquals(false, Ops.scalar(Values.variable(shape(), 3), 1).isTracked());
  }

  @ParameterizedTest
  @EnumSource
  void oneHot(DType type) {
    assertExactly(tensor(type, shape(3, 2), 0, 1, 1, 0, 0, 1), Ops.oneHot(type, 2, 1, 0, 1));
    assertExactly(tensor(type, shape(0, 2)), Ops.oneHot(type, 2));
    assertEquals(false, Ops.oneHot(type, 1, 0).isTracked());
  }

  private static Tensor scalar(DType type, double value) {
    return tensor(type, shape(), value);
  }

  private static Tensor vector(DType type, double... values) {
    return tensor(type, shape(values.length), values);
  }
}
