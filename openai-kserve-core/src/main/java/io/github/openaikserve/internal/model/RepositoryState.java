package io.github.openaikserve.internal.model;

import java.util.Locale;
import java.util.stream.Stream;

/**
 * The state of a model in the index of a server's repository.
 *
 * <p>Source: {@code triton-inference-server/core}: {@code src/model_repository_manager.cc}; {@code
 * SeldonIO/MLServer}: {@code mlserver/grpc/converters.py}, which writes {@code State.READY}.
 */
enum RepositoryState {
  READY,
  LOADING,
  UNLOADING,
  UNAVAILABLE,
  UNKNOWN,
  /** The server reports no state. */
  UNREPORTED;

  /**
   * Returns the state that a server reports. Ignores case and the name of an enumeration before the
   * state. An unknown value is {@link #UNKNOWN}.
   */
  static RepositoryState of(String written) {
    String word = written.substring(written.lastIndexOf('.') + 1).strip().toUpperCase(Locale.ROOT);
    if (word.isEmpty()) {
      return UNREPORTED;
    }
    return Stream.of(READY, LOADING, UNLOADING, UNAVAILABLE)
        .filter(state -> state.name().equals(word))
        .findFirst()
        .orElse(UNKNOWN);
  }
}
