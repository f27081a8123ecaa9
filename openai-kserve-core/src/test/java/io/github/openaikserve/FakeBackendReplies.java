package io.github.openaikserve;

import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import java.util.List;
import java.util.stream.Stream;

/** Responses as AnyServe streams them. */
final class FakeBackendReplies {
  private FakeBackendReplies() {}

  static List<InferResponse> tokens(String... tokens) {
    return Stream.of(tokens).map(token -> InferResponse.of(Tensor.text("token", token))).toList();
  }
}
