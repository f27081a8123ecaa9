package io.github.openaikserve.grpc;

import java.util.concurrent.CompletionStage;

/**
 * A source of bearer tokens for a model server, used by {@link GrpcBackendBuilder#bearerTokens}.
 * Thread-safe.
 *
 * <pre>{@code
 * BearerTokenProvider tokens =
 *     () -> CompletableFuture.supplyAsync(() -> new BearerToken(readToken(), null), executor);
 * }</pre>
 */
@FunctionalInterface
public interface BearerTokenProvider {
  /**
   * Fetches a token. Called when a call finds no token, or a token that expires within a minute;
   * never while an earlier fetch is pending. Must not block, because it runs on a thread that
   * starts calls. Fetch tokens from a network or a file on another thread.
   *
   * <p>A fetch that takes longer than 10 seconds, completes exceptionally or with null, or throws
   * has failed: calls without a valid token fail with UNAVAILABLE, and the next call fetches again.
   * A token that arrives later is ignored.
   */
  CompletionStage<BearerToken> fetch();
}
