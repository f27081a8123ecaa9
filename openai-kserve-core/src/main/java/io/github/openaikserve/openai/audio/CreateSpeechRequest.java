package io.github.openaikserve.openai.audio;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.AbstractRequest;
import org.jspecify.annotations.Nullable;

/**
 * A speech request. Immutable.
 *
 * <p>Absent fields are null. Source: OpenAI's schema {@code CreateSpeechRequest}.
 */
public final class CreateSpeechRequest extends AbstractRequest {
  /** The maximum length of a text in characters. */
  public static final int MAX_LENGTH = 4096;

  private static final double MIN_SPEED = 0.25;
  private static final double MAX_SPEED = 4;

  private CreateSpeechRequest(Builder builder) {
    super(builder);
    String input = input();
    if (input.isEmpty() || input.length() > MAX_LENGTH) {
      throw InvalidRequestException.badValue(
          "input",
          input.isEmpty() ? "empty_string" : "string_above_max_length",
          "Invalid 'input': expected a string of 1 to %d characters, but got %d characters."
              .formatted(MAX_LENGTH, input.length()));
    }
    Double speed = speed();
    if (speed != null && !(speed >= MIN_SPEED && speed <= MAX_SPEED)) {
      throw InvalidRequestException.badValue(
          "speed",
          "invalid_value",
          "Invalid 'speed': expected a decimal from %s to %s, but got %s."
              .formatted(MIN_SPEED, MAX_SPEED, speed));
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

  /** Returns the text, 1 to {@value #MAX_LENGTH} characters. */
  public String input() {
    return required("input");
  }

  /** Returns the name of the voice; null for the model's default. */
  public @Nullable String voice() {
    return get("voice");
  }

  /** Returns instructions for the style of speech; null if absent. */
  public @Nullable String instructions() {
    return get("instructions");
  }

  /** Returns the audio format; null for the model's default. */
  public @Nullable SpeechFormat responseFormat() {
    return get("response_format");
  }

  /** Returns the speed, 0.25 to 4; null for the model's default. */
  public @Nullable Double speed() {
    return get("speed");
  }

  /** Returns the model and the length of the text; never the text, which must not be logged. */
  @Override
  public String toString() {
    return "CreateSpeechRequest[model=%s, input=%d characters]"
        .formatted(model(), input().length());
  }

  /** A builder of requests. Not thread-safe. */
  public static final class Builder extends AbstractRequest.Builder<Builder> {
    private Builder() {}

    private Builder copyOf(CreateSpeechRequest request) {
      return super.copyOf(request);
    }

    /** Sets the text. */
    public Builder input(String text) {
      return set("input", text);
    }

    /** Sets the name of the voice; null for the model's default. */
    public Builder voice(@Nullable String voice) {
      return set("voice", voice);
    }

    /** Sets instructions for the style of speech; null removes them. */
    public Builder instructions(@Nullable String instructions) {
      return set("instructions", instructions);
    }

    /** Sets the audio format; null for the model's default. */
    public Builder responseFormat(@Nullable SpeechFormat format) {
      return set("response_format", format);
    }

    /** Sets the speed, 0.25 to 4; null for the model's default. */
    public Builder speed(@Nullable Double speed) {
      return set("speed", speed);
    }

    /**
     * Builds the request.
     *
     * @throws InvalidRequestException naming the field that is missing or out of range
     */
    public CreateSpeechRequest build() {
      return new CreateSpeechRequest(this);
    }
  }
}
