package org.gradus.autograd.internal.kernel;

/**
 * Which of some numbers belongs to each element of an array: each number to as many neighbours as
 * it is repeated, one number after the other, and from the first again.
 *
 * @param count how many numbers there are, at least 1
 * @param repeat for how many neighbours each is, at least 1
 */
public record Channels(int count, int repeat) {

  /** The number of the element at a place. */
  public int at(int place) {
    return place / repeat % count;
  }

  /** From a place on, the neighbours whose numbers are one, or follow each other. */
  public int length(int place) {
    return repeat == 1 ? count - place % count : repeat - place % repeat;
  }
}
