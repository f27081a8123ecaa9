package io.github.openaikserve.openai;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text completion request. Immutable.
 *
 * <p>Absent fields are null. Source: OpenAI's schema {@code CreateCompletionRequest}.
 */
public final class CreateCompletionRequest extends GenerationRequest {
  private CreateCompletionRequest(Builder builder) {
    super(builder, 0);
    prompt();
    FieldChecks.integer("logprobs", logprobs(), 0, 5);
    Integer bestOf = bestOf();
    Integer n = n();
    FieldChecks.integer("best_of", bestOf, 0, 20);
    if (bestOf != null && n != null && bestOf < n) {
      throw InvalidRequestException.badValue(
          "best_of", null, "Invalid 'best_of': expected a value not below 'n'.");
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

  /** Returns the prompts to complete. */
  public Prompt prompt() {
    return required("prompt");
  }

  /** Returns the limit of generated tokens: {@link #maxTokens}, or OpenAI's default of 16. */
  public int tokenLimit() {
    Integer limit = maxTokens();
    return limit == null ? 16 : limit;
  }

  /** Returns the number of most likely tokens to return, 0 to 5; null if absent. */
  public @Nullable Integer logprobs() {
    return get("logprobs");
  }

  /** Returns whether to repeat the prompt before the completion; null if absent. */
  public @Nullable Boolean echo() {
    return get("echo");
  }

  /**
   * Returns the number of completions to generate and choose the best from, 0 to 20 and at least
   * {@code n}; null if absent.
   */
  public @Nullable Integer bestOf() {
    return get("best_of");
  }

  /** Returns the text that comes after the completion; null if absent. */
  public @Nullable String suffix() {
    return get("suffix");
  }

  /** Returns the model and the number of prompts; never the prompts, which must not be logged. */
  @Override
  public String toString() {
    return "CreateCompletionRequest[model=%s, prompts=%d]".formatted(model(), prompt().size());
  }

  /** A builder of requests. Not thread-safe. */
  public static final class Builder extends GenerationRequest.Builder<Builder> {
    private Builder() {}

    /** Sets the text to complete. */
    public Builder prompt(String prompt) {
      return prompt(new Prompt.Texts(List.of(prompt)));
    }

    /** Sets the prompts to complete. */
    public Builder prompt(Prompt prompt) {
      return set("prompt", prompt);
    }

    /** Sets the number of most likely tokens to return, 0 to 5; null removes it. */
    public Builder logprobs(@Nullable Integer logprobs) {
      return set("logprobs", logprobs);
    }

    /** Sets whether to repeat the prompt before the completion; null removes it. */
    public Builder echo(@Nullable Boolean echo) {
      return set("echo", echo);
    }

    /**
     * Sets the number of completions to generate and choose the best from, 0 to 20 and at least
     * {@code n}; null removes it.
     */
    public Builder bestOf(@Nullable Integer bestOf) {
      return set("best_of", bestOf);
    }

    /** Sets the text that comes after the completion; null removes it. */
    public Builder suffix(@Nullable String suffix) {
      return set("suffix", suffix);
    }

    /**
     * Builds the request.
     *
     * @throws InvalidRequestException naming the field that is missing or out of range
     */
    public CreateCompletionRequest build() {
      return new CreateCompletionRequest(this);
    }
  }
}
