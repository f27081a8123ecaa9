package io.github.openaikserve.openai;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An embedding request. Immutable.
 *
 * <p>Absent fields are null. Source: OpenAI's schema {@code CreateEmbeddingRequest}.
 */
public final class CreateEmbeddingRequest extends AbstractRequest {
  private CreateEmbeddingRequest(Builder builder) {
    super(builder);
    input();
    FieldChecks.integer("dimensions", dimensions(), 1, Integer.MAX_VALUE);
  }

  /** Returns an empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with the fields of this request. */
  public Builder toBuilder() {
    return new Builder().copyOf(this);
  }

  /** Returns the inputs to embed. */
  public EmbeddingInput input() {
    return required("input");
  }

  /**
   * Returns the format of the vectors in JSON; null for {@link EncodingFormat#FLOAT}. Has no effect
   * on answers in Java.
   */
  public @Nullable EncodingFormat encodingFormat() {
    return get("encoding_format");
  }

  /** Returns the length of the vectors, at least 1; null for the model's default. */
  public @Nullable Integer dimensions() {
    return get("dimensions");
  }

  /** Returns the model and the number of inputs; never their texts, which must not be logged. */
  @Override
  public String toString() {
    return "CreateEmbeddingRequest[model=%s, inputs=%d]".formatted(model(), input().size());
  }

  /** A builder of requests. Not thread-safe. */
  public static final class Builder extends AbstractRequest.Builder<Builder> {
    private Builder() {}

    /** Sets the texts to embed. */
    public Builder input(String... texts) {
      return input(new EmbeddingInput.Texts(List.of(texts)));
    }

    /** Sets the inputs to embed. */
    public Builder input(EmbeddingInput input) {
      return set("input", input);
    }

    /**
     * Sets the format of the vectors in JSON; null removes it. Has no effect on answers in Java.
     */
    public Builder encodingFormat(@Nullable EncodingFormat encodingFormat) {
      return set("encoding_format", encodingFormat);
    }

    /** Sets the length of the vectors, at least 1; null for the model's default. */
    public Builder dimensions(@Nullable Integer dimensions) {
      return set("dimensions", dimensions);
    }

    /** Sets the end user, OpenAI's field {@code user}. */
    public Builder endUser(String user) {
      return extra("user", user);
    }

    /**
     * Builds the request.
     *
     * @throws InvalidRequestException naming the field that is missing or out of range
     */
    public CreateEmbeddingRequest build() {
      return new CreateEmbeddingRequest(this);
    }
  }
}
