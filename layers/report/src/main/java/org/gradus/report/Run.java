package org.gradus.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What ran.
 *
 * @param command by which it is run again; empty if it is not known
 */
record Run(String title, Map<String, String> settings, String command) {

  Run with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.putAll(more);
    return new Run(title, Collections.unmodifiableMap(all), command);
  }
}
