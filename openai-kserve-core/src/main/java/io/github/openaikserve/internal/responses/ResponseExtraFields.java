package io.github.openaikserve.internal.responses;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.request.field.FieldHandlings;
import io.github.openaikserve.internal.request.field.FieldNames;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a Responses API request that have no accessor: those that are passed to the chat,
 * and those that have no effect.
 */
final class ResponseExtraFields {
  /**
   * Extra fields without effect. They are not reported, because clients send some of them by
   * default.
   */
  private static final Set<String> SILENT =
      Set.of(
          "client_metadata",
          "stream_options",
          "service_tier",
          "prompt_cache_retention",
          "prompt_cache_options");

  /** Extra fields that are not passed to the chat request. */
  private static final Set<String> HANDLED =
      Set.of("prompt", "context_management", "reasoning", "text");

  private final Map<String, @Nullable Object> fields;
  private final Set<String> withoutEffect = new LinkedHashSet<>();

  private ResponseExtraFields(Map<String, @Nullable Object> fields) {
    this.fields = fields;
    addMembers("reasoning", Map.of("mode", "standard", "context", "auto"));
    addMembers("text", Map.of());
    if (fields.get("context_management") instanceof List<?> list && !list.isEmpty()) {
      withoutEffect.add("context_management");
    }
  }

  /**
   * Returns the fields of a request.
   *
   * @throws InvalidRequestException naming the field that is not supported
   */
  static ResponseExtraFields of(Map<String, @Nullable Object> fields) {
    if (fields.get("prompt") != null) {
      throw InvalidRequestException.badValue(
          "prompt",
          "unsupported_parameter",
          "Unsupported parameter: 'prompt'. This server stores no prompts; send the text in 'input'"
              + " and 'instructions'.");
    }
    return new ResponseExtraFields(fields);
  }

  /** Adds members of an object that have no effect, unless they have their default value. */
  private void addMembers(String name, Map<String, String> defaults) {
    if (!(fields.get(name) instanceof Map<?, ?> members)) {
      return;
    }
    withoutEffect.addAll(
        FieldNames.shown(
            members.entrySet().stream()
                .filter(member -> member.getValue() != null)
                .filter(member -> !member.getValue().equals(defaults.get(member.getKey())))
                .map(member -> name + "." + member.getKey())));
  }

  /** Returns the names of OpenAI's fields, and of members of fields, that have no effect here. */
  Set<String> withoutEffect() {
    return withoutEffect;
  }

  /** Passes the fields that a chat may also have to a chat request. */
  void copyTo(CreateChatCompletionRequest.Builder chat) {
    fields.forEach(
        (name, value) -> {
          if (!SILENT.contains(name) && !HANDLED.contains(name)) {
            chat.extra(name, value);
          }
        });
  }

  /**
   * Returns the names of the fields that are unknown in all APIs.
   *
   * @param reported names that are reported anyway, which are omitted
   */
  List<String> unknown(Set<String> reported) {
    return FieldNames.shown(
        fields.entrySet().stream()
            .filter(field -> field.getValue() != null && isUnknown(field.getKey()))
            .map(Map.Entry::getKey)
            .filter(name -> !reported.contains(name)));
  }

  private static boolean isUnknown(String name) {
    return !SILENT.contains(name) && !HANDLED.contains(name) && !FieldHandlings.isKnown(name);
  }
}
