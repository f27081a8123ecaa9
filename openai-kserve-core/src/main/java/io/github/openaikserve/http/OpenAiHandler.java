package io.github.openaikserve.http;

import io.github.openaikserve.error.OpenAiException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * OpenAI's HTTP API as a function, to be mounted behind any HTTP layer. Thread-safe.
 *
 * <p>Serves {@code /v1/chat/completions}, {@code /v1/completions}, {@code /v1/embeddings}, {@code
 * /v1/models}, {@code /v1/models/{id}}, {@code /health}, {@code /health/ready} and {@code
 * /health/live}. Authentication, TLS and limits on what is read from a socket are the host's; what
 * it has read is held to the service's {@code InputLimits}: 413 for the body, 431 for the headers.
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
   * Answers one request on the calling thread. Blocks until the response has begun; its body may
   * then be read on the same thread.
   *
   * @throws CancellationException if the thread is interrupted: the backend's call is cancelled and
   *     the interrupt status preserved
   */
  default ApiResponse answer(ApiRequest request) {
    CompletableFuture<ApiResponse> response = handle(request);
    try {
      return response.get();
    } catch (InterruptedException e) {
      response.whenComplete(
          (late, failure) -> {
            if (late != null) {
              late.body().close();
            }
          });
      response.cancel(true);
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for the response");
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  /**
   * Returns a refusal by the host, such as of a missing key or of a body that is too large, in
   * OpenAI's shape.
   */
  ApiResponse refuse(ApiRequest request, OpenAiException error);
}
