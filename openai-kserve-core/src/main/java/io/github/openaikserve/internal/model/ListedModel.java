package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.kserve.RepositoryIndexEntry;
import io.github.openaikserve.kserve.ServerMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The entries of one model in the index of a server's repository. Not equal to a later listing if
 * any version or state has changed. Immutable.
 */
record ListedModel(List<RepositoryIndexEntry> versions) {
  /** The maximum number of models that are used of a listing. */
  private static final int MAX_MODELS = 10_000;

  /** The reason that Triton gives for a model that was unloaded on request. */
  private static final String UNLOADED = "unloaded";

  /** The common prefix of the server names of AnyServe's dispatcher and worker. */
  private static final String ANYSERVE = "anyserve";

  ListedModel {
    versions = List.copyOf(versions);
  }

  /**
   * Asks a server for the index of its repository.
   *
   * @return fails with {@link BackendException} if the server does not list its models
   */
  static CompletionStage<List<RepositoryIndexEntry>> index(InferenceBackend backend) {
    return backend.repositoryIndex().thenCompose(index -> required(backend, index));
  }

  private static CompletionStage<List<RepositoryIndexEntry>> required(
      InferenceBackend backend, Optional<List<RepositoryIndexEntry>> index) {
    return index.isPresent()
        ? CompletableFuture.completedFuture(index.get())
        : backend
            .serverMetadata()
            .thenCombine(ModelState.answersNothing(backend), ListedModel::unlisted)
            .thenCompose(CompletableFuture::failedFuture);
  }

  private static BackendException unlisted(Optional<ServerMetadata> server, boolean silent) {
    String name = server.map(ServerMetadata::name).orElse("");
    String message =
        "the server%s does not list its models: name them in the configuration (option --model of the reference server)"
            .formatted(name.isEmpty() ? "" : " (" + name + ")");
    if (name.startsWith(ANYSERVE)) {
      message =
          "the server is AnyServe (%s), which does not list its models: configure each model with the dialect 'anyserve' (option --anyserve-endpoint HOST:PORT of the reference server)"
              .formatted(name);
    } else if (silent) {
      message += ". The server answers no metadata query: " + ModelAvailability.HINT;
    }
    return new BackendException(BackendCode.UNIMPLEMENTED, message);
  }

  /** Returns the models of an index by name, in order. */
  static Map<String, ListedModel> byName(List<RepositoryIndexEntry> index) {
    Map<String, List<RepositoryIndexEntry>> versions = new LinkedHashMap<>();
    for (RepositoryIndexEntry model : index) {
      List<RepositoryIndexEntry> known = versions.get(model.name());
      if (known != null) {
        known.add(model);
      } else if (versions.size() < MAX_MODELS) {
        versions.put(model.name(), new ArrayList<>(List.of(model)));
      }
    }
    Map<String, ListedModel> listed = new LinkedHashMap<>();
    versions.forEach((name, of) -> listed.put(name, new ListedModel(of)));
    return listed;
  }

  /** Returns whether a version is in a state. */
  boolean has(RepositoryState state) {
    return versions.stream().anyMatch(entry -> RepositoryState.of(entry.state()) == state);
  }

  /** Returns whether the model may be called. */
  boolean mayBeReady() {
    return has(RepositoryState.READY) || has(RepositoryState.UNREPORTED);
  }

  /** Returns whether the server is loading a version, or failed to load it. */
  boolean isLoading() {
    return has(RepositoryState.LOADING) || versions.stream().anyMatch(ListedModel::failed);
  }

  private static boolean failed(RepositoryIndexEntry entry) {
    return RepositoryState.of(entry.state()) == RepositoryState.UNAVAILABLE
        && !entry.reason().isBlank()
        && !entry.reason().toLowerCase(Locale.ROOT).contains(UNLOADED);
  }
}
