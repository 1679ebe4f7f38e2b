package org.gradus.autograd.ops;

import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.testkit.Draw;

/**
 * Convolution and its three gradients as loops over the definition, with the image really padded:
 * slow, plain, and independent of the library's kernels.
 */
final class NaiveConvolution {
  private final ConvGeometry geometry;
  private final Shape x;
  private final Shape w;
  private final Shape y;

  NaiveConvolution(Draw.ConvCase shapes) {
    this.geometry = shapes.geometry();
    this.x = shapes.x();
    this.w = shapes.w();
    this.y = shapes.y();
  }

  /** A visit of each triple of elements that are multiplied: of padded x, of w, and of y. */
  private interface Term {
    void add(int atPadded, int atW, int atY);
  }

  private int paddedHeight() {
    return geometry.rows().padBefore() + x.dim(2) + geometry.rows().padAfter();
  }

  private int paddedWidth() {
    return geometry.columns().padBefore() + x.dim(3) + geometry.columns().padAfter();
  }

  private void forEachTerm(Term term) {
    Window rows = geometry.rows();
    Window columns = geometry.columns();
    int filtersPerGroup = w.dim(0) / geometry.groups();
    int atY = 0;
    for (int n = 0; n < y.dim(0); n++) {
      for (int f = 0; f < y.dim(1); f++) {
        int firstChannel = f / filtersPerGroup * w.dim(1);
        for (int i = 0; i < y.dim(2); i++) {
          for (int j = 0; j < y.dim(3); j++, atY++) {
            for (int c = 0; c < w.dim(1); c++) {
              for (int a = 0; a < w.dim(2); a++) {
                for (int b = 0; b < w.dim(3); b++) {
                  int row = i * rows.stride() + a * rows.dilation();
                  int column = j * columns.stride() + b * columns.dilation();
                  int plane = n * x.dim(1) + firstChannel + c;
                  int atPadded = (plane * paddedHeight() + row) * paddedWidth() + column;
                  int atW = ((f * w.dim(1) + c) * w.dim(2) + a) * w.dim(3) + b;
                  term.add(atPadded, atW, atY);
                }
              }
            }
          }
        }
      }
    }
  }

  /** y from x and w. */
  NdArray forward(NdArray images, NdArray weights) {
    double[] padded = pad(images);
    double[] result = new double[y.size()];
    forEachTerm((p, a, o) -> result[o] += padded[p] * weights.at(a));
    return NdArray.of(result, y.toArray());
  }

  /** dx from w and dy. */
  NdArray inputGradient(NdArray weights, NdArray dy) {
    double[] padded = new double[x.dim(0) * x.dim(1) * paddedHeight() * paddedWidth()];
    forEachTerm((p, a, o) -> padded[p] += weights.at(a) * dy.at(o));
    double[] result = new double[x.size()];
    forEachPixel((pixel, p) -> result[pixel] = padded[p]);
    return NdArray.of(result, x.toArray());
  }

  /** dw from x and dy. */
  NdArray weightGradient(NdArray images, NdArray dy) {
    double[] padded = pad(images);
    double[] result = new double[w.size()];
    forEachTerm((p, a, o) -> result[a] += padded[p] * dy.at(o));
    return NdArray.of(result, w.toArray());
  }

  /** db from dy: one bias for each filter. */
  NdArray biasGradient(NdArray dy) {
    double[] result = new double[y.dim(1)];
    for (int n = 0; n < y.dim(0); n++) {
      for (int f = 0; f < y.dim(1); f++) {
        for (int i = 0; i < y.dim(2); i++) {
          for (int j = 0; j < y.dim(3); j++) {
            result[f] += dy.get(n, f, i, j);
          }
        }
      }
    }
    return NdArray.of(result, y.dim(1));
  }

  private double[] pad(NdArray images) {
    double[] padded = new double[x.dim(0) * x.dim(1) * paddedHeight() * paddedWidth()];
    forEachPixel((pixel, p) -> padded[p] = images.at(pixel));
    return padded;
  }

  /** A visit of each pixel: its place in x, and in padded x. */
  private interface Pixel {
    void visit(int atX, int atPadded);
  }

  private void forEachPixel(Pixel pixel) {
    int atX = 0;
    for (int plane = 0; plane < x.dim(0) * x.dim(1); plane++) {
      for (int row = 0; row < x.dim(2); row++) {
        for (int column = 0; column < x.dim(3); column++, atX++) {
          int paddedRow = plane * paddedHeight() + geometry.rows().padBefore() + row;
          pixel.visit(atX, paddedRow * paddedWidth() + geometry.columns().padBefore() + column);
        }
      }
    }
  }
}
