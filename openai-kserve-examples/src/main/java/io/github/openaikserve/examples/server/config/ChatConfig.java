package io.github.openaikserve.examples.server.config;

import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.chat.format.ToolCallFormats;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How a model is talked to. Immutable; what is empty is left to the library.
 *
 * @param toolCalls how it writes calls of tools
 * @param tools false for a model that is to be given none
 * @param reasoning how it sets its reasoning apart
 * @param findsReasoning false for reasoning that is to stay in the text
 * @param emulatesResponseFormat whether forms that its server cannot enforce are asked for
 * @param unusable why the template cannot be used, so that nothing is served with it; empty if it
 *     can
 */
public record ChatConfig(
    Optional<ChatTemplate> template,
    Optional<ToolCallFormat> toolCalls,
    boolean tools,
    Optional<ReasoningFormat> reasoning,
    boolean findsReasoning,
    boolean emulatesResponseFormat,
    Optional<String> unusable) {
  private static final String NONE = "none";

  /** All left to the library, but the template; response formats are emulated. */
  public static ChatConfig of(Optional<ChatTemplate> template) {
    return new ChatConfig(
        template, Optional.empty(), true, Optional.empty(), true, true, Optional.empty());
  }

  /** The same with another choice about response formats. */
  public ChatConfig withEmulatedResponseFormat(boolean emulates) {
    return new ChatConfig(
        template, toolCalls, tools, reasoning, findsReasoning, emulates, unusable);
  }

  /** Reads the keys of a model that are about chats. */
  static ChatConfig read(Section section) {
    Optional<Value> toolCalls = section.find("tool_call_format");
    Optional<Value> reasoning = section.find("reasoning_format");
    Optional<ChatTemplate> template = Optional.empty();
    Optional<String> unusable = Optional.empty();
    Optional<Value> named = section.find("chat_template");
    if (named.isPresent()) {
      try {
        template = Optional.of(template(named.get()));
      } catch (TemplateChoice.UnusableException e) {
        unusable = Optional.of(message(named.get(), e));
      }
    }
    return new ChatConfig(
        template,
        toolCalls.flatMap(value -> named(value, ToolCallFormats.names(), ToolCallFormats::byName)),
        toolCalls.filter(ChatConfig::isNone).isEmpty(),
        reasoning.flatMap(
            value -> named(value, ReasoningFormats.names(), ReasoningFormats::byName)),
        reasoning.filter(ChatConfig::isNone).isEmpty(),
        section.find("emulate_response_format").map(Value::flag).orElse(true),
        unusable);
  }

  private static ChatTemplate template(Value value) {
    try {
      return TemplateChoice.named(value.text(), value::beside);
    } catch (TemplateChoice.UnusableException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw value.wrong(String.valueOf(e.getMessage()));
    }
  }

  private static String message(Value value, Exception e) {
    return String.valueOf(value.wrong(String.valueOf(e.getMessage())).getMessage());
  }

  private static boolean isNone(Value value) {
    return value.text().equals(NONE);
  }

  private static <T> Optional<T> named(
      Value value, Set<String> names, Function<String, Optional<T>> byName) {
    Set<String> words = new HashSet<>(names);
    words.add(NONE);
    return value.oneOf(words, byName);
  }
}
