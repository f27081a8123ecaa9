package io.github.openaikserve.http;

import io.github.openaikserve.error.OpenAiException;
import java.util.concurrent.CompletableFuture;

/**
 * OpenAI's HTTP API as a function, to be mounted behind any HTTP layer. Thread-safe.
 *
 * <p>Serves {@code /v1/chat/completions}, {@code /v1/completions}, {@code /v1/embeddings}, {@code
 * /v1/models}, {@code /v1/models/{id}}, {@code /health}, {@code /health/ready} and {@code
 * /health/live}. Authentication, TLS and limits on what is read from a socket are the host's; what
 * it has read is held to the service's {@code RequestLimits}: 413 for the body, 431 for the
 * headers.
 */
public interface OpenAiHandler {

  /**
   * Answers one request. Never throws, never returns null and never completes exceptionally, unless
   * cancelled: every failure is a response in OpenAI's shape.
   *
   * <p>A streamed answer completes with the backend's first signal, so whatever fails before it has
   * its own status; after one keep-alive interval of silence the response begins without one, and a
   * failure is an event. Completed on a thread of the backend or of the caller: continuations must
   * not block.
   *
   * <p>When the client goes away before the future is done, cancel it: the backend's call is
   * cancelled. Afterwards cancel the subscription to the body, or {@link ApiBody#close() close} it.
   */
  CompletableFuture<ApiResponse> handle(ApiRequest request);

  /**
   * A refusal of the host's own, such as a missing key or a body that is too large, in OpenAI's
   * shape.
   */
  ApiResponse refuse(ApiRequest request, OpenAiException error);
}
