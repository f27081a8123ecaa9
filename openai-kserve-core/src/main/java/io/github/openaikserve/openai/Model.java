package io.github.openaikserve.openai;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A served model. Immutable. */
public final class Model {
  private final String id;
  private final long created;
  private final String ownedBy;
  private final @Nullable LocalDate shutdownDate;
  private final @Nullable String parent;
  private final Map<String, @Nullable Object> metadata;

  private Model(Builder builder) {
    this.id = builder.id;
    this.created = builder.created;
    this.ownedBy = builder.ownedBy;
    this.shutdownDate = builder.shutdownDate;
    this.parent = builder.parent;
    this.metadata = builder.metadata;
  }

  /** Returns a builder for a model with this id, the name that clients use. */
  public static Builder builder(String id) {
    return new Builder(id);
  }

  /** Returns the name that clients use. */
  public String id() {
    return id;
  }

  /** Returns the time when the model was created or configured, in seconds since 1970. */
  public long created() {
    return created;
  }

  /** Returns the model's owner. */
  public String ownedBy() {
    return ownedBy;
  }

  /** Returns the first day on which the model is no longer served; null if none is announced. */
  public @Nullable LocalDate shutdownDate() {
    return shutdownDate;
  }

  /** Returns the id of the base model if this is a LoRA adapter; otherwise null. */
  public @Nullable String parent() {
    return parent;
  }

  /**
   * Returns the server's metadata of the model, as JSON values: {@code name}, {@code platform},
   * {@code versions}, {@code server} (an object with {@code name} and {@code version}), {@code
   * inputs} and {@code outputs} (objects with {@code name}, {@code datatype} and {@code shape}).
   * Each is absent if the server does not report it. {@code dialect} is present once it is known.
   * Empty in lists of models, which do not query servers for metadata.
   */
  public Map<String, @Nullable Object> metadata() {
    return metadata;
  }

  /** Returns a builder with the values of this model. */
  public Builder toBuilder() {
    var builder = new Builder(id);
    builder.created = created;
    builder.ownedBy = ownedBy;
    builder.shutdownDate = shutdownDate;
    builder.parent = parent;
    builder.metadata = metadata;
    return builder;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Model model
        && id.equals(model.id)
        && created == model.created
        && ownedBy.equals(model.ownedBy)
        && Objects.equals(shutdownDate, model.shutdownDate)
        && Objects.equals(parent, model.parent)
        && metadata.equals(model.metadata);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, created, ownedBy, shutdownDate, parent, metadata);
  }

  @Override
  public String toString() {
    return "Model[id=%s, ownedBy=%s]".formatted(id, ownedBy);
  }

  /** A builder of {@link Model}s. Not thread-safe. */
  public static final class Builder {
    private String id;
    private long created;
    private String ownedBy = "openai-kserve";
    private @Nullable LocalDate shutdownDate;
    private @Nullable String parent;
    private Map<String, @Nullable Object> metadata = Map.of();

    private Builder(String id) {
      this.id = Objects.requireNonNull(id, "id");
    }

    /** Sets the name that clients use. */
    public Builder id(String id) {
      this.id = Objects.requireNonNull(id, "id");
      return this;
    }

    /**
     * Sets the time when the model was created or configured, in seconds since 1970 (default: 0).
     */
    public Builder created(long created) {
      this.created = created;
      return this;
    }

    /** Sets the model's owner (default: {@code openai-kserve}). */
    public Builder ownedBy(String ownedBy) {
      this.ownedBy = Objects.requireNonNull(ownedBy, "ownedBy");
      return this;
    }

    /** Sets the first day on which the model is no longer served; null for none. */
    public Builder shutdownDate(@Nullable LocalDate shutdownDate) {
      this.shutdownDate = shutdownDate;
      return this;
    }

    /** Sets the id of the base model of a LoRA adapter; null if this is not an adapter. */
    public Builder parent(@Nullable String parent) {
      this.parent = parent;
      return this;
    }

    /** Sets the server's metadata of the model, as JSON values (default: empty). */
    public Builder metadata(Map<String, ? extends @Nullable Object> metadata) {
      this.metadata = FieldChecks.json(metadata);
      return this;
    }

    /** Builds the model. */
    public Model build() {
      return new Model(this);
    }
  }
}
