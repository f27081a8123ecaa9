package io.github.openaikserve.testing;

import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Rpc;
import io.github.openaikserve.kserve.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Responses with the tensors of AnyServe's llama.cpp worker. */
final class AnyServeReplies {
  private AnyServeReplies() {}

  static List<InferResponse> to(InferCall call, List<String> tokens) {
    if (call.request().modelName().equals("model_info")) {
      return List.of(
          InferResponse.of(Tensor.text("model_name", "fake"), Tensor.ints("n_ctx", 4096)));
    }
    if (call.rpc() == Rpc.MODEL_INFER) {
      return List.of(
          InferResponse.of(
              Tensor.text("text", String.join("", tokens)), Tensor.text("model", "fake")));
    }
    List<InferResponse> responses = new ArrayList<>(tokens.size() + 1);
    tokens.forEach(token -> responses.add(chunk(token, "null")));
    responses.add(chunk("", "stop"));
    return responses;
  }

  private static InferResponse chunk(String token, String finishReason) {
    return InferResponse.of(
        Tensor.text("token", token), Tensor.text("finish_reason", finishReason));
  }
}
