/** Prints the options that a JVM needs which runs Spark's driver. */
class DriverOptions {
  public static void main(String[] args) {
    System.out.println(org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptions());
  }
}
