package io.github.openaikserve.grpc;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Sees of one attempt of a call what a call's listener is not told: whether it was the server who
 * ended it, and which token the server was shown. gRPC calls it in the order of events.
 */
final class AttemptTracer extends ClientStreamTracer {
  private final @Nullable TokenCredentials tokens;
  private final @Nullable Verdict verdict;
  private volatile @Nullable String authorization;

  private AttemptTracer(@Nullable TokenCredentials tokens, @Nullable Verdict verdict) {
    this.tokens = tokens;
    this.verdict = verdict;
  }

  /**
   * What makes one for each attempt.
   *
   * @param tokens hear of a token that was refused; null where there are none
   */
  static ClientStreamTracer.Factory factory(@Nullable TokenCredentials tokens) {
    return new ClientStreamTracer.Factory() {
      @Override
      public ClientStreamTracer newClientStreamTracer(StreamInfo info, Metadata headers) {
        Verdict verdict = info.getCallOptions().getOption(Verdict.KEY);
        if (verdict != null) {
          verdict.begun();
        }
        return new AttemptTracer(tokens, verdict);
      }
    };
  }

  /** The credentials have added theirs by now. */
  @Override
  public void streamCreated(Attributes transport, Metadata headers) {
    if (tokens != null) {
      authorization = headers.get(TokenCredentials.AUTHORIZATION);
    }
  }

  @Override
  public void inboundHeaders() {
    if (verdict != null) {
      verdict.begunByServer();
    }
  }

  @Override
  public void inboundTrailers(Metadata trailers) {
    if (verdict != null) {
      verdict.endedByServer();
    }
  }

  @Override
  public void streamClosed(Status status) {
    String shown = authorization;
    if (tokens != null && shown != null && status.getCode() == Status.Code.UNAUTHENTICATED) {
      tokens.refused(shown);
    }
  }
}
