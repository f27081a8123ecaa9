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
 * token that was chosen; the others are the likeliest.
 *
 * <p>Source: {@code triton-inference-server/vllm_backend}: {@code src/utils/request.py}, {@code
 * docs/additional_outputs.md}.
 */
final class Logprobs {
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
    // A chosen token that is none of the likeliest comes in addition to them.
    boolean added = chosen.rank() >= candidates.size();
    List<TopLogprob> top =
        candidates.stream()
            .skip(added ? 1 : 0)
            .sorted(Comparator.comparingLong(Candidate::rank))
            .map(candidate -> new TopLogprob(candidate.token(), candidate.logprob()))
            .toList();
    return new ChatCompletionTokenLogprob(chosen.token(), chosen.logprob(), top);
  }

  private static Candidate candidate(Tensor tensor, @Nullable Object candidate) {
    if (candidate instanceof Map<?, ?> fields
        && fields.get("logprob") instanceof Number logprob
        && !Double.isNaN(logprob.doubleValue())
        && fields.get("decoded_token") instanceof String text) {
      long rank = fields.get("rank") instanceof Number number ? number.longValue() : 1;
      return new Candidate(text, logprob.doubleValue(), rank);
    }
    throw wrong(tensor);
  }

  private static DialectException wrong(Tensor tensor) {
    return new DialectException(
        "Output tensor '%s' holds no list of log probabilities by token id."
            .formatted(tensor.name()));
  }
}
