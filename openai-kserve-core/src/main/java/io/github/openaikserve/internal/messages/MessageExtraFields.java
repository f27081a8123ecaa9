package io.github.openaikserve.internal.messages;

import io.github.openaikserve.internal.request.field.FieldHandlings;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a Messages API request that have no accessor: those that are passed to the chat,
 * and those that have no effect.
 */
final class MessageExtraFields {
  /** Extra fields that do not affect an answer. */
  private static final Set<String> SILENT =
      Set.of(
          "anthropic_version",
          "betas",
          "cache_control",
          "diagnostics",
          "service_tier",
          "user_profile_id",
          "workspace_id");

  /** Anthropic's extra fields that have no effect here. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "billing_policy",
          "compaction",
          "container",
          "context_management",
          "fallback_credit_token",
          "fallbacks",
          "inference_geo",
          "mcp_servers",
          "speed",
          "thread");

  private final Map<String, @Nullable Object> fields;

  MessageExtraFields(Map<String, @Nullable Object> fields) {
    this.fields = fields;
  }

  /** Passes the fields that a chat may also have to a chat request. */
  void copyTo(CreateChatCompletionRequest.Builder chat) {
    fields.forEach(
        (name, value) -> {
          if (value != null && !SILENT.contains(name) && !WITHOUT_EFFECT.contains(name)) {
            chat.extra(name, value);
          }
        });
  }

  /** Returns the names of the fields that ask for something and have no effect. */
  Stream<String> lost() {
    return fields.entrySet().stream()
        .filter(field -> isLost(field.getKey(), field.getValue()))
        .map(Map.Entry::getKey);
  }

  private static boolean isLost(String name, @Nullable Object value) {
    if (value == null || SILENT.contains(name)) {
      return false;
    }
    return WITHOUT_EFFECT.contains(name)
        ? !asksForNothing(name, value)
        : !FieldHandlings.isKnown(name);
  }

  private static boolean asksForNothing(String name, Object value) {
    return value.equals("")
        || (value instanceof Collection<?> elements && elements.isEmpty())
        || (name.equals("speed") && value.equals("standard"))
        || (name.equals("context_management") && keepsAll((Map<?, ?>) value));
  }

  /** Returns whether the context edits change nothing: the only edit keeps all thinking. */
  private static boolean keepsAll(Map<?, ?> management) {
    return !(management.get("edits") instanceof List<?> edits)
        || edits.stream()
            .allMatch(edit -> edit instanceof Map<?, ?> fields && "all".equals(fields.get("keep")));
  }
}
