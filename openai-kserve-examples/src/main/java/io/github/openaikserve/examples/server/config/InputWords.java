package io.github.openaikserve.examples.server.config;

import io.github.openaikserve.openai.InputLimits;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/** The limits of requests by the words that files and flags have for them. */
public enum InputWords {
  /** Bytes of all headers. */
  HEADERS("headers", true, InputLimits.Builder::headers),
  /** Levels of the JSON. */
  DEPTH("depth", false, InputLimits.Builder::depth),
  /** Characters of a number. */
  DIGITS("digits", false, InputLimits.Builder::digits),
  /** Characters of a string. */
  STRING("string", true, InputLimits.Builder::string),
  /** Messages of a conversation. */
  MESSAGES("messages", false, InputLimits.Builder::messages),
  /** Prompts of a request. */
  PROMPTS("prompts", false, InputLimits.Builder::prompts),
  /** Tools of a request. */
  TOOLS("tools", false, InputLimits.Builder::tools),
  /** Stop sequences. */
  STOP("stop", false, InputLimits.Builder::stops),
  /** Choices of a prompt. */
  CHOICES("choices", false, InputLimits.Builder::choices),
  /** Choices of all prompts. */
  ALL_CHOICES("all_choices", false, InputLimits.Builder::allChoices),
  /** Inputs to embed. */
  INPUTS("inputs", false, InputLimits.Builder::inputs);

  private final String word;
  private final boolean size;
  private final ObjIntConsumer<InputLimits.Builder> setter;

  InputWords(String word, boolean size, ObjIntConsumer<InputLimits.Builder> setter) {
    this.word = word;
    this.size = size;
    this.setter = setter;
  }

  static InputLimits read(Section section) {
    InputLimits.Builder limits = InputLimits.builder();
    for (InputWords one : values()) {
      section
          .find(one.word)
          .ifPresent(
              value ->
                  one.setter.accept(
                      limits,
                      one.size
                          ? (int) value.size(1, Integer.MAX_VALUE)
                          : value.integer(1, Integer.MAX_VALUE)));
    }
    return limits.build();
  }

  /**
   * Limits with some of them replaced.
   *
   * @throws ConfigException if a word is not known, or a limit is out of its range
   */
  public static InputLimits replaced(InputLimits limits, Map<String, Integer> others) {
    InputLimits.Builder replaced = limits.toBuilder();
    others.forEach((word, limit) -> named(word).setter.accept(replaced, limit));
    try {
      return replaced.build();
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--limit: " + e.getMessage());
    }
  }

  private static InputWords named(String word) {
    List<InputWords> all = List.of(values());
    return all.stream()
        .filter(one -> one.word.equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "--limit: there is no limit of '%s', only of %s"
                        .formatted(word, all.stream().map(one -> one.word).toList())));
  }
}
