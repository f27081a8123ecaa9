package io.github.openaikserve.openai.audio;

import java.util.Locale;
import java.util.Optional;

/** The encoding of spoken audio. */
public enum SpeechFormat {
  MP3("audio/mpeg"),
  OPUS("audio/ogg"),
  AAC("audio/aac"),
  FLAC("audio/flac"),
  /** A RIFF file of samples of 16 bits. */
  WAV("audio/wav"),
  /** Samples of 16 bits, little-endian, without a header. */
  PCM("audio/pcm");

  private final String contentType;
  private final String value = name().toLowerCase(Locale.ROOT);

  SpeechFormat(String contentType) {
    this.contentType = contentType;
  }

  /** Returns OpenAI's name of the encoding. */
  public String value() {
    return value;
  }

  /** Returns the media type. */
  public String contentType() {
    return contentType;
  }

  /** Returns the encoding of a name; empty if there is none. */
  public static Optional<SpeechFormat> of(String name) {
    for (SpeechFormat format : values()) {
      if (format.value.equals(name)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
