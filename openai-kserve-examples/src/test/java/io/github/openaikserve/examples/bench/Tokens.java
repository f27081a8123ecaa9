package io.github.openaikserve.examples.bench;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A backend whose answers were made beforehand, in AnyServe's dialect. It gives what is asked for
 * at once, or one response at a time when it is told to. For one call at a time, on one thread.
 */
final class Tokens implements InferenceBackend {
  /** How many tokens there are in an answer. */
  static final int COUNT = 1000;

  private final InferResponse[] responses = new InferResponse[COUNT + 1];
  private final boolean alone;
  private @Nullable Answer last;

  /**
   * Answers.
   *
   * @param first the first token
   * @param alone whether each response waits for {@link #giveOne}
   */
  Tokens(String first, boolean alone) {
    this.alone = alone;
    for (int i = 0; i < COUNT; i++) {
      String text = i == 0 ? first : " tok" + i % 100;
      responses[i] =
          InferResponse.of(Tensor.text("token", text), Tensor.text("finish_reason", "null"));
    }
    responses[COUNT] =
        InferResponse.of(Tensor.text("token", ""), Tensor.text("finish_reason", "stop"));
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return subscriber -> {
      var answer = new Answer(subscriber);
      last = answer;
      subscriber.onSubscribe(answer);
    };
  }

  /** Gives the next response if one was asked for; false when the last one was given. */
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
          // as many as were asked for
        }
        giving = false;
      }
    }

    boolean giveOne() {
      if (given > COUNT) {
        return false;
      }
      if (demand > 0) {
        demand--;
        subscriber.onNext(responses[given++]);
        if (given > COUNT) {
          subscriber.onComplete();
        }
      }
      return given <= COUNT;
    }

    @Override
    public void cancel() {
      given = COUNT + 1;
    }
  }
}
