package io.github.openaikserve.dialect;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of a request's audio, or a part of it. Immutable.
 *
 * @param text UTF-8 that may be split inside a character; read-only
 * @param language the detected language as the server reports it; null if not reported
 * @param duration the length of the audio in seconds; null if not reported
 * @param segments the parts of the text with their times; empty if not reported
 * @param words the words of the text with their times; empty if not reported
 */
public record Transcript(
    ByteBuffer text,
    @Nullable String language,
    @Nullable Double duration,
    List<Segment> segments,
    List<Segment> words,
    @Nullable Integer promptTokens)
    implements BatchOutput {
  /** A segment of the text, with its times in seconds from the beginning of the audio. */
  public record Segment(double start, double end, String text) {}

  /** Copies the lists. */
  public Transcript {
    segments = List.copyOf(segments);
    words = List.copyOf(words);
  }
}
