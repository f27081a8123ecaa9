package io.github.openaikserve.grpc.internal.port;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The identity of the server at one endpoint. The server is asked once, and again after its
 * connection was replaced, because another server may then answer at the same address. Thread-safe.
 */
final class Identification {
  private final Supplier<CompletableFuture<ServerIdentity>> question;
  private volatile @Nullable ServerIdentity known;

  // Guarded by this.
  private final List<CompletableFuture<ServerIdentity>> waiting = new ArrayList<>();
  private boolean failed;

  Identification(Supplier<CompletableFuture<ServerIdentity>> question) {
    this.question = question;
  }

  /** Returns the server's identity; null if it is not known. */
  @Nullable ServerIdentity known() {
    return known;
  }

  /** Returns whether the identity is unknown and the last attempt to ask did not fail. */
  boolean isPending() {
    if (known != null) {
      return false;
    }
    synchronized (this) {
      return !failed;
    }
  }

  /** Asks the server, or joins a pending question. Futures complete in the order of the calls. */
  CompletableFuture<ServerIdentity> ask() {
    var answer = new CompletableFuture<ServerIdentity>();
    synchronized (this) {
      waiting.add(answer);
      if (waiting.size() > 1) {
        return answer;
      }
    }
    question.get().whenComplete(this::end);
    return answer;
  }

  private void end(@Nullable ServerIdentity server, @Nullable Throwable failure) {
    List<CompletableFuture<ServerIdentity>> answered;
    synchronized (this) {
      failed = server == null;
      known = server == null ? known : server;
      answered = List.copyOf(waiting);
      waiting.clear();
    }
    for (CompletableFuture<ServerIdentity> answer : answered) {
      if (server == null) {
        answer.completeExceptionally(
            failure == null ? new IllegalStateException("the server's identity is null") : failure);
      } else {
        answer.complete(server);
      }
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
