package org.gradus.spark;

import java.io.Serializable;

/** A row that was read and found right. Not a record: serializers of Spark know none. */
final class Example implements Serializable {
  private static final long serialVersionUID = 1;

  final long id;
  final float[] input;
  final float[] target;

  Example(long id, float[] input, float[] target) {
    this.id = id;
    this.input = input;
    this.target = target;
  }
}
