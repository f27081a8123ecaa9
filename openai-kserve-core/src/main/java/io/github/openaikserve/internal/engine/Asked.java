package io.github.openaikserve.internal.engine;

import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import org.jspecify.annotations.Nullable;

/**
 * What is asked, apart from the request's own fields. Immutable.
 *
 * @param model the name the caller used; null when it used none
 * @param streamed whether the answer is wanted in chunks as they come
 * @param word the random part of the answer's id
 * @param affinityKey the request's own key for reaching the same endpoint; null when it has none
 */
record Asked(
    CallKind kind,
    @Nullable String model,
    boolean streamed,
    String word,
    @Nullable String affinityKey) {
  private static final String CACHE_KEY = RequestField.PROMPT_CACHE_KEY.jsonName();

  static Asked chat(CreateChatCompletionRequest request, boolean streamed, String word) {
    String key = request.extra().get(CACHE_KEY) instanceof String text ? text : null;
    return new Asked(CallKind.CHAT, request.model(), streamed, word, key);
  }

  static Asked completion(CreateCompletionRequest request, boolean streamed, String word) {
    return new Asked(CallKind.COMPLETION, request.model(), streamed, word, null);
  }

  static Asked embedding(CreateEmbeddingRequest request, String word) {
    return new Asked(CallKind.EMBEDDING, request.model(), false, word, null);
  }
}
