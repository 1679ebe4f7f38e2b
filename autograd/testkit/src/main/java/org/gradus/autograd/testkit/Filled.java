package org.gradus.autograd.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which numbers jqwik fills an array with. Without it, a parameter {@code @ForAll NdArray} has
 * numbers {@link With#NONZERO}.
 *
 * <pre>{@code
 * class LogTest {
 *   @Property
 *   void increases(@ForAll @Filled(With.POSITIVE) @Ranks(least = 1) NdArray x) { ... }
 * }
 * }</pre>
 */
@Target({ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Filled {

  /** The numbers. */
  With value();

  /** The domains that need no numbers of their own. */
  enum With {
    /** {@link Domain#nonzero}. */
    NONZERO,
    /** {@link Domain#positive}. */
    POSITIVE,
    /** {@link Domain#distinct}. */
    DISTINCT,
    /** {@link Domain#integers}, from -9 to 9. */
    INTEGERS,
    /** {@link Domain#special}. */
    SPECIAL;

    Domain domain() {
      return switch (this) {
        case NONZERO -> Domain.nonzero();
        case POSITIVE -> Domain.positive();
        case DISTINCT -> Domain.distinct();
        case INTEGERS -> Domain.integers(-9, 9);
        case SPECIAL -> Domain.special();
      };
    }
  }
}
