package io.github.openaikserve.examples;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.service.AiServices;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.langchain4j.KServeChatModel;

/** Uses an AI Service of LangChain4j with a method as a tool, in the same process. */
public final class LangChain4jExample {
  interface Assistant {
    String answer(String question);
  }

  static final class Weather {
    @Tool("Get the current weather for a city")
    String weather(String city) {
      return "{\"city\": \"" + city + "\", \"temperature\": 18, \"condition\": \"sunny\"}";
    }
  }

  private LangChain4jExample() {}

  /** Chats with the AnyServe at {@code host:port}, the only argument. */
  public static void main(String[] args) {
    try (var backend = GrpcBackend.connect(args.length == 0 ? "localhost:8000" : args[0])) {
      var openai =
          OpenAiKServe.builder(backend)
              .model("qwen", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.QWEN3))
              .build();
      System.out.println(assistant(openai).answer("What is the weather in Paris?"));
    }
  }

  static Assistant assistant(OpenAiKServe openai) {
    return AiServices.builder(Assistant.class)
        .chatModel(KServeChatModel.builder(openai).temperature(0.0).build())
        .tools(new Weather())
        .build();
  }
}
