package io.github.openaikserve.grpc.servers;

import static io.github.openaikserve.grpc.servers.TritonModel.TensorSpec.optional;
import static io.github.openaikserve.grpc.servers.TritonModel.TensorSpec.required;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Triton's vLLM backend: takes one JSON object of sampling parameters, which rejects unknown keys,
 * and returns texts and requested additional outputs.
 *
 * <p>Source: {@code triton-inference-server/vllm_backend}: {@code src/model.py}, {@code
 * src/utils/request.py}, {@code src/utils/vllm_backend_utils.py}, and their history.
 */
public final class VllmModel implements TritonModel {
  /** The releases that differ on the wire. */
  private enum Release {
    NEWEST,
    BEFORE_25_11,
    BEFORE_24_03
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DEFAULT_TOKENS = 16;
  private static final Set<String> SAMPLING =
      Set.of(
          "max_tokens",
          "min_tokens",
          "temperature",
          "top_p",
          "top_k",
          "min_p",
          "presence_penalty",
          "frequency_penalty",
          "repetition_penalty",
          "seed",
          "stop",
          "stop_token_ids",
          "ignore_eos",
          "skip_special_tokens",
          "logprobs",
          "prompt_logprobs",
          "logit_bias",
          "lora_name");

  private final String name;
  private final Release release;
  private final boolean embeds;

  private VllmModel(String name, Release release, boolean embeds) {
    this.name = name;
    this.release = release;
    this.embeds = embeds;
  }

  /** Returns a model of the newest release. */
  public static VllmModel newest(String name) {
    return new VllmModel(name, Release.NEWEST, false);
  }

  /** Returns a model of the newest release with an engine that embeds and does not generate. */
  public static VllmModel embedding(String name) {
    return new VllmModel(name, Release.NEWEST, true);
  }

  /** Returns a model without embeddings and with another key for guided decoding. */
  public static VllmModel before2511(String name) {
    return new VllmModel(name, Release.BEFORE_25_11, false);
  }

  /** Returns a model whose responses have the prompt, the whole text so far, and a separate end. */
  public static VllmModel before2403(String name) {
    return new VllmModel(name, Release.BEFORE_24_03, false);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String backend() {
    return "vllm";
  }

  @Override
  public int maxBatchSize() {
    return 0;
  }

  @Override
  public boolean decoupled() {
    return true;
  }

  @Override
  public List<TensorSpec> inputs() {
    List<TensorSpec> inputs =
        new ArrayList<>(
            List.of(
                new TensorSpec("text_input", "BYTES", List.of(1L), release == Release.NEWEST),
                optional("stream", "BOOL", 1),
                optional("sampling_parameters", "BYTES", 1)));
    if (release != Release.BEFORE_24_03) {
      inputs.add(optional("image", "BYTES", -1));
      inputs.add(optional("exclude_input_in_output", "BOOL", 1));
      inputs.add(optional("return_finish_reason", "BOOL", 1));
      inputs.add(optional("return_cumulative_logprob", "BOOL", 1));
      inputs.add(optional("return_logprobs", "BOOL", 1));
      inputs.add(optional("return_num_input_tokens", "BOOL", 1));
      inputs.add(optional("return_num_output_tokens", "BOOL", 1));
    }
    if (release == Release.NEWEST) {
      inputs.add(optional("embedding_request", "BYTES", 1));
    }
    return inputs;
  }

  @Override
  public List<TensorSpec> outputs() {
    return release == Release.BEFORE_24_03
        ? List.of(required("text_output", "BYTES", -1))
        : List.of(
            required("text_output", "BYTES", -1),
            required("finish_reason", "BYTES", -1),
            required("cumulative_logprob", "FP32", -1),
            required("logprobs", "BYTES", -1),
            required("num_input_tokens", "UINT32", 1),
            required("num_output_tokens", "UINT32", -1));
  }

  @Override
  public void infer(Inputs inputs, Replies replies) {
    if (inputs.has("embedding_request")) {
      embed(inputs, replies);
      return;
    }
    Optional<JsonNode> sampling = sampling(inputs);
    if (sampling.isEmpty()) {
      fail(replies, "'NoneType' object has no attribute 'lora_name'");
    } else if (embeds) {
      fail(replies, "This model does not support the 'generate' task");
    } else if (inputs.flag("stream")
        && inputs.has("exclude_input_in_output")
        && !inputs.flag("exclude_input_in_output")) {
      fail(replies, "When streaming, `exclude_input_in_output` = False is not allowed.");
    } else {
      generate(inputs, sampling.get(), replies);
    }
  }

  private void generate(Inputs inputs, JsonNode sampling, Replies replies) {
    String prompt = inputs.text("text_input");
    int limit = sampling.path("max_tokens").asInt(DEFAULT_TOKENS);
    Script.Run run = Script.run(prompt, limit, stops(sampling), false);
    List<String> pieces = adapted(visible(guided(sampling, run.pieces()), sampling), sampling);
    boolean stream = inputs.flag("stream");
    if (stream && run.ending() == Script.Ending.FINISH) {
      pieces = heldBack(pieces, stops(sampling));
    }
    var answer = new VllmAnswer(inputs, sampling, run, release == Release.BEFORE_24_03);
    if (stream) {
      for (int i = 0; i < pieces.size(); i++) {
        boolean last = i == pieces.size() - 1 && run.ending() == Script.Ending.FINISH;
        send(replies, answer.piece(pieces, i, last), last);
      }
    }
    switch (run.ending()) {
      case FAILURE ->
          replies.fail(
              Status.Code.UNAVAILABLE, "Model is unavailable due to unhealthy vLLM engine");
      case FINISH -> {
        if (!stream) {
          send(replies, answer.whole(pieces), true);
        }
      }
      case SILENCE -> {}
    }
  }

  /** Marks the last response; before 24.01, the mark was a separate response. */
  private void send(Replies replies, Outputs outputs, boolean last) {
    if (!last) {
      replies.send(outputs);
    } else if (release == Release.BEFORE_24_03) {
      replies.send(outputs);
      replies.end();
    } else {
      replies.sendLast(outputs);
    }
  }

  private void embed(Inputs inputs, Replies replies) {
    JsonNode input = json(inputs.text("embedding_request")).path("input");
    if (!embeds) {
      fail(replies, "The model does not support the 'embed' task");
      return;
    }
    int tokens = input.isTextual() ? Script.words(input.asText()) : input.size();
    Outputs outputs = new Outputs(true).text("text_output", "[%d.0, -0.5]".formatted(tokens), 1);
    if (inputs.flag("return_num_input_tokens")) {
      outputs.uint32("num_input_tokens", tokens);
    }
    replies.sendLast(outputs);
  }

  private static void fail(Replies replies, String message) {
    replies.fail(Status.Code.INTERNAL, "Error generating stream: " + message);
  }

  /** Returns the sampling parameters; empty if one of them is unknown. */
  private Optional<JsonNode> sampling(Inputs inputs) {
    JsonNode sampling =
        inputs.has("sampling_parameters")
            ? json(inputs.text("sampling_parameters"))
            : JSON.createObjectNode();
    Set<String> known = new HashSet<>(SAMPLING);
    if (release != Release.BEFORE_24_03) {
      known.add(guide());
    }
    for (Iterator<String> names = sampling.fieldNames(); names.hasNext(); ) {
      if (!known.contains(names.next())) {
        return Optional.empty();
      }
    }
    return Optional.of(sampling);
  }

  private String guide() {
    return release == Release.NEWEST ? "structured_outputs" : "guided_decoding";
  }

  /** Returns the text for a grammar, which is JSON in a JSON string. */
  private List<String> guided(JsonNode sampling, List<String> pieces) {
    return sampling.has(guide()) && json(sampling.get(guide()).textValue()).isObject()
        ? List.of("{\"age\"", ": 7}")
        : pieces;
  }

  /** The text of a LoRA adapter begins with its name. */
  private static List<String> adapted(List<String> pieces, JsonNode sampling) {
    if (!sampling.has("lora_name") || pieces.isEmpty()) {
      return pieces;
    }
    List<String> adapted = new ArrayList<>(pieces);
    adapted.set(0, sampling.get("lora_name").asText() + ": " + pieces.get(0));
    return adapted;
  }

  /** Removes special tokens from the text, unless the request includes them. */
  private static List<String> visible(List<String> pieces, JsonNode sampling) {
    return sampling.path("skip_special_tokens").asBoolean(true)
        ? pieces.stream().map(piece -> piece.equals("[TOOL_CALLS]") ? "" : piece).toList()
        : pieces;
  }

  private static List<String> stops(JsonNode sampling) {
    JsonNode stop = sampling.path("stop");
    List<String> stops = new ArrayList<>();
    if (stop.isTextual()) {
      stops.add(stop.asText());
    }
    stop.elements().forEachRemaining(element -> stops.add(element.asText()));
    return stops;
  }

  /**
   * Returns the texts of a stream with stop sequences: text that may be part of the longest one is
   * held back until the end.
   *
   * <p>Source: {@code vllm-project/vllm}: {@code vllm/v1/engine/detokenizer.py}, {@code
   * stop_buffer_length}.
   */
  private static List<String> heldBack(List<String> pieces, List<String> stops) {
    int buffer = stops.stream().mapToInt(String::length).max().orElse(1) - 1;
    List<String> held = new ArrayList<>();
    String text = "";
    int given = 0;
    for (int i = 0; i < pieces.size(); i++) {
      text += pieces.get(i);
      boolean last = i == pieces.size() - 1;
      int certain = last ? text.length() : Math.max(given, text.length() - buffer);
      held.add(text.substring(given, certain));
      given = certain;
    }
    return held;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + text, e);
    }
  }
}
