package io.github.openaikserve.internal.tensor;

import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob.TopLogprob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reader of log probabilities in the format of vLLM's backend: a JSON list with an object for
 * each new token, which contains {@code logprob}, {@code rank} and {@code decoded_token} by token
 * id. The first entry is the chosen token. It appears only once if it is among the most likely
 * tokens, so {@code k} most likely tokens are {@code k} or {@code k + 1} entries. All entries are
 * returned, most likely first; the caller, which knows {@code k}, takes the first {@code k}.
 *
 * <p>Source: {@code triton-inference-server/vllm_backend}: {@code src/utils/request.py}, {@code
 * docs/additional_outputs.md}.
 */
public final class Logprobs {
  /**
   * OpenAI's value for a token whose log probability is not a finite number.
   *
   * <p>Source: OpenAI's schema, {@code ChatCompletionTokenLogprob}.
   */
  private static final double IMPOSSIBLE = -9999.0;

  private record Candidate(String token, double logprob, long rank) {}

  private Logprobs() {}

  /** Returns the tokens; null if the tensor contains {@code null}. */
  public static @Nullable List<ChatCompletionTokenLogprob> of(Tensor tensor) {
    String json = TensorReader.text(tensor);
    if (json.equals("null") || json.isEmpty()) {
      return null;
    }
    if (!(JsonCodec.readPythonValue(json).orElse("") instanceof List<?> tokens)) {
      throw wrong(tensor);
    }
    List<ChatCompletionTokenLogprob> all = new ArrayList<>(tokens.size());
    for (Object token : tokens) {
      all.add(token(tensor, token));
    }
    return all;
  }

  private static ChatCompletionTokenLogprob token(Tensor tensor, @Nullable Object token) {
    if (!(token instanceof Map<?, ?> byId) || byId.isEmpty()) {
      throw wrong(tensor);
    }
    List<Candidate> candidates =
        byId.values().stream().map(candidate -> candidate(tensor, candidate)).toList();
    Candidate chosen = candidates.get(0);
    List<TopLogprob> top =
        candidates.stream()
            .sorted(Comparator.comparingLong(Candidate::rank))
            .map(candidate -> new TopLogprob(candidate.token(), candidate.logprob()))
            .toList();
    return new ChatCompletionTokenLogprob(chosen.token(), chosen.logprob(), top);
  }

  private static Candidate candidate(Tensor tensor, @Nullable Object candidate) {
    if (candidate instanceof Map<?, ?> fields
        && fields.get("logprob") instanceof Number logprob
        && fields.get("decoded_token") instanceof String text) {
      long rank = fields.get("rank") instanceof Number number ? number.longValue() : 1;
      double value = logprob.doubleValue();
      return new Candidate(text, Double.isFinite(value) ? value : IMPOSSIBLE, rank);
    }
    throw wrong(tensor);
  }

  private static DialectException wrong(Tensor tensor) {
    return TensorReader.wrong(tensor, "does not contain a list of log probabilities by token id");
  }
}
