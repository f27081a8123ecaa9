package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.EmbeddingDialect;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.resilience.Load;
import io.github.openaikserve.resilience.RequestLimits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one model is reached. Immutable.
 *
 * @param id the name clients use
 * @param aliases further names
 * @param dialect how text is generated; null where none is
 * @param embeddingDialect how inputs are embedded; null where none are
 * @param modelName what the server calls it, where the dialect has no name of its own
 * @param modelVersion the version the server knows; null for the dialect's own
 * @param calls the backend for inferences, with the route's own limit around it
 * @param timeouts how long a call may take
 * @param created seconds since 1970
 * @param strict whether a field that would have no effect is refused
 * @param unaryAnswers whether whole answers are not folded from streams
 * @param atOnce how many generations of one request may go on at the same time
 * @param limits how much one request may hold
 * @param defaults values of fields that a request leaves out, in the types of {@link RequestField}
 */
public record Route(
    String id,
    List<String> aliases,
    InferenceBackend backend,
    @Nullable Dialect dialect,
    @Nullable EmbeddingDialect embeddingDialect,
    ChatStyle chat,
    TokenCounter tokenCounter,
    String modelName,
    @Nullable String modelVersion,
    InferenceBackend calls,
    Timeouts timeouts,
    long created,
    String ownedBy,
    boolean strict,
    boolean unaryAnswers,
    int atOnce,
    RequestLimits limits,
    Map<RequestField, Object> defaults) {
  /** Copies the list and the map. */
  public Route {
    aliases = List.copyOf(aliases);
    defaults = Map.copyOf(defaults);
  }

  /** How many generations of one request may go on at the same time: no more than have room. */
  @Override
  public int atOnce() {
    return atMost(atOnce);
  }

  /** How busy the route's own limit is; empty where it has none. */
  public Optional<Load> load() {
    return calls != backend && calls instanceof Load load ? Optional.of(load) : Optional.empty();
  }

  /** So many calls of one request, or fewer where not so many have room. */
  public int atMost(int wanted) {
    return calls instanceof Load load ? Math.min(wanted, load.max()) : wanted;
  }

  /** The same route in the dialects that were detected; an embedding dialect of its own stays. */
  public Route spokenTo(@Nullable Dialect detected, @Nullable EmbeddingDialect detectedEmbeddings) {
    return new Route(
        id,
        aliases,
        backend,
        detected,
        embeddingDialect == null ? detectedEmbeddings : embeddingDialect,
        chat,
        tokenCounter,
        modelName,
        modelVersion,
        calls,
        timeouts,
        created,
        ownedBy,
        strict,
        unaryAnswers,
        atOnce,
        limits,
        defaults);
  }

  /** Whether the model embeds. */
  public boolean embeds() {
    return embeddingDialect != null;
  }

  /** Whether the model generates text. */
  public boolean generates() {
    return dialect != null;
  }

  /**
   * How text is generated.
   *
   * @throws InvalidRequestException if the model generates none
   */
  @Override
  public Dialect dialect() {
    if (dialect == null) {
      throw unsupported("generate text; it serves the embeddings API");
    }
    return dialect;
  }

  /**
   * How inputs are embedded.
   *
   * @throws InvalidRequestException if the model embeds none
   */
  @Override
  public EmbeddingDialect embeddingDialect() {
    if (embeddingDialect == null) {
      throw unsupported("support the embeddings API");
    }
    return embeddingDialect;
  }

  private InvalidRequestException unsupported(String what) {
    return InvalidRequestException.badValue(
        "model", "unsupported_value", "The model '%s' does not %s.".formatted(id, what));
  }
}
