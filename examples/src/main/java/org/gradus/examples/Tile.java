package org.gradus.examples;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of an image, and the window around it that a network is given, so that it computes the
 * part as it would in the whole image.
 *
 * @param rows of the part
 * @param columns of the part
 */
record Tile(Span rows, Span columns) {

  /**
   * A part of one axis, and the window around it.
   *
   * @param from the first place of the part
   * @param to the place behind its last one
   * @param windowFrom the first place of the window
   * @param windowTo the place behind its last one
   */
  record Span(int from, int to, int windowFrom, int windowTo) {
    int length() {
      return to - from;
    }

    int windowLength() {
      return windowTo - windowFrom;
    }
  }

  /** What a network must see, and how the windows are aligned. */
  record Margin(int width, int block) {}

  /**
   * Parts that make up one axis. A window ends where the image does, or beyond the margin, so that
   * what a network pads with zeros there is the true edge, or is not seen. Windows begin at
   * multiples of the block, and have as many places beyond a multiple of it as the whole axis, so
   * that convolutions choose the same way for all, and their blocks lie as in the whole image.
   *
   * @param extent of the axis
   * @param side of the parts, a multiple of the block; the last one is what remains
   */
  static List<Span> spans(int extent, int side, Margin margin) {
    List<Span> spans = new ArrayList<>();
    int width = margin.width();
    int beyond = extent % margin.block();
    for (int from = 0; from < extent; from += side) {
      int to = Math.min(extent, from + side);
      // No window is narrower than two margins: few pixels would choose a way of their own.
      int windowFrom = Math.max(0, Math.min(from - width, extent - beyond - 2 * width));
      int windowTo = Math.min(extent, Math.max(to + width, 2 * width) + beyond);
      spans.add(new Span(from, to, windowFrom, windowTo));
    }
    return spans;
  }
}
