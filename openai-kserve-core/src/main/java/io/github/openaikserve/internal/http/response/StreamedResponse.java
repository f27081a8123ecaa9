package io.github.openaikserve.internal.http.response;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.concurrent.CancellationPropagatingFuture;
import io.github.openaikserve.internal.flow.MergeProcessor;
import io.github.openaikserve.openai.ReasoningFields;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A response with a streamed body. It starts the stream, and completes when the stream is
 * committed: at its first item, or after one idle keep-alive interval. A failure before that fails
 * the response, which then has its own status. Used once.
 */
public final class StreamedResponse {
  private final Settings settings;
  private final RequestLog log;
  private volatile @Nullable MergeProcessor<?, ByteBuffer> keptAlive;

  /**
   * The settings for sending answers.
   *
   * @param abortFailedStreams whether a failed answer also fails the stream
   * @param reasoning the JSON fields of reasoning
   */
  public record Settings(
      KeepAlive keepAlive, boolean abortFailedStreams, ReasoningFields reasoning) {}

  /** Creates a response that has not started. Its log receives a failure of the stream. */
  public StreamedResponse(Settings settings, RequestLog log) {
    this.settings = settings;
    this.log = log;
  }

  /**
   * Returns a response of server-sent events.
   *
   * @param awaitReader limits the wait for a reader of the body; runs when the response starts
   */
  public CompletableFuture<ApiResponse> events(
      MergeProcessor<?, ByteBuffer> stream, Runnable awaitReader, List<String> droppedParams) {
    keptAlive = stream;
    return begin(
        stream,
        () -> settings.keepAlive().add(stream),
        () -> {
          awaitReader.run();
          return Responses.events(stream, stream::close, droppedParams);
        });
  }

  /** Returns a response of bytes, which receives no keep-alive comments. */
  public CompletableFuture<ApiResponse> bytes(
      String contentType,
      MergeProcessor<?, ByteBuffer> stream,
      Runnable awaitReader,
      List<String> droppedParams) {
    return begin(
        stream,
        () -> {},
        () -> {
          awaitReader.run();
          return Responses.of(contentType, ApiBody.streaming(stream, stream::close), droppedParams);
        });
  }

  private static CompletableFuture<ApiResponse> begin(
      MergeProcessor<?, ByteBuffer> stream, Runnable keepAlive, Supplier<ApiResponse> response) {
    try {
      keepAlive.run();
      stream.start();
    } catch (Throwable e) {
      stream.close();
      throw e;
    }
    var begun =
        CancellationPropagatingFuture.<ApiResponse>of(
            stream.committed().thenApply(first -> response.get()));
    begun.onAbandon(stream::close);
    return begun;
  }

  /** Returns the id of the request; empty if unknown. */
  String requestId() {
    return log.requestId();
  }

  /** Logs the failure of the answer. */
  void log(Throwable failure) {
    log.failed(failure);
  }

  /** Returns the failure to signal after the event of a failure; null to complete instead. */
  @Nullable Throwable signal(Throwable failure) {
    return settings.abortFailedStreams() ? failure : null;
  }

  /** Ends the keep-alive of the stream. Called at the end of the answer. */
  void terminated() {
    MergeProcessor<?, ByteBuffer> stream = keptAlive;
    if (stream != null) {
      settings.keepAlive().remove(stream);
    }
  }
}
