package io.github.openaikserve.openai.audio;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import io.github.openaikserve.openai.AbstractRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for the text of an audio file: in its own language, or translated into English.
 * Immutable.
 *
 * <p>Absent fields are null. Source: OpenAI's schemas {@code CreateTranscriptionRequest} and {@code
 * CreateTranslationRequest}.
 */
public final class CreateTranscriptionRequest extends AbstractRequest {
  private CreateTranscriptionRequest(Builder builder) {
    super(builder);
    file();
    FieldChecks.decimal("temperature", temperature(), 0, 1);
  }

  /** Returns a builder without fields. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with the fields of this request. */
  public Builder toBuilder() {
    return new Builder().copyOf(this);
  }

  /** Returns the audio. */
  public AudioFile file() {
    return required("file");
  }

  /** Returns the language of the audio, such as {@code en}; null if unknown. */
  public @Nullable String language() {
    return get("language");
  }

  /** Returns a text that precedes the audio, for its style; null if absent. */
  public @Nullable String prompt() {
    return get("prompt");
  }

  /** Returns the form of the answer over HTTP; null for JSON. */
  public @Nullable TranscriptionFormat responseFormat() {
    return get("response_format");
  }

  /** Returns the sampling temperature, 0 to 1; null if absent. */
  public @Nullable Double temperature() {
    return get("temperature");
  }

  /** Returns what times are wanted for, {@code segment} or {@code word}; null if absent. */
  public @Nullable List<String> timestampGranularities() {
    return get("timestamp_granularities");
  }

  /** Returns whether the answer is streamed; null for no. */
  public @Nullable Boolean stream() {
    return get("stream");
  }

  /** Names the model and the size of the file: what is said does not belong in a log. */
  @Override
  public String toString() {
    return "CreateTranscriptionRequest[model=%s, file=%s]".formatted(model(), file());
  }

  /** Collects the fields of a request. Not thread-safe. */
  public static final class Builder extends AbstractRequest.Builder<Builder> {
    private Builder() {}

    private Builder copyOf(CreateTranscriptionRequest request) {
      return super.copyOf(request);
    }

    /** Sets the audio. */
    public Builder file(AudioFile file) {
      return set("file", file);
    }

    /** Sets the audio; the bytes must not be changed afterwards. */
    public Builder file(String name, byte[] bytes) {
      return file(AudioFile.of(name, bytes));
    }

    /** Sets the language of the audio; null removes it. */
    public Builder language(@Nullable String language) {
      return set("language", language);
    }

    /** Sets a text that precedes the audio; null removes it. */
    public Builder prompt(@Nullable String prompt) {
      return set("prompt", prompt);
    }

    /** Sets the form of the answer over HTTP; null for JSON. */
    public Builder responseFormat(@Nullable TranscriptionFormat format) {
      return set("response_format", format);
    }

    /** Sets the sampling temperature, 0 to 1; null removes it. */
    public Builder temperature(@Nullable Double temperature) {
      return set("temperature", temperature);
    }

    /** Sets what times are wanted for; null removes it. */
    public Builder timestampGranularities(@Nullable List<String> granularities) {
      return set("timestamp_granularities", granularities);
    }

    /** Sets whether the answer is streamed; null for no. */
    public Builder stream(@Nullable Boolean stream) {
      return set("stream", stream);
    }

    /**
     * Returns the request.
     *
     * @throws InvalidRequestException naming the field that is missing or out of its range
     */
    public CreateTranscriptionRequest build() {
      return new CreateTranscriptionRequest(this);
    }
  }
}
