package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.ChatPrompt;
import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.internal.model.Route;
import java.util.Map;
import java.util.stream.Stream;

/** The reasoning section that a prompt has opened for the answer. */
final class OpenReasoning {
  private OpenReasoning() {}

  /**
   * Returns the prompt with the section ended, if the request allows no reasoning tokens, or if the
   * server enforces a format. It does so from the first token, so the model could not end the
   * section, and the whole answer would be reasoning.
   *
   * <p>Source: {@code vllm-project/vllm}: {@code docs/features/reasoning_outputs.md}.
   */
  static ChatPrompt ended(ChatPrompt prompt, Route route, Map<RequestField, Object> fields) {
    ReasoningFormat reasoning = route.chat().format().reasoning();
    if (reasoning == null) {
      return prompt;
    }
    if (isFormatEnforced(route, fields)) {
      return prompt.followedBy(reasoning.omission(prompt.text()));
    }
    boolean none =
        Integer.valueOf(0).equals(fields.get(RequestField.THINKING_TOKEN_BUDGET))
            && !route.requireDialect().carries(RequestField.THINKING_TOKEN_BUDGET);
    return none && reasoning.isOpenAfter(prompt.text())
        ? prompt.followedBy(reasoning.closing())
        : prompt;
  }

  private static boolean isFormatEnforced(Route route, Map<RequestField, Object> fields) {
    boolean tagged =
        fields.get(RequestField.STRUCTURED_OUTPUTS) instanceof Map<?, ?> outputs
            && outputs.containsKey("structural_tag"); // any text may precede a tag
    return !tagged
        && Stream.of(RequestField.RESPONSE_FORMAT, RequestField.STRUCTURED_OUTPUTS)
            .filter(fields::containsKey)
            .anyMatch(route.requireDialect()::carries);
  }
}
