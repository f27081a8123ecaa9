package io.github.openaikserve.grpc.servers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The tensors of a vLLM model's answers.
 *
 * @param cumulative whether each response has the prompt and the whole text so far
 */
record VllmAnswer(Inputs inputs, JsonNode sampling, Script.Run run, boolean cumulative) {
  /** Returns one token of a stream. */
  Outputs piece(List<String> pieces, int index, boolean last) {
    String text =
        cumulative
            ? inputs.text("text_input") + String.join("", pieces.subList(0, index + 1))
            : pieces.get(index);
    return outputs(text, pieces.subList(index, index + 1), last);
  }

  /** Returns the whole answer; begins with the prompt, unless the request excludes it. */
  Outputs whole(List<String> pieces) {
    String prompt = inputs.flag("exclude_input_in_output") ? "" : inputs.text("text_input");
    return outputs(prompt + String.join("", pieces), pieces, true);
  }

  private Outputs outputs(String text, List<String> tokens, boolean last) {
    Outputs outputs = new Outputs(true).text("text_output", text, 1);
    if (inputs.flag("return_finish_reason")) {
      outputs.text("finish_reason", last ? run.finish() : "None", 1);
    }
    if (inputs.flag("return_logprobs")) {
      outputs.text("logprobs", logprobs(tokens), 1);
    }
    if (inputs.flag("return_num_input_tokens")) {
      outputs.uint32("num_input_tokens", run.promptTokens()); // a scalar
    }
    if (inputs.flag("return_num_output_tokens")) {
      outputs.uint32("num_output_tokens", tokens.size(), 1);
    }
    return outputs;
  }

  /** Returns the chosen token and the requested number of alternatives, by token id. */
  private String logprobs(List<String> tokens) {
    if (!sampling.has("logprobs")) {
      return "null";
    }
    int others = sampling.get("logprobs").asInt() - 1;
    return tokens.stream()
        .map(
            token ->
                IntStream.rangeClosed(0, Math.max(0, others))
                    .mapToObj(
                        i ->
                            "\"%d\": {\"logprob\": -%d.5, \"rank\": %d, \"decoded_token\": \"%s\"}"
                                .formatted(100 + i, i, i + 1, i == 0 ? token : " or" + i))
                    .collect(Collectors.joining(", ", "{", "}")))
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
