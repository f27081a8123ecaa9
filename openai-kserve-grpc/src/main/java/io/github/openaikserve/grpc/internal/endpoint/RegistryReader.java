package io.github.openaikserve.grpc.internal.endpoint;

import io.github.openaikserve.backend.Replica;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A reader of AnyServe's registry, with limits on time and size. Thread-safe. */
public final class RegistryReader {
  /** Enough for thousands of replicas. */
  public static final int MAX_SIZE = 4 << 20;

  private static final int OK = 200;

  private final HttpClient client;
  private final HttpRequest request;
  private final Duration timeout;

  /**
   * Creates a reader.
   *
   * @param executor runs the parsing of answers
   * @param timeout the time limit of a whole answer
   */
  public RegistryReader(URI url, Executor executor, Duration timeout) {
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // some servers fail on the offer to upgrade
            .connectTimeout(timeout)
            .executor(executor)
            .build();
    this.request = HttpRequest.newBuilder(url).header("accept", "application/json").build();
  }

  /**
   * Reads the replicas that are registered now. Cancelling the future ends the HTTP exchange.
   *
   * @return fails if the registry is unreachable, exceeds the time limit, or sends an invalid
   *     answer
   */
  public CompletableFuture<List<Replica>> read() {
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(request, head -> new BoundedBody(MAX_SIZE));
    CompletableFuture<List<Replica>> replicas =
        exchange.copy().orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).thenApply(this::list);
    replicas.whenComplete(
        (list, failure) -> {
          if (failure != null) {
            exchange.cancel(true);
          }
        });
    return replicas;
  }

  private List<Replica> list(HttpResponse<byte[]> response) {
    if (response.statusCode() != OK) {
      throw new IllegalArgumentException(
          "the registry answered with HTTP status " + response.statusCode());
    }
    return Replica.list(new String(response.body(), StandardCharsets.UTF_8));
  }

  /** Returns the reason of a failure, for a log or an error message. */
  public static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof TimeoutException) {
      return "the registry did not answer within the time limit";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /** A body with a maximum size. */
  private static final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {
    private final int limit;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Flow.@Nullable Subscription subscription;

    BoundedBody(int limit) {
      this.limit = limit;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        if (bytes.size() + buffer.remaining() > limit) {
          if (subscription != null) {
            subscription.cancel();
          }
          body.completeExceptionally(
              new IllegalArgumentException("the registry's answer exceeds " + limit + " bytes"));
          return;
        }
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        bytes.write(copy, 0, copy.length);
      }
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      body.complete(bytes.toByteArray());
    }
  }
}
