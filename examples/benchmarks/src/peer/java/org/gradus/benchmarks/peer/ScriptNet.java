package org.gradus.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.gradus.autograd.ops.ConvOptions;

/**
 * A network as lines of TorchScript: from the input {@code x}, weights {@code w0, w1, ...} in the
 * order of Gradus' parameters, and the list {@code s} of running statistics.
 */
final class ScriptNet implements NetBuilder {
  private final boolean training;
  private final List<String> lines = new ArrayList<>();
  private String current = "x";
  private int weights;
  private int statistics;

  ScriptNet(boolean training) {
    this.training = training;
  }

  List<String> lines() {
    return lines;
  }

  /** The variable that holds the output. */
  String output() {
    return current;
  }

  @Override
  public NetBuilder conv(int in, int out, int kernel, ConvOptions options) {
    String w = weight();
    return conv(w, weight(), options);
  }

  @Override
  public NetBuilder convWithoutBias(int in, int out, int kernel, ConvOptions options) {
    return conv(weight(), "None", options);
  }

  private NetBuilder conv(String w, String b, ConvOptions options) {
    int stride = options.rows().stride();
    int padding = options.rows().padBefore();
    return add(
        "torch.conv2d(%1$s, %2$s, %3$s, [%4$s, %4$s], [%5$s, %5$s], [1, 1], %6$s)"
            .formatted(current, w, b, stride, padding, options.groups()));
  }

  @Override
  public NetBuilder conv1d(int in, int out, int kernel) {
    String w = weight();
    return add(
        "torch.conv1d(%s, %s, %s, [1], [%s], [1], 1)".formatted(current, w, weight(), kernel / 2));
  }

  @Override
  public NetBuilder norm(int channels) {
    String gamma = weight();
    return add(
        "torch.batch_norm(%s, %s, %s, s[%s], s[%s], %s, 0.1, 1e-5, False)"
            .formatted(
                current, gamma, weight(), statistics++, statistics++, training ? "True" : "False"));
  }

  @Override
  public NetBuilder relu() {
    return add("torch.relu(%s)".formatted(current));
  }

  @Override
  public NetBuilder pool() {
    return add("torch.max_pool2d(%s, [2, 2], [2, 2])".formatted(current));
  }

  @Override
  public NetBuilder pool1d() {
    return add("torch.max_pool1d(%s, [2], [2])".formatted(current));
  }

  @Override
  public NetBuilder globalPool() {
    return add("torch.adaptive_avg_pool2d(%s, [1, 1])".formatted(current));
  }

  @Override
  public NetBuilder upsample() {
    return add("torch.upsample_nearest2d(%s, None, [2., 2.])".formatted(current));
  }

  @Override
  public NetBuilder flatten() {
    return add("torch.flatten(%s, 1)".formatted(current));
  }

  @Override
  public NetBuilder linear(int in, int out) {
    String w = weight();
    return add("torch.linear(%s, %s, %s)".formatted(current, w, weight()));
  }

  @Override
  public NetBuilder residual(Consumer<NetBuilder> body, Consumer<NetBuilder> shortcut) {
    String input = current;
    body.accept(this);
    String sum = current;
    current = input;
    shortcut.accept(this);
    return add("torch.add(%s, %s)".formatted(sum, current));
  }

  @Override
  public NetBuilder beside(Consumer<NetBuilder> body) {
    String input = current;
    body.accept(this);
    return add("torch.cat([%s, %s], 1)".formatted(input, current));
  }

  private String weight() {
    return "w" + weights++;
  }

  private NetBuilder add(String expression) {
    current = "v" + lines.size();
    lines.add("%s = %s".formatted(current, expression));
    return this;
  }
}
