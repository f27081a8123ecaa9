package io.github.openaikserve.server.service;

import io.github.openaikserve.grpc.BearerToken;
import io.github.openaikserve.grpc.BearerTokenProvider;
import io.github.openaikserve.server.file.BoundedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A bearer token in a file that another process renews, such as a Kubernetes service account. */
record TokenFile(Path file) implements BearerTokenProvider {
  /**
   * The assumed validity of a token. Renewal starts a minute earlier, so reads are a minute apart.
   */
  private static final long VALID_SECONDS = 120;

  @Override
  public CompletionStage<BearerToken> fetch() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new BearerToken(
                BoundedFile.read(file).strip(), Instant.now().plusSeconds(VALID_SECONDS));
          } catch (IOException e) {
            throw new IllegalStateException("cannot read the token file " + file, e);
          }
        });
  }
}
