package io.github.openaikserve.internal.request;

import io.github.openaikserve.dialect.RequestField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where generations stop. */
final class Stops {
  private Stops() {}

  /** Puts in the stop sequences that the template implies and those that were asked for. */
  static void put(
      Map<RequestField, Object> fields, @Nullable List<String> asked, List<String> implied) {
    List<String> stops = new ArrayList<>(implied);
    if (asked != null) {
      stops.addAll(asked);
    }
    if (!stops.isEmpty()) {
      fields.put(RequestField.STOP, List.copyOf(stops));
    }
  }
}
