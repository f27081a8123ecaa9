package io.github.openaikserve;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.EmbeddingDialect;
import io.github.openaikserve.internal.engine.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Configures one served model. Not thread-safe. */
public final class ModelBuilder {
  private final String id;
  private final List<String> aliases = new ArrayList<>();
  private @Nullable Dialect dialect;
  private @Nullable EmbeddingDialect embeddingDialect;
  private ChatTemplate chatTemplate = ChatTemplates.PLAIN;
  private TokenCounter tokenCounter = TokenCounter.ESTIMATE;
  private String modelName;
  private @Nullable String modelVersion;
  private @Nullable Duration timeout = Duration.ofMinutes(10);
  private String ownedBy = "openai-kserve";

  ModelBuilder(String id) {
    this.id = Objects.requireNonNull(id, "id");
    this.modelName = id;
  }

  /** How the model's server speaks. Required, unless the model only embeds. */
  public ModelBuilder dialect(Dialect dialect) {
    this.dialect = Objects.requireNonNull(dialect, "dialect");
    return this;
  }

  /**
   * How the model's server embeds; what the dialect says of it unless set. A model that has this
   * and no dialect serves only embeddings.
   */
  public ModelBuilder embeddingDialect(EmbeddingDialect embeddingDialect) {
    this.embeddingDialect = Objects.requireNonNull(embeddingDialect, "embeddingDialect");
    return this;
  }

  /** How a conversation is written down; {@link ChatTemplates#PLAIN} unless set. */
  public ModelBuilder chatTemplate(ChatTemplate chatTemplate) {
    this.chatTemplate = Objects.requireNonNull(chatTemplate, "chatTemplate");
    return this;
  }

  /** Counts tokens where the server does not; {@link TokenCounter#ESTIMATE} unless set. */
  public ModelBuilder tokenCounter(TokenCounter tokenCounter) {
    this.tokenCounter = Objects.requireNonNull(tokenCounter, "tokenCounter");
    return this;
  }

  /** A further name by which clients may call the model. */
  public ModelBuilder alias(String alias) {
    aliases.add(Objects.requireNonNull(alias, "alias"));
    return this;
  }

  /** What the server calls the model, where the dialect does not say; the id unless set. */
  public ModelBuilder modelName(String modelName) {
    this.modelName = Objects.requireNonNull(modelName, "modelName");
    return this;
  }

  /** The version the server knows the model by; the dialect's own unless set. */
  public ModelBuilder modelVersion(String modelVersion) {
    this.modelVersion = Objects.requireNonNull(modelVersion, "modelVersion");
    return this;
  }

  /** The limit for a whole call, null for none; ten minutes unless set. */
  public ModelBuilder timeout(@Nullable Duration timeout) {
    this.timeout = timeout;
    return this;
  }

  /** Who is named as the model's owner. */
  public ModelBuilder ownedBy(String ownedBy) {
    this.ownedBy = Objects.requireNonNull(ownedBy, "ownedBy");
    return this;
  }

  Route build(InferenceBackend backend, long created, boolean strict) {
    if (dialect == null && embeddingDialect == null) {
      throw new IllegalArgumentException("model '" + id + "' has no dialect");
    }
    return new Route(
        id,
        aliases,
        backend,
        dialect,
        embeddings(),
        chatTemplate,
        tokenCounter,
        modelName,
        modelVersion,
        timeout,
        created,
        ownedBy,
        strict);
  }

  private @Nullable EmbeddingDialect embeddings() {
    return embeddingDialect == null && dialect != null
        ? dialect.embeddings().orElse(null)
        : embeddingDialect;
  }
}
