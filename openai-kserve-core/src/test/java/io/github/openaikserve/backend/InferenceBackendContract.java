package io.github.openaikserve.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
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
  void aUnaryCallGivesExactlyOneResponse() {
    var probe = new Probe();

    backend(completed(1)).infer(call(Rpc.MODEL_INFER)).subscribe(probe);
    probe.request(10);

    assertThat(probe.next()).isEqualTo(response(0));
    assertThat(probe.next()).isEqualTo(Probe.COMPLETED);
  }

  @Test
  void aStreamGivesItsResponsesInOrderAndCompletes() {
    var probe = new Probe();

    backend(completed(100)).infer(call(Rpc.MODEL_STREAM_INFER)).subscribe(probe);
    probe.request(Long.MAX_VALUE);

    for (int i = 0; i < 100; i++) {
      assertThat(probe.next()).isEqualTo(response(i));
    }
    assertThat(probe.next()).isEqualTo(Probe.COMPLETED);
  }

  @Test
  void noMoreResponsesComeThanWereAskedFor() {
    var probe = new Probe();
    backend(completed(5)).infer(call(Rpc.MODEL_STREAM_INFER)).subscribe(probe);

    probe.request(2);

    assertThat(probe.next()).isEqualTo(response(0));
    assertThat(probe.next()).isEqualTo(response(1));
    assertThat(probe.signals).isEmpty();
    probe.request(3);
    assertThat(probe.next()).isEqualTo(response(2));
    assertThat(probe.next()).isEqualTo(response(3));
    assertThat(probe.next()).isEqualTo(response(4));
    assertThat(probe.next()).isEqualTo(Probe.COMPLETED);
  }

  @Test
  void aFailureBeforeTheFirstResponseIsABackendException() {
    var probe = new Probe();

    backend(new Script(List.of(), Script.Ending.NOT_FOUND))
        .infer(call(Rpc.MODEL_INFER))
        .subscribe(probe);
    probe.request(1);

    assertThat(probe.next())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.backendCode()).isEqualTo(BackendCode.NOT_FOUND));
  }

  @Test
  void aFailureAfterResponsesComesAfterThem() {
    var probe = new Probe();

    backend(new Script(List.of(response(0), response(1)), Script.Ending.NOT_FOUND))
        .infer(call(Rpc.MODEL_STREAM_INFER))
        .subscribe(probe);
    probe.request(10);

    assertThat(probe.next()).isEqualTo(response(0));
    assertThat(probe.next()).isEqualTo(response(1));
    assertThat(probe.next()).isInstanceOf(BackendException.class);
  }

  @Test
  void cancellingCancelsTheCallAndSilencesIt() {
    var probe = new Probe();
    backend(new Script(List.of(response(0)), Script.Ending.SILENT))
        .infer(call(Rpc.MODEL_STREAM_INFER))
        .subscribe(probe);
    probe.request(10);
    assertThat(probe.next()).isEqualTo(response(0));

    probe.cancel();

    assertThat(cancellation()).succeedsWithin(PATIENCE, TimeUnit.SECONDS);
    assertThat(probe.signals).isEmpty();
  }

  @Test
  void aCallIsMadeOnce() {
    Flow.Publisher<InferResponse> publisher =
        backend(completed(1)).infer(call(Rpc.MODEL_STREAM_INFER));
    var first = new Probe();
    publisher.subscribe(first);
    first.request(2);
    assertThat(first.next()).isEqualTo(response(0));
    assertThat(first.next()).isEqualTo(Probe.COMPLETED);

    var second = new Probe();
    publisher.subscribe(second);

    assertThat(second.next()).isInstanceOf(IllegalStateException.class);
    assertThat(callsMade()).isEqualTo(1);
  }

  @Test
  void askingForNothingIsAnError() {
    var probe = new Probe();
    backend(new Script(List.of(), Script.Ending.SILENT))
        .infer(call(Rpc.MODEL_STREAM_INFER))
        .subscribe(probe);

    probe.request(0);

    assertThat(probe.next()).isInstanceOf(IllegalArgumentException.class);
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

  private static InferCall call(Rpc rpc) {
    return InferCall.of(
        rpc, InferRequest.of("model", "1", List.of(Tensor.text("prompt", "hello"))));
  }

  /** Hears signals and lets a test wait for them. */
  private static final class Probe implements Flow.Subscriber<InferResponse> {
    static final Object COMPLETED = "completed";

    final BlockingQueue<Object> signals = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    void request(long n) {
      subscription.join().request(n);
    }

    void cancel() {
      subscription.join().cancel();
    }

    Object next() {
      try {
        Object signal = signals.poll(PATIENCE, TimeUnit.SECONDS);
        if (signal == null) {
          throw new AssertionError("no signal came");
        }
        return signal;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription.complete(subscription);
    }

    @Override
    public void onNext(InferResponse item) {
      signals.add(item);
    }

    @Override
    public void onError(Throwable failure) {
      signals.add(failure);
    }

    @Override
    public void onComplete() {
      signals.add(COMPLETED);
    }
  }
}
