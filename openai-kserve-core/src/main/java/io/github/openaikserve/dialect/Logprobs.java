package io.github.openaikserve.dialect;

import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob.TopLogprob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Log probabilities as vLLM's backend writes them: a JSON list with an object for each new token,
 * which has, by token id, {@code logprob}, {@code rank} and {@code decoded_token}. The first is the
 * token that was chosen, and appears only once if it is one of the likeliest: {@code k} of them are
 * {@code k} or {@code k + 1} entries. All are given, the likeliest first; the reader of the answer,
 * which knows {@code k}, takes the first {@code k}.
 *
 * <p>Source: {@code triton-inference-server/vllm_backend}: {@code src/utils/request.py}, {@code
 * docs/additional_outputs.md}.
 */
final class Logprobs {
  /**
   * What OpenAI writes for a token so unlikely that its log probability is no finite number.
   *
   * <p>Source: OpenAI's schema, {@code ChatCompletionTokenLogprob}.
   */
  private static final double IMPOSSIBLE = -9999.0;

  private record Candidate(String token, double logprob, long rank) {}

  private Logprobs() {}

  /** The tokens; null where the tensor says {@code null}. */
  static @Nullable List<ChatCompletionTokenLogprob> of(Tensor tensor) {
    String json = StandardCharsets.UTF_8.decode(Scalars.bytes(tensor)).toString();
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
    return new DialectException(
        "Output tensor '%s' holds no list of log probabilities by token id."
            .formatted(tensor.name()));
  }
}
