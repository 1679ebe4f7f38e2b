/**
 * Programs to submit to a Spark cluster: {@link org.gradus.examples.spark.TrainDigitsOnSpark}
 * trains and predicts, {@link org.gradus.examples.spark.Scaling} measures what a cluster gives.
 */
@NullMarked
package org.gradus.examples.spark;

import org.jspecify.annotations.NullMarked;
