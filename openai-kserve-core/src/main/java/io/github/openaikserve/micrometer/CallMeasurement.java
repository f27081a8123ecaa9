package io.github.openaikserve.micrometer;

import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The measurement of one call. Called by one thread at a time. */
final class CallMeasurement implements CallObserver {
  private final CallMeters meters;
  private long first;
  private long last;
  private boolean answered;

  CallMeasurement(CallMeters meters) {
    this.meters = meters;
    meters.started();
  }

  @Override
  public void droppedFields(List<String> fields) {
    meters.dropped(fields);
  }

  @Override
  public void response(long elapsedNanos) {
    if (answered) {
      meters.outputChunk(elapsedNanos - last);
    } else {
      answered = true;
      first = elapsedNanos;
      meters.firstChunk(elapsedNanos);
    }
    last = elapsedNanos;
  }

  @Override
  public void completed(
      long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> finishReasons) {
    // If all tokens arrive in one response, the time per token cannot be measured.
    if (usage != null && usage.completionTokens() > 1 && last > first) {
      meters.outputToken((last - first) / (usage.completionTokens() - 1));
    }
    meters.ended(elapsedNanos, "ok", CallMeters.NONE, usage);
  }

  @Override
  public void failed(long elapsedNanos, CallFailure failure, @Nullable CompletionUsage usage) {
    meters.ended(elapsedNanos, "error", failure.errorType(), usage);
  }

  @Override
  public void cancelled(long elapsedNanos, @Nullable CompletionUsage usage) {
    meters.ended(elapsedNanos, "cancelled", CallMeters.NONE, usage);
  }
}
