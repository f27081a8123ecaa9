package io.github.openaikserve.openai;

import java.util.Locale;
import java.util.Optional;

/**
 * A category of harmful content.
 *
 * <p>Source: OpenAI's schema {@code CreateModerationResponse}.
 */
public enum ModerationCategory {
  HARASSMENT("harassment"),
  HARASSMENT_THREATENING("harassment/threatening"),
  HATE("hate"),
  HATE_THREATENING("hate/threatening"),
  ILLICIT("illicit"),
  ILLICIT_VIOLENT("illicit/violent"),
  SELF_HARM("self-harm"),
  SELF_HARM_INTENT("self-harm/intent"),
  SELF_HARM_INSTRUCTIONS("self-harm/instructions"),
  SEXUAL("sexual"),
  SEXUAL_MINORS("sexual/minors"),
  VIOLENCE("violence"),
  VIOLENCE_GRAPHIC("violence/graphic");

  private final String value;

  ModerationCategory(String value) {
    this.value = value;
  }

  /** Returns OpenAI's name of the category. */
  public String value() {
    return value;
  }

  /** Returns the category with this name, ignoring case; empty if there is none. */
  public static Optional<ModerationCategory> of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (ModerationCategory category : values()) {
      if (category.value.equals(lower)) {
        return Optional.of(category);
      }
    }
    return Optional.empty();
  }
}
