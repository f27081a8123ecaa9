package io.github.openaikserve.internal.request;

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
public record CallDescriptor(
    CallKind kind,
    @Nullable String model,
    boolean streamed,
    String word,
    @Nullable String affinityKey) {
  private static final String CACHE_KEY = RequestField.PROMPT_CACHE_KEY.jsonName();

  public static CallDescriptor chat(
      CreateChatCompletionRequest request, boolean streamed, String word) {
    String key = request.extra().get(CACHE_KEY) instanceof String text ? text : null;
    return new CallDescriptor(CallKind.CHAT, request.model(), streamed, word, key);
  }

  public static CallDescriptor completion(
      CreateCompletionRequest request, boolean streamed, String word) {
    return new CallDescriptor(CallKind.COMPLETION, request.model(), streamed, word, null);
  }

  public static CallDescriptor embedding(CreateEmbeddingRequest request, String word) {
    return new CallDescriptor(CallKind.EMBEDDING, request.model(), false, word, null);
  }
}
