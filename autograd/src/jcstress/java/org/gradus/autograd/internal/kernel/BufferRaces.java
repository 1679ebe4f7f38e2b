package org.gradus.autograd.internal.kernel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.List;
import org.gradus.autograd.internal.parallel.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** What two threads may do to one {@link Buffer} at the same time. */
final class BufferRaces {
  private static final int REFUSED = -1;
  private static final int LENGTH = Pool.LEAST; // the shortest that is used again

  private BufferRaces() {}

  /** A buffer that holds a 1 at its first place. */
  abstract static class Shared {
    final Buffer buffer = Buffer.floats(LENGTH);

    Shared() {
      ((float[]) buffer.array())[0] = 1;
    }

    /** Takes the memory back, and writes a 2 to the next that the pool has. */
    void takeAndWrite() {
      buffer.takeBack();
      ((float[]) Buffer.floats(LENGTH).array())[0] = 2;
    }

    static int first(Object array) {
      return (int) ((float[]) array)[0];
    }
  }

  /** Memory that two take back is in the pool once. */
  @JCStressTest
  @State
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "two arrays")
  @Outcome(id = "1", expect = FORBIDDEN, desc = "one array, handed out twice")
  public static class TakenByTwo extends Shared {
    @Actor
    public void first() {
      buffer.takeBack();
    }

    @Actor
    public void second() {
      buffer.takeBack();
    }

    @Arbiter
    public void handedOut(I_Result r) {
      r.r1 = Buffer.floats(LENGTH).array() == Buffer.floats(LENGTH).array() ? 1 : 0;
    }
  }

  /** Who reads memory sees what was in it, or is refused. */
  @JCStressTest
  @State
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "read before")
  @Outcome(id = "-1", expect = ACCEPTABLE, desc = "refused")
  @Outcome(expect = FORBIDDEN, desc = "somebody else's number")
  public static class ReadBesideTaking extends Shared {
    @Actor
    public void reader(I_Result r) {
      try {
        r.r1 = Buffer.reading("race", List.of(buffer), () -> first(buffer.array()));
      } catch (IllegalStateException e) {
        r.r1 = REFUSED;
      }
    }

    @Actor
    public void taker() {
      takeAndWrite();
    }
  }

  /** Who holds memory keeps it, or is refused. */
  @JCStressTest
  @State
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "held")
  @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "refused")
  @Outcome(expect = FORBIDDEN, desc = "somebody else's number")
  public static class HeldBesideTaking extends Shared {
    @Actor
    public void holder(II_Result r) {
      try {
        r.r1 = first(buffer.hold("race"));
      } catch (IllegalStateException e) {
        r.r1 = REFUSED;
      }
    }

    @Actor
    public void taker() {
      takeAndWrite();
    }

    @Arbiter
    public void later(II_Result r) {
      try {
        r.r2 = first(buffer.array());
      } catch (IllegalStateException e) {
        r.r2 = REFUSED;
      }
    }
  }

  /** Of two walks, one may take. */
  @JCStressTest
  @State
  @Outcome(
      id = {"true, false", "false, true"},
      expect = ACCEPTABLE,
      desc = "one")
  @Outcome(expect = FORBIDDEN, desc = "both, or none")
  public static class ClaimedByTwo extends Shared {
    @Actor
    public void first(ZZ_Result r) {
      r.r1 = buffer.claim("first");
    }

    @Actor
    public void second(ZZ_Result r) {
      r.r2 = buffer.claim("second");
    }
  }
}
