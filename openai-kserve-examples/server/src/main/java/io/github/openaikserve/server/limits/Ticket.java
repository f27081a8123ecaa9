package io.github.openaikserve.server.limits;

import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The share of its client's limits that one admitted request holds, until its response and all its
 * calls have ended. Thread-safe.
 */
final class Ticket {
  private final Limits limits;
  private final String id;
  private final @Nullable String request;
  private final ClientAccount account;

  // Guarded by this.
  private long reserved;
  private int calls;
  private boolean answered;
  private long input;
  private long output;
  private @Nullable CallInfo lastCall;

  /**
   * Creates a ticket.
   *
   * @param request the number of the request in the notes; null if it has none
   * @param reserved the estimated tokens that were taken from the limit
   */
  Ticket(Limits limits, String id, @Nullable String request, ClientAccount account, long reserved) {
    this.limits = limits;
    this.id = id;
    this.request = request;
    this.account = account;
    this.reserved = reserved;
  }

  String client() {
    return account.name();
  }

  String id() {
    return id;
  }

  /** Returns an observer of a call that this request has begun. */
  synchronized CallObserver call(CallInfo call) {
    calls++;
    lastCall = call;
    return new CallObserver() {
      @Override
      public void completed(
          long nanos, @Nullable CompletionUsage usage, List<FinishReason> reasons) {
        callEnded(usage);
      }

      @Override
      public void failed(long nanos, CallFailure failure, @Nullable CompletionUsage usage) {
        callEnded(usage);
      }

      @Override
      public void cancelled(long nanos, @Nullable CompletionUsage usage) {
        callEnded(usage);
      }
    };
  }

  private void callEnded(@Nullable CompletionUsage usage) {
    synchronized (this) {
      calls--;
      if (usage != null) {
        input += usage.promptTokens();
        output += usage.completionTokens();
        settle(usage.promptTokens() + usage.completionTokens());
      }
    }
    endIfDone();
  }

  /** Replaces the reservation by the first usage, and adds the usage of further calls. */
  private void settle(long used) {
    account.correct(reserved, used, limits.now());
    reserved = 0;
  }

  /** Records the end of the response. Further calls have no effect. */
  void answered() {
    synchronized (this) {
      if (answered) {
        return;
      }
      answered = true;
    }
    account.end();
    endIfDone();
  }

  private void endIfDone() {
    synchronized (this) {
      if (!answered || calls > 0 || !limits.remove(id)) {
        return;
      }
      if (reserved > 0) {
        settle(0);
      }
    }
    account.meters().used(input, output);
    limits.notes().complete(request, note());
  }

  private synchronized String note() {
    String client = " client=\"" + account.name() + "\"";
    return lastCall == null
        ? client
        : client
            + " model=%s input_tokens=%d output_tokens=%d"
                .formatted(lastCall.routeId(), input, output);
  }
}
