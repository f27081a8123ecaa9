package io.github.openaikserve.openai;

import io.github.openaikserve.error.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to turn inputs into vectors. Immutable.
 *
 * <p>Null means absent. Source: OpenAI's schema {@code CreateEmbeddingRequest}.
 *
 * @param model the model; null for the default one
 * @param input what is to be embedded
 * @param encodingFormat how JSON writes the vectors, null for {@link EncodingFormat#FLOAT}; changes
 *     nothing in a Java answer
 * @param dimensions the length that the vectors are to have, at least 1; null for the model's own
 * @param extra every other field by its JSON name: OpenAI's that change nothing in a vector (such
 *     as {@code user}) and unknown ones
 */
public record CreateEmbeddingRequest(
    @Nullable String model,
    EmbeddingInput input,
    @Nullable EncodingFormat encodingFormat,
    @Nullable Integer dimensions,
    Map<String, @Nullable Object> extra) {

  /**
   * Checks ranges, and copies.
   *
   * @throws InvalidRequestException naming the field that is out of its range
   */
  public CreateEmbeddingRequest {
    Limits.integer("dimensions", dimensions, 1, Integer.MAX_VALUE);
    extra = Limits.json(extra);
  }

  /** A builder that has nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /** Gathers the fields of a request. Not thread-safe. */
  public static final class Builder {
    private @Nullable String model;
    private @Nullable EmbeddingInput input;
    private @Nullable EncodingFormat encodingFormat;
    private @Nullable Integer dimensions;
    private final Map<String, @Nullable Object> extra = new LinkedHashMap<>();

    private Builder() {}

    /** The model; null for the default one. */
    public Builder model(@Nullable String model) {
      this.model = model;
      return this;
    }

    /** The texts that are to be embedded. */
    public Builder input(String... texts) {
      this.input = new EmbeddingInput.Texts(List.of(texts));
      return this;
    }

    /** What is to be embedded. */
    public Builder input(EmbeddingInput input) {
      this.input = input;
      return this;
    }

    /** How JSON writes the vectors; changes nothing in a Java answer. */
    public Builder encodingFormat(@Nullable EncodingFormat encodingFormat) {
      this.encodingFormat = encodingFormat;
      return this;
    }

    /** The length that the vectors are to have, at least 1; null for the model's own. */
    public Builder dimensions(@Nullable Integer dimensions) {
      this.dimensions = dimensions;
      return this;
    }

    /** Sets a field that has no method of its own, by its JSON name. */
    public Builder extra(String name, @Nullable Object value) {
      extra.put(name, value);
      return this;
    }

    /**
     * The request.
     *
     * @throws InvalidRequestException naming the field that is missing or out of its range
     */
    public CreateEmbeddingRequest build() {
      if (input == null) {
        throw InvalidRequestException.badValue(
            "input", "missing_required_parameter", "Missing required parameter: 'input'.");
      }
      return new CreateEmbeddingRequest(model, input, encodingFormat, dimensions, extra);
    }
  }
}
