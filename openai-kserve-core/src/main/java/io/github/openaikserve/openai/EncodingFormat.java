package io.github.openaikserve.openai;

import java.util.Locale;

/** How the JSON of an answer writes a vector. */
public enum EncodingFormat {
  /** An array of numbers. */
  FLOAT,
  /** The base64 of little-endian FP32, which OpenAI's SDKs request by default. */
  BASE64;

  private final String value = name().toLowerCase(Locale.ROOT);

  /** Returns OpenAI's name of this format. */
  public String value() {
    return value;
  }
}
