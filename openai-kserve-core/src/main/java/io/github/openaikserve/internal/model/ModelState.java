package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The state of a model at a server. */
enum ModelState {
  /** The server has the model. */
  READY,
  /** The server has the model but cannot serve it: it is being loaded, or failed to load. */
  NOT_READY,
  /** The server does not have the model. */
  MISSING,
  /** The server has the model, but not the requested version. */
  VERSION_MISSING,
  /** The server does not report the state. */
  UNREPORTED;

  /** Returns whether the server reports that it does not have the model or its version. */
  boolean isMissing() {
    return this == MISSING || this == VERSION_MISSING;
  }

  /**
   * Returns the problem for logs and checks; empty for none.
   *
   * @param version empty to let the server choose
   */
  String reason(String name, String version) {
    return switch (this) {
      case MISSING ->
          version.isEmpty()
              ? "the server has no model '%s'".formatted(name)
              : "the server has no model '%s' of version '%s'".formatted(name, version);
      case VERSION_MISSING ->
          "the server has model '%s', but not its version '%s'".formatted(name, version);
      case NOT_READY -> "the server has model '%s', but it is not ready".formatted(name);
      case READY, UNREPORTED -> "";
    };
  }

  /**
   * Queries a server for the state of a model, with its repository index, or with the readiness RPC
   * if it has no index.
   *
   * @param version empty to let the server choose
   * @return never fails; {@link #UNREPORTED} if the server cannot be reached
   */
  static CompletableFuture<ModelState> of(InferenceBackend backend, String name, String version) {
    return ask(backend::repositoryIndex)
        .thenCompose(
            index ->
                index.isPresent()
                    ? listed(backend, entries(index.get(), name), name, version)
                    : unlisted(backend, name, version));
  }

  private static List<RepositoryIndexEntry> entries(List<RepositoryIndexEntry> index, String name) {
    return index.stream().filter(model -> model.name().equals(name)).toList();
  }

  private static CompletableFuture<ModelState> listed(
      InferenceBackend backend, List<RepositoryIndexEntry> entries, String name, String version) {
    var listed =
        new ListedModel(
            entries.stream()
                .filter(entry -> version.isEmpty() || isVersion(entry.version(), version))
                .toList());
    if (listed.has(RepositoryState.READY)) {
      return CompletableFuture.completedFuture(READY);
    }
    if (listed.isLoading()) {
      return CompletableFuture.completedFuture(NOT_READY);
    }
    boolean otherVersion = listed.versions().isEmpty() && !entries.isEmpty();
    ModelState otherwise =
        listed.has(RepositoryState.UNREPORTED)
            ? UNREPORTED
            : otherVersion ? VERSION_MISSING : MISSING;
    return ask(() -> backend.modelReady(name, version))
        .thenApply(
            ready -> ready.map(isReady -> isReady ? READY : missing(otherwise)).orElse(otherwise));
  }

  private static ModelState missing(ModelState otherwise) {
    return otherwise == UNREPORTED ? MISSING : otherwise;
  }

  private static boolean isVersion(String listed, String version) {
    return listed.isEmpty() || listed.equals(version);
  }

  private static CompletableFuture<ModelState> unlisted(
      InferenceBackend backend, String name, String version) {
    CompletableFuture<Optional<Boolean>> anyVersion =
        version.isEmpty()
            ? CompletableFuture.completedFuture(Optional.empty())
            : ask(() -> backend.modelReady(name, ""));
    return ask(() -> backend.modelReady(name, version))
        .thenCombine(
            anyVersion,
            (model, any) ->
                model.orElse(true)
                    ? model.map(isReady -> READY).orElse(UNREPORTED)
                    : any.orElse(false) ? VERSION_MISSING : MISSING)
        .thenCombine(
            ask(backend::ready),
            (state, server) -> state != READY && !server.orElse(true) ? NOT_READY : state);
  }

  /**
   * Returns whether a server reports neither its models nor its own metadata. Dynamo is such a
   * server; its models disappear while their workers restart.
   */
  static CompletableFuture<Boolean> isSilent(InferenceBackend backend) {
    return ask(backend::repositoryIndex)
        .thenCombine(
            ask(backend::serverMetadata), (index, server) -> index.isEmpty() && server.isEmpty());
  }

  /**
   * Returns whether a server answers no metadata query, like a server with another gRPC service.
   */
  static CompletableFuture<Boolean> answersNothing(InferenceBackend backend) {
    return isSilent(backend)
        .thenCombine(ask(backend::ready), (silent, ready) -> silent && ready.isEmpty());
  }

  /** Returns a server's answer; empty if the query fails or the backend throws. */
  private static <T> CompletableFuture<Optional<T>> ask(
      Supplier<CompletionStage<Optional<T>>> question) {
    try {
      return question
          .get()
          .handle(
              (answer, failure) -> failure == null && answer != null ? answer : Optional.<T>empty())
          .toCompletableFuture();
    } catch (Throwable e) { // user-supplied backends may throw anything
      return CompletableFuture.completedFuture(Optional.empty());
    }
  }
}
