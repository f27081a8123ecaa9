package io.github.openaikserve.internal.http;

import io.github.openaikserve.encoder.ClassifyRequest;
import io.github.openaikserve.encoder.ClassifyResponse;
import io.github.openaikserve.encoder.RerankRequest;
import io.github.openaikserve.encoder.RerankResponse;
import io.github.openaikserve.encoder.ScoreRequest;
import io.github.openaikserve.encoder.ScoreResponse;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.BatchApi;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.internal.json.write.EncoderWriter;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.AbstractRequest;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.CreateModerationRequest;
import io.github.openaikserve.openai.CreateModerationResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * An endpoint for requests answered by tensors, such as {@code POST /v1/embeddings}.
 *
 * @param reader reads a request
 * @param json writes the answer to a request
 */
record BatchEndpoint<R extends AbstractRequest, A>(
    Engine engine, BatchApi<R, A> api, Function<byte[], R> reader, BiFunction<R, A, byte[]> json)
    implements Endpoint {

  /** Adds the endpoints to a map by path. */
  static void addTo(Map<String, Endpoint> endpoints, Engine engine, RequestJson requests) {
    endpoints.put("/v1/embeddings", embeddings(engine, requests));
    endpoints.put("/v1/rerank", rerank(engine, requests, true));
    endpoints.put("/rerank", rerank(engine, requests, true));
    endpoints.put("/v2/rerank", rerank(engine, requests, false));
    endpoints.put("/v1/moderations", moderations(engine, requests));
    for (String root : List.of("", "/v1")) {
      endpoints.put(root + "/score", score(engine, requests));
      endpoints.put(root + "/classify", classify(engine, requests));
    }
  }

  private static BatchEndpoint<CreateEmbeddingRequest, CreateEmbeddingResponse> embeddings(
      Engine engine, RequestJson requests) {
    return new BatchEndpoint<>(
        engine,
        BatchApi.EMBEDDING,
        requests::embedding,
        (request, answer) -> EncoderWriter.write(answer, request.encodingFormat()));
  }

  /**
   * Returns a rerank endpoint.
   *
   * @param documents whether answers repeat the documents by default, as vLLM's and Jina's do.
   *     Version 2 of Cohere's API has no such field
   */
  private static BatchEndpoint<RerankRequest, RerankResponse> rerank(
      Engine engine, RequestJson requests, boolean documents) {
    return new BatchEndpoint<>(
        engine,
        BatchApi.RERANK,
        body -> {
          RerankRequest request = requests.rerank(body);
          return request.returnDocuments() == null && documents
              ? request.toBuilder().returnDocuments(true).build()
              : request;
        },
        (request, answer) -> EncoderWriter.write(answer));
  }

  private static BatchEndpoint<ScoreRequest, ScoreResponse> score(
      Engine engine, RequestJson requests) {
    return new BatchEndpoint<>(
        engine, BatchApi.SCORE, requests::score, (request, answer) -> EncoderWriter.write(answer));
  }

  private static BatchEndpoint<ClassifyRequest, ClassifyResponse> classify(
      Engine engine, RequestJson requests) {
    return new BatchEndpoint<>(
        engine,
        BatchApi.CLASSIFICATION,
        requests::classify,
        (request, answer) -> EncoderWriter.write(answer));
  }

  private static BatchEndpoint<CreateModerationRequest, CreateModerationResponse> moderations(
      Engine engine, RequestJson requests) {
    return new BatchEndpoint<>(
        engine,
        BatchApi.MODERATION,
        requests::moderation,
        (request, answer) -> EncoderWriter.write(answer));
  }

  @Override
  public List<String> methods(String rest) {
    return rest.isEmpty() ? List.of("POST") : List.of();
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest http, String rest, CallContext context, RequestLog log) {
    R request = reader.apply(http.body());
    log.setModel(request.model());
    return GenerationEndpoint.whole(
        engine.batches(api, request, context), answer -> json.apply(request, answer));
  }
}
