package io.github.openaikserve.micrometer;

import io.github.openaikserve.observation.CallFailure;
import io.github.openaikserve.observation.CallInfo;
import io.github.openaikserve.observation.CallListener;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.FinishReason;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The meters of one kind of call on one route, looked up once. Thread-safe. */
final class CallMeters implements CallListener {
  private final MicrometerListener all;
  private final Tags tags;
  private final Timer firstToken;
  private final Timer betweenTokens;
  private final DistributionSummary input;
  private final DistributionSummary output;

  CallMeters(MicrometerListener all, Tags tags) {
    this.all = all;
    this.tags = tags;
    this.firstToken = all.timer("gen_ai.server.time_to_first_token", tags);
    this.betweenTokens = all.timer("gen_ai.server.time_per_output_token", tags);
    this.input = all.tokens(tags, "input");
    this.output = all.tokens(tags, "output");
  }

  @Override
  public void droppedFields(CallInfo call, List<String> fields) {
    all.dropped(tags, fields);
  }

  @Override
  public void firstToken(CallInfo call, long nanos) {
    firstToken.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void token(CallInfo call, long nanos) {
    betweenTokens.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void usage(CallInfo call, CompletionUsage usage) {
    input.record(usage.promptTokens());
    output.record(usage.completionTokens());
  }

  @Override
  public void usageSoFar(CallInfo call, CompletionUsage usage) {
    usage(call, usage);
  }

  @Override
  public void end(CallInfo call, long nanos, List<FinishReason> finishReasons) {
    all.over(tags, nanos, "ok", MicrometerListener.NONE);
  }

  @Override
  public void error(CallInfo call, long nanos, CallFailure failure) {
    all.over(tags, nanos, "error", MicrometerListener.code(failure));
  }

  @Override
  public void cancelled(CallInfo call, long nanos) {
    all.over(tags, nanos, "cancelled", MicrometerListener.NONE);
  }
}
