package io.github.openaikserve.fuzz;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A backend whose calls signal only when they are told to, so that the order of all signals, of
 * demand and of cancelling is a matter of choice. Not thread-safe.
 */
final class SteppedBackend implements InferenceBackend {
  /** The window of a pipe; only who keeps but the last value asks for all. */
  private static final long MAX_OUTSTANDING = 64;

  private final Choices choices;
  private final Scheduler time;
  private final List<Call> calls = new ArrayList<>();

  SteppedBackend(Choices choices, Scheduler time) {
    this.choices = choices;
    this.time = time;
  }

  @Override
  public Flow.Publisher<InferResponse> infer(InferCall call) {
    return subscriber -> {
      var made = new Call(subscriber, call);
      calls.add(made);
      made.begin(call.timeout());
    };
  }

  @Override
  public CompletionStage<Optional<List<RepositoryIndexEntry>>> repositoryIndex() {
    return switch (choices.below(4)) {
      case 0 -> CompletableFuture.completedFuture(Optional.empty());
      case 1 -> CompletableFuture.failedFuture(failure());
      default ->
          CompletableFuture.completedFuture(
              Optional.of(List.of(new RepositoryIndexEntry(choices.text(8), "", "READY", ""))));
    };
  }

  @Override
  public CompletionStage<Optional<Boolean>> ready() {
    return CompletableFuture.completedFuture(
        choices.oneIn(2) ? Optional.empty() : Optional.of(choices.oneIn(2)));
  }

  private RuntimeException failure() {
    return choices.oneIn(4)
        ? new DialectException("not in my dialect")
        : new BackendException(choices.of(List.of(BackendCode.values())), choices.text(20));
  }

  /** How many calls were begun and have neither ended nor been cancelled. */
  long open() {
    return calls.stream().filter(call -> !call.over && !call.shared).count();
  }

  /** How many calls wait for their deadline. */
  long timers() {
    return calls.stream().filter(call -> call.deadline != null).count();
  }

  /** Lets one call give its next signal; false if there is nothing it may signal now. */
  boolean step() {
    List<Call> going = calls.stream().filter(call -> !call.over).toList();
    return !going.isEmpty() && choices.of(going).signal();
  }

  /** Lets every call give all it may. */
  boolean run() {
    boolean progress = false;
    for (Call call : List.copyOf(calls)) {
      while (call.signal()) {
        progress = true;
      }
    }
    return progress;
  }

  private final class Call implements Flow.Subscription {
    private final Flow.Subscriber<? super InferResponse> subscriber;
    private final Deque<InferResponse> script = new ArrayDeque<>();
    private final @Nullable RuntimeException end;
    private final boolean shared;
    private Scheduler.@Nullable Cancellable deadline;
    private long demand;
    private boolean over;

    Call(Flow.Subscriber<? super InferResponse> subscriber, InferCall call) {
      this.subscriber = subscriber;
      // Who asks a server its name waits no longer than the library's patience, whoever else waits.
      this.shared = !call.metadata().containsKey("x-request-id");
      int length = call.rpc() == Rpc.MODEL_INFER ? choices.oneIn(8) ? 0 : 1 : choices.below(9);
      for (int i = 0; i < length; i++) {
        script.add(Replies.response(choices));
      }
      this.end = choices.oneIn(5) ? failure() : null;
      if (!choices.left() && script.isEmpty()) {
        script.add(Replies.usual("a", "stop"));
      }
    }

    void begin(@Nullable Duration timeout) {
      if (timeout != null) {
        deadline = time.schedule(timeout, this::outOfTime);
      }
      subscriber.onSubscribe(this);
    }

    private void outOfTime() {
      end();
      subscriber.onError(new BackendException(BackendCode.DEADLINE_EXCEEDED, "out of time"));
    }

    private void end() {
      over = true;
      if (deadline != null) {
        deadline.cancel();
        deadline = null;
      }
    }

    @Override
    public void request(long n) {
      demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
      if (demand > MAX_OUTSTANDING && n != Long.MAX_VALUE) {
        throw new AssertionError("asked for " + demand + " responses ahead");
      }
    }

    @Override
    public void cancel() {
      end();
    }

    boolean signal() {
      if (over) {
        return false;
      }
      InferResponse next = demand > 0 ? script.poll() : null;
      if (next != null) {
        demand--;
        subscriber.onNext(next);
        return true;
      }
      if (!script.isEmpty()) {
        return false;
      }
      end();
      if (end == null) {
        subscriber.onComplete();
      } else {
        subscriber.onError(end);
      }
      return true;
    }
  }
}
