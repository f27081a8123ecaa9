package io.github.openaikserve.chat;

import static io.github.openaikserve.chat.ProbeMessages.ANSWER;
import static io.github.openaikserve.chat.ProbeMessages.CALL;
import static io.github.openaikserve.chat.ProbeMessages.CALL_WITH_TEXT;
import static io.github.openaikserve.chat.ProbeMessages.FUNCTION;
import static io.github.openaikserve.chat.ProbeMessages.RESULT;
import static io.github.openaikserve.chat.ProbeMessages.SYSTEM;
import static io.github.openaikserve.chat.ProbeMessages.TOOL;
import static io.github.openaikserve.chat.ProbeMessages.USER;

import io.github.openaikserve.chat.HistoryRules.CallText;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.MessageContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A probe that finds the {@link HistoryRules} of a template. */
final class HistoryProbe {
  private static final String ANOTHER = "another_function";
  private static final ChatCompletionRequestMessage FINAL =
      ChatCompletionRequestMessage.assistant("probe_final");
  private static final ChatCompletionRequestMessage MERGED =
      ChatCompletionRequestMessage.assistant("probe_text\n\nprobe_final");
  private static final ChatCompletionMessageToolCall FIRST_CALL =
      new ChatCompletionMessageToolCall("probe0000", FUNCTION, "{\"probe_key\": 1}");
  private static final ChatCompletionMessageToolCall SECOND_CALL =
      new ChatCompletionMessageToolCall("probe0001", ANOTHER, "{\"probe_key\": 2}");
  private static final ChatCompletionRequestMessage SECOND =
      new AssistantMessage(null, null, List.of(SECOND_CALL), Map.of());
  private static final ChatCompletionRequestMessage BOTH =
      new AssistantMessage(null, null, List.of(FIRST_CALL, SECOND_CALL), Map.of());
  private static final ChatCompletionRequestMessage SECOND_RESULT =
      new ToolMessage("tool", MessageContent.of("probe_second"), "probe0001", Map.of());

  private final TemplateProbe probe;
  private final TemplateCapabilities capabilities;

  /**
   * Creates a probe.
   *
   * @param capabilities the capabilities, with rules of any history
   */
  HistoryProbe(TemplateProbe probe, TemplateCapabilities capabilities) {
    this.probe = probe;
    this.capabilities = capabilities;
  }

  HistoryRules rules() {
    boolean calls = capabilities.takesCalls();
    boolean results = capabilities.takesResults();
    return new HistoryRules(
        calls ? callText() : CallText.TOGETHER,
        calls && results && losesSecondCall(),
        !results || keeps(List.of("probe_answer"), USER, RESULT, FINAL, USER),
        probe.writes(List.of("probe_system"), capabilities, SYSTEM));
  }

  private CallText callText() {
    List<String> running = List.of("probe_text", FUNCTION, "probe_answer");
    List<String> answered = new ArrayList<>(running);
    answered.add("probe_final");
    boolean now = keeps(running, USER, CALL_WITH_TEXT, RESULT);
    if (now && keeps(answered, USER, CALL_WITH_TEXT, RESULT, FINAL, USER)) {
      return CallText.TOGETHER;
    }
    if (!keeps(running, USER, ANSWER, CALL, RESULT)) {
      return CallText.TOGETHER;
    }
    if (keeps(answered, USER, ANSWER, CALL, RESULT, FINAL, USER)) {
      return now ? CallText.APART_ONCE_ANSWERED : CallText.APART;
    }
    return keeps(answered, USER, CALL, RESULT, MERGED, USER) ? CallText.MERGED : CallText.APART;
  }

  private boolean losesSecondCall() {
    List<String> all = List.of(FUNCTION, ANOTHER, "probe_answer", "probe_second");
    return !keeps(all, USER, BOTH, RESULT, SECOND_RESULT)
        && keeps(all, USER, CALL, RESULT, SECOND, SECOND_RESULT);
  }

  /** Returns whether the turn of a conversation with a system message contains the texts. */
  private boolean keeps(List<String> texts, ChatCompletionRequestMessage... messages) {
    List<ChatCompletionRequestMessage> all = new ArrayList<>(List.of(messages));
    all.add(0, SYSTEM);
    List<ChatCompletionTool> tools = capabilities.takesTools() ? List.of(TOOL) : List.of();
    String text =
        probe.render(capabilities, tools, all.toArray(ChatCompletionRequestMessage[]::new));
    if (text == null) {
      return false;
    }
    String turn = text.substring(Math.max(0, text.indexOf("probe_user")));
    return texts.stream().allMatch(turn::contains);
  }
}
