package io.github.openaikserve.openai.audio;

import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of an audio file. Immutable.
 *
 * @param language the language as the server reports it; null if it does not
 * @param duration the length of the audio in seconds; null if the server does not report it
 * @param segments the parts of the text with their times; empty if the server does not report them
 * @param words the words of the text with their times; empty unless the request asks for them
 * @param usage the tokens of the prompt; audio is not counted
 * @param droppedParams request fields that had no effect; not part of the JSON
 */
public record Transcription(
    String text,
    @Nullable String language,
    @Nullable Double duration,
    List<Segment> segments,
    List<Word> words,
    Usage usage,
    List<String> droppedParams) {
  /** Copies the lists. */
  public Transcription {
    segments = List.copyOf(segments);
    words = List.copyOf(words);
    droppedParams = List.copyOf(droppedParams);
  }

  /**
   * A part of the text.
   *
   * @param id the number of the segment, from 0
   * @param start the start in seconds from the beginning of the audio
   * @param end the end in seconds from the beginning of the audio
   */
  public record Segment(int id, double start, double end, String text) {}

  /**
   * A word of the text.
   *
   * @param start the time of its beginning, in seconds from the beginning of the audio
   * @param end the time of its end, in seconds from the beginning of the audio
   */
  public record Word(String word, double start, double end) {}
}
