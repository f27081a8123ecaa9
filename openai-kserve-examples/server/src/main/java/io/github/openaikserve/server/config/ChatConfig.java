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
    @Setting(
            value =
                "Chat template: a name such as `chatml` or `llama3`, or a `.jinja`,"
                    + " `tokenizer_config.json` or `.gguf` file.",
            unset = "plain",
            type = TemplateChoice.Name.class)
        Optional<TemplateChoice> chatTemplate,
    @Setting(
            value = "Format of tool calls in the model's text, or `none`.",
            unset = "the template's",
            type = ToolCallNames.class)
        Optional<String> toolCallFormat,
    @Setting(
            value = "Format of reasoning in the model's text, or `none`.",
            unset = "the template's",
            type = ReasoningNames.class)
        Optional<String> reasoningFormat,
    @Setting(
            value =
                "Control tokens of the model, such as `<|im_start|>`, in the text of users and"
                    + " tools: `keep` them, `refuse` the request, or `split` them, so that they are"
                    + " ordinary text.",
            initial = "keep")
        ControlTokens controlTokens,
    @Setting(
            value =
                "Emulate a `response_format` that the model server cannot enforce: describe it in"
                    + " the prompt and check the answer; `false` rejects such requests.",
            initial = "true")
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
