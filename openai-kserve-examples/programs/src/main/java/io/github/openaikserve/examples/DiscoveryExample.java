package io.github.openaikserve.examples;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;

/** Calls the least loaded of the replicas in AnyServe's registry. */
public final class DiscoveryExample {
  private DiscoveryExample() {}

  /** Sends a chat to a replica that the API server at {@code host:port} lists. */
  static String ask(String apiServer) {
    String target = "anyserve://" + apiServer + "?type=generate&model=llamacpp";
    try (var backend = GrpcBackend.connect(target)) {
      var openai = OpenAiKServe.builder(backend).model("llamacpp", Dialects.ANYSERVE).build();
      return openai.chatCompletions().create(r -> r.user("Hi").maxTokens(16).temperature(0)).text();
    }
  }
}
