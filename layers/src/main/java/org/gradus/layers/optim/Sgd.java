package org.gradus.layers.optim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.update.Momentum;
import org.gradus.autograd.update.UpdateState;
import org.gradus.layers.Parameter;

/**
 * Stochastic gradient descent, with momentum and weight decay.
 *
 * <pre>
 *   v = momentum v + (g + weightDecay p)
 *   p = p - learningRate v
 * </pre>
 *
 * <p>p is a parameter, g its gradient, v its velocity, which is 0 before the first step. This is
 * the form of PyTorch's SGD (without dampening): the learning rate stands outside of the velocity,
 * so a new one acts at once, and weight decay goes through the momentum. All parameters decay,
 * biases too.
 *
 * <p>Computed in the element type of each parameter, to which the three numbers are rounded first.
 *
 * <p>Holds the velocities, one for each parameter, where there is momentum, and changes them in
 * place. Not for use by several threads at once.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html">PyTorch's
 *     SGD</a>
 */
public final class Sgd implements Optimizer {
  private final List<Parameter> parameters;
  private SgdOptions options;
  private final Map<Parameter, UpdateState> velocities = new HashMap<>();

  /**
   * An optimiser of these parameters.
   *
   * @param options of the first step; {@link #use} puts others in their place
   * @throws IllegalArgumentException if there are no parameters, or one is there twice, under
   *     whatever names
   */
  public Sgd(List<Parameter> parameters, SgdOptions options) {
    this.parameters = Nulls.list("sgd: parameters", parameters);
    this.options = Nulls.given("sgd: options", options);
    if (this.parameters.isEmpty()) {
      throw new IllegalArgumentException("sgd: no parameters, expected one or more");
    }
    Set<Parameter> seen = new HashSet<>();
    for (Parameter parameter : this.parameters) {
      if (!seen.add(parameter)) {
        throw new IllegalArgumentException(
            "sgd: the parameter %s is there twice, at position %s first"
                .formatted(parameter.name(), this.parameters.indexOf(parameter)));
      }
    }
  }

  /**
   * From the next step on, new options; the velocities stay. For a schedule of learning rates.
   *
   * @param newOptions in place of those so far
   */
  public void use(SgdOptions newOptions) {
    this.options = Nulls.given("sgd: options", newOptions);
  }

  @Override
  public void step(Gradients gradients) {
    Nulls.refuse("sgd: gradients", gradients);
    List<NdArray> found =
        parameters.stream().map(parameter -> gradients.of(parameter.tensor()).value()).toList();
    if (parameters.stream().noneMatch(parameter -> gradients.reached(parameter.tensor()))) {
      throw new IllegalStateException(
          "sgd: the loss depends on none of the %s parameters as they are now (was it computed before an earlier step?)"
              .formatted(parameters.size()));
    }
    for (int i = 0; i < found.size(); i++) {
      Parameter parameter = parameters.get(i);
      parameter.set(stepped(parameter, found.get(i)));
    }
  }

  private NdArray stepped(Parameter parameter, NdArray gradient) {
    NdArray value = parameter.value();
    if (options.momentum() == 0) {
      NdArray force =
          options.weightDecay() == 0 ? gradient : gradient.plusScaled(options.weightDecay(), value);
      return value.plusScaled(-options.learningRate(), force);
    }
    UpdateState velocity =
        velocities.computeIfAbsent(parameter, p -> UpdateState.zeros(1, p.dtype(), p.shape()));
    Momentum rule = new Momentum(options.momentum(), options.weightDecay(), options.learningRate());
    return velocity.step(rule, value, gradient);
  }
}
