package io.github.openaikserve.grpc.internal.port;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The credentials of one call; remembers the token that was sent. Thread-safe. */
public final class WatchedCredentials extends CallCredentials {
  public static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** Credentials that can fetch another token. */
  public interface Renewable {
    /**
     * Discards a token that a server refused.
     *
     * @param authorization the value of the header that was sent
     */
    void refused(String authorization);
  }

  private final CallCredentials credentials;
  private volatile boolean failed;
  private volatile @Nullable String authorization;

  public WatchedCredentials(CallCredentials credentials) {
    this.credentials = credentials;
  }

  /** Returns whether the credentials could not be obtained, so that the call was not sent. */
  boolean failed() {
    return failed;
  }

  /** Called at the end of the call: discards a token that the server has refused. */
  void ended(Status status) {
    String shown = authorization;
    if (shown != null
        && status.getCode() == Status.Code.UNAUTHENTICATED
        && credentials instanceof Renewable renewable) {
      renewable.refused(shown);
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
            authorization = headers.get(AUTHORIZATION);
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
