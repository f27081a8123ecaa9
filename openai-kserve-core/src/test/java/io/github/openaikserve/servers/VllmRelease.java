package io.github.openaikserve.servers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.kserve.InferRequest;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.TensorMetadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A release of Triton's vLLM backend: the inputs that it declares, and the rules of its {@code
 * SamplingParams}.
 *
 * <p>Source: {@code triton-inference-server/vllm_backend}, branches r23.10 to r25.04 and main;
 * {@code vllm-project/vllm}: {@code vllm/sampling_params.py} of 0.3, 0.4, 0.6, 0.8 and 0.13.
 *
 * @param keys the keys of {@code sampling_parameters} that it takes
 * @param structured the key of structured outputs; empty if it parses none
 * @param zeroTopK whether {@code top_k} may be 0
 * @param mostPenalty the largest {@code repetition_penalty}
 */
public record VllmRelease(
    String version,
    List<String> inputs,
    Set<String> keys,
    String structured,
    boolean zeroTopK,
    double mostPenalty) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double ANY = Double.MAX_VALUE;

  private static final List<String> FIRST = List.of("text_input", "stream", "sampling_parameters");
  private static final List<String> SINCE_24_03 = plus(FIRST, "exclude_input_in_output");
  private static final List<String> SINCE_24_12 =
      plus(
          SINCE_24_03,
          "image",
          "return_finish_reason",
          "return_cumulative_logprob",
          "return_num_output_tokens",
          "return_logprobs",
          "return_num_input_tokens");
  private static final List<String> SINCE_25_11 = plus(SINCE_24_12, "embedding_request");

  private static final Set<String> VLLM_0_3 =
      Set.of(
          "n",
          "presence_penalty",
          "frequency_penalty",
          "repetition_penalty",
          "temperature",
          "top_p",
          "top_k",
          "stop",
          "stop_token_ids",
          "ignore_eos",
          "max_tokens",
          "logprobs",
          "skip_special_tokens");
  private static final Set<String> VLLM_0_4 =
      plus(
          VLLM_0_3,
          "min_p",
          "seed",
          "min_tokens",
          "include_stop_str_in_output",
          "spaces_between_special_tokens");
  private static final Set<String> VLLM_0_8 =
      plus(VLLM_0_4, "lora_name", "guided_decoding", "bad_words", "allowed_token_ids");
  private static final Set<String> VLLM_0_13 =
      plus(
          VLLM_0_4,
          "lora_name",
          "structured_outputs",
          "bad_words",
          "allowed_token_ids",
          "extra_args");

  /** The releases at which the backend's inputs or parameters changed. */
  public static final List<VllmRelease> ALL =
      List.of(
          new VllmRelease("2.39.0", FIRST, VLLM_0_3, "", false, 2),
          new VllmRelease("2.45.0", SINCE_24_03, VLLM_0_4, "", false, 2),
          new VllmRelease("2.53.0", SINCE_24_12, plus(VLLM_0_4, "lora_name"), "", false, 2),
          new VllmRelease(
              "2.54.0",
              SINCE_24_12,
              plus(VLLM_0_4, "lora_name", "guided_decoding"),
              "guided_decoding",
              false,
              2),
          new VllmRelease("2.57.0", SINCE_24_12, VLLM_0_8, "guided_decoding", false, ANY),
          new VllmRelease("2.64.0", SINCE_25_11, VLLM_0_13, "structured_outputs", true, ANY));

  private static List<String> plus(List<String> names, String... more) {
    List<String> all = new ArrayList<>(names);
    all.addAll(List.of(more));
    return List.copyOf(all);
  }

  private static Set<String> plus(Set<String> names, String... more) {
    Set<String> all = new HashSet<>(names);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }

  /** Returns what Triton tells of a model of this release. */
  public ModelDescription description() {
    List<TensorMetadata> declared =
        inputs.stream().map(name -> new TensorMetadata(name, type(name), List.of(1L))).toList();
    return new ModelDescription(
        "m",
        Optional.of(new ServerMetadata("triton", version, List.of())),
        Optional.of(
            new ModelMetadata(
                "m",
                List.of("1"),
                "vllm",
                declared,
                List.of(new TensorMetadata("text_output", "BYTES", List.of(-1L))))),
        Optional.empty());
  }

  private static String type(String input) {
    return input.startsWith("return_") || input.startsWith("exclude_") || input.equals("stream")
        ? "BOOL"
        : "BYTES";
  }

  /** Returns why the backend fails a request; empty if it takes it. */
  public Optional<String> problem(InferRequest request) {
    for (var input : request.inputs()) {
      if (!inputs.contains(input.name())) {
        return Optional.of("unexpected inference input '" + input.name() + "'");
      }
    }
    JsonNode parameters;
    try {
      parameters = JSON.readTree(request.input("sampling_parameters").orElseThrow().texts().get(0));
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
      if (!keys.contains(parameter.getKey())) {
        return Optional.of("Unexpected keyword argument '" + parameter.getKey() + "'");
      }
      if (!isValid(parameter.getKey(), parameter.getValue(), parameters)) {
        return Optional.of(parameter.toString());
      }
    }
    return Optional.empty();
  }

  private boolean isValid(String key, JsonNode value, JsonNode all) {
    return switch (key) {
      case "temperature" -> within(value, 0, 2);
      case "top_p" -> within(value, 0, 1) && value.doubleValue() > 0;
      case "top_k" ->
          value.isInt() && value.intValue() >= -1 && (zeroTopK || value.intValue() != 0);
      case "min_p" -> within(value, 0, 1);
      case "presence_penalty", "frequency_penalty" -> within(value, -2, 2);
      case "repetition_penalty" -> within(value, 0, mostPenalty) && value.doubleValue() > 0;
      case "max_tokens", "n" -> value.isInt() && value.intValue() >= 1;
      case "min_tokens" ->
          value.isInt()
              && value.intValue() >= 0
              && value.intValue() <= all.get("max_tokens").intValue();
      case "seed" -> value.isIntegralNumber() && value.canConvertToLong();
      case "logprobs" -> within(value, 0, 20) && inputs.contains("return_logprobs");
      case "stop", "bad_words" -> texts(value);
      case "stop_token_ids", "allowed_token_ids" -> tokens(value);
      case "lora_name" -> value.isTextual();
      case "extra_args" -> value.isObject();
      default -> key.equals(structured) ? isConstraint(value) : value.isBoolean();
    };
  }

  private static boolean within(JsonNode value, double least, double most) {
    return value.isNumber() && value.doubleValue() >= least && value.doubleValue() <= most;
  }

  private static boolean texts(JsonNode value) {
    boolean valid = value.isArray();
    for (JsonNode text : value) {
      valid &= text.isTextual() && !text.textValue().isEmpty();
    }
    return valid;
  }

  private static boolean tokens(JsonNode value) {
    boolean valid = value.isArray() && !value.isEmpty();
    for (JsonNode token : value) {
      valid &= token.isInt() && token.intValue() >= 0;
    }
    return valid;
  }

  /** JSON text within JSON, with exactly one constraint. */
  private boolean isConstraint(JsonNode value) {
    Set<String> kinds = Set.of("json", "json_object", "regex", "choice", "grammar");
    Set<String> options =
        structured.equals("guided_decoding")
            ? Set.of("whitespace_pattern")
            : Set.of(
                "structural_tag",
                "disable_any_whitespace",
                "disable_additional_properties",
                "whitespace_pattern");
    try {
      int constraints = 0;
      for (Map.Entry<String, JsonNode> member : JSON.readTree(value.textValue()).properties()) {
        if (kinds.contains(member.getKey()) || member.getKey().equals("structural_tag")) {
          constraints += isEmpty(member.getKey(), member.getValue()) ? 0 : 1;
        }
        if (!kinds.contains(member.getKey()) && !options.contains(member.getKey())) {
          return false;
        }
      }
      return constraints == 1;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns whether vLLM finds no constraint in the value, or one that nothing meets. */
  private static boolean isEmpty(String kind, JsonNode value) throws IOException {
    if (kind.equals("json") && value.isTextual()) {
      return JSON.readTree(value.textValue()).isMissingNode();
    }
    return value.isNull() || (kind.equals("choice") && value.isEmpty());
  }
}
