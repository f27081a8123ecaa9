package io.github.openaikserve.internal.request;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.InputLimits;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Holds requests against a service's limits, with OpenAI's own words for what is too much. */
public final class LimitCheck {
  private LimitCheck() {}

  /**
   * Refuses a chat that is over a limit.
   *
   * @throws InvalidRequestException naming the field and the limit
   */
  public static void check(InputLimits limits, CreateChatCompletionRequest request) {
    array("messages", request.messages(), limits.messages());
    array(
        request.extra().containsKey("functions") ? "functions" : "tools",
        request.tools(),
        limits.tools());
    array("stop", request.stop(), limits.stops());
    choices(request.n(), limits);
  }

  /**
   * Refuses a completion that is over a limit.
   *
   * @throws InvalidRequestException naming the field and the limit
   */
  public static void check(InputLimits limits, CreateCompletionRequest request) {
    length("prompt", request.prompt().size(), limits.prompts());
    array("stop", request.stop(), limits.stops());
    choices(request.n(), limits);
    int perPrompt = request.n() == null ? 1 : request.n();
    if ((long) request.prompt().size() * perPrompt > limits.allChoices()) {
      throw InvalidRequestException.badValue(
          "prompt",
          "array_above_max_length",
          "Invalid 'prompt': more than %d completions in one request."
              .formatted(limits.allChoices()));
    }
  }

  /**
   * Refuses embeddings that are over a limit.
   *
   * @throws InvalidRequestException naming the field and the limit
   */
  public static void check(InputLimits limits, CreateEmbeddingRequest request) {
    length("input", request.input().size(), limits.inputs());
  }

  private static void array(String param, @Nullable Collection<?> values, int max) {
    length(param, values == null ? 0 : values.size(), max);
  }

  private static void length(String param, int length, int max) {
    if (length > max) {
      throw InvalidRequestException.badValue(
          param,
          "array_above_max_length",
          "Invalid '%s': array too long. Expected an array with maximum length %d, but got an array with length %d instead."
              .formatted(param, max, length));
    }
  }

  private static void choices(@Nullable Integer n, InputLimits limits) {
    if (n != null && n > limits.choices()) {
      throw InvalidRequestException.badValue(
          "n",
          "integer_above_max_value",
          "Invalid 'n': integer above maximum value. Expected a value <= %d, but got %d instead."
              .formatted(limits.choices(), n));
    }
  }
}
