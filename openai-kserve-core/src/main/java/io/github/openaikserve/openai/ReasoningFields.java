package io.github.openaikserve.openai;

import java.util.List;

/** The JSON fields that contain the reasoning of an answer. OpenAI's API defines none. */
public enum ReasoningFields {
  /** Both fields, so that every client finds the one it reads. */
  BOTH("reasoning_content", "reasoning"),
  /** The field of vLLM and OpenRouter. */
  REASONING("reasoning"),
  /** The field of DeepSeek. */
  REASONING_CONTENT("reasoning_content");

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
  private final List<String> names;

  ReasoningFields(String... names) {
    this.names = List.of(names);
  }

  /** Returns the names of the fields, in the order of the JSON. */
  public List<String> names() {
    return names;
  }
}
