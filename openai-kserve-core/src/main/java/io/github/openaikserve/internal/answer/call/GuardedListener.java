package io.github.openaikserve.internal.answer.call;

import io.github.openaikserve.internal.request.HeaderRules;
import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A wrapper of a listener that never throws. The first exception of each listener is logged.
 * Thread-safe.
 *
 * <p>Catches every {@link Throwable}, because an exception here would prevent a call from ending.
 */
final class GuardedListener {
  private static final Logger log = LoggerFactory.getLogger(GuardedListener.class);

  private final CallListener listener;
  private final AtomicBoolean logged = new AtomicBoolean();

  GuardedListener(CallListener listener) {
    this.listener = listener;
  }

  /** Returns the names of the headers that the listener reads, in lower case. */
  List<String> reads() {
    try {
      return listener.reads().stream().map(HeaderRules::name).toList();
    } catch (Throwable e) {
      report("reads", e);
      return List.of();
    }
  }

  /** Returns the observer of a call, or {@link CallObserver#NONE} if the listener throws. */
  Observer start(CallInfo call) {
    try {
      return new Observer(Objects.requireNonNull(listener.start(call), "observer"));
    } catch (Throwable e) {
      report("start", e);
      return new Observer(CallObserver.NONE);
    }
  }

  private void report(String callback, Throwable failure) {
    if (!logged.compareAndSet(false, true)) {
      return;
    }
    try {
      log.warn(
          "call listener failed, further failures are not logged listener={} callback={}",
          listener.getClass().getName(),
          callback,
          failure);
    } catch (Throwable e) { // for example out of memory or stack overflow
      failure.addSuppressed(e);
    }
  }

  /** A wrapper of an observer that never throws. Called by one thread at a time. */
  final class Observer {
    private final CallObserver observer;

    private Observer(CallObserver observer) {
      this.observer = observer;
    }

    Map<String, String> metadata() {
      try {
        return HeaderRules.checked(observer.metadata());
      } catch (Throwable e) {
        report("metadata", e);
        return Map.of();
      }
    }

    void droppedFields(List<String> fields) {
      guard("droppedFields", () -> observer.droppedFields(fields));
    }

    void response(long elapsedNanos) {
      try { // without an allocation for each response
        observer.response(elapsedNanos);
      } catch (Throwable e) {
        report("response", e);
      }
    }

    void completed(
        long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> finishReasons) {
      guard("completed", () -> observer.completed(elapsedNanos, usage, finishReasons));
    }

    void failed(long elapsedNanos, CallFailure failure, @Nullable CompletionUsage usage) {
      guard("failed", () -> observer.failed(elapsedNanos, failure, usage));
    }

    void cancelled(long elapsedNanos, @Nullable CompletionUsage usage) {
      guard("cancelled", () -> observer.cancelled(elapsedNanos, usage));
    }

    private void guard(String callback, Runnable notification) {
      try {
        notification.run();
      } catch (Throwable e) {
        report(callback, e);
      }
    }
  }
}
