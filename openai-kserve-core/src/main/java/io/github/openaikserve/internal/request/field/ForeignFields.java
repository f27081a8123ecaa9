package io.github.openaikserve.internal.request.field;

import io.github.openaikserve.dialect.FieldHandling;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table of the fields of other servers' APIs that no known model server has a tensor for. It
 * determines how requests with these fields are handled.
 *
 * <p>Source: {@code vllm-project/vllm}: {@code vllm/entrypoints/openai}; {@code
 * ggml-org/llama.cpp}: {@code tools/server/README.md}; {@code sgl-project/sglang}: {@code
 * python/sglang/srt/entrypoints/openai/protocol.py}.
 */
final class ForeignFields {
  /**
   * A field.
   *
   * @param handling {@code REJECTED} if the answer would have a different meaning without the field
   * @param neutral the values that have no effect
   */
  private record Row(FieldHandling handling, List<Object> neutral) {}

  private static final Map<String, Row> ROWS = new HashMap<>();

  static {
    // vLLM
    rejected("prompt_logprobs");
    rejected("return_token_ids", false);
    rejected("return_tokens_as_token_ids", false);
    rejected("logprob_token_ids");
    rejected("use_beam_search", false);
    rejected("prompt_embeds");
    rejected("logits_processors");
    rejected("structural_tag");
    rejected("chat_template");
    rejected("documents");
    rejected("truncate_prompt_tokens"); // in embedding requests
    dropped("early_stopping", false);
    dropped("guided_decoding_backend");
    dropped("guided_whitespace_pattern");
    dropped("add_special_tokens");
    dropped("include_reasoning", true);
    dropped("repetition_detection");
    dropped("mm_processor_kwargs");
    dropped("cache_salt");
    dropped("kv_transfer_params");

    // llama.cpp
    rejected("n_probs", 0);
    rejected("return_tokens", false);
    rejected("grammar_triggers");
    rejected("lora");
    dropped("grammar_lazy", false);
    dropped("typical_p", 1.0);
    dropped("top_n_sigma", -1.0);
    dropped("dynatemp_range", 0.0);
    dropped("dynatemp_exponent");
    dropped("mirostat", 0);
    dropped("mirostat_tau");
    dropped("mirostat_eta");
    dropped("dry_multiplier", 0.0);
    dropped("dry_base");
    dropped("dry_allowed_length");
    dropped("dry_penalty_last_n");
    dropped("dry_sequence_breakers");
    dropped("xtc_probability", 0.0);
    dropped("xtc_threshold");
    dropped("repeat_last_n");
    dropped("samplers");
    dropped("min_keep", 0);
    dropped("n_keep", 0);
    dropped("n_indent", 0);
    dropped("n_discard", 0);
    dropped("id_slot", -1);
    dropped("cache_prompt");
    dropped("t_max_predict_ms", 0, -1);
    dropped("post_sampling_probs", false);
    dropped("timings_per_token", false);
    dropped("return_progress", false);
    dropped("reasoning_format");
    dropped("thinking_forced_open", false);

    // SGLang
    rejected("stop_regex");
    rejected("input_ids");
    rejected("lora_path");
    rejected("session_params");
    rejected("return_hidden_states", false);
    rejected("custom_logit_processor");
    dropped("custom_params");
    dropped("separate_reasoning", true);
    dropped("stream_reasoning", true);
    dropped("rid");

    // in rerank, score and classification requests of vLLM, Cohere and Jina
    rejected("rank_fields");
    rejected("use_activation", true);
    rejected("activation", true);
    dropped("max_tokens_per_doc");
    dropped("max_chunks_per_doc");
    dropped("truncate");

    // OpenRouter, Anthropic and Cohere
    dropped("reasoning");
    dropped("thinking");
    ROWS.put("input_type", new Row(FieldHandling.IGNORED, List.of())); // in embedding requests
  }

  private ForeignFields() {}

  private static void rejected(String name, Object... neutral) {
    ROWS.put(name, new Row(FieldHandling.REJECTED, List.of(neutral)));
  }

  private static void dropped(String name, Object... neutral) {
    ROWS.put(name, new Row(FieldHandling.DROPPED, List.of(neutral)));
  }

  /** Returns the handling of a field with a value; null if the field is unknown. */
  static @Nullable FieldHandling handling(String name, Object value) {
    Row row = ROWS.get(name);
    if (row == null) {
      return null;
    }
    return asksForNothing(row, value) ? FieldHandling.IGNORED : row.handling();
  }

  static boolean isKnown(String name) {
    return ROWS.containsKey(name);
  }

  private static boolean asksForNothing(Row row, Object value) {
    return value.equals("")
        || (value instanceof Collection<?> values && values.isEmpty())
        || (value instanceof Map<?, ?> members && members.isEmpty())
        || row.neutral().stream().anyMatch(neutral -> same(neutral, value));
  }

  private static boolean same(Object neutral, Object value) {
    if (neutral instanceof Number expected && value instanceof Number number) {
      return expected.doubleValue() == number.doubleValue();
    }
    return neutral.equals(value);
  }

  /** Returns the names of the fields with a given handling. */
  static List<String> names(FieldHandling handling) {
    return ROWS.entrySet().stream()
        .filter(row -> row.getValue().handling() == handling)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
