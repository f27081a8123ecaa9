package io.github.openaikserve.chat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The chat templates that come with the library. */
public final class ChatTemplates {
  /**
   * AnyServe's own form: {@code System: ...}, {@code User: ...} and {@code Assistant: ...} with a
   * blank line between turns. The next turn's heading after a blank line ends an answer.
   *
   * <p>Source: {@code simpx/anyserve}: {@code python/anyserve/builtins/llamacpp/openai_compat}.
   */
  public static final ChatTemplate PLAIN = new PlainTemplate();

  /**
   * ChatML: {@code <|im_start|>role}, the text, {@code <|im_end|>}. What Qwen and many others were
   * trained on.
   */
  public static final ChatTemplate CHATML = new ChatMlTemplate();

  private static final Map<String, ChatTemplate> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("plain", PLAIN);
    BY_NAME.put("chatml", CHATML);
  }

  private ChatTemplates() {}

  /** The template of that name; empty when there is none. */
  public static Optional<ChatTemplate> byName(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The names that {@link #byName} knows. */
  public static Set<String> names() {
    return Set.copyOf(BY_NAME.keySet());
  }
}
