package io.github.openaikserve.openai;

import java.util.Locale;

/** The format of a vector in the JSON of an answer. */
public enum EncodingFormat {
  /** An array of numbers. */
  FLOAT,
  /** Base64 of little-endian FP32. OpenAI's SDKs request it by default. */
  BASE64;

  private final String value = name().toLowerCase(Locale.ROOT);

  /** Returns OpenAI's name of this format. */
  public String value() {
    return value;
  }
}
