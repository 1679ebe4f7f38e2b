package org.gradus.onnx;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/** Products of matrices, and of tensors by their axes. */
final class Products {
  private Products() {}

  static List<Operator> operators() {
    return List.of(
        Operator.of("MatMul", 1, 2, 2, "", Products::matMul).with(Operator.Role.WEIGHT, 0, 1),
        Operator.of(
                "Gemm",
                1,
                2,
                3,
                "alpha:float beta:float transA:int transB:int broadcast:int@-6",
                Products::gemm)
            .with(Operator.Role.WEIGHT, 0, 1, 2),
        Operator.of("MatMulInteger", 10, 2, 4, "", Products::matMulInteger),
        Operator.of("Einsum", 12, 1, 2, "equation:string!", Products::einsum)
            .checked(node -> Equation.of(node.text("equation", ""), node.inputs().size())));
  }

  private static Value matMul(Call call) {
    if (call.value(0) instanceof Value.Host a && call.value(1) instanceof Value.Host b) {
      Tensor y = product(a.tensor(DType.FLOAT64), b.tensor(DType.FLOAT64));
      return new Value.Data(y, Element.DOUBLE).host(a.type());
    }
    return call.like(0, product(call.tensor(0), call.tensor(1)));
  }

  /** A factor of one axis is a row on the left, a column on the right. */
  static Tensor product(Tensor a, Tensor b) {
    Tensor left = a.shape().rank() == 1 ? Ops.expandDims(a, 0) : a;
    Tensor right = b.shape().rank() == 1 ? Ops.expandDims(b, 1) : b;
    Tensor y = Ops.matmul(left, right);
    if (right != b) {
      y = Ops.squeeze(y, -1);
    }
    return left == a ? y : Ops.squeeze(y, right == b ? -2 : -1);
  }

  private static Value gemm(Call call) {
    double alpha = call.node().number("alpha", 1);
    double beta = call.node().number("beta", 1);
    Tensor y =
        Ops.matmul(
            call.tensor(0),
            call.tensor(1),
            call.node().flag("transA", false),
            call.node().flag("transB", false));
    Tensor scaled = alpha == 1 ? y : Ops.mul(y, alpha);
    if (!call.has(2) || beta == 0) {
      return call.like(0, scaled);
    }
    Tensor c = call.tensor(2);
    Tensor added = beta == 1 ? c : Ops.mul(c, beta);
    boolean isBias = c.shape().equals(Shape.of(y.shape().dim(1)));
    return call.like(0, isBias ? Ops.bias(scaled, added) : Ops.add(scaled, added));
  }

  private static Value matMulInteger(Call call) {
    Tensor a = call.value(0).tensor(DType.FLOAT64);
    Tensor b = call.value(1).tensor(DType.FLOAT64);
    if (call.has(2)) {
      Tensor zero = call.value(2).tensor(DType.FLOAT64);
      a = Ops.sub(a, zero.shape().rank() == 1 ? Ops.expandDims(zero, 1) : zero);
    }
    if (call.has(3)) {
      b = Ops.sub(b, call.value(3).tensor(DType.FLOAT64));
    }
    return new Value.Data(product(a, b), Element.DOUBLE).host(Element.INT32);
  }

  // ---- by axes ---------------------------------------------------------------------------------

  /**
   * Which axes of the factors meet, and which stay; the dots of an ellipsis are letters too.
   *
   * @param inputs the letters of each factor's axes
   * @param output the letters of the product's axes
   */
  private record Equation(List<String> inputs, String output) {

    static Equation of(String text, int count) {
      String[] sides = text.replace(" ", "").split("->", -1);
      List<String> inputs = List.of(sides[0].split(",", -1));
      StringBuilder output = new StringBuilder(sides.length > 1 ? sides[1] : "");
      boolean isLegal = sides.length <= 2 && inputs.size() == count;
      for (String letters : List.of(sides[0], output.toString())) {
        isLegal &= letters.replace("...", "").replace(",", "").matches("[A-Za-z]*");
      }
      if (sides.length == 1) {
        output.append(sides[0].contains("...") ? "..." : "");
        sides[0]
            .chars()
            .filter(Character::isLetter)
            .sorted()
            .filter(c -> sides[0].indexOf(c) == sides[0].lastIndexOf(c))
            .forEach(c -> output.append((char) c));
      }
      if (!isLegal) {
        throw new IllegalArgumentException(
            "attribute equation is '%s', expected letters for %s inputs".formatted(text, count));
      }
      return new Equation(inputs, output.toString());
    }

    /** With digits in place of an ellipsis, of which the last is 0, so that they are aligned. */
    static String spread(String letters, int rank) {
      int missing = rank - letters.replace("...", "").length();
      StringBuilder digits = new StringBuilder();
      for (int i = missing - 1; i >= 0; i--) {
        digits.append((char) ('0' + i));
      }
      return letters.replace("...", digits);
    }
  }

  /** A tensor with a letter for each axis. */
  private record Lettered(Tensor tensor, String letters) {

    int extent(char letter) {
      return tensor.shape().dim(letters.indexOf(letter));
    }

    /** The elements whose indices are equal where a letter is there twice. */
    Lettered diagonal() {
      for (int i = 0; i < letters.length(); i++) {
        int again = letters.indexOf(letters.charAt(i), i + 1);
        if (again > 0) {
          int extent = tensor.shape().dim(i);
          Tensor mixed = Ops.permute(tensor, order(i, again));
          int[] dims = mixed.shape().toArray();
          dims[dims.length - 2] = extent * extent;
          int[] flat = java.util.Arrays.copyOf(dims, dims.length - 1);
          int[] places = new int[extent];
          for (int k = 0; k < extent; k++) {
            places[k] = k * (extent + 1);
          }
          Tensor taken = Ops.take(Ops.reshape(mixed, flat), -1, places);
          String left = letters.substring(0, again) + letters.substring(again + 1);
          String rest = left.substring(0, i) + left.substring(i + 1) + left.charAt(i);
          return new Lettered(taken, rest).diagonal();
        }
      }
      return this;
    }

    /** All axes but two, then these. */
    private int[] order(int one, int two) {
      int rank = letters.length();
      int[] order = new int[rank];
      int next = 0;
      for (int i = 0; i < rank; i++) {
        if (i != one && i != two) {
          order[next++] = i;
        }
      }
      order[next++] = one;
      order[next] = two;
      return order;
    }

    /** Summed over all letters that are not kept. */
    Lettered only(Set<Character> kept) {
      List<Integer> gone = new ArrayList<>();
      StringBuilder left = new StringBuilder();
      for (int i = 0; i < letters.length(); i++) {
        if (kept.contains(letters.charAt(i))) {
          left.append(letters.charAt(i));
        } else {
          gone.add(i);
        }
      }
      int[] axes = gone.stream().mapToInt(Integer::intValue).toArray();
      return gone.isEmpty() ? this : new Lettered(Ops.sum(tensor, axes), left.toString());
    }

    /** With its axes in the order of some letters. */
    Tensor as(String other) {
      int[] order = other.chars().map(letters::indexOf).toArray();
      return order.length < 2 ? tensor : Ops.permute(tensor, order);
    }
  }

  private static Value einsum(Call call) {
    Equation equation = Equation.of(call.node().text("equation", ""), call.count());
    List<Lettered> factors = new ArrayList<>();
    int spread = 0;
    for (int i = 0; i < call.count(); i++) {
      Tensor x = call.tensor(i);
      String letters = Equation.spread(equation.inputs().get(i), x.shape().rank());
      if (letters.length() != x.shape().rank()) {
        throw call.refused(
            "input %s is %s, expected axes %s".formatted(i, x.shape(), equation.inputs().get(i)));
      }
      spread = Math.max(spread, (int) letters.chars().filter(Character::isDigit).count());
      factors.add(new Lettered(x, letters).diagonal());
    }
    int named = equation.output().replace("...", "").length();
    String output = Equation.spread(equation.output(), named + spread);
    Set<Character> kept = letters(output);
    if (factors.size() == 1) {
      return call.like(0, factors.get(0).only(kept).as(output));
    }
    return call.like(0, product(call, factors.get(0), factors.get(1), output));
  }

  private static Set<Character> letters(String text) {
    Set<Character> all = new LinkedHashSet<>();
    text.chars().forEach(c -> all.add((char) c));
    return all;
  }

  /** One product of matrices, for each index that both factors and the product have. */
  private static Tensor product(Call call, Lettered a, Lettered b, String output) {
    Set<Character> wanted = letters(output);
    Set<Character> left = letters(b.letters());
    left.addAll(wanted);
    Set<Character> right = letters(a.letters());
    right.addAll(wanted);
    Lettered x = a.only(left);
    Lettered y = b.only(right);
    StringBuilder batch = new StringBuilder();
    StringBuilder rows = new StringBuilder();
    StringBuilder inner = new StringBuilder();
    for (char c : x.letters().toCharArray()) {
      boolean isShared = y.letters().indexOf(c) >= 0;
      (isShared ? wanted.contains(c) ? batch : inner : rows).append(c);
      if (isShared && x.extent(c) != y.extent(c)) {
        throw call.refused(
            "axis %s is %s and %s, expected the same".formatted(c, x.extent(c), y.extent(c)));
      }
    }
    StringBuilder columns = new StringBuilder();
    y.letters()
        .chars()
        .filter(c -> x.letters().indexOf(c) < 0)
        .forEach(c -> columns.append((char) c));
    int count = size(x, batch);
    Tensor product =
        Ops.matmul(
            Ops.reshape(x.as("" + batch + rows + inner), count, size(x, rows), size(x, inner)),
            Ops.reshape(
                y.as("" + batch + inner + columns), count, size(y, inner), size(y, columns)));
    String made = "" + batch + rows + columns;
    int[] dims =
        made.chars()
            .map(c -> x.letters().indexOf(c) >= 0 ? x.extent((char) c) : y.extent((char) c))
            .toArray();
    return new Lettered(Ops.reshape(product, dims), made).as(output);
  }

  private static int size(Lettered x, CharSequence letters) {
    return Shape.of(letters.chars().map(c -> x.extent((char) c)).toArray()).size();
  }
}
