package io.github.openaikserve.grpc;

import io.github.openaikserve.grpc.internal.port.WatchedCredentials;
import io.github.openaikserve.time.Scheduler;
import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Call credentials that send a bearer token, renewed before it expires. Thread-safe.
 *
 * <p>A fetch ends after {@link #FETCH_TIMEOUT} at the latest: calls that wait for it then fail, and
 * the next call fetches again. A token that the source delivers later is ignored.
 */
final class TokenCredentials extends CallCredentials implements WatchedCredentials.Renewable {
  static final Duration FETCH_TIMEOUT = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(TokenCredentials.class);

  /** A token is renewed this long before it expires, and remains in use until then. */
  private static final Duration RENEWAL_LEAD = Duration.ofMinutes(1);

  /** Prevents a server that refuses every token from causing a fetch for every call. */
  private static final Duration MIN_REFUSAL_INTERVAL = Duration.ofSeconds(1);

  private static final String SCHEME = "Bearer ";

  private final BearerTokenProvider source;
  private final boolean allowPlaintext;
  private final InstantSource clock;
  private final Scheduler scheduler;

  // Guarded by this.
  private @Nullable BearerToken current;
  private @Nullable CompletableFuture<BearerToken> fetching;
  private @Nullable Instant refusedAt;
  private boolean failing;

  TokenCredentials(BearerTokenProvider source, boolean allowPlaintext) {
    this(source, allowPlaintext, InstantSource.system(), Scheduler.SHARED);
  }

  TokenCredentials(
      BearerTokenProvider source,
      boolean allowPlaintext,
      InstantSource clock,
      Scheduler scheduler) {
    this.source = source;
    this.allowPlaintext = allowPlaintext;
    this.clock = clock;
    this.scheduler = scheduler;
  }

  @Override
  public void applyRequestMetadata(
      RequestInfo call, Executor appExecutor, MetadataApplier applier) {
    if (!allowPlaintext && call.getSecurityLevel() != SecurityLevel.PRIVACY_AND_INTEGRITY) {
      applier.fail(
          Status.INTERNAL.withDescription(
              "bearer tokens are not sent over a connection without TLS"));
      return;
    }
    token()
        .whenComplete(
            (token, failure) -> {
              if (failure == null) {
                var headers = new Metadata();
                headers.put(WatchedCredentials.AUTHORIZATION, SCHEME + token.value());
                applier.apply(headers);
              } else { // without the cause, whose message may show a secret
                applier.fail(
                    Status.UNAVAILABLE.withDescription(
                        "could not fetch a token for the model server"));
              }
            });
  }

  /**
   * Discards a token that a server refused, so that the next call fetches another one. Does nothing
   * if the token was replaced meanwhile, or another one was discarded within a second.
   */
  @Override
  public synchronized void refused(String authorization) {
    Instant now = clock.instant();
    boolean rested = refusedAt == null || !now.isBefore(refusedAt.plus(MIN_REFUSAL_INTERVAL));
    if (rested && current != null && authorization.equals(SCHEME + current.value())) {
      current = null;
      refusedAt = now;
    }
  }

  private CompletableFuture<BearerToken> token() {
    CompletableFuture<BearerToken> result;
    BearerToken held;
    synchronized (this) {
      Instant now = clock.instant();
      held = isValid(current, now) ? current : null;
      if (held != null && isValid(held, now.plus(RENEWAL_LEAD))) {
        return CompletableFuture.completedFuture(held);
      }
      if (fetching != null) {
        return held == null ? fetching : CompletableFuture.completedFuture(held);
      }
      result = new CompletableFuture<>();
      fetching = result;
    }
    fetch(result);
    boolean fetched = result.isDone() && !result.isCompletedExceptionally();
    return held == null || fetched ? result : CompletableFuture.completedFuture(held);
  }

  private static boolean isValid(@Nullable BearerToken token, Instant when) {
    return token != null && (token.expires() == null || when.isBefore(token.expires()));
  }

  /**
   * Fetches a token. {@code result} completes within the timeout, even if the source never does.
   */
  private void fetch(CompletableFuture<BearerToken> result) {
    try {
      Scheduler.Cancellable timer =
          scheduler.schedule(
              FETCH_TIMEOUT,
              () -> end(result, null, new TimeoutException("no token within " + FETCH_TIMEOUT)));
      result.whenComplete((token, failure) -> timer.cancel());
      source.fetch().whenComplete((token, failure) -> end(result, token, failure));
    } catch (Throwable e) { // an Error too: other calls would wait for the timeout
      end(result, null, e);
    }
  }

  private void end(
      CompletableFuture<BearerToken> result,
      @Nullable BearerToken token,
      @Nullable Throwable failure) {
    boolean first;
    synchronized (this) {
      if (fetching != result) {
        return; // it has already ended
      }
      fetching = null;
      first = !failing;
      failing = token == null;
      if (token != null) {
        current = token;
      }
    }
    if (token != null) {
      result.complete(token);
      return;
    }
    Throwable cause =
        failure == null ? new IllegalStateException("the token source returned null") : failure;
    if (first) { // only the type: the message may show a secret
      log.warn("token fetch failed reason={}", cause.getClass().getName());
    }
    log.debug("token fetch failed", cause);
    result.completeExceptionally(cause);
  }
}
