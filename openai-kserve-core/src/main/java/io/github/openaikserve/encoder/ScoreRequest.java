package io.github.openaikserve.encoder;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import io.github.openaikserve.openai.AbstractRequest;
import java.util.List;

/**
 * A request to score pairs of texts. One text is paired with each of several texts, or two lists
 * are paired by position. Immutable.
 *
 * <p>Source: {@code vllm-project/vllm}: {@code vllm/entrypoints/pooling/score/protocol.py}.
 */
public final class ScoreRequest extends AbstractRequest {
  private ScoreRequest(Builder builder) {
    super(builder);
    FieldChecks.array("text_1", text1(), RerankRequest.MAX_DOCUMENTS);
    FieldChecks.array("text_2", text2(), RerankRequest.MAX_DOCUMENTS);
    if (text1().size() != 1 && text1().size() != text2().size()) {
      throw InvalidRequestException.badValue(
          "text_1",
          "invalid_value",
          "Invalid 'text_1': expected one text, or as many as 'text_2' has (%d), but got %d."
              .formatted(text2().size(), text1().size()));
    }
  }

  /** Returns an empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with the fields of this request. */
  public Builder toBuilder() {
    return new Builder().copyOf(this);
  }

  /** Returns the first texts of the pairs: one, or as many as the second texts. */
  public List<String> text1() {
    return required("text_1");
  }

  /** Returns the second texts of the pairs, 1 to 2,048. */
  public List<String> text2() {
    return required("text_2");
  }

  /** Returns the model and the number of pairs; never their texts, which must not be logged. */
  @Override
  public String toString() {
    return "ScoreRequest[model=%s, pairs=%d]".formatted(model(), text2().size());
  }

  /** A builder of requests. Not thread-safe. */
  public static final class Builder extends AbstractRequest.Builder<Builder> {
    private Builder() {}

    private Builder copyOf(ScoreRequest request) {
      return super.copyOf(request);
    }

    /** Sets the first text of all pairs. */
    public Builder text1(String text) {
      return text1(List.of(text));
    }

    /** Sets the first texts of the pairs. */
    public Builder text1(List<String> texts) {
      return setList("text_1", texts);
    }

    /** Sets the second texts of the pairs. */
    public Builder text2(String... texts) {
      return text2(List.of(texts));
    }

    /** Sets the second texts of the pairs. */
    public Builder text2(List<String> texts) {
      return setList("text_2", texts);
    }

    /**
     * Builds the request.
     *
     * @throws InvalidRequestException naming the field that is missing or has another length
     */
    public ScoreRequest build() {
      return new ScoreRequest(this);
    }
  }
}
