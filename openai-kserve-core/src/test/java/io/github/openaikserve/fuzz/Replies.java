package io.github.openaikserve.fuzz;

import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferParameter;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Responses out of choices: what some server says, and tensors of any name, type and shape. */
final class Replies {
  private static final List<String> NAMES =
      List.of(
          "token",
          "finish_reason",
          "text",
          "text_output",
          "output",
          "embedding",
          "embedding_output",
          "scores",
          "labels",
          "audio",
          "segments",
          "duration",
          "num_input_tokens",
          "num_output_tokens",
          "num_cached_tokens",
          "logprobs",
          "cum_log_probs",
          "model_name",
          "n_ctx",
          "stop_reason",
          "usage",
          "sequence_index",
          "error",
          "");
  private static final List<String> TEXTS =
      List.of(
          "a",
          "",
          "null",
          "stop",
          "length",
          "<think>",
          "</think>",
          "<tool_call>\n{\"name\": \"f\"",
          ", \"arguments\": {\"x\": 1}}\n</tool_call>",
          "[TOOL_CALLS][{\"name\":\"f\",",
          "\"arguments\":{}}]",
          "[f(x=1)]",
          "<|channel|>analysis<|message|>",
          "{\"a\":\"b\"}",
          "\u00e9\u20ac",
          "{\"generated_text\":\"a\"}",
          "[0.1,0.2]",
          "[{\"label\":\"violence\",\"score\":0.5}]",
          "[{\"start\":0,\"end\":1,\"text\":\"a\"}]",
          "{\"logprob\":-1.5}",
          "<|python_tag|>",
          "<function=f>\n<parameter=x>\n1\n</parameter>\n</function>",
          "tool_calls");

  private Replies() {}

  /** Each tensor that some dialect reads its text from, and the one for vectors. */
  static InferResponse usual(String text, String finish) {
    ByteBuffer vector = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    return InferResponse.of(
        Tensor.text("token", text),
        Tensor.text("text", text),
        Tensor.text("text_output", text),
        Tensor.text("output", "{\"generated_text\":\"" + text + "\"}"),
        Tensor.text("finish_reason", finish),
        Tensor.raw("embedding", Datatype.FP32, new long[] {2}, vector),
        Tensor.raw("embedding_output", Datatype.FP32, new long[] {2}, vector),
        Tensor.raw("scores", Datatype.FP32, new long[] {2}, vector),
        Tensor.text("labels", "violence"),
        Tensor.raw("audio", Datatype.FP32, new long[] {2}, vector));
  }

  static InferResponse response(Choices choices) {
    if (!choices.oneIn(3)) {
      return usual(choices.of(TEXTS), choices.oneIn(4) ? "stop" : "null");
    }
    List<Tensor> outputs = new ArrayList<>();
    for (int i = choices.below(5); i > 0; i--) {
      Tensor tensor = tensor(choices);
      if (tensor != null) {
        outputs.add(tensor);
      }
    }
    return new InferResponse(
        choices.oneIn(8) ? choices.text(8) : "", "", "", parameters(choices), outputs);
  }

  private static Map<String, InferParameter> parameters(Choices choices) {
    Map<String, InferParameter> parameters = new HashMap<>();
    for (int i = choices.below(3); i > 0; i--) {
      parameters.put(
          choices.oneIn(2) ? choices.text(8) : "triton_final_response",
          switch (choices.below(5)) {
            case 0 -> InferParameter.of(true);
            case 1 -> InferParameter.of(false);
            case 2 -> InferParameter.of(choices.text(8));
            case 3 -> InferParameter.of(choices.number());
            default -> new InferParameter.Fp64(Double.longBitsToDouble(choices.number()));
          });
    }
    return parameters;
  }

  /** Null where the choices make no tensor: a transport would have refused that. */
  private static @Nullable Tensor tensor(Choices choices) {
    String name = choices.oneIn(8) ? choices.text(8) : choices.of(NAMES);
    if (choices.oneIn(2)) {
      return texts(choices, name);
    }
    Datatype datatype = choices.of(Arrays.asList(Datatype.values()));
    long[] shape = new long[choices.below(4)];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = choices.oneIn(16) ? choices.number() : choices.below(5);
    }
    try {
      if (datatype == Datatype.BYTES || choices.oneIn(4)) {
        return Tensor.raw(name, datatype, shape, ByteBuffer.wrap(choices.bytes(64)));
      }
      return Tensor.raw(name, datatype, shape, elements(choices, datatype, shape));
    } catch (IllegalArgumentException refused) {
      return null;
    }
  }

  private static ByteBuffer elements(Choices choices, Datatype datatype, long[] shape) {
    long count = 1;
    for (long dimension : shape) {
      count = Math.floorMod(count * dimension, 256);
    }
    byte[] raw = new byte[(int) count * datatype.size()];
    byte[] some = choices.bytes(64);
    for (int i = 0; i < raw.length && some.length > 0; i++) {
      raw[i] = some[i % some.length];
    }
    return ByteBuffer.wrap(raw);
  }

  private static Tensor texts(Choices choices, String name) {
    List<ByteBuffer> values = new ArrayList<>();
    for (int i = choices.below(4); i >= 0; i--) {
      byte[] value =
          choices.oneIn(2) ? choices.bytes(40) : choices.of(TEXTS).getBytes(StandardCharsets.UTF_8);
      values.add(ByteBuffer.wrap(value));
    }
    Tensor tensor = Tensor.of(name, new long[] {values.size()}, values);
    return choices.oneIn(4) ? tensor.withShape(1, values.size(), 1) : tensor;
  }
}
