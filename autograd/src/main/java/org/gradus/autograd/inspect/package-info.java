/**
 * Seeing a graph, recording what a function computes, and finding the op that made the first NaN or
 * infinity.
 *
 * <p>A picture of a graph comes to be in these steps, each on its own:
 *
 * <pre>
 *   GraphView   tensors as lines of text
 *   Layers      nodes in layers, with joints where an edge passes through a layer
 *   Order       of nodes and joints in each layer, with few crossings
 *   Positions   of nodes and joints across the layers, so that chains are straight
 *   Layout      boxes and lanes in pixels; Routes  the lines between boxes
 *   Drawing     all of this as SVG, with Labels
 * </pre>
 */
@NullMarked
package org.gradus.autograd.inspect;

import org.jspecify.annotations.NullMarked;
