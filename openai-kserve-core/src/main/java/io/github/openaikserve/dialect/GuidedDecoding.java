package io.github.openaikserve.dialect;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A converter of OpenAI's and vLLM's output constraints to the forms of model servers. */
final class GuidedDecoding {
  private static final String DATA = "data:";
  private static final String BASE64 = ";base64,";

  /** The options that vLLM's guided decoding has had since its first release. */
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
   * Returns a {@code response_format} as vLLM's structured outputs: JSON text within JSON.
   *
   * @throws InvalidRequestException if the format requests anything but JSON
   */
  static Object vllm(Object responseFormat) {
    Object schema = schema(responseFormat);
    return JsonCodec.writeValue(
        schema == null ? Map.of("json_object", true) : Map.of("json", schema));
  }

  /** Returns the type of TensorRT-LLM's guide for a {@code response_format}. */
  static Object tensorRtType(Object responseFormat) {
    return schema(responseFormat) == null ? "json" : "json_schema";
  }

  /** Returns the JSON Schema of a {@code response_format} as text; null for any JSON object. */
  static @Nullable Object schemaText(Object responseFormat) {
    Object schema = schema(responseFormat);
    return schema == null ? null : JsonCodec.writeValue(schema);
  }

  /** Returns vLLM's structured outputs as JSON text within JSON. */
  static Object vllmConstraint(Object structuredOutputs) {
    return JsonCodec.writeValue(structuredOutputs);
  }

  /**
   * Returns vLLM's structured outputs as its older guided decoding, which has fewer options.
   *
   * @throws InvalidRequestException naming an option that guided decoding does not have
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
   * Returns the type of TensorRT-LLM's guide for vLLM's structured outputs.
   *
   * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code executor::GuidedDecodingParams}.
   *
   * @throws InvalidRequestException if TensorRT-LLM has no such guide
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

  /**
   * Returns TensorRT-LLM's guide for vLLM's structured outputs as text; null for any JSON object.
   */
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

  /** Returns the JSON Schema of a {@code response_format}; null for any JSON object. */
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
   * Returns the base64 content of images given as {@code data:} URLs.
   *
   * @throws InvalidRequestException if a URL is not a {@code data:} URL, because nothing is fetched
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
            "Invalid 'image_url': this model accepts only 'data:' URLs with base64.");
      }
      pictures.add(text.substring(base64 + BASE64.length()));
    }
    return pictures;
  }
}
