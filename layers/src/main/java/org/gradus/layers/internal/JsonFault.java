package org.gradus.layers.internal;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Optional;
import org.gradus.autograd.array.Nulls;

/**
 * What the parser says of a text that is not JSON, or goes beyond what it takes.
 *
 * @param what is wrong, without where the parser takes its text from
 * @param where it is, if the parser tells: it does not where a limit is passed
 */
public record JsonFault(String what, Optional<JsonLocation> where) {
  /** Checks that both are there. */
  public JsonFault {
    Nulls.refuse("jsonFault: what, where", what, where);
  }

  /**
   * The fault that an exception tells.
   *
   * @param e what the parser threw
   */
  public static JsonFault of(JsonProcessingException e) {
    Nulls.refuse("of: e", e);
    String what = String.valueOf(e.getOriginalMessage());
    return new JsonFault(
        what.replaceFirst(" \\(start marker at .*", ""), Optional.ofNullable(e.getLocation()));
  }
}
