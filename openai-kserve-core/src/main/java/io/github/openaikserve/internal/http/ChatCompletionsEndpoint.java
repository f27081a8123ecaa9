package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.json.ChatChunkJson;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.RequestJson;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.StreamOptions;
import java.util.concurrent.CompletableFuture;

/** {@code POST /v1/chat/completions}. */
final class ChatCompletionsEndpoint implements Endpoint {
  private final Engine engine;
  private final RequestJson requests;
  private final KeepAlive keepAlive;

  ChatCompletionsEndpoint(Engine engine, RequestJson requests, KeepAlive keepAlive) {
    this.engine = engine;
    this.requests = requests;
    this.keepAlive = keepAlive;
  }

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest http, String rest, CallContext context, RequestLog log) {
    CreateChatCompletionRequest request = requests.chat(http.body());
    log.setModel(request.model());
    if (!Boolean.TRUE.equals(request.stream())) {
      return GenerationResponses.whole(engine.chat(request, false, context), JsonCodec::write);
    }
    StreamOptions options = request.streamOptions();
    boolean usageAsked = options != null && Boolean.TRUE.equals(options.includeUsage());
    return GenerationResponses.streamed(
        engine.chat(request, true, context),
        new ServerSentEvents<>(new ChatChunkJson(usageAsked), log),
        keepAlive);
  }
}
