package io.github.openaikserve.grpc;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the server of one endpoint. The server is asked once, and again after its
 * connection was replaced: another server may answer at the same address then. Thread-safe.
 */
final class Identification {
  private final Supplier<CompletableFuture<ServerIdentity>> question;
  private volatile @Nullable ServerIdentity known;

  // Guarded by this.
  private @Nullable CompletableFuture<ServerIdentity> asking;
  private boolean failed;

  Identification(Supplier<CompletableFuture<ServerIdentity>> question) {
    this.question = question;
  }

  /** Returns what is known; null if nothing is. */
  @Nullable ServerIdentity known() {
    return known;
  }

  /** Returns whether nothing is known, and the last attempt to ask has not failed. */
  boolean isPending() {
    if (known != null) {
      return false;
    }
    synchronized (this) {
      return !failed;
    }
  }

  /** Asks the server, unless it is being asked; several callers share one answer. */
  CompletableFuture<ServerIdentity> ask() {
    CompletableFuture<ServerIdentity> answer;
    synchronized (this) {
      if (asking != null) {
        return asking;
      }
      answer = new CompletableFuture<>();
      asking = answer;
    }
    question.get().whenComplete((server, failure) -> end(answer, server, failure));
    return answer;
  }

  private void end(
      CompletableFuture<ServerIdentity> answer,
      @Nullable ServerIdentity server,
      @Nullable Throwable failure) {
    synchronized (this) {
      asking = null;
      failed = server == null;
      known = server == null ? known : server;
    }
    if (server == null) {
      answer.completeExceptionally(
          failure == null ? new IllegalStateException("no answer") : failure);
    } else {
      answer.complete(server);
    }
  }

  synchronized void learn(ServerIdentity server) {
    failed = false;
    known = server;
  }

  synchronized void forget() {
    failed = false;
    known = null;
  }
}
