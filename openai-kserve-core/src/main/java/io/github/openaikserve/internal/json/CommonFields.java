package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.GenerationRequest;
import io.github.openaikserve.openai.StreamOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reader of the fields that chat and text completion requests share. */
final class CommonFields {
  private CommonFields() {}

  static void read(JsonObject json, GenerationRequest.Builder<?> request) {
    request
        .model(json.text("model"))
        .maxTokens(json.integer("max_tokens"))
        .temperature(json.decimal("temperature"))
        .topP(json.decimal("top_p"))
        .n(json.integer("n"))
        .stop(stop(json))
        .stream(json.bool("stream"))
        .streamOptions(streamOptions(json))
        .presencePenalty(json.decimal("presence_penalty"))
        .frequencyPenalty(json.decimal("frequency_penalty"))
        .logitBias(logitBias(json))
        .seed(json.longInteger("seed"));
  }

  private static @Nullable List<String> stop(JsonObject request) {
    JsonNode stop = request.node("stop");
    if (stop == null) {
      return null;
    }
    if (stop.isTextual()) {
      return List.of(stop.textValue());
    }
    if (!stop.isArray()) {
      throw request.wrongType("stop", "one of a string or array of strings", stop);
    }
    return stop.isEmpty() ? null : request.texts("stop", stop);
  }

  /** Reads the stream options. Other options concern padding, which is never sent. */
  private static @Nullable StreamOptions streamOptions(JsonObject request) {
    JsonObject options = request.object("stream_options");
    if (options == null) {
      return null;
    }
    var read = new StreamOptions(options.bool("include_usage"));
    if (!Boolean.TRUE.equals(request.bool("stream"))) {
      throw InvalidRequestException.badValue(
          "stream_options",
          null,
          "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
    }
    return read;
  }

  private static @Nullable Map<String, Double> logitBias(JsonObject request) {
    JsonObject bias = request.object("logit_bias");
    if (bias == null) {
      return null;
    }
    Map<String, Double> byToken = new LinkedHashMap<>();
    for (String token : bias.names()) {
      JsonNode value = bias.node(token);
      if (value == null) {
        continue;
      }
      if (!value.isNumber()) { // the only path that contains text of the caller
        throw bias.wrongType(InvalidRequestException.shown(token), "a decimal", value);
      }
      byToken.put(token, value.doubleValue());
    }
    return byToken;
  }
}
