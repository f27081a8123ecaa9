package io.github.openaikserve.openai.audio;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import io.github.openaikserve.openai.AbstractRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to transcribe an audio file, or to translate it into English text. Immutable.
 *
 * <p>{@code Audio.transcribe} and {@code Audio.translate} accept it. The file is sent unchanged, so
 * the model server decides which formats it can read.
 *
 * <pre>{@code
 * var request =
 *     CreateTranscriptionRequest.builder()
 *         .model("whisper")
 *         .file("speech.wav", Files.readAllBytes(Path.of("speech.wav")))
 *         .build();
 * }</pre>
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

  /** Returns an empty builder. */
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

  /** Returns a text that precedes the audio and shows its style; null if absent. */
  public @Nullable String prompt() {
    return get("prompt");
  }

  /** Returns the format of the answer over HTTP; null for JSON. */
  public @Nullable TranscriptionFormat responseFormat() {
    return get("response_format");
  }

  /** Returns the sampling temperature, 0 to 1; null if absent. */
  public @Nullable Double temperature() {
    return get("temperature");
  }

  /**
   * Returns the granularities of timestamps, {@code segment} or {@code word}; null if absent. A
   * request is rejected if the model does not report them.
   */
  public @Nullable List<String> timestampGranularities() {
    return get("timestamp_granularities");
  }

  /** Returns whether the answer over HTTP is streamed; null means false. Java methods ignore it. */
  public @Nullable Boolean stream() {
    return get("stream");
  }

  /** Returns the model and the size of the file; never the prompt, which must not be logged. */
  @Override
  public String toString() {
    return "CreateTranscriptionRequest[model=%s, file=%s]".formatted(model(), file());
  }

  /** A builder of requests. Not thread-safe. */
  public static final class Builder extends AbstractRequest.Builder<Builder> {
    private Builder() {}

    private Builder copyOf(CreateTranscriptionRequest request) {
      return super.copyOf(request);
    }

    /** Sets the audio. */
    public Builder file(AudioFile file) {
      return set("file", file);
    }

    /** Sets the audio. The array must not be modified afterwards. */
    public Builder file(String name, byte[] bytes) {
      return file(AudioFile.of(name, bytes));
    }

    /** Sets the language of the audio; null removes it. */
    public Builder language(@Nullable String language) {
      return set("language", language);
    }

    /** Sets a text that precedes the audio and shows its style; null removes it. */
    public Builder prompt(@Nullable String prompt) {
      return set("prompt", prompt);
    }

    /** Sets the format of the answer over HTTP; null for JSON. */
    public Builder responseFormat(@Nullable TranscriptionFormat format) {
      return set("response_format", format);
    }

    /** Sets the sampling temperature, 0 to 1; null removes it. */
    public Builder temperature(@Nullable Double temperature) {
      return set("temperature", temperature);
    }

    /** Sets the granularities of timestamps, {@code segment} or {@code word}; null removes them. */
    public Builder timestampGranularities(@Nullable List<String> granularities) {
      return setList("timestamp_granularities", granularities);
    }

    /** Sets whether the answer over HTTP is streamed; null means false. */
    public Builder stream(@Nullable Boolean stream) {
      return set("stream", stream);
    }

    /**
     * Builds the request.
     *
     * @throws InvalidRequestException naming the field that is missing or out of range
     */
    public CreateTranscriptionRequest build() {
      return new CreateTranscriptionRequest(this);
    }
  }
}
