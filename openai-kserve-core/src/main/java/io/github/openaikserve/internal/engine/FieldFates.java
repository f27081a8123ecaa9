package io.github.openaikserve.internal.engine;

import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles, before anything is sent, what becomes of fields that a route's dialect cannot carry. */
final class FieldFates {
  private static final Logger log = LoggerFactory.getLogger(FieldFates.class);

  private FieldFates() {}

  /**
   * The JSON names of the fields that will have no effect.
   *
   * @throws InvalidRequestException naming the first field that would change what the answer means,
   *     or, on a strict route, that would have no effect
   */
  static List<String> settle(Route route, Map<RequestField, Object> fields) {
    return settle(route, route.dialect()::carries, fields);
  }

  /** The same for what {@code carried} says the route's dialect has a tensor for. */
  static List<String> settle(
      Route route, Predicate<RequestField> carried, Map<RequestField, Object> fields) {
    List<String> dropped = new ArrayList<>();
    for (RequestField field : fields.keySet()) {
      if (carried.test(field)) {
        continue;
      }
      switch (field.uncarried()) {
        case EMULATED -> {}
        case REFUSED -> throw refused(route, field);
        case DROPPED -> {
          if (route.strict()) {
            throw refused(route, field);
          }
          dropped.add(field.jsonName());
        }
      }
    }
    if (!dropped.isEmpty()) {
      log.info("model '{}' has no use for {}, which had no effect", route.id(), dropped);
    }
    return dropped;
  }

  static InvalidRequestException refused(Route route, RequestField field) {
    return InvalidRequestException.badValue(
        field.jsonName(),
        "unsupported_parameter",
        "Unsupported parameter: '%s' is not supported with model '%s'."
            .formatted(field.jsonName(), route.id()));
  }
}
