package io.github.openaikserve.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testsupport.TestSubscriber;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link InferenceBackend} must do, sentence by sentence. Extend it and say how a server
 * behind the backend is made to answer.
 */
public abstract class InferenceBackendContract {
  private static final long PATIENCE = 10;

  /** How the server is to answer every call. */
  public record Script(List<InferResponse> responses, Ending ending) {
    /** How a call ends after its responses. */
    public enum Ending {
      /** Well. */
      COMPLETED,
      /** With the code NOT_FOUND. */
      NOT_FOUND,
      /** Not at all. */
      SILENT
    }
  }

  /** A backend whose server follows the script. */
  protected abstract InferenceBackend backend(Script script);

  /** How many calls have reached the server. */
  protected abstract int callsMade();

  /** Done when the server has learnt that a call was cancelled. */
  protected abstract CompletableFuture<Void> cancellation();

  @Test
  void nothingIsSentBeforeSubscription() {
    InferenceBackend backend = backend(completed(1));

    backend.infer(call(Rpc.MODEL_STREAM_INFER));

    assertThat(callsMade()).isZero();
  }

  @Test
  void aUnaryCallReturnsExactlyOneResponse() {
    TestSubscriber<InferResponse> subscriber = unary(completed(1), 10);

    assertThat(subscriber.awaitCompletion()).containsExactly(response(0));
  }

  @Test
  void aStreamDeliversItsResponsesInOrderAndCompletes() {
    Script script = completed(100);

    assertThat(stream(script, Long.MAX_VALUE).awaitCompletion()).isEqualTo(script.responses());
  }

  @Test
  void noMoreResponsesComeThanWereAskedFor() {
    Script script = completed(5);

    TestSubscriber<InferResponse> subscriber = stream(script, 2);

    assertThat(subscriber.awaitItems(2)).containsExactly(response(0), response(1));
    assertThat(subscriber.isOpen()).isTrue();
    subscriber.request(3);
    assertThat(subscriber.awaitCompletion()).isEqualTo(script.responses());
  }

  @Test
  void aFailureBeforeTheFirstResponseIsABackendException() {
    TestSubscriber<InferResponse> subscriber =
        unary(new Script(List.of(), Script.Ending.NOT_FOUND), 1);

    assertThat(subscriber.awaitFailure())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.backendCode()).isEqualTo(BackendCode.NOT_FOUND));
    assertThat(subscriber.items()).isEmpty();
  }

  @Test
  void aFailureAfterResponsesComesAfterThem() {
    TestSubscriber<InferResponse> subscriber =
        stream(new Script(List.of(response(0), response(1)), Script.Ending.NOT_FOUND), 10);

    assertThat(subscriber.awaitFailure()).isInstanceOf(BackendException.class);
    assertThat(subscriber.items()).containsExactly(response(0), response(1));
  }

  @Test
  void cancellingCancelsTheCallAndSilencesIt() {
    TestSubscriber<InferResponse> subscriber =
        stream(new Script(List.of(response(0)), Script.Ending.SILENT), 10);
    assertThat(subscriber.awaitItems(1)).containsExactly(response(0));

    subscriber.cancel();

    assertThat(cancellation()).succeedsWithin(PATIENCE, TimeUnit.SECONDS);
    assertThat(subscriber.items()).hasSize(1);
    assertThat(subscriber.hasEnded()).isFalse();
  }

  @Test
  void aCallIsMadeOnce() {
    Flow.Publisher<InferResponse> publisher =
        backend(completed(1)).infer(call(Rpc.MODEL_STREAM_INFER));
    var first = new TestSubscriber<InferResponse>(2);
    publisher.subscribe(first);
    assertThat(first.awaitCompletion()).containsExactly(response(0));

    var second = new TestSubscriber<InferResponse>();
    publisher.subscribe(second);

    assertThat(second.awaitFailure()).isInstanceOf(IllegalStateException.class);
    assertThat(callsMade()).isEqualTo(1);
  }

  @Test
  void askingForNothingIsAnError() {
    TestSubscriber<InferResponse> subscriber =
        stream(new Script(List.of(), Script.Ending.SILENT), 0);

    subscriber.request(0);

    assertThat(subscriber.awaitFailure()).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closingTwiceDoesNothingTheSecondTime() throws Exception {
    InferenceBackend backend = backend(completed(1));

    backend.close();
    backend.close();

    assertThat(callsMade()).isZero();
  }

  private static Script completed(int responses) {
    return new Script(
        IntStream.range(0, responses).mapToObj(InferenceBackendContract::response).toList(),
        Script.Ending.COMPLETED);
  }

  private static InferResponse response(int number) {
    return InferResponse.of(Tensor.text("token", "t" + number));
  }

  private TestSubscriber<InferResponse> unary(Script script, long demand) {
    return subscribe(script, Rpc.MODEL_INFER, demand);
  }

  private TestSubscriber<InferResponse> stream(Script script, long demand) {
    return subscribe(script, Rpc.MODEL_STREAM_INFER, demand);
  }

  private TestSubscriber<InferResponse> subscribe(Script script, Rpc rpc, long demand) {
    var subscriber = new TestSubscriber<InferResponse>(demand);
    backend(script).infer(call(rpc)).subscribe(subscriber);
    return subscriber;
  }

  private static InferCall call(Rpc rpc) {
    return InferCall.of(
        rpc, InferRequest.of("model", "1", List.of(Tensor.text("prompt", "hello"))));
  }
}
