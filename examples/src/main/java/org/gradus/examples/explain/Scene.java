package org.gradus.examples.explain;

import java.util.List;

/**
 * What is computed of some tensors, element by element.
 *
 * @param title of the scene
 * @param text what is so of these tensors, as HTML; how it works in general, {@link
 *     ConvolutionChapter#how} says
 * @param grids that are shown, by their places in the chapter
 * @param target the grid whose elements are computed
 * @param steps one for each element of the target
 */
record Scene(String title, String text, List<Integer> grids, int target, List<Step> steps) {

  /** An element of a grid, by their places. */
  record Mark(int grid, int cell) {}

  /**
   * A product, or what else is added up.
   *
   * @param symbols with the names of its factors, as HTML
   * @param numbers with their values, as text
   * @param factors where these are
   */
  record Product(String symbols, String numbers, List<Mark> factors) {}

  /**
   * How an element comes about.
   *
   * @param products that are added up
   * @param window elements that the window covers, also those that add nothing
   */
  record Step(List<Product> products, List<Mark> window) {}
}
