/**
 * Models from and for other tools, as ONNX files.
 *
 * <pre>
 *   from files: {@link org.gradus.onnx.OnnxNet}      a layer: it predicts, is trained further, and is looked into
 *               {@link org.gradus.onnx.OnnxValue}    the name, type and extents of an input or output
 *               {@link org.gradus.onnx.OnnxMetadata} what the file says of itself
 *   to files:   {@link org.gradus.onnx.OnnxExport}   a net, or any function of tensors
 *               {@link org.gradus.onnx.Translation}  how an op of yours is written, to a
 *               {@link org.gradus.onnx.NodeWriter}   which takes the nodes
 * </pre>
 */
@NullMarked
package org.gradus.onnx;

import org.jspecify.annotations.NullMarked;
