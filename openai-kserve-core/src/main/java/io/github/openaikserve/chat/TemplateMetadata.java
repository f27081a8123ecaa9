package io.github.openaikserve.chat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The traits of a Jinja template in addition to its source.
 *
 * @param bos the text of the token that begins a prompt; empty for none
 * @param eos the text of the token that ends an answer; empty for none
 * @param special the texts of the special tokens that the tokenizer declares
 * @param shortIds whether ids of tool calls must have nine letters or digits
 */
record TemplateMetadata(
    String bos,
    String eos,
    Set<String> special,
    List<String> stopSequences,
    boolean stripLeadingWhitespace,
    boolean shortIds) {
  /** The tokens that end a turn in known model families. */
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

  /**
   * The tokens that end an answer in Harmony. Answers consist of several messages, each with its
   * own end.
   */
  private static final List<String> ENDS_OF_HARMONY = List.of("<|return|>", "<|call|>");

  /** Returns the traits that a template's source shows. */
  static TemplateMetadata of(String source, SpecialTokens tokens) {
    String eos = tokens.eos();
    boolean harmony = source.contains("<|channel|>");
    Set<String> stops = new LinkedHashSet<>();
    if (!eos.isEmpty()) {
      stops.add(eos);
    }
    (harmony ? ENDS_OF_HARMONY : ENDS_OF_TURN)
        .stream().filter(source::contains).forEach(stops::add);
    return new TemplateMetadata(
        tokens.bos(),
        eos,
        tokens.others(),
        List.copyOf(stops),
        false,
        source.contains("[TOOL_CALLS]"));
  }

  /** Returns a copy with a stop sequence that is not a token. */
  TemplateMetadata alsoStoppingAt(String text) {
    List<String> stops = new ArrayList<>(stopSequences);
    stops.add(text);
    return new TemplateMetadata(bos, eos, special, stops, stripLeadingWhitespace, shortIds);
  }

  /** Returns a copy for a model that generates a space at the beginning of each answer. */
  TemplateMetadata trimming() {
    return new TemplateMetadata(bos, eos, special, stopSequences, true, shortIds);
  }

  /** Returns the stop sequences that are tokens of the model. */
  List<String> endTokens() {
    return stopSequences.stream()
        .filter(
            stop ->
                stop.equals(eos) || ENDS_OF_TURN.contains(stop) || ENDS_OF_HARMONY.contains(stop))
        .toList();
  }

  /**
   * Returns whether leading white space of the answer belongs to the template. This is the case if
   * the model generates a space that the template itself writes before earlier answers.
   */
  boolean trims(String prompt) {
    return stripLeadingWhitespace || prompt.endsWith(":") || prompt.endsWith(" [/INST]");
  }
}
