package io.github.openaikserve.chat;

import java.util.Map;
import java.util.Optional;

/** Which formats of answers belong to a template: the one place that asks the catalogues. */
final class TemplateFormats {
  private static final Map<String, ToolCallFormat> TOOL_CALLS =
      Map.of(
          "llama3", ToolCallFormats.LLAMA3_JSON,
          "mistral-v3", ToolCallFormats.MISTRAL,
          "mistral-v7", ToolCallFormats.MISTRAL,
          "phi4-mini", ToolCallFormats.PHI4_MINI,
          "deepseek-v3", ToolCallFormats.DEEPSEEK_V3,
          "deepseek-r1", ToolCallFormats.DEEPSEEK_V3,
          "qwen2.5", ToolCallFormats.HERMES,
          "qwen3", ToolCallFormats.HERMES,
          "granite3", ToolCallFormats.GRANITE);
  private static final Map<String, ReasoningFormat> REASONING =
      Map.of(
          "deepseek-r1", ReasoningFormats.THINK,
          "qwen3", ReasoningFormats.THINK,
          "granite3", ReasoningFormats.GRANITE33,
          "phi4", ReasoningFormats.THINK);

  private TemplateFormats() {}

  /** What the text of a template tells of the calls its model makes. */
  static Optional<ToolCallFormat> toolCalls(String source) {
    return ToolCallFormats.detect(source);
  }

  /** What the text of a template tells of its model's reasoning. */
  static Optional<ReasoningFormat> reasoning(String source) {
    return ReasoningFormats.detect(source);
  }

  static Optional<ToolCallFormat> toolCalls(BuiltIn template) {
    return Optional.ofNullable(TOOL_CALLS.get(template.id()));
  }

  static Optional<ReasoningFormat> reasoning(BuiltIn template) {
    return Optional.ofNullable(REASONING.get(template.id()));
  }

  static Optional<ToolCallFormat> chatMlToolCalls() {
    return Optional.of(ToolCallFormats.HERMES);
  }

  static Optional<ReasoningFormat> chatMlReasoning() {
    return Optional.of(ReasoningFormats.THINK);
  }
}
