package io.github.openaikserve.chat;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The special tokens that a model's tokenizer declares. Immutable.
 *
 * @param bos the text of the token that begins a prompt; empty for none
 * @param eos the text of the token that ends an answer; empty for none
 * @param others the texts of all declared special tokens
 */
record SpecialTokens(String bos, String eos, Set<String> others) {
  /**
   * The fields with special tokens: texts in a list, or in an object by their names. {@code
   * extra_special_tokens} has both forms.
   */
  private static final List<String> FIELDS =
      List.of("additional_special_tokens", "extra_special_tokens", "model_specific_special_tokens");

  SpecialTokens {
    others = Set.copyOf(others);
  }

  SpecialTokens(String bos, String eos) {
    this(bos, eos, Set.of());
  }

  /**
   * Returns the tokens that a {@code tokenizer_config.json} declares as special.
   *
   * <p>Source: {@code huggingface/transformers}: {@code SpecialTokensMixin}; since version 5 {@code
   * PreTrainedTokenizerBase}, which writes no {@code added_tokens_decoder}.
   */
  static Set<String> declared(Map<String, @Nullable Object> config) {
    Set<String> tokens = new LinkedHashSet<>();
    if (config.get("added_tokens_decoder") instanceof Map<?, ?> added) {
      tokens.addAll(added(added.values()));
    }
    for (String field : FIELDS) {
      if (config.get(field) instanceof List<?> list) {
        list.forEach(token -> add(tokens, token));
      } else if (config.get(field) instanceof Map<?, ?> named) {
        named.values().forEach(token -> add(tokens, token));
      }
    }
    return tokens;
  }

  /** Returns the texts of the added tokens that are special. */
  static Set<String> added(Collection<?> added) {
    Set<String> tokens = new LinkedHashSet<>();
    for (Object token : added) {
      if (token instanceof Map<?, ?> properties && Boolean.TRUE.equals(properties.get("special"))) {
        add(tokens, token);
      }
    }
    return tokens;
  }

  private static void add(Set<String> tokens, @Nullable Object token) {
    Object text = token instanceof Map<?, ?> properties ? properties.get("content") : token;
    if (text instanceof String string) {
      tokens.add(string);
    }
  }
}
