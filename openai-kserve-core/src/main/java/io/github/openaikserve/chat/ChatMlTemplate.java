package io.github.openaikserve.chat;

import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.chat.format.ToolCallFormats;
import io.github.openaikserve.internal.jinja.JinjaTemplate;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ChatML template; see {@link ChatTemplates#CHATML}. */
final class ChatMlTemplate implements ChatTemplate {
  private static final ModelFormat FORMAT =
      new ModelFormat(ReasoningFormats.THINK, ToolCallFormats.HERMES);
  private static final List<String> END_OF_TURN = List.of("<|im_end|>");
  private static final Set<String> CONTROL_TOKENS =
      Set.of(
          "<|im_start|>",
          "<|im_end|>",
          "<|endoftext|>",
          "<think>",
          "</think>",
          "<tool_call>",
          "</tool_call>",
          "<tool_response>",
          "</tool_response>");

  /** JSON with the spaces that Python writes, because models were trained on them. */
  private static final JinjaTemplate JSON = JinjaTemplate.parse("{{ value | tojson }}");

  private static final String TOOLS_BEFORE =
      """
      # Tools

      You may call one or more functions to assist with the user query.

      You are provided with function signatures within <tools></tools> XML tags:
      <tools>
      """;
  private static final String TOOLS_AFTER =
      """
      </tools>

      For each function call, return a json object with function name and arguments within \
      <tool_call></tool_call> XML tags:
      <tool_call>
      {"name": <function-name>, "arguments": <args-json-object>}
      </tool_call>\
      """;

  @Override
  public ChatPrompt render(Conversation conversation) {
    List<ChatCompletionRequestMessage> messages = conversation.messages();
    var prompt = new StringBuilder();
    boolean tools = !conversation.tools().isEmpty();
    if (tools && (messages.isEmpty() || !(messages.get(0) instanceof SystemMessage))) {
      open(prompt, "system");
      tools(prompt, conversation.tools());
      close(prompt);
    }
    for (int i = 0; i < messages.size(); i++) {
      ChatCompletionRequestMessage message = messages.get(i);
      String text = PlainText.text("messages[" + i + "]", message);
      if (message instanceof ToolMessage) {
        boolean first = i == 0 || !(messages.get(i - 1) instanceof ToolMessage);
        boolean last = i == messages.size() - 1 || !(messages.get(i + 1) instanceof ToolMessage);
        toolAnswer(prompt, text, first, last);
      } else if (message instanceof AssistantMessage assistant) {
        assistant(prompt, text, assistant.toolCalls());
      } else {
        open(prompt, message instanceof SystemMessage ? "system" : "user").append(text);
        if (tools && i == 0 && message instanceof SystemMessage) {
          tools(prompt.append("\n\n"), conversation.tools());
        }
        close(prompt);
      }
    }
    String text = open(prompt, "assistant").toString();
    return new ChatPrompt(text, END_OF_TURN, END_OF_TURN, false, List.of());
  }

  @Override
  public ModelFormat format() {
    return FORMAT;
  }

  @Override
  public Set<String> controlTokens() {
    return CONTROL_TOKENS;
  }

  private static void tools(StringBuilder prompt, List<ChatCompletionTool> tools) {
    prompt.append(TOOLS_BEFORE);
    for (ChatCompletionTool tool : tools) {
      String definition = json(tool.definition());
      prompt.append("{\"type\": ").append(json(tool.type())).append(", ");
      prompt.append(json(tool.type())).append(": ").append(definition).append("}\n");
    }
    prompt.append(TOOLS_AFTER);
  }

  /** Appends a tool's answer. Consecutive tool answers share one user turn. */
  private static void toolAnswer(StringBuilder prompt, String text, boolean first, boolean last) {
    if (first) {
      prompt.append("<|im_start|>user");
    }
    prompt.append("\n<tool_response>\n").append(text).append("\n</tool_response>");
    if (last) {
      close(prompt);
    }
  }

  private static void assistant(
      StringBuilder prompt, String text, List<ChatCompletionMessageToolCall> calls) {
    prompt.append("<|im_start|>assistant");
    if (calls.isEmpty() || !text.isEmpty()) {
      prompt.append('\n').append(text);
    }
    for (ChatCompletionMessageToolCall call : calls) {
      prompt.append("\n<tool_call>\n{\"name\": ").append(json(call.name()));
      prompt.append(", \"arguments\": ");
      prompt.append(json(TemplateCapabilities.values(call.arguments())));
      prompt.append("}\n</tool_call>");
    }
    close(prompt);
  }

  private static StringBuilder open(StringBuilder prompt, String role) {
    return prompt.append("<|im_start|>").append(role).append('\n');
  }

  private static void close(StringBuilder prompt) {
    prompt.append("<|im_end|>\n");
  }

  private static String json(Object value) {
    return JSON.render(Map.of("value", value));
  }
}
