package io.github.openaikserve.httpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.races.Race;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How requests without a network end before their answer does, and on which threads. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InProcessCancellationTest {
  private static final HttpRequest WHOLE = post("{\"prompt\":\"p\"}");
  private static final HttpRequest STREAM = post("{\"prompt\":\"p\",\"stream\":true}");

  private static HttpRequest post(String body) {
    return HttpRequest.newBuilder(URI.create("http://in-process/v1/completions"))
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static HttpClient.Builder over(FakeBackend backend) {
    return InProcessHttpClient.newBuilder(
        OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build().httpHandler());
  }

  /** A server that sends a number of tokens and then nothing. */
  private static FakeBackend hanging(int tokens) {
    List<InferResponse> responses =
        IntStream.range(0, tokens)
            .mapToObj(i -> InferResponse.of(Tensor.text("token", "word" + i)))
            .toList();
    return FakeBackend.answering(call -> ScriptedResponse.of(responses).thenHangs());
  }

  private static void await(BooleanSupplier reached) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static void awaitCancellation(FakeBackend backend) {
    await(() -> backend.cancellations() == 1);
  }

  @Test
  void cancellingTheFutureCancelsTheCall() {
    FakeBackend backend = hanging(0);
    CompletableFuture<HttpResponse<String>> response =
        over(backend).build().sendAsync(WHOLE, BodyHandlers.ofString());
    await(() -> !backend.calls().isEmpty());

    response.cancel(true);

    awaitCancellation(backend);
  }

  @Test
  void cancellingTheFutureCancelsAStreamThatIsCollected() {
    FakeBackend backend = hanging(3);
    CompletableFuture<String> text =
        over(backend)
            .build()
            .sendAsync(STREAM, BodyHandlers.ofString())
            .thenApply(HttpResponse::body);
    await(() -> !backend.calls().isEmpty());

    text.cancel(true);

    awaitCancellation(backend);
  }

  @Test
  void aSubscriberOfACancelledRequestIsNotified() {
    FakeBackend backend = hanging(1);
    var subscriber = new TestSubscriber<List<ByteBuffer>>(Long.MAX_VALUE);
    CompletableFuture<HttpResponse<Void>> response =
        over(backend).build().sendAsync(STREAM, BodyHandlers.fromSubscriber(subscriber));
    subscriber.awaitItems(1);

    response.cancel(true);

    assertThat(subscriber.awaitFailure()).isInstanceOf(IOException.class);
    awaitCancellation(backend);
  }

  @Test
  void closingAnInputStreamCancelsTheCall() throws Exception {
    FakeBackend backend = hanging(1);
    byte[] event = "data: {".getBytes(UTF_8);

    try (InputStream in = over(backend).build().send(STREAM, BodyHandlers.ofInputStream()).body()) {
      assertThat(in.readNBytes(event.length)).isEqualTo(event);
      assertThat(backend.cancellations()).isZero();
    }

    awaitCancellation(backend);
  }

  @Test
  void cancellingASubscriptionCancelsTheCall() throws Exception {
    FakeBackend backend = hanging(1);
    var subscriber = new TestSubscriber<List<ByteBuffer>>(1);
    over(backend).build().send(STREAM, BodyHandlers.ofPublisher()).body().subscribe(subscriber);
    subscriber.awaitItems(1);

    subscriber.cancel();

    awaitCancellation(backend);
  }

  @Test
  void aReaderThatStopsHoldsTheModel() throws Exception {
    FakeBackend backend = FakeBackend.answering(call -> tokens());
    try (InputStream in = over(backend).build().send(STREAM, BodyHandlers.ofInputStream()).body()) {
      assertThat(in.read()).isEqualTo('d');
    }

    awaitCancellation(backend);
  }

  private static ScriptedResponse tokens() {
    return ScriptedResponse.of(
        IntStream.range(0, 100_000)
            .mapToObj(i -> InferResponse.of(Tensor.text("token", "w")))
            .toList());
  }

  @Test
  void anInterruptOfSendCancelsTheCall() throws Exception {
    FakeBackend backend = hanging(0);
    HttpClient client = over(backend).build();
    var failure = new AtomicReference<Throwable>();
    var caller =
        new Thread(
            () -> failure.set(catchThrowable(() -> client.send(WHOLE, BodyHandlers.ofString()))));
    caller.start();
    await(() -> !backend.calls().isEmpty());

    caller.interrupt();
    caller.join();

    assertThat(failure.get()).isInstanceOf(InterruptedException.class);
    awaitCancellation(backend);
  }

  @Test
  void aTimeoutFailsTheRequestAndCancelsTheCall() {
    FakeBackend backend = hanging(0);
    HttpRequest request =
        HttpRequest.newBuilder(WHOLE, (name, value) -> true).timeout(Duration.ofMillis(50)).build();

    assertThatExceptionOfType(HttpTimeoutException.class)
        .isThrownBy(() -> over(backend).build().send(request, BodyHandlers.ofString()))
        .withMessage("no response within 50 ms");
    await(() -> backend.cancellations() == backend.calls().size());
  }

  @Test
  void aBodyHandlerThatThrowsFailsTheRequestAndCancelsTheCall() {
    FakeBackend backend = hanging(1);
    var thrown = new IllegalStateException("as asked");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                over(backend)
                    .build()
                    .send(
                        STREAM,
                        head -> {
                          throw thrown;
                        }))
        .withCause(thrown);
    awaitCancellation(backend);
  }

  /** A body of which nothing comes. */
  private static class Unanswered implements HttpResponse.BodySubscriber<String> {
    @Override
    public CompletionStage<String> getBody() {
      return new CompletableFuture<>();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
      throw new IllegalStateException("as asked");
    }

    @Override
    public void onError(Throwable throwable) {}

    @Override
    public void onComplete() {}
  }

  @Test
  void aBodySubscriberThatThrowsFailsTheRequestAndCancelsTheCall() {
    FakeBackend backend = hanging(1);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> over(backend).build().send(STREAM, head -> new Unanswered()))
        .withMessage("as asked");
    awaitCancellation(backend);
  }

  @Test
  void anIllegalDemandFailsTheBody() {
    FakeBackend backend = hanging(1);
    var subscriber =
        new TestSubscriber<List<ByteBuffer>>(0) {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            super.onSubscribe(subscription);
            subscription.request(-1);
          }
        };

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () -> over(backend).build().send(STREAM, BodyHandlers.fromSubscriber(subscriber)));
    assertThat(subscriber.awaitFailure()).hasRootCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aContinuationMayReadTheRestOfTheResponse() throws Exception {
    FakeBackend backend =
        FakeBackend.answering(
            call -> ScriptedResponse.tokens(call, "a", "b", "c").every(Duration.ofMillis(1)));

    String text =
        over(backend)
            .build()
            .sendAsync(STREAM, BodyHandlers.ofInputStream())
            .thenApply(
                response -> {
                  try (InputStream in = response.body()) {
                    return new String(in.readAllBytes(), UTF_8);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                })
            .get();

    assertThat(text).contains("\"c\"").endsWith("[DONE]\n\n");
  }

  @Test
  void theThreadsOfAClientWithoutAnExecutorAreDaemons() throws Exception {
    HttpClient client = over(FakeBackend.tokens("a")).build();

    Thread thread = client.send(WHOLE, head -> mapped(BodyHandlers.ofString().apply(head))).body();

    assertThat(client.executor()).isEmpty();
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getName()).startsWith("openaikserve-httpclient-");
  }

  private static HttpResponse.BodySubscriber<Thread> mapped(
      HttpResponse.BodySubscriber<String> text) {
    return HttpResponse.BodySubscribers.mapping(text, body -> Thread.currentThread());
  }

  @Test
  void anExecutorThatRejectsTasksFailsTheRequest() {
    FakeBackend backend = FakeBackend.tokens("a");
    HttpClient client =
        over(backend)
            .executor(
                task -> {
                  throw new RejectedExecutionException("full");
                })
            .build();

    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(WHOLE, BodyHandlers.ofString());

    assertThat(catchThrowable(response::get))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessage("the executor of the HTTP client rejected a task");
    assertThat(backend.calls()).isEmpty();
  }

  @Test
  void anExecutorThatRejectsTasksLaterFailsTheRequestAndCancelsTheCall() {
    FakeBackend backend = hanging(1);
    var left = new AtomicInteger(2);
    HttpClient client =
        over(backend)
            .executor(
                task -> {
                  if (left.getAndDecrement() <= 0) {
                    throw new RejectedExecutionException("full");
                  }
                  new Thread(task).start();
                })
            .build();

    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(STREAM, BodyHandlers.ofString());

    assertThat(catchThrowable(response::get)).hasCauseInstanceOf(IOException.class);
    await(() -> backend.cancellations() == backend.calls().size());
  }

  static Stream<Supplier<Throwable>> rejections() {
    return Stream.of(
        () -> new RejectedExecutionException("full"),
        () -> new IllegalStateException("full"),
        () -> new OutOfMemoryError("unable to create native thread"),
        () -> new IOException("full"));
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void raise(Throwable failure) throws E {
    throw (E) failure;
  }

  @ParameterizedTest
  @MethodSource("rejections")
  void anExecutorThatRejectsTasksDuringABodyFailsTheBody(Supplier<Throwable> rejection)
      throws Exception {
    var gate = new CompletableFuture<Void>();
    var full = new AtomicBoolean();
    var backend =
        FakeBackend.answering(
            call -> ScriptedResponse.tokens(call, "a", "b").waitsBefore(1, gate).thenHangs());
    HttpClient client =
        over(backend)
            .executor(
                task -> {
                  if (full.get()) {
                    InProcessCancellationTest.<RuntimeException>raise(rejection.get());
                  }
                  new Thread(task).start();
                })
            .build();
    InputStream in = client.send(STREAM, BodyHandlers.ofInputStream()).body();
    assertThat(in.read()).isEqualTo('d');
    full.set(true);

    gate.complete(null);

    assertThat(catchThrowable(in::readAllBytes)).isInstanceOf(IOException.class);
    await(() -> backend.cancellations() == 1);
  }

  @Test
  void aClientThatWasShutDownEndsItsRequestsAndAcceptsNone() throws Exception {
    FakeBackend backend = hanging(1);
    var client = (HandlerClient) over(backend).build();
    InputStream in = client.send(STREAM, BodyHandlers.ofInputStream()).body();
    CompletableFuture<HttpResponse<String>> pending =
        client.sendAsync(STREAM, BodyHandlers.ofString());
    await(() -> backend.calls().size() == 2);

    client.shutdown();

    assertThat(client.isTerminated()).isFalse();
    assertThat(client.awaitTermination(Duration.ofMillis(1))).isFalse();
    assertThat(catchThrowable(() -> client.send(WHOLE, BodyHandlers.ofString())))
        .isInstanceOf(IOException.class)
        .hasMessage("the HTTP client was shut down");

    client.shutdownNow();

    assertThat(client.awaitTermination(Duration.ofSeconds(20))).isTrue();
    assertThat(client.isTerminated()).isTrue();
    assertThat(catchThrowable(in::readAllBytes)).isInstanceOf(IOException.class);
    assertThat(catchThrowable(pending::get)).hasCauseInstanceOf(IOException.class);
    await(() -> backend.cancellations() == 2);
  }

  @Test
  void aRequestThatHasEndedIsNotWaitedFor() throws Exception {
    var client = (HandlerClient) over(FakeBackend.tokens("a")).build();
    client.send(WHOLE, BodyHandlers.ofString());
    client.send(STREAM, BodyHandlers.discarding());
    client.shutdown();

    assertThat(client.awaitTermination(Duration.ofSeconds(20))).isTrue();
  }

  @Test
  void whereverARequestIsCancelledItsCallEnds() {
    try (var race = new Race()) {
      Race.rounds(
          random -> {
            FakeBackend backend = hanging(2);
            HttpClient client = over(backend).build();
            CompletableFuture<HttpResponse<InputStream>> response =
                client.sendAsync(STREAM, BodyHandlers.ofInputStream());

            race.run(random, () -> response.cancel(true), Thread::onSpinWait);

            if (!response.isCancelled()) {
              response.thenAccept(InProcessCancellationTest::close);
            }
            var shutDown = (HandlerClient) client;
            shutDown.shutdown();
            await(shutDown::isTerminated);
            await(() -> backend.cancellations() == backend.calls().size());
          });
    }
  }

  private static void close(HttpResponse<InputStream> response) {
    try {
      response.body().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theSettingsOfAClientAreThoseOfItsBuilder() {
    HttpClient client =
        over(FakeBackend.tokens("a"))
            .version(HttpClient.Version.HTTP_2)
            .connectTimeout(Duration.ofSeconds(1))
            .followRedirects(HttpClient.Redirect.ALWAYS)
            .executor(Runnable::run)
            .build();

    assertThat(client.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(client.connectTimeout()).hasValue(Duration.ofSeconds(1));
    assertThat(client.followRedirects()).isEqualTo(HttpClient.Redirect.ALWAYS);
    assertThat(client.executor()).isPresent();
    assertThat(client.cookieHandler()).isEmpty();
    assertThat(client.proxy()).isEmpty();
    assertThat(client.authenticator()).isEmpty();
    assertThat(client.sslContext()).isNotNull();
    assertThat(client.sslParameters()).isNotNull();
  }
}
