package io.github.openaikserve.benchmarks;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A backend with precomputed answers in AnyServe's dialect. It emits requested responses at once,
 * or one at a time on {@link #giveOne}. For one call at a time, on one thread.
 */
final class Tokens implements InferenceBackend {
  /** The default number of tokens of an answer. */
  static final int COUNT = 10_000;

  private static final int KINDS = 100;

  private final InferResponse[] responses = new InferResponse[KINDS];
  private final InferResponse first;
  private final InferResponse end = response("", "stop");
  private final int count;
  private final boolean alone;
  private @Nullable Answer last;

  /**
   * Creates a backend.
   *
   * @param first the first token
   * @param alone whether each response waits for {@link #giveOne}
   */
  Tokens(String first, boolean alone) {
    this(first, alone, COUNT);
  }

  Tokens(String first, boolean alone, int count) {
    this.alone = alone;
    this.count = count;
    this.first = response(first, "null");
    for (int i = 0; i < KINDS; i++) {
      responses[i] = response(" tok" + i, "null");
    }
  }

  /** Returns a backend whose tokens are all equal. */
  static Tokens repeating(String token) {
    var tokens = new Tokens(token, false);
    Arrays.fill(tokens.responses, tokens.first);
    return tokens;
  }

  private static InferResponse response(String token, String finishReason) {
    return InferResponse.of(
        Tensor.text("token", token), Tensor.text("finish_reason", finishReason));
  }

  private InferResponse response(int number) {
    if (number == 0) {
      return first;
    }
    return number == count ? end : responses[number % KINDS];
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return subscriber -> {
      var answer = new Answer(subscriber);
      last = answer;
      subscriber.onSubscribe(answer);
    };
  }

  /** Emits the next response if it was requested; returns false after the last one. */
  boolean giveOne() {
    return Objects.requireNonNull(last).giveOne();
  }

  private final class Answer implements Flow.Subscription {
    private final Flow.Subscriber<? super InferResponse> subscriber;
    private long demand;
    private int given;
    private boolean giving;

    Answer(Flow.Subscriber<? super InferResponse> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      demand += n;
      if (!alone && !giving) {
        giving = true;
        while (demand > 0 && giveOne()) {
          // as many as were requested
        }
        giving = false;
      }
    }

    boolean giveOne() {
      if (given > count) {
        return false;
      }
      if (demand > 0) {
        demand--;
        subscriber.onNext(response(given++));
        if (given > count) {
          subscriber.onComplete();
        }
      }
      return given <= count;
    }

    @Override
    public void cancel() {
      given = count + 1;
    }
  }
}
