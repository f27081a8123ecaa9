package io.github.openaikserve.chat;

import io.github.openaikserve.chat.SystemPlace.Placed;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.MessageContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The histories that a template renders without losing words, found by {@link HistoryProbe}. Other
 * histories are rewritten. Immutable.
 *
 * @param callText the place of a text next to tool calls
 * @param oneCall whether parallel calls must be written one after the other, each with its result
 * @param orphans whether a tool result without an earlier call is rendered; otherwise it becomes a
 *     user message
 * @param systemAlone whether a conversation without a user message keeps its system messages;
 *     otherwise they become user messages
 */
record HistoryRules(CallText callText, boolean oneCall, boolean orphans, boolean systemAlone) {
  /** The rules of a template that renders every history. */
  static final HistoryRules ANY = new HistoryRules(CallText.TOGETHER, false, true, true);

  /** The places of a text next to tool calls. */
  enum CallText {
    /** In the message of the calls. */
    TOGETHER,
    /** In a message before the calls. */
    APART,
    /** In a message before the calls if a later message answers; until then with the calls. */
    APART_ONCE_ANSWERED,
    /**
     * In the last message of the turn, because messages of user and assistant must take turns; in a
     * message before the calls if none follows.
     */
    MERGED
  }

  private static final String BETWEEN = "\n\n";

  /** Returns the text of a tool result for a template that does not render results. */
  static String asText(ToolMessage result) {
    return "<tool_response>\n" + result.text() + "\n</tool_response>";
  }

  List<Placed> rewrite(List<Placed> messages) {
    List<Placed> rewritten = messages;
    if (!systemAlone && messages.stream().noneMatch(one -> one.message() instanceof UserMessage)) {
      rewritten = rewritten.stream().map(HistoryRules::systemAsUser).toList();
    }
    if (!orphans) {
      rewritten = withoutOrphans(rewritten);
    }
    if (oneCall) {
      rewritten = inSeries(rewritten);
    }
    return callText == CallText.TOGETHER ? rewritten : textsApart(rewritten);
  }

  private static Placed systemAsUser(Placed placed) {
    return placed.message() instanceof SystemMessage system
        ? placed.with(new UserMessage(system.content(), system.name(), system.extra()))
        : placed;
  }

  private static List<Placed> withoutOrphans(List<Placed> messages) {
    List<Placed> list = new ArrayList<>(messages.size());
    boolean afterCalls = false;
    for (Placed placed : messages) {
      if (placed.message() instanceof ToolMessage result) {
        list.add(
            afterCalls ? placed : placed.with(ChatCompletionRequestMessage.user(asText(result))));
      } else {
        afterCalls = !calls(placed).isEmpty();
        list.add(placed);
      }
    }
    return list;
  }

  private static List<ChatCompletionMessageToolCall> calls(Placed placed) {
    return placed.message() instanceof AssistantMessage assistant
        ? assistant.toolCalls()
        : List.of();
  }

  private static List<Placed> inSeries(List<Placed> messages) {
    List<Placed> list = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      Placed placed = messages.get(i);
      list.add(placed);
      if (calls(placed).size() > 1) {
        list.remove(list.size() - 1);
        List<Placed> results = new ArrayList<>();
        while (i + 1 < messages.size() && messages.get(i + 1).message() instanceof ToolMessage) {
          results.add(messages.get(++i));
        }
        addInSeries(list, placed, results);
      }
    }
    return list;
  }

  private static void addInSeries(List<Placed> list, Placed placed, List<Placed> results) {
    AssistantMessage all = (AssistantMessage) placed.message();
    boolean first = true;
    for (ChatCompletionMessageToolCall call : all.toolCalls()) {
      list.add(
          placed.with(
              new AssistantMessage(
                  first ? all.content() : null,
                  all.name(),
                  List.of(call),
                  first ? all.extra() : Map.of())));
      first = false;
      for (Placed result : List.copyOf(results)) {
        ToolMessage message = (ToolMessage) result.message();
        boolean older = message.role().equals("function");
        if (message.caller().equals(older ? call.name() : call.id())) {
          list.add(result);
          results.remove(result);
        }
      }
    }
    list.addAll(results);
  }

  private List<Placed> textsApart(List<Placed> messages) {
    List<Placed> list = new ArrayList<>(messages.size());
    List<String> pending = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      Placed placed = messages.get(i);
      if (!(placed.message() instanceof AssistantMessage assistant)) {
        list.add(placed);
        continue;
      }
      boolean calls = !assistant.toolCalls().isEmpty();
      boolean apart = calls && !assistant.text().isBlank();
      if (apart && callText == CallText.APART_ONCE_ANSWERED) {
        apart = isAnswered(messages, i);
      }
      if (callText == CallText.MERGED && apart && continues(messages, i)) {
        pending.add(assistant.text());
        list.add(placed.with(withText(assistant, null)));
      } else if (apart) {
        String text = joined(pending, assistant.text());
        list.add(placed.with(ChatCompletionRequestMessage.assistant(text)));
        list.add(placed.with(withText(assistant, null)));
      } else if (!pending.isEmpty() && !calls) {
        list.add(placed.with(withText(assistant, joined(pending, assistant.text()))));
      } else {
        list.add(placed);
      }
    }
    return list;
  }

  private static AssistantMessage withText(AssistantMessage message, @Nullable String text) {
    return new AssistantMessage(
        text == null ? null : MessageContent.of(text),
        message.name(),
        message.toolCalls(),
        message.extra());
  }

  /** Returns the texts in one, and forgets those that were pending. */
  private static String joined(List<String> pending, String last) {
    List<String> texts = new ArrayList<>(pending);
    pending.clear();
    if (!last.isBlank()) {
      texts.add(last);
    }
    return String.join(BETWEEN, texts);
  }

  /** Returns whether an assistant message without calls follows. */
  private static boolean isAnswered(List<Placed> messages, int index) {
    return messages.subList(index + 1, messages.size()).stream()
        .anyMatch(one -> one.message() instanceof AssistantMessage && calls(one).isEmpty());
  }

  /** Returns whether an assistant message that can hold the text follows in the same turn. */
  private static boolean continues(List<Placed> messages, int index) {
    for (Placed later : messages.subList(index + 1, messages.size())) {
      if (later.message() instanceof UserMessage) {
        return false;
      }
      if (later.message() instanceof AssistantMessage assistant
          && (assistant.toolCalls().isEmpty() || !assistant.text().isBlank())) {
        return true;
      }
    }
    return false;
  }
}
