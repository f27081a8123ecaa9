package io.github.openaikserve.openai.audio;

import java.util.Locale;
import java.util.Optional;

/** A format of spoken audio. */
public enum SpeechFormat {
  MP3("audio/mpeg"),
  OPUS("audio/ogg"),
  AAC("audio/aac"),
  FLAC("audio/flac"),
  /** A WAV file with 16-bit samples. */
  WAV("audio/wav"),
  /** 16-bit little-endian samples without a header. */
  PCM("audio/pcm");

  private final String contentType;
  private final String value = name().toLowerCase(Locale.ROOT);

  SpeechFormat(String contentType) {
    this.contentType = contentType;
  }

  /** Returns OpenAI's name of the format. */
  public String value() {
    return value;
  }

  /** Returns the media type. */
  public String contentType() {
    return contentType;
  }

  /** Returns the format with this name; empty if there is none. */
  public static Optional<SpeechFormat> of(String name) {
    for (SpeechFormat format : values()) {
      if (format.value.equals(name)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
