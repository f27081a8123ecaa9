package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.StreamOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields that both kinds of request have. */
final class CommonFields {
  private CommonFields() {}

  static @Nullable List<String> stop(JsonObject request) {
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
    return request.texts("stop", stop);
  }

  /** What stream_options holds besides is about the stream's padding, which is never sent. */
  static @Nullable StreamOptions streamOptions(JsonObject request) {
    JsonObject options = request.object("stream_options");
    return options == null ? null : new StreamOptions(options.bool("include_usage"));
  }

  static @Nullable Map<String, Double> logitBias(JsonObject request) {
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
      if (!value.isNumber()) { // the one path with a word of the caller's own in it
        throw bias.wrongType(InvalidRequestException.shown(token), "a decimal", value);
      }
      byToken.put(token, value.doubleValue());
    }
    return byToken;
  }
}
