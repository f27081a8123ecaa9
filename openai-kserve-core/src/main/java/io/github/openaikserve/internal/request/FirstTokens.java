package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Prepares chats for which only the log probabilities of the answer's first token are needed. */
public final class FirstTokens {
  /** The number of log probabilities to request: the limit of OpenAI, and vLLM's default limit. */
  private static final int LIKELIEST = 20;

  /**
   * The maximum number of characters of all prompts together. Each prompt repeats the conversation.
   */
  private static final int MAX_PROMPTS = 16 << 20;

  /** The request fields to keep. The others select or shape tokens. */
  private static final Set<RequestField> KEPT =
      EnumSet.of(
          RequestField.PROMPT,
          RequestField.IMAGES,
          RequestField.AUDIO,
          RequestField.LORA_NAME,
          RequestField.PRIORITY,
          RequestField.TRUNCATE_PROMPT_TOKENS,
          RequestField.VLLM_XARGS);

  private FirstTokens() {}

  /**
   * Returns one generation of one token for each chat, without reasoning.
   *
   * @throws InvalidRequestException if the model's server returns no log probabilities, or a chat
   *     is invalid
   */
  public static Prepared of(Route route, List<CreateChatCompletionRequest> chats) {
    if (!route.requireDialect().carries(RequestField.LOGPROBS)) {
      throw InvalidRequestException.badValue(
          "model",
          "unsupported_value",
          "The model '%s' does not support the decisions API: its server returns no log probabilities of tokens. Use /v1/chat/completions with a response_format instead."
              .formatted(route.id()));
    }
    if (chats.size() > route.limits().prompts()) {
      throw InvalidRequestException.badValue(
          "questions",
          "array_above_max_length",
          "Invalid 'questions': array too long. Expected an array with maximum length %d, but got an array with length %d instead."
              .formatted(route.limits().prompts(), chats.size()));
    }
    List<Generation> generations = new ArrayList<>(chats.size());
    Prepared last = null;
    long length = 0;
    for (CreateChatCompletionRequest chat : chats) {
      last = ChatPreparation.of(route, withoutReasoning(route, chat), false);
      Generation generation = firstToken(route, last.prompts().get(0));
      length += generation.prompt().length();
      if (length > MAX_PROMPTS) {
        throw InvalidRequestException.badValue(
            "questions",
            "string_above_max_length",
            "Invalid 'questions': each question repeats the input, and together they have more than %d characters. Send fewer questions in one request."
                .formatted(MAX_PROMPTS));
      }
      generations.add(generation);
    }
    if (last == null) {
      throw new IllegalArgumentException("expected at least one chat");
    }
    return new Prepared(
        route,
        generations,
        1,
        false,
        OutputPlan.TEXT,
        List.of(),
        null,
        last.handlings(),
        List.of());
  }

  private static CreateChatCompletionRequest withoutReasoning(
      Route route, CreateChatCompletionRequest chat) {
    boolean reasons =
        route.chat().format().reasoning() != null
            || route.requireDialect().carries(RequestField.THINKING_TOKEN_BUDGET);
    return reasons
        ? chat.toBuilder().extra(RequestField.THINKING_TOKEN_BUDGET.jsonName(), 0).build()
        : chat;
  }

  private static Generation firstToken(Route route, Generation chat) {
    Map<RequestField, Object> fields = new EnumMap<>(chat.fields());
    fields.keySet().retainAll(KEPT);
    fields.put(RequestField.PROMPT, prompt(route, chat.prompt()));
    fields.put(RequestField.MAX_TOKENS, 1);
    fields.put(RequestField.LOGPROBS, true);
    fields.put(RequestField.TOP_LOGPROBS, LIKELIEST);
    if (route.requireDialect().carries(RequestField.TEMPERATURE)) {
      fields.put(RequestField.TEMPERATURE, 0.0);
    }
    return new Generation(chat.modelName(), chat.modelVersion(), fields);
  }

  /** Returns the prompt, extended so that the answer does not begin with reasoning. */
  private static String prompt(Route route, String prompt) {
    ReasoningFormat reasoning = route.chat().format().reasoning();
    return reasoning == null ? prompt : prompt + reasoning.omission(prompt);
  }
}
