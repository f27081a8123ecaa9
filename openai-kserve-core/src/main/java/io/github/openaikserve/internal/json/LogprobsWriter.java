package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob.TopLogprob;
import io.github.openaikserve.openai.CompletionLogprobs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A writer of log probabilities in the formats of chat and text completions. */
final class LogprobsWriter {
  /** The replacement character in a token's text. Its original bytes are unknown. */
  private static final char REPLACEMENT = '\uFFFD';

  /** The value for a probability of 0, as in OpenAI's API, because JSON has no infinity. */
  private static final double IMPOSSIBLE = -9999.0;

  private LogprobsWriter() {}

  private static double finite(double logprob) {
    if (logprob == Double.POSITIVE_INFINITY) {
      return 0;
    }
    return logprob == Double.NEGATIVE_INFINITY ? IMPOSSIBLE : logprob;
  }

  static void chat(JsonGenerator json, @Nullable List<ChatCompletionTokenLogprob> tokens)
      throws IOException {
    if (tokens == null) {
      json.writeNullField("logprobs");
      return;
    }
    json.writeObjectFieldStart("logprobs");
    tokens(json, "content", tokens);
    json.writeNullField("refusal");
    json.writeEndObject();
  }

  /** Writes an array of tokens. */
  static void tokens(JsonGenerator json, String name, List<ChatCompletionTokenLogprob> tokens)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (ChatCompletionTokenLogprob token : tokens) {
      token(json, token.token(), token.logprob());
      json.writeArrayFieldStart("top_logprobs");
      for (TopLogprob other : token.topLogprobs()) {
        token(json, other.token(), other.logprob());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void token(JsonGenerator json, String token, double logprob) throws IOException {
    json.writeStartObject();
    AnswerWriter.text(json, "token", token);
    json.writeNumberField("logprob", finite(logprob));
    if (token.indexOf(REPLACEMENT) >= 0) {
      json.writeNullField("bytes");
      return;
    }
    json.writeArrayFieldStart("bytes");
    for (byte b : token.getBytes(StandardCharsets.UTF_8)) {
      json.writeNumber(b & 0xFF);
    }
    json.writeEndArray();
  }

  static void completion(JsonGenerator json, @Nullable CompletionLogprobs logprobs)
      throws IOException {
    if (logprobs == null) {
      json.writeNullField("logprobs");
      return;
    }
    List<ChatCompletionTokenLogprob> tokens = logprobs.tokens();
    json.writeObjectFieldStart("logprobs");
    json.writeArrayFieldStart("tokens");
    for (ChatCompletionTokenLogprob token : tokens) {
      json.writeString(JsonWriter.characters(token.token()));
    }
    json.writeEndArray();
    json.writeArrayFieldStart("token_logprobs");
    for (ChatCompletionTokenLogprob token : tokens) {
      json.writeNumber(finite(token.logprob()));
    }
    json.writeEndArray();
    json.writeArrayFieldStart("top_logprobs");
    for (ChatCompletionTokenLogprob token : tokens) {
      topLogprobs(json, token.topLogprobs());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("text_offset");
    int offset = logprobs.textOffset();
    for (ChatCompletionTokenLogprob token : tokens) {
      json.writeNumber(offset);
      offset += token.token().codePointCount(0, token.token().length());
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /**
   * Writes the most likely tokens. Of tokens with equal text only the most likely one is written,
   * because keys must be unique.
   */
  private static void topLogprobs(JsonGenerator json, List<TopLogprob> tokens) throws IOException {
    Map<String, Double> likeliest = new LinkedHashMap<>();
    for (TopLogprob token : tokens) {
      likeliest.merge(JsonWriter.characters(token.token()), token.logprob(), Math::max);
    }
    json.writeStartObject();
    for (Map.Entry<String, Double> token : likeliest.entrySet()) {
      json.writeNumberField(token.getKey(), finite(token.getValue()));
    }
    json.writeEndObject();
  }
}
