package io.github.openaikserve.dialect;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values of OpenAI's in the forms of other servers. */
final class GuidedDecoding {
  private static final String DATA = "data:";
  private static final String BASE64 = ";base64,";

  /** What vLLM's guided decoding has had from the first release that took it. */
  private static final Set<String> GUIDED_DECODING =
      Set.of("json", "json_object", "regex", "choice", "grammar", "whitespace_pattern");

  private static final Map<String, String> TENSORRT_GUIDES =
      Map.of(
          "json", "json_schema",
          "json_object", "json",
          "regex", "regex",
          "grammar", "ebnf_grammar");

  private GuidedDecoding() {}

  /**
   * A {@code response_format} as vLLM's structured outputs: JSON text within JSON.
   *
   * @throws InvalidRequestException if it asks for anything but JSON
   */
  static Object vllm(Object responseFormat) {
    Object schema = schema(responseFormat);
    return JsonCodec.writeValue(
        schema == null ? Map.of("json_object", true) : Map.of("json", schema));
  }

  /** A {@code response_format} as TensorRT-LLM's kind of guide. */
  static Object tensorRtType(Object responseFormat) {
    return schema(responseFormat) == null ? "json" : "json_schema";
  }

  /** The text of the JSON Schema that a {@code response_format} asks for; null for any object. */
  static @Nullable Object schemaText(Object responseFormat) {
    Object schema = schema(responseFormat);
    return schema == null ? null : JsonCodec.writeValue(schema);
  }

  /** vLLM's structured outputs as JSON text within JSON. */
  static Object vllmConstraint(Object structuredOutputs) {
    return JsonCodec.writeValue(structuredOutputs);
  }

  /**
   * vLLM's structured outputs as its guided decoding, which has fewer options.
   *
   * @throws InvalidRequestException naming an option that it does not have
   */
  static Object vllmGuidedDecoding(Object structuredOutputs) {
    for (Object key : ((Map<?, ?>) structuredOutputs).keySet()) {
      if (!GUIDED_DECODING.contains(key)) {
        throw unsupported(key);
      }
    }
    return JsonCodec.writeValue(structuredOutputs);
  }

  /**
   * vLLM's structured outputs as TensorRT-LLM's kind of guide.
   *
   * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code executor::GuidedDecodingParams}.
   *
   * @throws InvalidRequestException if it has no such guide
   */
  static @Nullable Object tensorRtConstraintType(Object structuredOutputs) {
    Map<?, ?> outputs = (Map<?, ?>) structuredOutputs;
    for (Object key : outputs.keySet()) {
      if (!TENSORRT_GUIDES.containsKey(key)) {
        throw unsupported(key);
      }
    }
    return TENSORRT_GUIDES.get(outputs.keySet().iterator().next());
  }

  /** vLLM's structured outputs as the text of TensorRT-LLM's guide; null for any JSON object. */
  static @Nullable Object tensorRtConstraint(Object structuredOutputs) {
    Map.Entry<?, ?> guide = ((Map<?, ?>) structuredOutputs).entrySet().iterator().next();
    if (guide.getKey().equals("json_object")) {
      return null;
    }
    return guide.getValue() instanceof String text ? text : JsonCodec.writeValue(guide.getValue());
  }

  private static InvalidRequestException unsupported(Object key) {
    return InvalidRequestException.badValue(
        "structured_outputs",
        "unsupported_value",
        "Invalid 'structured_outputs': the model server does not support '%s'.".formatted(key));
  }

  /** The JSON Schema that a {@code response_format} asks for; null for any JSON object. */
  static @Nullable Object schema(Object responseFormat) {
    if (responseFormat instanceof Map<?, ?> format) {
      if ("json_object".equals(format.get("type"))) {
        return null;
      }
      if ("json_schema".equals(format.get("type"))
          && format.get("json_schema") instanceof Map<?, ?> named
          && named.get("schema") instanceof Map<?, ?> schema) {
        return schema;
      }
    }
    throw InvalidRequestException.badValue(
        "response_format",
        "invalid_value",
        "Invalid 'response_format': expected the type 'text', 'json_object', or 'json_schema' with"
            + " a schema.");
  }

  /**
   * Pictures as the base64 within their {@code data:} URLs.
   *
   * @throws InvalidRequestException if one is at another place: nothing is fetched
   */
  static Object base64OfDataUrls(Object urls) {
    List<String> pictures = new ArrayList<>();
    for (Object url : (List<?>) urls) {
      String text = String.valueOf(url);
      int base64 = text.indexOf(BASE64);
      if (!text.startsWith(DATA) || base64 < 0) {
        throw InvalidRequestException.badValue(
            "messages",
            "unsupported_value",
            "Invalid 'image_url': this model takes only 'data:' URLs with base64.");
      }
      pictures.add(text.substring(base64 + BASE64.length()));
    }
    return pictures;
  }
}
