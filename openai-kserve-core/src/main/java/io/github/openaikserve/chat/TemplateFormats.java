package io.github.openaikserve.chat;

import java.util.Optional;

/** Which formats of answers belong to a template: the one place that asks the catalogues. */
final class TemplateFormats {
  private TemplateFormats() {}

  /** What the text of a template tells of the calls its model makes. */
  static Optional<ToolCallFormat> toolCalls(String source) {
    return Optional.empty();
  }

  /** What the text of a template tells of its model's reasoning. */
  static Optional<ReasoningFormat> reasoning(String source) {
    return Optional.empty();
  }

  static Optional<ToolCallFormat> toolCalls(BuiltIn template) {
    return Optional.empty();
  }

  static Optional<ReasoningFormat> reasoning(BuiltIn template) {
    return Optional.empty();
  }

  static Optional<ToolCallFormat> chatMlToolCalls() {
    return Optional.empty();
  }

  static Optional<ReasoningFormat> chatMlReasoning() {
    return Optional.empty();
  }
}
