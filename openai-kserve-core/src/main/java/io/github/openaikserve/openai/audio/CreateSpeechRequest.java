package io.github.openaikserve.openai.audio;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.AbstractRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request to speak a text. Immutable.
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
          "Invalid 'input': expected a string of 1 to %d characters, but got one of %d."
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

  /** Returns a builder without fields. */
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

  /** Returns the name of the voice; null for the model's own. */
  public @Nullable String voice() {
    return get("voice");
  }

  /** Returns how to speak; null if absent. */
  public @Nullable String instructions() {
    return get("instructions");
  }

  /** Returns the encoding of the audio; null for the model's own. */
  public @Nullable SpeechFormat responseFormat() {
    return get("response_format");
  }

  /** Returns the speed, 0.25 to 4; null for the model's own. */
  public @Nullable Double speed() {
    return get("speed");
  }

  /** Names the model and the length of the text: a text does not belong in a log. */
  @Override
  public String toString() {
    return "CreateSpeechRequest[model=%s, input=%d characters]"
        .formatted(model(), input().length());
  }

  /** Collects the fields of a request. Not thread-safe. */
  public static final class Builder extends AbstractRequest.Builder<Builder> {
    private Builder() {}

    private Builder copyOf(CreateSpeechRequest request) {
      return super.copyOf(request);
    }

    /** Sets the text. */
    public Builder input(String text) {
      return set("input", text);
    }

    /** Sets the name of the voice; null for the model's own. */
    public Builder voice(@Nullable String voice) {
      return set("voice", voice);
    }

    /** Sets how to speak; null removes it. */
    public Builder instructions(@Nullable String instructions) {
      return set("instructions", instructions);
    }

    /** Sets the encoding of the audio; null for the model's own. */
    public Builder responseFormat(@Nullable SpeechFormat format) {
      return set("response_format", format);
    }

    /** Sets the speed, 0.25 to 4; null for the model's own. */
    public Builder speed(@Nullable Double speed) {
      return set("speed", speed);
    }

    /**
     * Returns the request.
     *
     * @throws InvalidRequestException naming the field that is missing or out of its range
     */
    public CreateSpeechRequest build() {
      return new CreateSpeechRequest(this);
    }
  }
}
