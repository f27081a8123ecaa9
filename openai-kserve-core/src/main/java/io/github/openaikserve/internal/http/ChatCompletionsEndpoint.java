package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.Call;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.json.ChatBody;
import io.github.openaikserve.internal.json.ChatChunkJson;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.RequestJson;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
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
  public CompletableFuture<ApiResponse> answer(ApiRequest http, String rest, CallContext context) {
    ChatBody body = requests.chat(http.body());
    boolean stream = Boolean.TRUE.equals(body.request().stream());
    CompletableFuture<Call<ChatCompletionChunk, ChatCompletion>> call =
        engine.chat(body.request(), stream, context, body.legacyFunctions());
    if (!stream) {
      return GenerationResponses.whole(call, JsonCodec::write);
    }
    StreamOptions options = body.request().streamOptions();
    boolean usageAsked = options != null && Boolean.TRUE.equals(options.includeUsage());
    return GenerationResponses.streamed(call, new ChatChunkJson(usageAsked), keepAlive);
  }
}
