package io.github.openaikserve.grpc;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Sends a bearer token with every call, and fetches the next before it ends. Thread-safe. */
final class TokenCredentials extends CallCredentials {
  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** So long before its end a token is renewed, and used until the new one is there. */
  private static final Duration EARLY = Duration.ofMinutes(1);

  /** A server that refuses every token does not have one fetched for every call. */
  private static final Duration REST = Duration.ofSeconds(1);

  private static final String SCHEME = "Bearer ";

  private final TokenSource source;
  private final boolean plaintextToo;
  private final InstantSource clock;

  // Guarded by this.
  private @Nullable BearerToken current;
  private @Nullable CompletableFuture<BearerToken> fetching;
  private @Nullable Instant refusedAt;

  TokenCredentials(TokenSource source, boolean plaintextToo, InstantSource clock) {
    this.source = source;
    this.plaintextToo = plaintextToo;
    this.clock = clock;
  }

  @Override
  public void applyRequestMetadata(
      RequestInfo call, Executor appExecutor, MetadataApplier applier) {
    if (!plaintextToo && call.getSecurityLevel() != SecurityLevel.PRIVACY_AND_INTEGRITY) {
      applier.fail(
          Status.INTERNAL.withDescription(
              "credentials are not sent over a connection without TLS"));
      return;
    }
    token()
        .whenComplete(
            (token, failure) -> {
              if (failure == null) {
                var headers = new Metadata();
                headers.put(AUTHORIZATION, SCHEME + token.value());
                applier.apply(headers);
              } else {
                applier.fail(
                    Status.UNAVAILABLE
                        .withDescription("no token for the model server could be had")
                        .withCause(failure));
              }
            });
  }

  /**
   * A server did not take what it was shown: the next call fetches another, unless that has
   * happened already, or only just for the same reason.
   *
   * @param authorization the header's value
   */
  synchronized void refused(String authorization) {
    Instant now = clock.instant();
    boolean rested = refusedAt == null || !now.isBefore(refusedAt.plus(REST));
    if (rested && current != null && authorization.equals(SCHEME + current.value())) {
      current = null;
      refusedAt = now;
    }
  }

  private CompletableFuture<BearerToken> token() {
    CompletableFuture<BearerToken> fetched;
    BearerToken held;
    synchronized (this) {
      Instant now = clock.instant();
      held = valid(current, now) ? current : null;
      if (held != null && valid(held, now.plus(EARLY))) {
        return CompletableFuture.completedFuture(held);
      }
      if (fetching != null) {
        return held == null ? fetching : CompletableFuture.completedFuture(held);
      }
      fetched = new CompletableFuture<>();
      fetching = fetched;
    }
    fetch(fetched);
    boolean there = fetched.isDone() && !fetched.isCompletedExceptionally();
    return held == null || there ? fetched : CompletableFuture.completedFuture(held);
  }

  private static boolean valid(@Nullable BearerToken token, Instant when) {
    return token != null && token.expires() != null && when.isBefore(token.expires());
  }

  private void fetch(CompletableFuture<BearerToken> result) {
    try {
      source
          .fetch()
          .whenComplete(
              (token, failure) -> {
                synchronized (this) {
                  fetching = null;
                  if (failure == null) {
                    current = token;
                  }
                }
                if (failure == null) {
                  result.complete(token);
                } else {
                  result.completeExceptionally(failure);
                }
              });
    } catch (RuntimeException e) {
      synchronized (this) {
        fetching = null;
      }
      result.completeExceptionally(e);
    }
  }
}
