package io.github.openaikserve.encoder;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.AbstractRequest;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.List;

/**
 * A classification request. Immutable.
 *
 * <p>Source: {@code vllm-project/vllm}: {@code vllm/entrypoints/pooling/classify/protocol.py}.
 */
public final class ClassifyRequest extends AbstractRequest {
  private ClassifyRequest(Builder builder) {
    super(builder);
    input();
  }

  /** Returns an empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with the fields of this request. */
  public Builder toBuilder() {
    return new Builder().copyOf(this);
  }

  /** Returns the inputs to classify. */
  public EmbeddingInput input() {
    return required("input");
  }

  /** Returns the model and the number of inputs; never their texts, which must not be logged. */
  @Override
  public String toString() {
    return "ClassifyRequest[model=%s, inputs=%d]".formatted(model(), input().size());
  }

  /** A builder of requests. Not thread-safe. */
  public static final class Builder extends AbstractRequest.Builder<Builder> {
    private Builder() {}

    private Builder copyOf(ClassifyRequest request) {
      return super.copyOf(request);
    }

    /** Sets the texts to classify. */
    public Builder input(String... texts) {
      return input(new EmbeddingInput.Texts(List.of(texts)));
    }

    /** Sets the inputs to classify. */
    public Builder input(EmbeddingInput input) {
      return set("input", input);
    }

    /**
     * Builds the request.
     *
     * @throws InvalidRequestException if the input is missing
     */
    public ClassifyRequest build() {
      return new ClassifyRequest(this);
    }
  }
}
