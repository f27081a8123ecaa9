package io.github.openaikserve.internal.json.write;

import io.github.openaikserve.internal.json.JsonWriter;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob.TopLogprob;
import io.github.openaikserve.openai.CompletionLogprobs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A writer of log probabilities in the formats of chat and text completions. */
final class LogprobsWriter {
  private static final String TOP_LOGPROBS = "top_logprobs";

  /** The replacement character in a token's text. Its original bytes are unknown. */
  private static final char REPLACEMENT = '\uFFFD';

  /** The value for a probability of 0, as in OpenAI's API, because JSON has no infinity. */
  private static final double IMPOSSIBLE = -9999.0;

  private LogprobsWriter() {}

  static void chat(JsonWriter json, List<ChatCompletionTokenLogprob> tokens) {
    json.object(
        "logprobs",
        logprobs -> {
          tokens(logprobs, "content", tokens);
          logprobs.field("refusal", null);
        });
  }

  /** Writes an array of tokens. */
  static void tokens(JsonWriter json, String name, List<ChatCompletionTokenLogprob> tokens) {
    json.objects(
        name,
        tokens,
        (each, token) -> {
          token(each, token.token(), token.logprob());
          each.objects(
              TOP_LOGPROBS,
              token.topLogprobs(),
              (top, other) -> token(top, other.token(), other.logprob()));
        });
  }

  private static void token(JsonWriter json, String token, double logprob) {
    json.field("token", token).field("logprob", finite(logprob)).field("bytes", bytes(token));
  }

  private static @Nullable List<Integer> bytes(String token) {
    if (token.indexOf(REPLACEMENT) >= 0 || !token.equals(JsonWriter.characters(token))) {
      return null;
    }
    List<Integer> bytes = new ArrayList<>();
    for (byte b : token.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(b & 0xFF);
    }
    return bytes;
  }

  static void completion(JsonWriter json, CompletionLogprobs logprobs) {
    List<ChatCompletionTokenLogprob> tokens = logprobs.tokens();
    json.object(
        "logprobs",
        fields ->
            fields
                .field("tokens", tokens.stream().map(ChatCompletionTokenLogprob::token).toList())
                .field("token_logprobs", tokens.stream().map(t -> finite(t.logprob())).toList())
                .field(TOP_LOGPROBS, tokens.stream().map(t -> likeliest(t.topLogprobs())).toList())
                .field("text_offset", logprobs.textOffsets()));
  }

  /**
   * Returns the most likely tokens. Of tokens with equal text only the most likely one is returned,
   * because keys must be unique.
   */
  private static Map<String, Double> likeliest(List<TopLogprob> tokens) {
    Map<String, Double> likeliest = new LinkedHashMap<>();
    for (TopLogprob token : tokens) {
      likeliest.merge(JsonWriter.characters(token.token()), token.logprob(), Math::max);
    }
    likeliest.replaceAll((token, logprob) -> finite(logprob));
    return likeliest;
  }

  private static double finite(double logprob) {
    if (logprob == Double.POSITIVE_INFINITY) {
      return 0;
    }
    return logprob == Double.NEGATIVE_INFINITY ? IMPOSSIBLE : logprob;
  }
}
