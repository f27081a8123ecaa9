package io.github.openaikserve.examples.dialects;

import static io.github.openaikserve.dialect.RequestField.PROMPT;
import static io.github.openaikserve.dialect.ResponseField.TEXT;
import static io.github.openaikserve.kserve.Datatype.BYTES;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.kserve.InferParameter;

/** MLServer's Hugging Face runtime, and a custom runtime. */
public final class MlServerExample {
  static final Dialect OWN =
      Dialect.builder("own")
          .input(
              "prompt", BYTES, PROMPT, in -> in.parameter("content_type", InferParameter.of("str")))
          .output("output", TEXT)
          .unwrappedStreams()
          .build();

  private MlServerExample() {}

  /** Returns the text of the answer. */
  public static String ask(String target) {
    try (var backend = GrpcBackend.connect(target)) { // such as localhost:8081
      var dialect = Dialects.detect(backend, "gpt2").join().requireDialect();
      var openai =
          OpenAiKServe.builder(backend)
              .model("gpt2", m -> m.dialect(dialect).chatTemplate(ChatTemplates.CHATML))
              .build();
      return openai.chatCompletions().create(r -> r.user("Tell me a story.").maxTokens(64)).text();
    }
  }
}
