package io.github.openaikserve.internal.request;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.openai.AbstractRequest;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A description of a request and of all its calls, without the fields of the request. Immutable.
 *
 * @param model the model's name in the request; null if the request names none
 * @param streamed whether the answer is sent in chunks as they are generated
 * @param idSuffix the random part of the answer's id
 * @param cacheKey the affinity key in the request itself; null for none
 * @param context the settings of the request in addition to its body
 */
public record CallDescriptor(
    CallKind kind,
    @Nullable String model,
    boolean streamed,
    String idSuffix,
    @Nullable String cacheKey,
    CallContext context) {
  private static final String CACHE_KEY = RequestField.PROMPT_CACHE_KEY.jsonName();
  private static final String REQUEST_ID = "x-request-id";

  /** Returns the description of a request. */
  public static CallDescriptor of(
      CallKind kind,
      AbstractRequest request,
      boolean streamed,
      String idSuffix,
      CallContext context) {
    String key =
        request instanceof CreateChatCompletionRequest chat
                && chat.extra().get(CACHE_KEY) instanceof String text
            ? text
            : null;
    return new CallDescriptor(kind, request.model(), streamed, idSuffix, key, context);
  }

  /** Returns the id with which the server can log the request. */
  public String requestId() {
    return context.requestId() == null ? "req_" + idSuffix : context.requestId();
  }

  /** Returns the key of calls that should reach the same endpoint; null for none. */
  public @Nullable String affinityKey() {
    return cacheKey == null ? context.affinityKey() : cacheKey;
  }

  /** Returns the description for listeners. */
  public CallInfo info(Route route) {
    return CallInfo.builder(requestId(), route.id(), kind)
        .model(model)
        .serverModel(route.modelName())
        .streamed(streamed)
        .headers(context.headers())
        .attributes(context.attributes())
        .build();
  }

  /**
   * Returns the call with the request's id, headers and keys. Headers and an id that the dialect
   * has set are not replaced.
   *
   * @param traceHeaders the headers of listeners
   */
  public InferCall addTo(InferCall call, Map<String, String> traceHeaders) {
    Map<String, String> headers = new HashMap<>(context.metadata());
    headers.put(REQUEST_ID, requestId());
    headers.putAll(traceHeaders);
    headers.putAll(call.metadata());
    String queueKey = context.queueKey() == null ? requestId() : context.queueKey();
    InferCall sent =
        call.withMetadata(headers).withAffinityKey(affinityKey()).withQueueKey(queueKey);
    return call.request().id().isEmpty()
        ? sent.withRequest(call.request().withId(requestId()))
        : sent;
  }
}
