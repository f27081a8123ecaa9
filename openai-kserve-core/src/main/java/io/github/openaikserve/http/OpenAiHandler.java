package io.github.openaikserve.http;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.concurrent.Futures;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * A function that implements OpenAI's HTTP API, for use behind any HTTP server. Thread-safe.
 *
 * <p>Serves {@code /v1/chat/completions}, {@code /v1/responses}, {@code /v1/messages}, {@code
 * /v1/completions}, {@code /v1/embeddings}, {@code /v1/rerank}, {@code /v1/score}, {@code
 * /v1/classify}, {@code /v1/moderations}, {@code /v1/audio/transcriptions}, {@code
 * /v1/audio/translations}, {@code /v1/audio/speech}, {@code /v1/models}, {@code /v1/models/{id}},
 * {@code /health}, {@code /health/ready} and {@code /health/live}. With a response store it also
 * serves {@code /v1/responses/{id}} and {@code /v1/conversations}. A host that mounts the handler
 * under a path prefix, such as a servlet's context path, must strip the prefix. The host is
 * responsible for authentication, TLS and limits on the bytes it reads from a socket. The service's
 * {@code RequestLimits} apply to the request that was read: status 413 for the body, 431 for the
 * headers.
 */
public interface OpenAiHandler {

  /**
   * Handles one request. Never throws, never returns null and never completes exceptionally unless
   * cancelled. Every failure is a response in OpenAI's format, or in Anthropic's format for its
   * clients.
   *
   * <p>A streamed response starts with the backend's first signal, so an earlier failure has its
   * own status. If the backend is silent for one keep-alive interval, the response starts with
   * status 200 and a later failure becomes an event. The future is completed on a thread of the
   * backend or of the caller, so continuations must not block or read the body. Hosts with one
   * thread for each request use {@link #answer}.
   *
   * <p>If the client disconnects before the future completes, cancel the future; this cancels the
   * backend's call. If the client disconnects later, cancel the subscription to the body or {@link
   * ApiBody#close() close} the body.
   */
  CompletableFuture<ApiResponse> handle(ApiRequest request);

  /**
   * Handles one request on the calling thread. Blocks until the response has started; its body may
   * then be read on the same thread.
   *
   * @throws CancellationException if the thread is interrupted; the backend's call is cancelled and
   *     the interrupt status is preserved
   * @throws IllegalStateException if called in a continuation of {@link #handle} that would have to
   *     wait, unless an executor completes responses
   */
  default ApiResponse answer(ApiRequest request) {
    CompletableFuture<ApiResponse> response = handle(request);
    if (!response.isDone() && Futures.isInContinuation()) {
      abandon(response);
      throw Futures.blocked();
    }
    try {
      return response.get();
    } catch (InterruptedException e) {
      abandon(response);
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for the response");
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  private static void abandon(CompletableFuture<ApiResponse> response) {
    response.whenComplete(
        (late, failure) -> {
          if (late != null) {
            late.body().close();
          }
        });
    response.cancel(true);
  }

  /**
   * Returns the rejection of a request whose method, path or headers are already invalid, such as
   * an unknown path; empty if {@link #handle} must decide. A host calls this before it reads the
   * body, so that clients with invalid requests cannot fill its memory. Never throws. The default
   * returns empty; a handler that wraps another one must delegate this call.
   *
   * @param head the request, with an empty body
   */
  default Optional<ApiResponse> reject(ApiRequest head) {
    return Optional.empty();
  }

  /**
   * Returns the response to a request that the host rejects, for example because of a missing API
   * key or a body that is too large. It has the error format that {@link #handle} uses for the
   * request.
   */
  ApiResponse refuse(ApiRequest request, OpenAiException error);
}
