package org.gradus.autograd;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Assertions;

/** Ops of a few lines each: all the mathematics that the tests of the engine need. */
final class TinyOps {
  private TinyOps() {}

  static Tensor variable(double... values) {
    return Tensor.variable(NdArray.of(values, values.length));
  }

  static Tensor constant(double... values) {
    return Tensor.constant(NdArray.of(values, values.length));
  }

  static double[] values(Tensor tensor) {
    return tensor.value().toDoubleArray();
  }

  static Tensor add(Tensor a, Tensor b) {
    return Tensor.of(new Add(), a, b);
  }

  static Tensor mul(Tensor a, Tensor b) {
    return Tensor.of(new Mul(), a, b);
  }

  static Tensor scale(Tensor x, double factor) {
    return Tensor.of(new Scale(factor), x);
  }

  static Tensor total(Tensor x) {
    return Tensor.of(new Total(), x);
  }

  static Tensor spread(Tensor x, Shape shape) {
    return Tensor.of(new Spread(shape), x);
  }

  /** x^3, element by element. */
  static Tensor cube(Tensor x) {
    return mul(x, mul(x, x));
  }

  /** a + b. Its VJP is the cotangent itself, the same array for both inputs. */
  record Add() implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0).zip(in.get(1), Double::sum);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return g;
    }
  }

  /** a b, element by element. */
  record Mul() implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0).zip(in.get(1), (a, b) -> a * b);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return mul(g, in.get(1 - input));
    }
  }

  /** x times a number. */
  record Scale(double factor) implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0).map(x -> factor * x);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return scale(g, factor);
    }
  }

  /** The sum of all elements. */
  record Total() implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      double sum = 0;
      for (int i = 0; i < in.get(0).size(); i++) {
        sum += in.get(0).at(i);
      }
      return NdArray.scalar(in.get(0).dtype(), sum);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return spread(g, in.get(0).shape());
    }
  }

  /** A scalar, repeated to a shape. */
  record Spread(Shape shape) implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return NdArray.full(in.get(0).dtype(), shape, in.get(0).item());
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return total(g);
    }
  }

  /** Three inputs: a b + c. */
  record MulAdd() implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0).zip(in.get(1), (a, b) -> a * b).zip(in.get(2), Double::sum);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return input == 2 ? g : mul(g, in.get(1 - input));
    }
  }

  /** Another op, with every call of its VJP written down. */
  record Watched(Op op, Journal journal) implements Op {
    @Override
    public String name() {
      return op.name();
    }

    @Override
    public NdArray forward(List<NdArray> in) {
      return op.forward(in);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      Tensor product = op.vjp(input, g, y, in);
      journal.write(new Visit(op, input, g, y, in, product));
      return product;
    }
  }

  /** One call of a VJP. */
  record Visit(
      Op op, int input, Tensor cotangent, Tensor output, List<Tensor> inputs, Tensor product) {

    List<Tensor> tensors() {
      List<Tensor> all = new ArrayList<>(inputs);
      all.addAll(List.of(cotangent, output, product));
      return all;
    }
  }

  /** The calls of VJPs in order, and what each array held when it was first seen. */
  static final class Journal {
    private final List<Visit> visits = new ArrayList<>();
    private final List<NdArray> seen = new ArrayList<>();
    private final List<NdArray> copies = new ArrayList<>();

    Tensor of(Op op, Tensor... inputs) {
      return Tensor.of(new Watched(op, this), inputs);
    }

    void write(Visit visit) {
      visits.add(visit);
      visit.tensors().forEach(tensor -> see(tensor.value()));
    }

    void see(NdArray array) {
      seen.add(array);
      copies.add(array.map(x -> x));
    }

    List<Visit> visits() {
      return visits;
    }

    /** The calls as words, for example {@code mul 0}. */
    List<String> words() {
      return visits.stream().map(visit -> visit.op().name() + " " + visit.input()).toList();
    }

    /** Fails if an array that was seen has been written to since. */
    void assertNothingWritten() {
      Assertions.assertFalse(seen.isEmpty());
      Assertions.assertEquals(copies, seen);
    }
  }
}
