package org.gradus.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.inspect.Recording;
import org.gradus.autograd.inspect.Recording.Call;
import org.gradus.onnx.Fusions.Fusion;
import org.gradus.onnx.Places.Place;

/** Writes down the calls of one recording, in the order in which they were made. */
final class Exporting {
  private final Translations translations;
  private final int opset;
  private final Draft draft = new Draft();
  private final Map<Tensor, String> names = new HashMap<>();
  private final Map<Tensor, Place> places;
  private final Map<Tensor, Fusion> fused = new HashMap<>();

  /**
   * Nothing written yet.
   *
   * @param places the names of what nodes belong to, by the output of their call
   * @param inputs the names of the function's inputs
   * @param weights the names of what is the same for all inputs
   */
  Exporting(
      Translations translations,
      int opset,
      Map<Tensor, Place> places,
      Map<Tensor, String> inputs,
      Map<Tensor, String> weights) {
    this.translations = translations;
    this.opset = opset;
    this.places = places;
    names.putAll(inputs);
    inputs.values().forEach(draft::reserve);
    weights.forEach(
        (tensor, name) -> {
          names.put(tensor, name);
          draft.reserve(name);
          draft.constantNamed(name, tensor.value());
        });
  }

  /** The draft of what these outputs come from, as values of these names. */
  Draft write(List<Tensor> outputs, List<String> outputNames) {
    outputNames.forEach(draft::reserve);
    for (Call call : needed(outputs, Recording.of(outputs).calls())) {
      draft.begin(call.op().name() + ", called " + call.place());
      names.put(call.output(), write(call));
    }
    draft.begin("the output");
    Map<String, String> aliases = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      String made = name(outputs.get(i));
      if (draft.isOutput(made) && !aliases.containsKey(made)) {
        aliases.put(made, outputNames.get(i));
      } else {
        String copy = draft.node(Place.NONE, "Identity", Map.of(), List.of(made));
        aliases.put(copy, outputNames.get(i));
      }
    }
    return draft.finished(aliases, outputNames);
  }

  /** The calls whose output is used, once some are written as one operator; in their order. */
  private List<Call> needed(List<Tensor> outputs, List<Call> calls) {
    Fusions fusions = new Fusions(calls, opset, translations.given());
    Set<Tensor> used = new HashSet<>(outputs);
    List<Call> needed = new ArrayList<>();
    for (int i = calls.size() - 1; i >= 0; i--) {
      Call call = calls.get(i);
      if (used.contains(call.output())) {
        needed.add(call);
        Optional<Fusion> fusion = fusions.of(call);
        fusion.ifPresent(one -> fused.put(call.output(), one));
        used.addAll(fusion.map(Fusion::inputs).orElse(call.inputs()));
      }
    }
    Collections.reverse(needed);
    return needed;
  }

  private String write(Call call) {
    Tensor y = call.output();
    Fusion fusion = fused.get(y);
    List<Tensor> inputs = fusion == null ? call.inputs() : fusion.inputs();
    List<String> in = inputs.stream().map(this::name).toList();
    List<Shape> shapes = inputs.stream().map(Tensor::shape).toList();
    Place place = places.getOrDefault(y, Place.NONE);
    NodeWriter to = new NodeWriter(draft, opset, place, in, shapes, y.shape(), y.dtype());
    try {
      Optional<String> output =
          fusion == null ? translations.write(call, to) : Optional.of(fusion.write().apply(to));
      String made =
          output.orElseThrow(() -> new IllegalArgumentException("it has no counterpart in ONNX"));
      return draft.requireKnown(made);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "export: %s, called %s: %s".formatted(call.op().name(), call.place(), e.getMessage()), e);
    }
  }

  /** The name of a tensor; one that came from elsewhere is a constant. */
  private String name(Tensor tensor) {
    return names.computeIfAbsent(tensor, constant -> draft.constant(constant.value()));
  }
}
