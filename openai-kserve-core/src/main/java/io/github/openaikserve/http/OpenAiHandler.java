package io.github.openaikserve.http;

import io.github.openaikserve.error.OpenAiException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * OpenAI's HTTP API as a function, to mount behind any HTTP server. Thread-safe.
 *
 * <p>Serves {@code /v1/chat/completions}, {@code /v1/responses}, {@code /v1/messages}, {@code
 * /v1/completions}, {@code /v1/decisions}, {@code /v1/embeddings}, {@code /v1/rerank}, {@code
 * /v1/score}, {@code /v1/classify}, {@code /v1/moderations}, {@code /v1/audio/transcriptions},
 * {@code /v1/audio/translations}, {@code /v1/audio/speech}, {@code /v1/models}, {@code
 * /v1/models/{id}}, {@code /health}, {@code /health/ready} and {@code /health/live}; with a store
 * also {@code /v1/responses/{id}} and {@code /v1/conversations}. A host that mounts it below
 * another path strips that prefix, such as a servlet's context path. Authentication, TLS and limits
 * on what is read from a socket are the host's task; the service's {@code RequestLimits} apply to
 * what was read: 413 for the body, 431 for the headers.
 */
public interface OpenAiHandler {

  /**
   * Answers one request. Never throws, never returns null and never completes exceptionally, unless
   * cancelled: every failure is a response in OpenAI's shape, or in Anthropic's for its clients.
   *
   * <p>A streamed response begins with the backend's first signal, so an earlier failure has its
   * own status. After one keep-alive interval of silence it begins with 200, and a failure is an
   * event. The future is completed on a thread of the backend or of the caller: continuations must
   * not block, nor read the body; {@link #answer} is for hosts with a thread for each request.
   *
   * <p>When the client disconnects before the future is done, cancel it: the backend's call is
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
   * Returns the rejection of a request that its method, path or headers already rule out, such as
   * an unknown path; empty if {@link #handle} has to decide. A host calls this before it reads the
   * body, so that clients whose requests are rejected cannot fill its memory. Never throws. Returns
   * empty unless overridden; a handler around another one passes the call on.
   *
   * @param head the request, with an empty body
   */
  default Optional<ApiResponse> reject(ApiRequest head) {
    return Optional.empty();
  }

  /**
   * Returns a refusal by the host, such as of a missing key or of a body that is too large, in the
   * shape that {@link #handle} has for the request.
   */
  ApiResponse refuse(ApiRequest request, OpenAiException error);
}
