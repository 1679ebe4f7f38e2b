package org.gradus.spark;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** A driver in this process, and executors in others, which stay for many tests. */
final class Cluster {
  private static Map<String, String> current = Map.of();

  private Cluster() {}

  /** Two executors of one core. */
  static SparkSession usual() {
    return of("local-cluster[2,1,1024]", Map.of());
  }

  /** A session of its own kind of cluster; the one before ends if it is of another. */
  static synchronized SparkSession of(String master, Map<String, String> options) {
    Map<String, String> all = new TreeMap<>(options);
    all.put("spark.master", master);
    SparkSession.Builder builder = SparkSession.builder();
    if (!all.equals(current)) {
      SparkSession.getActiveSession().foreach(session -> stopped(session));
      current = all;
    }
    builder
        .appName("gradus tests")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.locality.wait", "0")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", "target/warehouse")
        .config("spark.executor.extraClassPath", classPath());
    all.forEach(builder::config);
    return builder.getOrCreate();
  }

  private static Object stopped(SparkSession session) {
    session.stop();
    return session;
  }

  /** That of this process: executors have the same classes. */
  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
