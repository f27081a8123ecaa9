package io.github.openaikserve.internal.engine;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.dialect.Dialect;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one model is reached. Immutable.
 *
 * @param id the name clients use
 * @param aliases further names
 * @param modelName what the server calls it, where the dialect has no name of its own
 * @param modelVersion the version the server knows; null for the dialect's own
 * @param timeout for a whole call; null for no limit
 * @param created seconds since 1970
 * @param strict whether a field that would have no effect is refused
 * @param atOnce how many generations of one request may go on at the same time
 */
public record Route(
    String id,
    List<String> aliases,
    InferenceBackend backend,
    Dialect dialect,
    ChatStyle chat,
    TokenCounter tokenCounter,
    String modelName,
    @Nullable String modelVersion,
    @Nullable Duration timeout,
    long created,
    String ownedBy,
    boolean strict,
    int atOnce) {
  /** Copies the list. */
  public Route {
    aliases = List.copyOf(aliases);
  }
}
