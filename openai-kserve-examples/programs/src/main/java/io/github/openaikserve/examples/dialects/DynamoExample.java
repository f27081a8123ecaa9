package io.github.openaikserve.examples.dialects;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;

/** A completion with a model of NVIDIA Dynamo. */
public final class DynamoExample {
  private DynamoExample() {}

  /** Returns the text of the answer. */
  public static String ask(String target) {
    try (var backend = GrpcBackend.connect(target)) { // such as localhost:8000
      var openai =
          OpenAiKServe.builder(backend)
              .model("llama", m -> m.dialect(Dialects.DYNAMO).chatTemplate(ChatTemplates.LLAMA3))
              .build();
      return openai.chatCompletions().create(r -> r.user("Tell me a story.").maxTokens(64)).text();
    }
  }
}
