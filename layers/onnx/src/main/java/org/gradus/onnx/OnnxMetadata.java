package org.gradus.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gradus.autograd.array.Nulls;

/**
 * What a model says of itself.
 *
 * @param producer the tool that wrote it, such as {@code pytorch}; empty if the model does not say
 * @param producerVersion of that tool
 * @param version of the operator set
 * @param properties by name, in the order of the file
 */
public record OnnxMetadata(
    String producer, String producerVersion, int version, Map<String, String> properties) {

  /** Takes a copy of the map. */
  public OnnxMetadata {
    Nulls.refuse(
        "onnxMetadata: producer, producerVersion, properties",
        producer,
        producerVersion,
        properties);
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }
}
