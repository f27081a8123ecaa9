package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.RequestJson;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code POST /v1/embeddings}. */
final class EmbeddingsEndpoint implements Endpoint {
  private final Engine engine;
  private final RequestJson requests;

  EmbeddingsEndpoint(Engine engine, RequestJson requests) {
    this.engine = engine;
    this.requests = requests;
  }

  @Override
  public List<String> methods(String rest) {
    return rest.isEmpty() ? List.of("POST") : List.of();
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest http, String rest, CallContext context, RequestLog log) {
    CreateEmbeddingRequest request = requests.embedding(http.body());
    log.setModel(request.model());
    return GenerationEndpoint.whole(
        engine.embedding(request, context),
        answer -> JsonCodec.write(answer, request.encodingFormat()));
  }
}
