package org.gradus.autograd.testkit;

import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.PoolGeometry;
import org.gradus.autograd.ops.Window;
import org.gradus.autograd.testkit.Draw.ConvCase;
import org.gradus.autograd.testkit.Filled.With;

/**
 * Lets jqwik fill parameters of the types of this library. Found as a service; see {@link Ranks}
 * and {@link Filled}.
 */
public final class DrawnParameters implements ArbitraryProvider {
  private static final int LARGEST_IMAGE = 5;

  /** A provider, as the search for services makes it. */
  public DrawnParameters() {}

  @Override
  public boolean canProvideFor(TypeUsage target) {
    return arbitrary(target).isPresent();
  }

  @Override
  public Set<Arbitrary<?>> provideFor(TypeUsage target, SubtypeProvider subtypes) {
    return Set.of(arbitrary(target).orElseThrow());
  }

  private static Optional<Arbitrary<?>> arbitrary(TypeUsage target) {
    if (target.isOfType(Shape.class)) {
      return Optional.of(shapes(target));
    } else if (target.isOfType(NdArray.class)) {
      return Optional.of(Draw.arrays(shapes(target), domain(target)));
    } else if (target.isOfType(Window.class)) {
      return Optional.of(Draw.windows(LARGEST_IMAGE));
    } else if (target.isOfType(ConvCase.class)) {
      return Optional.of(Draw.convolutions(LARGEST_IMAGE));
    } else if (target.isOfType(PoolGeometry.class)) {
      return Optional.of(Draw.pools(LARGEST_IMAGE));
    }
    return Optional.empty();
  }

  private static Arbitrary<Shape> shapes(TypeUsage type) {
    return type.findAnnotation(Ranks.class)
        .map(ranks -> Draw.shapes(ranks.least(), ranks.most()))
        .orElseGet(() -> Draw.shapes(0, 3));
  }

  private static Domain domain(TypeUsage type) {
    return type.findAnnotation(Filled.class).map(Filled::value).orElse(With.NONZERO).domain();
  }
}
