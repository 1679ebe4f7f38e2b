package org.gradus.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.gradus.autograd.array.Arithmetic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One, two and three executors of one to four cores, and machines of other kinds. */
class VariedClustersTest {
  private static final String HERE = Pupils.learntHere();
  private static final String JVM = "spark.executor.extraJavaOptions";

  private static SparkTrainer trainer(SparkSession session, int partitions) {
    return SparkTrainer.of(Pupils::trainer, Pupils::batches, Pupils.examples(session, partitions));
  }

  private static String learnt(SparkTrainer spark) {
    spark.fit(Pupils.EPOCHS);
    return Pupils.outcome(spark.trainer());
  }

  @Test
  void oneExecutorOfFourCores() {
    SparkSession session = Cluster.of("local-cluster[1,4,1024]", Map.of());
    assertEquals(HERE, learnt(trainer(session, 5)));
    assertEquals(HERE, learnt(trainer(session, 1).block(1).slices(2)));
  }

  @Test
  void twoExecutorsOfThreeCoresWithAnotherCollectorAndOneTaskEach() {
    SparkSession session =
        Cluster.of(
            "local-cluster[2,3,1024]", Map.of(JVM, "-XX:+UseParallelGC", "spark.task.cpus", "3"));
    assertEquals(HERE, learnt(trainer(session, 4)));
  }

  /** Half as wide as those of a processor that has 512 bits. */
  @Test
  void threeExecutorsOfTwoCoresWithNarrowVectorsAndAnotherSerializer() {
    SparkSession session =
        Cluster.of(
            "local-cluster[3,2,1024]",
            Map.of(
                JVM,
                "-XX:MaxVectorSize=32",
                "spark.serializer",
                "org.apache.spark.serializer.KryoSerializer",
                "spark.speculation",
                "true"));
    assertEquals(HERE, learnt(trainer(session, 7)));
    assertEquals(HERE, learnt(trainer(session, 2).block(1).slices(5)));
  }

  @Test
  void threadsOfTheDriver() {
    SparkSession session = Cluster.of("local[3]", Map.of());
    assertEquals(HERE, learnt(trainer(session, 2)));
  }

  @Test
  void anExecutorOfOtherKernelsIsRefusedByName() {
    String other = Arithmetic.here().name().equals("plain") ? "vector" : "plain";
    SparkSession session =
        Cluster.of("local-cluster[1,1,1024]", Map.of(JVM, "-Dgradus.kernels=" + other));
    SparkTrainer spark = trainer(session, 2);
    String message = assertThrows(IllegalStateException.class, () -> spark.fit(1)).getMessage();
    assertTrue(
        message.matches(
            "sparkTrainer: executor \\d has %s kernels.*, Gradus \\d\\S* and Java \\S+, and the driver has %s.*"
                .formatted(other, Arithmetic.here())),
        message);
    assertTrue(message.contains("--add-modules jdk.incubator.vector"), message);
    assertTrue(spark.trainer().history().epochs().isEmpty());
  }

  /**
   * The executors of even numbers are of this Java; the others have narrower vectors, and are of
   * the Java that {@code -Dgradus.executors.jdk=HOME} tells, if it does.
   */
  @Test
  void executorsOfTwoKinds(@TempDir Path folder) throws IOException {
    String named = System.getProperty("java.home");
    Path own = Path.of(named).toRealPath(); // as a JVM tells it that is started by way of a link
    Path other = Path.of(System.getProperty("gradus.executors.jdk", named)).toRealPath();
    Path java = Files.createDirectory(folder.resolve("bin")).resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        id=$(echo "$*" | sed 's/.*--executor-id \\([0-9]*\\).*/\\1/')
        if [ $((id %% 2)) -eq 0 ]; then
          exec %s/bin/java "$@"
        fi
        exec %s/bin/java -XX:MaxVectorSize=32 "$@"
        """
            .formatted(own, other));
    assertTrue(java.toFile().setExecutable(true));
    SparkSession session =
        Cluster.of(
            "local-cluster[2,1,1024]",
            Map.of("spark.executorEnv.JAVA_HOME", folder.toString(), "spark.speculation", "true"));
    assertEquals(HERE, learnt(trainer(session, 3).block(1)));
    List<String> homes =
        JavaSparkContext.fromSparkContext(session.sparkContext())
            .parallelize(List.of(1, 2, 3, 4, 5, 6), 6)
            .map(one -> SparkEnv.get().executorId() + " " + System.getProperty("java.home"))
            .collect();
    for (String each : homes) {
      boolean isEven = Integer.parseInt(each.substring(0, each.indexOf(' '))) % 2 == 0;
      assertTrue(each.endsWith(" " + (isEven ? own : other)), homes::toString);
    }
    Cluster.usual(); // the folder is needed no more
  }
}
