package io.github.openaikserve.internal.request;

import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import org.jspecify.annotations.Nullable;

/**
 * A description of a call, without the fields of its request. Immutable.
 *
 * @param model the model's name in the request; null if the request names none
 * @param streamed whether the answer is sent in chunks as they are generated
 * @param idSuffix the random part of the answer's id
 * @param legacyFunctions whether the client sent {@code functions} and expects a {@code
 *     function_call}
 * @param affinityKey the affinity key in the request itself; null for none
 */
public record CallDescriptor(
    CallKind kind,
    @Nullable String model,
    boolean streamed,
    String idSuffix,
    boolean legacyFunctions,
    @Nullable String affinityKey) {
  private static final String CACHE_KEY = RequestField.PROMPT_CACHE_KEY.jsonName();

  public static CallDescriptor chat(
      CallKind kind,
      CreateChatCompletionRequest request,
      boolean streamed,
      String idSuffix,
      boolean legacyFunctions) {
    String key = request.extra().get(CACHE_KEY) instanceof String text ? text : null;
    return new CallDescriptor(kind, request.model(), streamed, idSuffix, legacyFunctions, key);
  }

  public static CallDescriptor completion(
      CreateCompletionRequest request, boolean streamed, String idSuffix) {
    return new CallDescriptor(
        CallKind.COMPLETION, request.model(), streamed, idSuffix, false, null);
  }

  public static CallDescriptor batches(
      CallKind kind, @Nullable String model, boolean streamed, String idSuffix) {
    return new CallDescriptor(kind, model, streamed, idSuffix, false, null);
  }
}
