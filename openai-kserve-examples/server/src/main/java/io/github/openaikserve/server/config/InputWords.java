package io.github.openaikserve.server.config;

import io.github.openaikserve.resilience.RequestLimits;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/** The limits of requests by the words that files and flags have for them. */
public final class InputWords {
  /**
   * A word for a limit.
   *
   * @param size whether it may be written as {@code 64KiB}
   */
  private record Word(String text, boolean size, ObjIntConsumer<RequestLimits.Builder> setter) {}

  private static final List<Word> ALL =
      List.of(
          new Word("headers", true, RequestLimits.Builder::headers),
          new Word("depth", false, RequestLimits.Builder::depth),
          new Word("digits", false, RequestLimits.Builder::digits),
          new Word("string", true, RequestLimits.Builder::string),
          new Word("nodes", false, RequestLimits.Builder::nodes),
          new Word("numbers", false, RequestLimits.Builder::numbers),
          new Word("messages", false, RequestLimits.Builder::messages),
          new Word("prompts", false, RequestLimits.Builder::prompts),
          new Word("tools", false, RequestLimits.Builder::tools),
          new Word("metadata", false, RequestLimits.Builder::metadata),
          new Word("logit_bias", false, RequestLimits.Builder::logitBias),
          new Word("stop", false, RequestLimits.Builder::stops),
          new Word("stop_length", false, RequestLimits.Builder::stopLength),
          new Word("choices", false, RequestLimits.Builder::choices),
          new Word("all_choices", false, RequestLimits.Builder::allChoices),
          new Word("inputs", false, RequestLimits.Builder::inputs),
          new Word("generated_text", true, RequestLimits.Builder::generatedText));

  private InputWords() {}

  static RequestLimits read(Section section) {
    RequestLimits.Builder limits = RequestLimits.builder();
    for (Word word : ALL) {
      section.find(word.text).ifPresent(value -> word.setter.accept(limits, number(word, value)));
    }
    return limits.build();
  }

  private static int number(Word word, Value value) {
    return word.size ? (int) value.size(1, Integer.MAX_VALUE) : value.integer(1, Integer.MAX_VALUE);
  }

  /**
   * Limits with some of them replaced.
   *
   * @throws ConfigException if a word is not known, or a limit is out of its range
   */
  public static RequestLimits replaced(RequestLimits limits, Map<String, Integer> others) {
    RequestLimits.Builder replaced = limits.toBuilder();
    try {
      others.forEach((text, limit) -> named(text).setter.accept(replaced, limit));
      return replaced.build();
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--limit: " + e.getMessage());
    }
  }

  private static Word named(String text) {
    return ALL.stream()
        .filter(word -> word.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "--limit: there is no limit of '%s', only of %s"
                        .formatted(text, ALL.stream().map(Word::text).toList())));
  }
}
