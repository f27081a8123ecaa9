package io.github.openaikserve.openai;

import java.util.List;

/** The fields in which an answer has its reasoning; OpenAI's API has none. */
public enum ReasoningFields {
  /** Both names, so that every client finds one that it reads. */
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

  /** Returns the names of the fields, in the order in which they are written. */
  public List<String> names() {
    return names;
  }
}
