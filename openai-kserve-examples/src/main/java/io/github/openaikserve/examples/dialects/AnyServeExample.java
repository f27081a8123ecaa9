package io.github.openaikserve.examples.dialects;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.EmbeddingDialects;
import io.github.openaikserve.grpc.GrpcBackend;

/** AnyServe with its llama.cpp worker, and with a worker of somebody's own. */
public final class AnyServeExample {
  private AnyServeExample() {}

  /** The text of the answer. */
  public static String ask(String target) {
    try (var backend = GrpcBackend.builder().target(target).streamPortOffset(100).build()) {
      var openai =
          OpenAiKServe.builder(backend)
              .model(
                  "llamacpp", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
              .build();
      return openai.chatCompletions().create(r -> r.user("Tell me a story.").maxTokens(64)).text();
    }
  }

  /** Routes to several capabilities. */
  static OpenAiKServe ownWorkers(GrpcBackend backend) {
    return OpenAiKServe.builder(backend)
        .model("llamacpp", Dialects.ANYSERVE)
        .model("qwen", Dialects.anyServe("chat", "chat_stream", "qwen").build())
        .model("bart", Dialects.anyServe("summarize", "", "bart").unary().build())
        .model("e5", m -> m.embeddingDialect(EmbeddingDialects.anyServe("embed", "e5").build()))
        .build();
  }
}
