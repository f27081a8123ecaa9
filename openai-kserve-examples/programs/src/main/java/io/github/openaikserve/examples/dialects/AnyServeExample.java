package io.github.openaikserve.examples.dialects;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;

/** AnyServe with its llama.cpp worker, and with custom workers. */
public final class AnyServeExample {
  private AnyServeExample() {}

  /** Returns the text of the answer. */
  public static String ask(String target) {
    try (var backend = GrpcBackend.connect(target)) {
      var openai =
          OpenAiKServe.builder(backend)
              .model(
                  "llamacpp", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
              .build();
      return openai.chatCompletions().create(r -> r.user("Tell me a story.").maxTokens(64)).text();
    }
  }

  /** Routes to several capabilities. */
  static OpenAiKServe ownWorkers(InferenceBackend backend) {
    return OpenAiKServe.builder(backend)
        .model("llamacpp", Dialects.ANYSERVE)
        .model("qwen", Dialects.anyServe("chat", "chat_stream", "qwen").build())
        .model("bart", Dialects.anyServe("summarize", "", "bart").unary().build())
        .model("e5", m -> m.embeddingDialect(Dialects.anyServeEmbeddings("embed", "e5").build()))
        .build();
  }
}
