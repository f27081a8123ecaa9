package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.flow.CancellationPropagatingFuture;
import io.github.openaikserve.internal.flow.MergeProcessor;
import io.github.openaikserve.internal.http.GenerationEndpoint.AnswerSettings;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A factory of responses with a streamed body. It starts the stream, and completes the response
 * when the stream is committed: at its first item, or after one idle keep-alive interval. A failure
 * before that fails the response, which then has its own status.
 */
record StreamedResponse(AnswerSettings settings, RequestLog log) {
  /**
   * Returns a response of server-sent events.
   *
   * @param factory creates the stream, given the actions at its end
   * @param awaitReader limits the wait for a reader of the body; runs when the response starts
   */
  CompletableFuture<ApiResponse> events(
      Function<SseEnd, MergeProcessor<?, ByteBuffer>> factory,
      Runnable awaitReader,
      List<String> droppedParams) {
    var removal = new Removal(settings.keepAlive());
    MergeProcessor<?, ByteBuffer> stream = factory.apply(end(removal));
    removal.stream = stream;
    return begin(
        stream,
        settings.keepAlive(),
        () -> {
          awaitReader.run();
          return Responses.events(stream, stream::close, droppedParams);
        });
  }

  /** Returns a response of bytes, which receives no keep-alive comments. */
  CompletableFuture<ApiResponse> bytes(
      String contentType,
      Function<SseEnd, MergeProcessor<?, ByteBuffer>> factory,
      Runnable awaitReader,
      List<String> droppedParams) {
    MergeProcessor<?, ByteBuffer> stream = factory.apply(end(() -> {}));
    return begin(
        stream,
        null,
        () -> {
          awaitReader.run();
          return Responses.of(contentType, ApiBody.streaming(stream, stream::close), droppedParams);
        });
  }

  private SseEnd end(Runnable onTerminated) {
    return new SseEnd(settings.abortFailedStreams(), log, onTerminated);
  }

  private static CompletableFuture<ApiResponse> begin(
      MergeProcessor<?, ByteBuffer> stream,
      @Nullable KeepAlive keepAlive,
      Supplier<ApiResponse> response) {
    try {
      if (keepAlive != null) {
        keepAlive.add(stream);
      }
      stream.start();
    } catch (RuntimeException | Error e) {
      stream.close();
      throw e;
    }
    var begun =
        CancellationPropagatingFuture.<ApiResponse>of(
            stream.committed().thenApply(first -> response.get()));
    begun.onAbandon(stream::close);
    return begun;
  }

  /** A task that ends the keep-alive of a stream. */
  private static final class Removal implements Runnable {
    private final KeepAlive keepAlive;
    private volatile @Nullable MergeProcessor<?, ByteBuffer> stream;

    Removal(KeepAlive keepAlive) {
      this.keepAlive = keepAlive;
    }

    @Override
    public void run() {
      MergeProcessor<?, ByteBuffer> current = stream;
      if (current != null) {
        keepAlive.remove(current);
      }
    }
  }
}
