package org.gradus.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Layer;
import org.gradus.layers.Observation;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;
import org.gradus.layers.optim.ParameterGradients;
import org.gradus.layers.train.Measures;
import org.gradus.layers.train.Metric;
import org.gradus.layers.train.MicroBatches;
import org.jspecify.annotations.Nullable;

/**
 * What a task tells of its block besides the gradients: the loss, what was observed for running
 * statistics, what was measured, and where; or why it refused. Arrays only: any serializer of Spark
 * can write it.
 */
final class Head implements Serializable {
  private static final long serialVersionUID = 1;

  final int block;
  final Machine machine;
  final long nanoseconds;

  /** No examples in a block that the batch is too small for. */
  private final int examples;

  private final double loss;

  // What was observed, one behind the other.
  private final String[] places;
  private final int[] buffers;
  private final double[] shares;
  private final Serializable[] values;

  private final double[][] measured;

  /** Why the task refused, as Java writes an object; null if it did not. */
  private final byte @Nullable [] fault;

  private Head(
      int block,
      Machine machine,
      long nanoseconds,
      int examples,
      double loss,
      List<Seen> seen,
      List<double[]> measured,
      byte @Nullable [] fault) {
    this.block = block;
    this.machine = machine;
    this.nanoseconds = nanoseconds;
    this.examples = examples;
    this.loss = loss;
    this.places = seen.stream().map(Seen::place).toArray(String[]::new);
    this.buffers = seen.stream().mapToInt(Seen::buffer).toArray();
    this.shares = seen.stream().mapToDouble(Seen::share).toArray();
    this.values = seen.stream().map(Seen::value).toArray(Serializable[]::new);
    this.measured = measured.toArray(double[][]::new);
    this.fault = fault;
  }

  private record Seen(String place, int buffer, double share, Serializable value) {}

  /** Of a sum that a net has computed. */
  static Head of(int block, Machine machine, long nanoseconds, MicroBatches.Sum sum, Layer net) {
    List<Parameter> buffers = net.buffers();
    List<Seen> seen = new ArrayList<>();
    sum.pass()
        .places()
        .forEach(
            (place, all) ->
                all.forEach(
                    each ->
                        seen.add(
                            new Seen(
                                place,
                                buffers.indexOf(each.buffer()),
                                each.share(),
                                Numbers.storage(each.value())))));
    return new Head(
        block,
        machine,
        nanoseconds,
        sum.examples(),
        sum.loss(),
        seen,
        sum.measures().numbers(),
        null);
  }

  /** Of a block without examples. */
  static Head nothing(int block, Machine machine) {
    return new Head(block, machine, 0, 0, 0, List.of(), List.of(), null);
  }

  /** Of a block whose task refused. */
  static Head refused(int block, Machine machine, RuntimeException why) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(why);
    } catch (IOException e) {
      throw new IllegalStateException("a task refused: " + why.getMessage(), why);
    }
    return new Head(block, machine, 0, 0, 0, List.of(), List.of(), bytes.toByteArray());
  }

  boolean isEmpty() {
    return examples == 0;
  }

  /** Throws what the task has refused, if it has. */
  void requireDone() {
    if (fault == null) {
      return;
    }
    RuntimeException why;
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(fault))) {
      why = (RuntimeException) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(
          "sparkTrainer: a task refused, and its exception is not known here: " + e, e);
    }
    throw why;
  }

  /**
   * The same sum, of the driver's net.
   *
   * @param gradients by parameter; none where they are added up elsewhere
   */
  MicroBatches.Sum sum(
      Map<Parameter, NdArray> gradients, Layer net, List<Metric> metrics, Pass pass) {
    Measures measures = new Measures(metrics).and(List.of(measured));
    return new MicroBatches.Sum(
        examples,
        loss,
        ParameterGradients.of(gradients, net.parameters()),
        pass.observed(net, observations(net)),
        measures);
  }

  private Map<String, List<Observation>> observations(Layer net) {
    List<Parameter> all = net.buffers();
    Map<String, List<Observation>> observations = new LinkedHashMap<>();
    for (int i = 0; i < places.length; i++) {
      Parameter buffer = all.get(buffers[i]);
      NdArray value = Numbers.wrapped(values[i], buffer.shape());
      observations
          .computeIfAbsent(places[i], place -> new ArrayList<>())
          .add(new Observation(buffer, shares[i], value));
    }
    return observations;
  }
}
