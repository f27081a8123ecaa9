package io.github.openaikserve.internal.request.field;

import io.github.openaikserve.internal.model.Route;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A log of dropped fields: one line for each set of fields of a model. Thread-safe. */
public final class DroppedFieldsLog {
  private static final Logger log = LoggerFactory.getLogger(DroppedFieldsLog.class);

  /** A logged set of fields. Clients choose the fields, so the number of entries is bounded. */
  private static final int MAX_ENTRIES = 1000;

  private record Entry(String model, List<String> fields) {}

  private final Set<Entry> logged = ConcurrentHashMap.newKeySet();

  /** Logs the dropped fields of a request, unless the same set was logged before. */
  public void log(Route route, List<String> dropped) {
    if (!dropped.isEmpty()
        && logged.size() < MAX_ENTRIES
        && logged.add(new Entry(route.id(), dropped))) {
      log.info("unsupported fields ignored model={} fields={}", route.id(), dropped);
    }
  }
}
