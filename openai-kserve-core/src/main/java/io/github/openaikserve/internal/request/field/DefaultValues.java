package io.github.openaikserve.internal.request.field;

import io.github.openaikserve.dialect.RequestField;
import java.util.List;
import java.util.Map;

/** The default values of the optional fields of requests, which have no effect. */
final class DefaultValues {
  private DefaultValues() {}

  /** Returns the default value of an optional field without effect: false for most. */
  static Object of(RequestField field) {
    return switch (field) {
      case PRESENCE_PENALTY, FREQUENCY_PENALTY, MIN_P -> 0.0;
      case THINKING_TOKEN_BUDGET -> -1;
      case MIN_TOKENS, PRIORITY -> 0;
      case REPETITION_PENALTY, LENGTH_PENALTY -> 1.0;
      case SKIP_SPECIAL_TOKENS, SPACES_BETWEEN_SPECIAL_TOKENS, ADD_GENERATION_PROMPT -> true;
      case LOGIT_BIAS, CHAT_TEMPLATE_KWARGS, VLLM_XARGS, STRUCTURED_OUTPUTS -> Map.of();
      case VERBOSITY -> "medium";
      case MODALITIES -> List.of("text");
      default -> false;
    };
  }
}
