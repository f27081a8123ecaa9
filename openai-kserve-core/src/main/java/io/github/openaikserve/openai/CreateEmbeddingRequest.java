package io.github.openaikserve.openai;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to turn inputs into vectors. Immutable.
 *
 * <p>Absent fields are null. Source: OpenAI's schema {@code CreateEmbeddingRequest}.
 */
public final class CreateEmbeddingRequest extends AbstractRequest {
  private CreateEmbeddingRequest(Builder builder) {
    super(builder);
    input();
    FieldChecks.integer("dimensions", dimensions(), 1, Integer.MAX_VALUE);
  }

  /** Returns a builder without fields. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with the fields of this request. */
  public Builder toBuilder() {
    return new Builder().copyOf(this);
  }

  /** Returns what to embed. */
  public EmbeddingInput input() {
    return required("input");
  }

  /**
   * Returns how JSON writes the vectors, null for {@link EncodingFormat#FLOAT}; does not change an
   * answer in Java.
   */
  public @Nullable EncodingFormat encodingFormat() {
    return get("encoding_format");
  }

  /** Returns the length of the vectors, at least 1; null for the model's own. */
  public @Nullable Integer dimensions() {
    return get("dimensions");
  }

  /** Names the model and counts the inputs: an input does not belong in a log. */
  @Override
  public String toString() {
    return "CreateEmbeddingRequest[model=%s, inputs=%d]".formatted(model(), input().size());
  }

  /** Collects the fields of a request. Not thread-safe. */
  public static final class Builder extends AbstractRequest.Builder<Builder> {
    private Builder() {}

    /** Sets the texts to embed. */
    public Builder input(String... texts) {
      return input(new EmbeddingInput.Texts(List.of(texts)));
    }

    /** Sets what to embed. */
    public Builder input(EmbeddingInput input) {
      return set("input", input);
    }

    /** Sets how JSON writes the vectors; null removes it. Does not change an answer in Java. */
    public Builder encodingFormat(@Nullable EncodingFormat encodingFormat) {
      return set("encoding_format", encodingFormat);
    }

    /** Sets the length of the vectors, at least 1; null for the model's own. */
    public Builder dimensions(@Nullable Integer dimensions) {
      return set("dimensions", dimensions);
    }

    /** Sets the user on whose behalf the request is made: OpenAI's field {@code user}. */
    public Builder endUser(String user) {
      return extra("user", user);
    }

    /**
     * Returns the request.
     *
     * @throws InvalidRequestException naming the field that is missing or out of its range
     */
    public CreateEmbeddingRequest build() {
      return new CreateEmbeddingRequest(this);
    }
  }
}
