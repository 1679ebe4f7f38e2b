package org.gradus.autograd.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says of which ranks jqwik draws a shape or an array. Without it, they are 0 to 3. */
@Target({ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Ranks {

  /** The smallest rank. */
  int least() default 0;

  /** The largest rank. */
  int most() default 3;
}
