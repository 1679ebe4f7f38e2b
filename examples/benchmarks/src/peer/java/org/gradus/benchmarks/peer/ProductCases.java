package org.gradus.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/** Products of matrices, one or many. */
final class ProductCases {
  private ProductCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    cases.add(product(1024, 1024, 1).forward());
    cases.add(product(1, 1024, 1024).forward());
    cases.add(product(1, 784, 512).forward());
    cases.addAll(product(64, 784, 128).both());
    cases.addAll(product(256, 256, 256).both());
    cases.addAll(product(512, 512, 512).both());
    cases.add(product(1024, 1024, 1024).forward());
    cases.add(product(32, 288, 65536).forward());
    cases.addAll(batched(256, 16, 16, 16).both());
    cases.addAll(batched(64, 64, 32, 64).both());
    return cases;
  }

  private static Op product(int m, int k, int n) {
    return of(Input.variable("a", m, k), Input.variable("b", k, n), 2.0 * m * k * n);
  }

  private static Op batched(int pairs, int m, int k, int n) {
    return of(
        Input.variable("a", pairs, m, k),
        Input.variable("b", pairs, k, n),
        2.0 * pairs * m * k * n);
  }

  private static Op of(Input a, Input b, double flops) {
    Shape shape = a.shape();
    return Op.of(
            "matmul %s x %s".formatted(shape, b.shape()),
            in -> Ops.matmul(in.get(0), in.get(1)),
            "torch.matmul(a, b)",
            a,
            b)
        .flops(flops);
  }
}
