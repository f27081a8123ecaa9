package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.engine.Engine;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.StreamOptions;
import java.util.concurrent.CompletableFuture;

/** {@code POST /v1/chat/completions}. */
final class ChatCompletionsEndpoint implements Endpoint {
  private final Engine engine;

  ChatCompletionsEndpoint(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public CompletableFuture<ApiResponse> answer(ApiRequest http, String rest) {
    CreateChatCompletionRequest request = JsonCodec.readChatRequest(http.body());
    if (!Boolean.TRUE.equals(request.stream())) {
      return GenerationResponses.whole(engine.chat(request, false), JsonCodec::write);
    }
    StreamOptions options = request.streamOptions();
    boolean usageAsked = options != null && Boolean.TRUE.equals(options.includeUsage());
    return GenerationResponses.streamed(
        engine.chat(request, true), chunk -> JsonCodec.write(chunk, usageAsked));
  }
}
