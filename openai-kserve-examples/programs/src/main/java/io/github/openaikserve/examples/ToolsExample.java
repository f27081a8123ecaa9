package io.github.openaikserve.examples;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Answers a question with a tool: the model calls it, and answers from its result. */
public final class ToolsExample {
  private static final ChatCompletionTool WEATHER =
      ChatCompletionTool.function(
          "get_weather",
          "Get the current weather for a city",
          Map.of(
              "type",
              "object",
              "properties",
              Map.of("city", Map.of("type", "string")),
              "required",
              List.of("city")));

  private ToolsExample() {}

  /**
   * Calls the model until it answers without a tool call.
   *
   * @param tool runs a call: takes JSON arguments, returns a text
   */
  public static String ask(OpenAiKServe openai, String question, Function<String, String> tool) {
    List<ChatCompletionRequestMessage> messages =
        new ArrayList<>(List.of(ChatCompletionRequestMessage.user(question)));
    while (true) {
      ChatCompletion completion =
          openai.chatCompletions().create(r -> r.messages(messages).tool(WEATHER).temperature(0));
      if (completion.toolCalls().isEmpty()) {
        return completion.text();
      }
      messages.add(ChatCompletionRequestMessage.assistant(completion.message()));
      for (ChatCompletionMessageToolCall call : completion.toolCalls()) {
        messages.add(ChatCompletionRequestMessage.tool(call.id(), tool.apply(call.arguments())));
      }
    }
  }
}
