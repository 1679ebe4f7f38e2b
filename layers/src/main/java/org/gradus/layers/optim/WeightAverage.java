package org.gradus.layers.optim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.Parameter;

/**
 * An exponential moving average of parameters, which often generalises better than the parameters
 * of the last step. A value: names and arrays.
 *
 * <pre>{@code
 * WeightAverage average = WeightAverage.of(net.parameters());
 * for (Batch batch : batches.epoch(1)) {
 *   optimizer.minimize(crossEntropy(net.forward(batch.inputs()), batch.labels()));
 *   average = average.next(net.parameters(), 0.999);
 * }
 * double accuracy = average.during(net.parameters(), () -> Metric.accuracy().of(net, data, 100));
 * }</pre>
 *
 * @param values by the names of the parameters, in order; copied
 */
public record WeightAverage(Map<String, NdArray> values) {

  /** Takes a copy of the map, in its order. */
  public WeightAverage {
    Nulls.refuse("weightAverage: values", values);
    Map<String, NdArray> copy = new LinkedHashMap<>();
    values.forEach(
        (name, value) ->
            copy.put(
                Nulls.given("weightAverage: values", name),
                Nulls.given("weightAverage: values", value)));
    values = Collections.unmodifiableMap(copy);
  }

  /**
   * The values of parameters as they are now.
   *
   * @param parameters no two of one name
   * @throws IllegalArgumentException if two have one name
   */
  public static WeightAverage of(List<Parameter> parameters) {
    Map<String, NdArray> values = new LinkedHashMap<>();
    for (Parameter parameter : Nulls.list("of: parameters", parameters)) {
      if (values.put(parameter.name(), parameter.value()) != null) {
        throw new IllegalArgumentException(
            "of: two parameters are called %s; rename one, as by Parameter.in"
                .formatted(parameter.name()));
      }
    }
    return new WeightAverage(values);
  }

  /**
   * The average after one more step: {@code decay average + (1 - decay) value}, in double
   * precision, and rounded once to the element type of each.
   *
   * @param parameters as they are after the step
   * @param decay the share of the average that stays, at least 0 and at most 1
   * @throws IllegalArgumentException if the decay is out of its range, or the parameters are others
   *     than those of the average, by names, shapes and element types
   */
  public WeightAverage next(List<Parameter> parameters, double decay) {
    List<Parameter> all = checked("next", parameters);
    if (!(decay >= 0 && decay <= 1)) {
      throw new IllegalArgumentException(
          "next: decay %s, expected at least 0 and at most 1".formatted(decay));
    }
    Map<String, NdArray> moved = new LinkedHashMap<>();
    for (Parameter parameter : all) {
      NdArray last = parameter.value();
      NdArray average = value(parameter);
      moved.put(
          parameter.name(),
          decay == 0
              ? last
              : decay == 1
                  ? average
                  : average.zip(last, (mean, value) -> decay * mean + (1 - decay) * value));
    }
    return new WeightAverage(moved);
  }

  /**
   * Gives parameters the values of the average.
   *
   * @param parameters those of the average, by names, shapes and element types
   * @throws IllegalArgumentException if they are others; then none has changed
   */
  public void putInto(List<Parameter> parameters) {
    checked("putInto", parameters).forEach(parameter -> parameter.set(value(parameter)));
  }

  /**
   * Tensors that stand for the parameters in a pass, while these keep their values and others may
   * train: {@code net.predict(x, Pass.inference().with(average.tensors(net.parameters())))}.
   *
   * @param parameters those of the average, by names, shapes and element types
   * @return constants
   * @throws IllegalArgumentException if they are others
   */
  public Map<Parameter, Tensor> tensors(List<Parameter> parameters) {
    Map<Parameter, Tensor> tensors = new LinkedHashMap<>();
    checked("tensors", parameters)
        .forEach(parameter -> tensors.put(parameter, Tensor.constant(value(parameter))));
    return Collections.unmodifiableMap(tensors);
  }

  /**
   * What a program gives while the parameters have the values of the average. Afterwards they have
   * the values that they had. Losses that were computed before or inside belong to former variables
   * then.
   *
   * @param parameters those of the average, by names, shapes and element types
   * @param body run once
   * @throws IllegalArgumentException if they are others; then nothing is run
   */
  public <T> T during(List<Parameter> parameters, Supplier<T> body) {
    Nulls.refuse("during: parameters, body", parameters, body);
    List<Parameter> all = checked("during", parameters);
    List<NdArray> before = all.stream().map(Parameter::value).toList();
    all.forEach(parameter -> parameter.set(value(parameter)));
    try {
      return body.get();
    } finally {
      for (int i = 0; i < all.size(); i++) {
        all.get(i).set(before.get(i));
      }
    }
  }

  private NdArray value(Parameter parameter) {
    return Objects.requireNonNull(values.get(parameter.name()));
  }

  private List<Parameter> checked(String function, List<Parameter> parameters) {
    List<Parameter> all = Nulls.list(function + ": parameters", parameters);
    List<String> names = all.stream().map(Parameter::name).toList();
    if (!names.equals(List.copyOf(values.keySet()))) {
      throw new IllegalArgumentException(
          "%s: the parameters are %s, but the average is of %s"
              .formatted(function, names, values.keySet()));
    }
    for (Parameter parameter : all) {
      NdArray value = value(parameter);
      if (value.dtype() != parameter.dtype() || !value.shape().equals(parameter.shape())) {
        throw new IllegalArgumentException(
            "%s: the parameter is %s, but its average %s %s"
                .formatted(function, parameter, value.dtype(), value.shape()));
      }
    }
    return all;
  }
}
