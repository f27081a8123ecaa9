package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.dialect.FieldFate;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles, before anything is sent, what becomes of the fields of a request on a route. */
public final class FieldHandlings {
  private static final Logger log = LoggerFactory.getLogger(FieldHandlings.class);

  private FieldHandlings() {}

  /** What becomes of a field that changes something. */
  public static FieldFate of(Route route, RequestField field, Object value) {
    if (route.requireDialect().carries(field)) {
      return FieldFate.CARRIED;
    }
    FieldFate fate =
        switch (field) {
          case TOOLS -> route.chat().toolCalls() == null ? FieldFate.REFUSED : FieldFate.EMULATED;
          case RESPONSE_FORMAT ->
              route.chat().emulatesResponseFormat() ? FieldFate.EMULATED : FieldFate.REFUSED;
          case REASONING_EFFORT, VERBOSITY ->
              route.chat().template().reads(field.jsonName())
                  ? FieldFate.EMULATED
                  : FieldFate.DROPPED;
          case CHAT_TEMPLATE_KWARGS ->
              readsAny(route.chat().template(), (Map<?, ?>) value)
                  ? FieldFate.EMULATED
                  : FieldFate.DROPPED;
          default -> field.uncarried();
        };
    return strictly(route, fate);
  }

  /** What becomes of a field of a request for embeddings. */
  public static FieldFate of(Route route, RequestField field) {
    return route.requireEmbeddingDialect().carries(field)
        ? FieldFate.CARRIED
        : strictly(route, field.uncarried());
  }

  private static FieldFate strictly(Route route, FieldFate fate) {
    return fate == FieldFate.DROPPED && route.settings().strict() ? FieldFate.REFUSED : fate;
  }

  private static boolean readsAny(ChatTemplate template, Map<?, ?> variables) {
    return variables.keySet().stream().anyMatch(name -> template.reads(String.valueOf(name)));
  }

  /** The fate of each field of a request that is there, by its JSON name. */
  public static Map<String, FieldFate> of(Route route, RequestFields fields) {
    Map<String, FieldFate> fates = new LinkedHashMap<>();
    fields.values().forEach((field, value) -> fates.put(field.jsonName(), of(route, field, value)));
    fields.neutral().forEach(name -> fates.put(name, FieldFate.NEUTRAL));
    return fates;
  }

  /**
   * The JSON names of the fields that will have no effect.
   *
   * @throws InvalidRequestException naming the first field that would change what the answer means,
   *     or, on a strict route, that would have no effect
   */
  public static List<String> settle(Route route, Map<RequestField, Object> fields) {
    return settle(route, fields, (field, value) -> of(route, field, value));
  }

  /** The same for fates of another kind of request. */
  public static List<String> settle(
      Route route,
      Map<RequestField, Object> fields,
      BiFunction<RequestField, Object, FieldFate> fates) {
    List<String> dropped = new ArrayList<>();
    fields.forEach(
        (field, value) -> {
          FieldFate fate = fates.apply(field, value);
          if (fate == FieldFate.REFUSED) {
            throw refused(route, field);
          }
          if (fate == FieldFate.DROPPED) {
            dropped.add(field.jsonName());
          }
        });
    return dropped;
  }

  /** One line for all that a request lost. */
  public static void log(Route route, List<String> dropped) {
    if (!dropped.isEmpty()) {
      log.info("model '{}' has no use for {}, which had no effect", route.id(), dropped);
    }
  }

  public static InvalidRequestException refused(Route route, RequestField field) {
    return InvalidRequestException.badValue(
        field.jsonName(),
        "unsupported_parameter",
        "Unsupported parameter: '%s' is not supported with model '%s'."
            .formatted(field.jsonName(), route.id()));
  }
}
