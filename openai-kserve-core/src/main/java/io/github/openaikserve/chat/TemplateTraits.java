package io.github.openaikserve.chat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is known of a Jinja template besides its text.
 *
 * @param bos the text of the token that begins a prompt; empty for none
 * @param eos the text of the token that ends an answer; empty for none
 * @param special the texts of the special tokens that the tokenizer declares
 * @param shortIds whether ids of calls have to be nine letters or digits
 */
record TemplateTraits(
    String bos,
    String eos,
    Set<String> special,
    List<String> stopSequences,
    boolean trimsAnswer,
    boolean shortIds) {
  /** What ends a turn in the families there are. */
  private static final List<String> ENDS_OF_TURN =
      List.of(
          "<|im_end|>",
          "<|eot_id|>",
          "<|eom_id|>",
          "<|eot|>",
          "<end_of_turn>",
          "<turn|>",
          "<|end|>",
          "<|end_of_text|>",
          "<|endoftext|>",
          "<|END_OF_TURN_TOKEN|>",
          "<｜end▁of▁sentence｜>",
          "</s>");

  /** Harmony's answers are several messages, each with an end: only these end the answer. */
  private static final List<String> ENDS_OF_HARMONY = List.of("<|return|>", "<|call|>");

  /** What a template's text tells. */
  static TemplateTraits of(String source, SpecialTokens tokens) {
    String eos = tokens.eos();
    boolean harmony = source.contains("<|channel|>");
    Set<String> stops = new LinkedHashSet<>();
    if (!eos.isEmpty()) {
      stops.add(eos);
    }
    (harmony ? ENDS_OF_HARMONY : ENDS_OF_TURN)
        .stream().filter(source::contains).forEach(stops::add);
    return new TemplateTraits(
        tokens.bos(),
        eos,
        tokens.others(),
        List.copyOf(stops),
        false,
        source.contains("[TOOL_CALLS]"));
  }

  /** Returns the stop sequences that are tokens of the model, and not text of the template. */
  List<String> endTokens() {
    return stopSequences.stream()
        .filter(
            stop ->
                stop.equals(eos) || ENDS_OF_TURN.contains(stop) || ENDS_OF_HARMONY.contains(stop))
        .toList();
  }

  /**
   * Whether white space in front of the answer is the template's: where it leaves the space to the
   * model that it writes itself when it repeats an answer.
   */
  boolean trims(String prompt) {
    return trimsAnswer || prompt.endsWith(":") || prompt.endsWith(" [/INST]");
  }
}
