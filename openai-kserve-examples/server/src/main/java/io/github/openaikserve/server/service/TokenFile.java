package io.github.openaikserve.server.service;

import io.github.openaikserve.grpc.BearerToken;
import io.github.openaikserve.grpc.TokenSource;
import io.github.openaikserve.server.file.BoundedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A bearer token in a file that somebody else renews, such as a Kubernetes service account's. */
record TokenFile(Path file) implements TokenSource {
  /** Twice what is held back: so it is read once a minute. */
  private static final long SECONDS = 120;

  @Override
  public CompletionStage<BearerToken> fetch() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new BearerToken(
                BoundedFile.read(file).strip(), Instant.now().plusSeconds(SECONDS));
          } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
          }
        });
  }
}
