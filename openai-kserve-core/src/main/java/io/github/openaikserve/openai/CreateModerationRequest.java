package io.github.openaikserve.openai;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;

/**
 * A moderation request. Immutable.
 *
 * <p>Source: OpenAI's schema {@code CreateModerationRequest}.
 */
public final class CreateModerationRequest extends AbstractRequest {
  private CreateModerationRequest(Builder builder) {
    super(builder);
    FieldChecks.array("input", input(), EmbeddingInput.MAX_SIZE);
  }

  /** Returns an empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with the fields of this request. */
  public Builder toBuilder() {
    return new Builder().copyOf(this);
  }

  /** Returns the texts, 1 to 2,048. A text may be empty. */
  public List<String> input() {
    return required("input");
  }

  /** Returns the model and the number of inputs; never their texts, which must not be logged. */
  @Override
  public String toString() {
    return "CreateModerationRequest[model=%s, inputs=%d]".formatted(model(), input().size());
  }

  /** A builder of requests. Not thread-safe. */
  public static final class Builder extends AbstractRequest.Builder<Builder> {
    private Builder() {}

    /** Sets the texts. */
    public Builder input(String... texts) {
      return input(List.of(texts));
    }

    /** Sets the texts. */
    public Builder input(List<String> texts) {
      return setList("input", texts);
    }

    /**
     * Builds the request.
     *
     * @throws InvalidRequestException if there is no text, or more than 2,048
     */
    public CreateModerationRequest build() {
      return new CreateModerationRequest(this);
    }
  }
}
