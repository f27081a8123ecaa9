package io.github.openaikserve.internal.tensor;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonCodec;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A converter of output constraints to the forms of model servers. vLLM's structured outputs, a map
 * with one constraint and its options, are the form to which the others are converted first.
 */
public final class GuidedDecoding {
  /** The options that vLLM's guided decoding has had since its first release. */
  private static final Set<String> VLLM_OPTIONS =
      Set.of("json", "json_object", "regex", "choice", "grammar", "whitespace_pattern");

  /**
   * TensorRT-LLM's guides for structured outputs.
   *
   * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code executor::GuidedDecodingParams}.
   */
  private static final Map<String, String> TENSORRT_GUIDES =
      Map.of(
          "json", "json_schema",
          "json_object", "json",
          "regex", "regex",
          "grammar", "ebnf_grammar");

  private GuidedDecoding() {}

  /**
   * Returns a {@code response_format} as structured outputs.
   *
   * @throws InvalidRequestException if the format requests anything but JSON
   */
  public static Map<?, ?> structuredOutputs(Object responseFormat) {
    if (responseFormat instanceof Map<?, ?> format) {
      if ("json_object".equals(format.get("type"))) {
        return Map.of("json_object", true);
      }
      if ("json_schema".equals(format.get("type"))
          && format.get("json_schema") instanceof Map<?, ?> named
          && named.get("schema") instanceof Map<?, ?> schema) {
        return Map.of("json", schema);
      }
    }
    throw InvalidRequestException.badValue(
        "response_format",
        "invalid_value",
        "Invalid 'response_format': expected the type 'text', 'json_object', or 'json_schema' with"
            + " a schema.");
  }

  /**
   * Returns structured outputs as text of vLLM's older guided decoding, which has fewer options.
   *
   * @throws InvalidRequestException naming an option that guided decoding does not have
   */
  public static Object vllmGuidedDecoding(Object structuredOutputs) {
    requireOptions(structuredOutputs, VLLM_OPTIONS);
    return JsonCodec.writeValue(structuredOutputs);
  }

  /**
   * Returns the type of TensorRT-LLM's guide for structured outputs.
   *
   * @throws InvalidRequestException if TensorRT-LLM has no such guide
   */
  public static @Nullable Object tensorRtGuideType(Object structuredOutputs) {
    requireOptions(structuredOutputs, TENSORRT_GUIDES.keySet());
    return TENSORRT_GUIDES.get(constraint(structuredOutputs).getKey());
  }

  /** Returns TensorRT-LLM's guide for structured outputs as text; null for any JSON object. */
  public static @Nullable Object tensorRtGuide(Object structuredOutputs) {
    Map.Entry<?, ?> guide = constraint(structuredOutputs);
    if (guide.getKey().equals("json_object")) {
      return null;
    }
    return guide.getValue() instanceof String text ? text : JsonCodec.writeValue(guide.getValue());
  }

  private static Map.Entry<?, ?> constraint(Object structuredOutputs) {
    return ((Map<?, ?>) structuredOutputs).entrySet().iterator().next();
  }

  private static void requireOptions(Object structuredOutputs, Set<String> supported) {
    for (Object option : ((Map<?, ?>) structuredOutputs).keySet()) {
      if (!supported.contains(option)) {
        throw InvalidRequestException.badValue(
            "structured_outputs",
            "unsupported_value",
            "Invalid 'structured_outputs': the model server does not support '%s'."
                .formatted(option));
      }
    }
  }
}
