package io.github.openaikserve.internal.request.field;

import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.dialect.FieldHandling;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The decision how a route handles the fields of a request, made before anything is sent. */
public final class FieldHandlings {
  private FieldHandlings() {}

  /** Returns the handling of each field of a request, by its JSON name. */
  public static Map<String, FieldHandling> of(Route route, RequestFields fields) {
    Map<String, FieldHandling> handlings = new LinkedHashMap<>();
    fields
        .values()
        .forEach((field, value) -> handlings.put(fields.name(field), of(route, field, value)));
    fields.ignored().forEach(name -> handlings.put(name, FieldHandling.IGNORED));
    fields.others().forEach((name, handling) -> handlings.put(name, strictly(route, handling)));
    fields.unknown().forEach(name -> handlings.put(name, ofUnknown(route)));
    return handlings;
  }

  /** Returns the handling of the fields of a request that have no accessor, by its JSON name. */
  public static Map<String, FieldHandling> ofExtra(
      Route route, RequestKind kind, Map<String, @Nullable Object> extra) {
    Map<String, FieldHandling> handlings = new LinkedHashMap<>();
    extra.forEach(
        (name, value) -> {
          RequestField field = RequestFields.named(kind, name);
          if (value == null || field != null) {
            handlings.put(name, FieldHandling.IGNORED);
          } else {
            FieldHandling handling = ForeignFields.handling(name, value);
            handlings.put(name, handling == null ? ofUnknown(route) : strictly(route, handling));
          }
        });
    return handlings;
  }

  /** Returns whether a field of a chat is known, by its JSON name. */
  public static boolean isKnown(String name) {
    return RequestFields.named(RequestKind.CHAT, name) != null || ForeignFields.isKnown(name);
  }

  private static FieldHandling ofUnknown(Route route) {
    return route.settings().strict() ? FieldHandling.REJECTED : FieldHandling.IGNORED;
  }

  private static FieldHandling of(Route route, RequestField field, Object value) {
    if (route.requireDialect().carries(field)) {
      return FieldHandling.MAPPED;
    }
    if (field == RequestField.ADD_GENERATION_PROMPT) {
      boolean reads = route.chat().template().reads(field.jsonName());
      return reads ? FieldHandling.EMULATED : FieldHandling.REJECTED;
    }
    boolean emulated =
        switch (field) {
          case TOOLS -> route.chat().format().toolCalls() != null;
          case RESPONSE_FORMAT -> route.chat().emulatesResponseFormat();
          case REASONING_EFFORT -> ReasoningEffort.isReadBy(route.chat().template());
          case THINKING_TOKEN_BUDGET -> route.chat().format().reasoning() != null;
          case VERBOSITY -> route.chat().template().reads(field.jsonName());
          case CHAT_TEMPLATE_KWARGS -> readsAny(route.chat().template(), (Map<?, ?>) value);
          default -> false;
        };
    return emulated ? FieldHandling.EMULATED : strictly(route, field.withoutTensor());
  }

  /** Returns the handling of a field on a route that may reject fields without effect. */
  public static FieldHandling strictly(Route route, FieldHandling handling) {
    return handling == FieldHandling.DROPPED && route.settings().strict()
        ? FieldHandling.REJECTED
        : handling;
  }

  /** Returns whether the server enforces a format from the first token of the answer. */
  public static boolean enforcesFormat(Route route, Map<RequestField, Object> fields) {
    boolean tagged =
        fields.get(RequestField.STRUCTURED_OUTPUTS) instanceof Map<?, ?> outputs
            && outputs.containsKey("structural_tag"); // any text may precede a tag
    return !tagged
        && Stream.of(RequestField.RESPONSE_FORMAT, RequestField.STRUCTURED_OUTPUTS)
            .filter(fields::containsKey)
            .anyMatch(route.requireDialect()::carries);
  }

  private static boolean readsAny(ChatTemplate template, Map<?, ?> variables) {
    return variables.keySet().stream().anyMatch(name -> template.reads(String.valueOf(name)));
  }

  /**
   * Returns the JSON names of the dropped fields.
   *
   * @throws InvalidRequestException naming the first field that is rejected
   */
  public static List<String> dropped(Route route, Map<String, FieldHandling> handlings) {
    List<String> dropped = new ArrayList<>();
    handlings.forEach(
        (name, handling) -> {
          if (handling == FieldHandling.REJECTED) {
            throw rejected(route, name);
          }
          if (handling == FieldHandling.DROPPED) {
            dropped.add(name);
          }
        });
    return dropped;
  }

  /** Returns the error for a field that a route rejects. */
  public static InvalidRequestException rejected(Route route, String name) {
    String shown = InvalidRequestException.shown(name);
    return InvalidRequestException.badValue(
        shown,
        "unsupported_parameter",
        "Unsupported parameter: '%s' is not supported with model '%s'.%s"
            .formatted(shown, route.id(), hint(route, name)));
  }

  /** Returns advice for the operator; empty for none. */
  private static String hint(Route route, String name) {
    return name.equals(RequestField.RESPONSE_FORMAT.jsonName())
            && !route.chat().emulatesResponseFormat()
        ? " The setting emulate_response_format of this server requests the format in the prompt"
            + " and checks the answer."
        : "";
  }
}
