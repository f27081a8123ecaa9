package io.github.openaikserve.grpc;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The credentials of one call, which remember what the server was shown. Thread-safe. */
final class WatchedCredentials extends CallCredentials {
  private final CallCredentials credentials;
  private volatile boolean failed;
  private volatile @Nullable String authorization;

  WatchedCredentials(CallCredentials credentials) {
    this.credentials = credentials;
  }

  /** Returns whether no credentials could be had, so that the call was not sent. */
  boolean failed() {
    return failed;
  }

  /** Reports the end of the call: a token that the server refused is not used again. */
  void ended(Status status) {
    String shown = authorization;
    if (shown != null
        && status.getCode() == Status.Code.UNAUTHENTICATED
        && credentials instanceof TokenCredentials tokens) {
      tokens.refused(shown);
    }
  }

  @Override
  public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
    credentials.applyRequestMetadata(
        call,
        executor,
        new MetadataApplier() {
          @Override
          public void apply(Metadata headers) {
            authorization = headers.get(TokenCredentials.AUTHORIZATION);
            applier.apply(headers);
          }

          @Override
          public void fail(Status status) {
            failed = true;
            applier.fail(status);
          }
        });
  }
}
