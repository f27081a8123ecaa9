package io.github.openaikserve.chat;

import io.github.openaikserve.chat.format.ReasoningFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The traits of a Jinja template in addition to its source.
 *
 * @param bos the text of the token that begins a prompt; empty for none
 * @param eos the text of the token that ends an answer; empty for none
 * @param special the texts of the special tokens that the tokenizer declares
 * @param endTokens other tokens that end an answer, although the template does not write them
 * @param stopTexts the texts that end an answer and are not tokens
 * @param reasoning the reasoning format of the models, although the template does not show it; null
 *     for none
 */
record TemplateMetadata(
    String bos,
    String eos,
    Set<String> special,
    List<String> endTokens,
    List<String> stopTexts,
    @Nullable ReasoningFormat reasoning,
    boolean stripLeadingWhitespace) {
  /** Returns the traits of a template with these tokens. */
  static TemplateMetadata of(SpecialTokens tokens) {
    return new TemplateMetadata(
        tokens.bos(), tokens.eos(), tokens.others(), List.of(), List.of(), null, false);
  }

  /** Returns a copy with another token that ends an answer. */
  TemplateMetadata alsoEndingAt(String token) {
    return new TemplateMetadata(
        bos, eos, special, List.of(token), stopTexts, reasoning, stripLeadingWhitespace);
  }

  /** Returns a copy with a stop sequence that is not a token. */
  TemplateMetadata alsoStoppingAt(String text) {
    return new TemplateMetadata(
        bos, eos, special, endTokens, List.of(text), reasoning, stripLeadingWhitespace);
  }

  /** Returns a copy for models that reason, although the template does not show it. */
  TemplateMetadata alsoReasoning(ReasoningFormat format) {
    return new TemplateMetadata(
        bos, eos, special, endTokens, stopTexts, format, stripLeadingWhitespace);
  }

  /** Returns a copy for a model that generates a space at the beginning of each answer. */
  TemplateMetadata trimming() {
    return new TemplateMetadata(bos, eos, special, endTokens, stopTexts, reasoning, true);
  }

  /**
   * Returns whether leading white space of the answer belongs to the template. This is the case if
   * the model generates a space that the template itself writes before earlier answers.
   */
  boolean trims(String prompt) {
    return stripLeadingWhitespace || prompt.endsWith(":") || prompt.endsWith(" [/INST]");
  }
}
