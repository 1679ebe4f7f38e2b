package org.gradus.autograd.ops;

import org.gradus.autograd.testkit.OpRow;

/** The rows that {@link OpsGateTest} leaves, so that two JVMs can share the work. */
class OpsGateOtherHalfTest extends OpsGateTest {
  @Override
  protected boolean checks(OpRow row) {
    return !super.checks(row);
  }
}
