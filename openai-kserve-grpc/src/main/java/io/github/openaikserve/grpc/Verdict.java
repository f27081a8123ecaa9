package io.github.openaikserve.grpc;

import io.grpc.CallOptions;
import org.jspecify.annotations.Nullable;

/**
 * Carries what becomes of a call to the endpoint that took it: whether bytes were an answer is
 * known only to who decodes them. One per call; thread-safe.
 */
final class Verdict {
  static final CallOptions.Key<Verdict> KEY = CallOptions.Key.create("openai-kserve-verdict");

  private @Nullable OutcomeTracer attempt;
  private boolean over;
  private boolean endedByServer;
  private boolean begunByServer;

  /** An attempt begins, of which the server has said nothing. */
  synchronized void begun() {
    endedByServer = false;
    begunByServer = false;
  }

  /** The server has begun an answer, and not only said why there is none. */
  synchronized void begunByServer() {
    begunByServer = true;
  }

  /** Whether the server has begun an answer in the latest attempt. */
  synchronized boolean hasBegun() {
    return begunByServer;
  }

  /** The server has said how the attempt ended. */
  synchronized void endedByServer() {
    endedByServer = true;
  }

  /** Whether the status of the latest attempt is the server's own; else the channel made it. */
  synchronized boolean isServersWord() {
    return endedByServer;
  }

  /** The latest attempt is the one that counts. */
  synchronized void about(OutcomeTracer latest) {
    attempt = latest;
  }

  /** A response was understood. */
  synchronized void answered() {
    if (attempt != null) {
      attempt.answered();
    }
  }

  /** The last word, unless the attempt has failed on its way. */
  synchronized void ended(Endpoint.Outcome outcome) {
    over = true;
    if (attempt != null) {
      attempt.judge(outcome);
    }
  }

  /** Nobody listens any more; an attempt that has ended well so far did well. */
  synchronized void givenUp() {
    over = true;
    if (attempt != null && attempt.isDelivered()) {
      attempt.judge(Endpoint.Outcome.WELL);
    }
  }

  /** All bytes are there; true if nobody is going to say more about them. */
  synchronized boolean isOver() {
    return over;
  }
}
