package org.gradus.examples.explain;

import java.util.List;

/**
 * A part of the page.
 *
 * @param heading what it is about
 * @param grids the tensors of its scenes
 * @param scenes in order
 */
record Chapter(Heading heading, List<Grid> grids, List<Scene> scenes) {

  /**
   * What a chapter is about.
   *
   * @param id in addresses
   * @param title a few words
   * @param text as HTML
   */
  record Heading(String id, String title, String text) {}
}
