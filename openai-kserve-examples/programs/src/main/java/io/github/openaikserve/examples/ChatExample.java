package io.github.openaikserve.examples;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.openai.ChatCompletion;
import java.io.PrintStream;

/** Sends a chat, then streams one. */
public final class ChatExample {
  private ChatExample() {}

  /** Chats with the AnyServe at {@code host:port}, the only argument. */
  public static void main(String[] args) {
    run(args.length == 0 ? "localhost:8000" : args[0], System.out);
  }

  static void run(String target, PrintStream out) {
    try (var backend = GrpcBackend.connect(target)) {
      var openai =
          OpenAiKServe.builder(backend)
              .model(
                  "llamacpp", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML))
              .build();

      ChatCompletion completion =
          openai
              .chatCompletions()
              .create(r -> r.user("What is the capital of France?").maxTokens(64).temperature(0.0));
      out.println(completion.text());

      try (var chunks =
          openai.chatCompletions().stream(
              r -> r.user("Tell me a story about a fox.").temperature(0.0))) {
        for (var chunk : chunks) {
          out.print(chunk.text()); // closing the stream cancels the call
        }
        out.println();
      }
    }
  }
}
