package io.github.openaikserve;

import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallKind;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.observation.CallObserver;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A listener that writes down what it receives. Thread-safe. */
public final class CallDiary implements CallListener, CallObserver {
  private final List<String> received = new CopyOnWriteArrayList<>();

  public List<String> received() {
    return received;
  }

  public static boolean isAnEnd(String what) {
    return what.startsWith("completed")
        || what.startsWith("failed")
        || what.startsWith("cancelled");
  }

  @Override
  public CallObserver start(CallInfo call) {
    CallKind kind = call.kind();
    received.add(
        "start " + call.routeId() + "/" + call.model() + " " + kind + " " + call.streamed());
    return this;
  }

  @Override
  public void droppedFields(List<String> fields) {
    received.add("dropped " + fields);
  }

  @Override
  public void response(long elapsedNanos) {
    received.add("response " + elapsedNanos);
  }

  @Override
  public void completed(
      long elapsedNanos, @Nullable CompletionUsage usage, List<FinishReason> reasons) {
    received.add("completed " + reasons + " " + tokens(usage));
  }

  @Override
  public void failed(long elapsedNanos, CallFailure failure, @Nullable CompletionUsage usage) {
    received.add("failed " + failure.status() + " " + failure.code() + " " + tokens(usage));
  }

  @Override
  public void cancelled(long elapsedNanos, @Nullable CompletionUsage usage) {
    received.add("cancelled " + tokens(usage));
  }

  private static String tokens(@Nullable CompletionUsage usage) {
    return usage == null
        ? "null"
        : "%d %d %s".formatted(usage.promptTokens(), usage.completionTokens(), usage.estimated());
  }
}
