package org.gradus.benchmarks.peer;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;

/** A network of DJL's blocks. They take the number of their inputs from the first input. */
final class PyTorchNet implements NetBuilder {
  private static final Shape TWO = new Shape(2, 2);

  private final SequentialBlock block = new SequentialBlock();

  SequentialBlock block() {
    return block;
  }

  @Override
  public NetBuilder conv(int in, int out, int kernel, int padding) {
    block.add(
        Conv2d.builder()
            .setFilters(out)
            .setKernelShape(new Shape(kernel, kernel))
            .optPadding(new Shape(padding, padding))
            .build());
    return this;
  }

  @Override
  public NetBuilder relu() {
    block.add(Activation::relu);
    return this;
  }

  @Override
  public NetBuilder pool() {
    block.add(Pool.maxPool2dBlock(TWO, TWO));
    return this;
  }

  @Override
  public NetBuilder flatten() {
    block.add(Blocks.batchFlattenBlock());
    return this;
  }

  @Override
  public NetBuilder linear(int in, int out) {
    block.add(Linear.builder().setUnits(out).build());
    return this;
  }
}
