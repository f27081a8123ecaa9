package io.github.openaikserve.chat;

import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The messages and the tool of the conversations that probes render. */
final class ProbeMessages {
  static final String FUNCTION = "probe_function";
  static final String KEY = "probe_key";
  static final ChatCompletionRequestMessage SYSTEM =
      ChatCompletionRequestMessage.system("probe_system");
  static final ChatCompletionRequestMessage DEVELOPER =
      new SystemMessage("developer", MessageContent.of("probe_system"), null, Map.of());
  static final ChatCompletionRequestMessage ANY_ROLE =
      new SystemMessage("probe_role", MessageContent.of("probe_system"), null, Map.of());
  static final ChatCompletionRequestMessage USER = ChatCompletionRequestMessage.user("probe_user");
  static final ChatCompletionRequestMessage LATE =
      ChatCompletionRequestMessage.system("probe_late");
  static final ChatCompletionRequestMessage ANSWER =
      ChatCompletionRequestMessage.assistant("probe_text");
  private static final String JSON = "{\"" + KEY + "\": 1}";
  static final ChatCompletionRequestMessage CALL = call(null, JSON);
  static final ChatCompletionRequestMessage CALL_WITH_TEXT =
      call(MessageContent.of("probe_text"), JSON);
  static final ChatCompletionRequestMessage MALFORMED = call(null, "{");
  static final ChatCompletionRequestMessage RESULT =
      new ToolMessage("tool", MessageContent.of("probe_answer"), "probe0000", Map.of());
  static final ChatCompletionTool TOOL =
      new ChatCompletionTool(
          "function",
          Map.of(
              "name",
              FUNCTION,
              "description",
              "probe",
              "parameters",
              Map.of(
                  "type",
                  "object",
                  "properties",
                  Map.of(KEY, Map.of("type", "string", "description", "probe")),
                  "required",
                  List.of(KEY))));

  private ProbeMessages() {}

  private static ChatCompletionRequestMessage call(
      @Nullable MessageContent text, String arguments) {
    var call = new ChatCompletionMessageToolCall("probe0000", FUNCTION, arguments);
    return new AssistantMessage(text, null, List.of(call), Map.of());
  }

  /** Returns a message of the user with these parts. */
  static ChatCompletionRequestMessage user(ContentPart... parts) {
    return new UserMessage(new MessageContent.Parts(List.of(parts)), null, Map.of());
  }
}
