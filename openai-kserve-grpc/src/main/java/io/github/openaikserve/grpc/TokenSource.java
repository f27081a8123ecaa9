package io.github.openaikserve.grpc;

import java.util.concurrent.CompletionStage;

/** Where tokens for a model server come from. Thread-safe. */
@FunctionalInterface
public interface TokenSource {
  /**
   * Fetches a token. Called when a call needs one and none is at hand, or the one at hand ends
   * soon; once at a time. Must not block.
   */
  CompletionStage<BearerToken> fetch();
}
