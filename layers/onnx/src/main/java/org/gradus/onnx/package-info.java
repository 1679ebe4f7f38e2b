/**
 * Models from and for other tools, as ONNX files.
 *
 * <pre>
 *   file -> OnnxNet      a layer: it predicts, is trained further, and is looked into
 *           OnnxValue    the name, type and extents of an input or output
 *           OnnxMetadata what the file says of itself
 * </pre>
 */
@NullMarked
package org.gradus.onnx;

import org.jspecify.annotations.NullMarked;
