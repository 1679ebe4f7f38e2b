package org.gradus.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.train.Loss;

/** The data that a report shows a net at work on. */
record Examples(Optional<Classified> classified, Optional<Sample> sample, List<Images> images) {
  private static final int MOST_IN_SAMPLE = 32;

  /** Examples of classes; a class without a name is called by its number. */
  record Classified(Dataset data, List<String> names, int batchSize) {
    String name(int k) {
      return k < names.size() ? names.get(k) : String.valueOf(k);
    }

    /** The input of one example, as a batch: no more of them are in memory than are needed. */
    NdArray select(int number) {
      return data.select(number).inputs();
    }
  }

  /** A batch, and how a net's outputs for it are judged. */
  record Sample(Batch batch, Loss loss) {}

  /** Images [N, 1 or 3, H, W] from 0 to 1. */
  record Images(String caption, NdArray all) {}

  Examples with(Classified other) {
    return new Examples(Optional.of(other), sample, images);
  }

  Examples with(Sample other) {
    return new Examples(classified, Optional.of(other), images);
  }

  Examples with(Images more) {
    List<Images> all = new ArrayList<>(images);
    all.add(more);
    return new Examples(classified, sample, List.copyOf(all));
  }

  /** The sample that was given; else the first of the classified examples. */
  Optional<Sample> batch() {
    return sample.isPresent() || classified.isEmpty() || classified.get().data().size() == 0
        ? sample
        : Optional.of(first(classified.get()));
  }

  private static Sample first(Classified examples) {
    int count = Math.min(MOST_IN_SAMPLE, examples.data().size());
    Batch batch = examples.data().select(IntStream.range(0, count).toArray());
    return new Sample(batch, Examples::crossEntropy);
  }

  /** Of the classes that the page shows, whatever the shape of the targets. */
  private static Tensor crossEntropy(Tensor output, Batch batch) {
    Batch labelled = new Batch(batch.inputs(), Outputs.of(output.value(), batch, 0).labels());
    boolean single = output.shape().rank() == 1 || output.shape().dim(-1) == 1;
    return (single ? Loss.binaryCrossEntropy() : Loss.crossEntropy()).of(output, labelled);
  }
}
