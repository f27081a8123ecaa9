package io.github.openaikserve.internal.http;

import io.github.openaikserve.encoder.RerankRequest;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.batch.BatchApi;
import io.github.openaikserve.internal.http.response.Responses;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.internal.json.write.EncoderWriter;
import io.github.openaikserve.openai.AbstractRequest;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The endpoints for requests answered by tensors, such as {@code POST /v1/embeddings}. */
record BatchEndpoints(Engine engine, RequestJson requests) {
  /** Adds the endpoints to a map by path. */
  void addTo(Map<String, Endpoint> endpoints) {
    endpoints.put(
        "/v1/embeddings",
        endpoint(
            BatchApi.EMBEDDING,
            requests::embedding,
            (request, answer) -> EncoderWriter.write(answer, request.encodingFormat())));
    Endpoint rerank = rerank(this::rerankWithDocuments);
    endpoints.put("/v1/rerank", rerank);
    endpoints.put("/rerank", rerank);
    endpoints.put("/v2/rerank", rerank(requests::rerank));
    endpoints.put(
        "/v1/moderations",
        endpoint(
            BatchApi.MODERATION,
            requests::moderation,
            (request, answer) -> EncoderWriter.write(answer)));
    Endpoint score =
        endpoint(BatchApi.SCORE, requests::score, (request, answer) -> EncoderWriter.write(answer));
    Endpoint classify =
        endpoint(
            BatchApi.CLASSIFICATION,
            requests::classify,
            (request, answer) -> EncoderWriter.write(answer));
    endpoints.put("/score", score);
    endpoints.put("/v1/score", score);
    endpoints.put("/classify", classify);
    endpoints.put("/v1/classify", classify);
  }

  private Endpoint rerank(Function<byte[], RerankRequest> reader) {
    return endpoint(BatchApi.RERANK, reader, (request, answer) -> EncoderWriter.write(answer));
  }

  /**
   * Reads a request whose answer repeats the documents by default, as vLLM's and Jina's do. Version
   * 2 of Cohere's API has no such field.
   */
  private RerankRequest rerankWithDocuments(byte[] body) {
    RerankRequest request = requests.rerank(body);
    return request.returnDocuments() == null
        ? request.toBuilder().returnDocuments(true).build()
        : request;
  }

  /**
   * Returns an endpoint.
   *
   * @param reader reads a request
   * @param json writes the answer to a request
   */
  private <R extends AbstractRequest, A> Endpoint endpoint(
      BatchApi<R, A> api, Function<byte[], R> reader, BiFunction<R, A, byte[]> json) {
    return Endpoint.of(
        reader,
        AbstractRequest::model,
        (request, context, log) ->
            Responses.whole(
                engine.batches(api, request, context), answer -> json.apply(request, answer)));
  }
}
