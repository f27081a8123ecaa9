package io.github.openaikserve.server.config;

import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ControlTokens;
import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.chat.format.ToolCallFormats;
import io.github.openaikserve.server.options.EnumType;
import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;

/** The formats of a model's prompts and answers. Immutable. */
public record ChatConfig(
    @Setting(type = TemplateChoice.Name.class) Optional<TemplateChoice> chatTemplate,
    @Setting(type = ToolCallNames.class) Optional<String> toolCallFormat,
    @Setting(type = ReasoningNames.class) Optional<String> reasoningFormat,
    ControlTokens controlTokens,
    boolean emulateResponseFormat) {
  private static final String NONE = "none";

  /** Checks that the handling of control tokens has an effect. */
  public ChatConfig {
    boolean known = chatTemplate.filter(ChatConfig::mayHaveTokens).isPresent();
    if (controlTokens != ControlTokens.KEEP && !known) {
      throw new Mistake(
          "control_tokens", "requires a chat_template with control tokens, such as chatml");
    }
  }

  private static boolean mayHaveTokens(TemplateChoice choice) {
    return choice.template().map(template -> !template.controlTokens().isEmpty()).orElse(true);
  }

  /** Returns the configured template; empty for the library's default. */
  public Optional<ChatTemplate> template() {
    return chatTemplate.flatMap(TemplateChoice::template);
  }

  /** Returns why the template cannot be used, which disables its models; empty if it can. */
  public Optional<String> unusable() {
    return chatTemplate.flatMap(TemplateChoice::unusable);
  }

  /** Returns the configured format of tool calls; empty for the template's. */
  public Optional<ToolCallFormat> toolCalls() {
    return toolCallFormat.flatMap(ToolCallFormats::byName);
  }

  /** Returns whether the model may receive tools. */
  public boolean hasTools() {
    return toolCallFormat.filter(NONE::equals).isEmpty();
  }

  /** Returns the configured format of reasoning; empty for the template's. */
  public Optional<ReasoningFormat> reasoning() {
    return reasoningFormat.flatMap(ReasoningFormats::byName);
  }

  /** Returns whether reasoning is separated from the text. */
  public boolean separatesReasoning() {
    return reasoningFormat.filter(NONE::equals).isEmpty();
  }

  private static Collection<String> orNone(Collection<String> names) {
    Collection<String> words = new TreeSet<>(names);
    words.add(NONE);
    return words;
  }

  static final class ToolCallNames extends EnumType<String> {
    ToolCallNames() {
      super(() -> orNone(ToolCallFormats.names()), name -> name);
    }
  }

  static final class ReasoningNames extends EnumType<String> {
    ReasoningNames() {
      super(() -> orNone(ReasoningFormats.names()), name -> name);
    }
  }
}
