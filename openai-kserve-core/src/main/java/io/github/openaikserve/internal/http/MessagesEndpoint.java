package io.github.openaikserve.internal.http;

import io.github.openaikserve.anthropic.CreateMessageRequest;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.http.response.RequestLog;
import io.github.openaikserve.internal.http.response.Responses;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.internal.messages.MessageService;
import io.github.openaikserve.internal.request.CallContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The endpoint {@code /v1/messages}, with {@code /count_tokens}. */
final class MessagesEndpoint implements Endpoint {
  private static final String COUNT_TOKENS = "count_tokens";

  private final MessageService messages;
  private final RequestJson requests;
  private final Endpoint create;

  /**
   * Creates the endpoint.
   *
   * @param requests reads requests
   * @param create the endpoint that creates messages
   */
  MessagesEndpoint(MessageService messages, RequestJson requests, Endpoint create) {
    this.messages = messages;
    this.requests = requests;
    this.create = create;
  }

  @Override
  public List<String> methods(String rest) {
    return rest.equals(COUNT_TOKENS) ? List.of("POST") : create.methods(rest);
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest request, String rest, CallContext context, RequestLog log) {
    if (rest.isEmpty()) {
      return create.answer(request, rest, context, log);
    }
    CreateMessageRequest counted = requests.message(request.body());
    log.setModel(counted.model());
    return Responses.json(
        messages
            .countTokens(counted, context)
            .thenApply(tokens -> JsonCodec.writeBytes(Map.of("input_tokens", tokens))));
  }
}
