package org.gradus.examples.explain;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.mse;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.relu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.examples.explain.Chapter.Heading;
import org.gradus.examples.explain.ConvolutionChapter.Letters;
import org.gradus.examples.explain.Geometry.Extent;
import org.jspecify.annotations.Nullable;

/**
 * The chapters of the page: four short documents on the way back through a convolution, and more.
 */
final class Chapters {
  private Chapters() {}

  /** The chapters of the documents, and one of a geometry. */
  static List<Chapter> of(Geometry yours) {
    List<Chapter> all = new ArrayList<>(List.of(padding(), loops(), depth(), step()));
    all.add(yours(yours));
    return all;
  }

  // ---- the documents ---------------------------------------------------------------------------

  private static Chapter padding() {
    NdArray x = countingUp(1, 1, 5, 5);
    return chapter(
        new Heading(
            "padding",
            "Padding: which weight meets which error",
            """
            <p>A 5×5 input, a 3×3 filter, padding 1, stride 1, as in Alexey Kravets, <cite>Forward and Backward
            propagation in Convolutional Neural Networks</cite>. The output is as large as the input:
            floor(1 + (5 + 2·1 − 3) / 1) = 5. The numbers are ours: x and w count up, the errors dy count down.</p>
            <details><summary>The equations of <cite>Forward and Backward propagation in Convolutional Neural
            Networks</cite>, and what is meant</summary>
            <p class="equation">(1) <del>∂Y/∂x<sub>11</sub></del> <ins>∂L/∂x<sub>11</sub></ins> =
            dy<sub>11</sub> w<sub>22</sub> + dy<sub>12</sub> w<sub>21</sub> + dy<sub>21</sub> w<sub>12</sub> + dy<sub>22</sub> w<sub>11</sub></p>
            <p class="equation">(2) <del>∂Y/∂w<sub>11</sub></del> <ins>∂L/∂w<sub>11</sub></ins> =
            dy<sub>11</sub> x<sub>00</sub> + dy<sub>12</sub> x<sub>01</sub> + … + dy<sub>45</sub> <del>x<sub>43</sub></del> <ins>x<sub>34</sub></ins>
            + dy<sub>55</sub> x<sub>44</sub></p>
            <p>Struck out is what is written there, underlined what is meant. In (2) x is counted with its margin,
            from 0.</p></details>
            """),
        Geometry.single(new Extent(5, 5), new Extent(3, 3), 1),
        x,
        countingUp(1, 1, 3, 3),
        zeros(1),
        x.map(v -> 26 - v),
        Letters.USUAL);
  }

  private static Chapter loops() {
    return chapter(
        new Heading(
            "loops",
            "Loops: four windows, all written out",
            """
            <p>A 3×3 input and a 2×2 filter, small enough to write everything down, as in <cite>Gradients of
            convolution</cite> at aman.ai. The numbers are ours.</p>
            <details><summary>The loops of <cite>Gradients of convolution</cite>, and what is meant</summary>
            <p>For each output h,w they add to the gradients what its window has a part in:</p>
            <p class="equation">dX[h:h+f, w:w+f] += W · dH<del>(h,w)</del><ins>[h,w]</ins></p>
            <p class="equation">dW += X[h:h+f, w:w+f] · dH<del>(h,w)</del><ins>[h,w]</ins></p>
            <p>On this page the same sums stand element by element: what the loop adds to one element in several turns
            is one line. The code there calls dH, here ∂h, like a function.</p></details>
            """),
        Geometry.single(new Extent(3, 3), new Extent(2, 2), 0),
        countingUp(1, 1, 3, 3),
        NdArray.of(new double[] {1, -2, 3, 4}, 1, 1, 2, 2),
        zeros(1),
        NdArray.of(new double[] {1, -1, 2, 3}, 1, 1, 2, 2),
        new Letters("X", "W", "b", "h", "t", "∂h", "∂X", "∂W", "∂b"));
  }

  private static Chapter depth() {
    return chapter(
        new Heading(
            "depth",
            "Depth, stride, filters and bias",
            """
            <p>Two channels, three filters, stride 2, as in a question of July 2018 about the article <cite>Backpropagation
            In Convolutional Neural Networks</cite> by Jefkine. Numbers above a letter are the channel, the filter, or
            filter and channel. The last column is read by no window, and gets 0.</p>
            <details><summary>The equations of the answer to that question, and what is meant</summary>
            <p>The article is for one channel, one filter and stride 1. The one answer is, for stride 1:</p>
            <p class="equation">(7) δ[m, n, u] = Σ<sub>k</sub> Σ<sub>a</sub> Σ<sub>b</sub> δ′[m − a + 1, n − b + 1, k] w[a, b, u, k]</p>
            <p class="equation">(8) the same with w[a, b, <del>k, u</del> <ins>u, k</ins>]</p>
            <p>With a stride s, δ′ stands at i = (m − a) / s + 1 and j = (n − b) / s + 1, where these are whole:
            the places between are the zeros on this page. The answer's single b is one b[k] for each filter.</p></details>
            """),
        new Geometry(new Extent(5, 6), new Extent(3, 3), 2, 0, 1, 2, 3, 1),
        wholeNumbers(5, 1, 2, 5, 6),
        wholeNumbers(6, 3, 2, 3, 3),
        wholeNumbers(7, 3),
        wholeNumbers(8, 1, 3, 2, 2),
        new Letters("z", "w", "b", "z′", "t", "δ′", "δ", "∂w", "∂b"));
  }

  private static Chapter step() {
    return chapter(
        new Heading(
            "step",
            "The step: from the error to better weights",
            """
            <p>A 5×5 input o and a 2×2 filter, as in an answer to the question <cite>back propagation in CNN</cite>. Inputs
            and errors are those of the answer, and so is w<sub>11</sub> = −0.13; the other weights and the bias are ours.
            The output is called x there.</p>
            <details><summary>The equations of <cite>back propagation in CNN</cite>, and what is meant</summary>
            <p class="equation">∂E/∂w<sub>m,n</sub> = Σ<sub>i</sub> Σ<sub>j</sub> δ<sub>i,j</sub> o<sub>i+m, j+n</sub></p>
            <p class="equation">w(t + 1) = w(t) − η ∂E/∂w</p>
            <p class="equation">E = ½ Σ<sub>p</sub> (t<sub>p</sub> − x<sub>p</sub>)², <del>the mean squared error</del> <ins>half the sum</ins></p>
            <p>The answer finds [[0.044606, 0.094061], [0.011262, 0.068288]]; so do these sums. It counts from 0, and
            its b<sub>i,j</sub> is one b.</p></details>
            """),
        Geometry.single(new Extent(5, 5), new Extent(2, 2), 0),
        NdArray.of(
            new double[] {
              0.51, 0.90, 0.88, 0.84, 0.05,
              0.40, 0.62, 0.22, 0.59, 0.10,
              0.11, 0.20, 0.74, 0.33, 0.14,
              0.47, 0.01, 0.85, 0.70, 0.09,
              0.76, 0.19, 0.72, 0.17, 0.57
            },
            1,
            1,
            5,
            5),
        NdArray.of(new double[] {-0.13, 0.15, -0.51, 0.62}, 1, 1, 2, 2),
        zeros(1),
        NdArray.of(
            new double[] {0, 0, 0.0686, 0, 0, 0.0364, 0, 0, 0, 0.0467, 0, 0, 0, 0, 0, -0.0681},
            1,
            1,
            4,
            4),
        new Letters("o", "w", "b", "x", "t", "δ", "∂o", "∂w", "∂b"));
  }

  private static Chapter yours(Geometry g) {
    return chapter(
        new Heading(
            "yours",
            "A geometry of your own",
            "<p>%s. The numbers are random whole ones from −4 to 4. Dilation is the distance between two elements of a window; with groups, a filter reads only the channels of its own group. <code>Explain --input 7x7 --kernel 3x3 --stride 2</code>, and more options, write this page with another geometry.</p>"
                .formatted(capital(g.toString()))),
        g,
        wholeNumbers(1, g.inputShape().toArray()),
        wholeNumbers(2, g.kernelShape().toArray()),
        wholeNumbers(3, g.filters()),
        null,
        Letters.USUAL);
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static Chapter chapter(
      Heading heading,
      Geometry g,
      NdArray x,
      NdArray w,
      NdArray b,
      @Nullable NdArray errors,
      Letters letters) {
    Shape output = conv2d(Tensor.constant(x), Tensor.constant(w), g.options()).shape();
    NdArray dy = errors != null ? errors : wholeNumbers(4, output.toArray());
    return ConvolutionChapter.of(heading, Convolution.of(g, x, w, b, dy), letters);
  }

  // ---- graphs ----------------------------------------------------------------------------------

  /** Walks through graphs. */
  static List<GraphWalk> graphs() {
    Tensor x = Tensor.variable(NdArray.of(2.0));
    Tensor w = Tensor.variable(NdArray.of(3.0));
    Tensor a = mul(w, x);
    Tensor c = mul(a, a);
    Tensor loss = add(c, a);
    Map<Tensor, String> names = Map.of(x, "x", w, "w", a, "a", c, "c", loss, "L");
    Tensor dw = Gradients.backward(loss, Gradients.Mode.DIFFERENTIABLE, w).of(w);
    Tensor image = Tensor.constant(countingUp(1, 1, 3, 3));
    Tensor filter = Tensor.variable(NdArray.of(new double[] {-1, 1, -1, 1}, 1, 1, 2, 2));
    Tensor target = Tensor.constant(NdArray.of(new double[] {0, 1, 2, 3}, 1, 1, 2, 2));
    Tensor error = mse(relu(conv2d(image, filter)), target);
    return List.of(
        GraphWalk.of(
            new Heading(
                "graph",
                "The graph: a node with several uses",
                "<p>a = w x, c = a a, L = c + a, for x = 2 and w = 3. Values flow to the right,"
                    + " gradients back, in red, each complete when all that use the tensor have"
                    + " handed theirs on.</p>"),
            loss,
            names),
        GraphWalk.of(
            new Heading(
                "second",
                "The second derivative is a graph too",
                "<p>The gradient ∂L/∂w = (2a + 1) x was itself computed by multiplying and adding,"
                    + " so it has a graph of its own. The walk through it tells ∂²L/∂w² = 2x² = 8"
                    + " and ∂²L/∂w∂x = 4 w x + 1 = 25. A box <i>accumulate</i> adds up what came"
                    + " back to a tensor with several uses.</p>"),
            dw,
            names),
        GraphWalk.of(
            new Heading(
                "net",
                "A convolution in its graph",
                "<p>The mean squared error (mse) of a convolution whose negative numbers relu makes"
                    + " 0. The input x and what is wanted, t, are constants: no gradient is"
                    + " computed for them.</p>"),
            error,
            Map.of(image, "x", filter, "w", target, "t", error, "loss")));
  }

  // ---- numbers ---------------------------------------------------------------------------------

  private static NdArray countingUp(int... dims) {
    return NdArray.generate(DType.FLOAT64, Shape.of(dims), i -> i + 1);
  }

  private static NdArray zeros(int... dims) {
    return NdArray.zeros(DType.FLOAT64, Shape.of(dims));
  }

  private static NdArray wholeNumbers(long seed, int... dims) {
    SplittableRandom random = new SplittableRandom(seed);
    return NdArray.generate(DType.FLOAT64, Shape.of(dims), i -> random.nextInt(-4, 5));
  }
}
