package org.gradus.examples;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** The tests of a class, run in a JVM of their own. */
final class RunTests {
  private RunTests() {}

  /** Prints in which module the class of this name is, and how its tests ended. */
  public static void main(String[] args) throws ClassNotFoundException {
    Class<?> tests = Class.forName(args[0]);
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build(),
            listener);
    var summary = listener.getSummary();
    System.out.printf(
        "%s: %d passed, %d failed%n",
        tests.getModule(), summary.getTestsSucceededCount(), summary.getTotalFailureCount());
    summary.getFailures().forEach(failure -> System.out.println(failure.getException()));
  }
}
