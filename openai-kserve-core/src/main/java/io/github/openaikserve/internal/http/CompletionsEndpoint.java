package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.json.CompletionChunkJson;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.RequestJson;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.StreamOptions;
import java.util.concurrent.CompletableFuture;

/** {@code POST /v1/completions}. */
final class CompletionsEndpoint implements Endpoint {
  private final Engine engine;
  private final RequestJson requests;
  private final KeepAlive keepAlive;

  CompletionsEndpoint(Engine engine, RequestJson requests, KeepAlive keepAlive) {
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
    CreateCompletionRequest request = requests.completion(http.body());
    log.setModel(request.model());
    if (!Boolean.TRUE.equals(request.stream())) {
      return GenerationResponses.whole(
          engine.completion(request, false, context), JsonCodec::write);
    }
    StreamOptions options = request.streamOptions();
    boolean usageAsked = options != null && Boolean.TRUE.equals(options.includeUsage());
    return GenerationResponses.streamed(
        engine.completion(request, true, context),
        new ServerSentEvents<>(new CompletionChunkJson(usageAsked), log),
        keepAlive);
  }
}
