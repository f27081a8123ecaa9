package io.github.openaikserve.chat;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.jinja.JinjaException;
import io.github.openaikserve.openai.ChatCompletionMessageToolCall;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.AssistantMessage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A probe for the control tokens of a template. It collects the tokens that the tokenizer declares,
 * the tags around the messages of small conversations, and texts in the source that look like
 * control tokens.
 */
final class ControlTokenProbe {
  private static final Pattern TAG = Pattern.compile("<[^<>\\s]{1,80}>|\\[/?[A-Z][A-Z_]{1,30}\\]");
  private static final Pattern TOKEN =
      Pattern.compile(
          "<[|\uFF5C][^<>\\s'\"]{1,80}>|<[^<>\\s'\"]{1,80}[|\uFF5C]>|\\[/?[A-Z][A-Z_]{1,30}\\]");
  private static final String WORD = "probe_";
  private static final List<ChatCompletionRequestMessage> CONVERSATION =
      List.of(
          ChatCompletionRequestMessage.system("probe_system"),
          ChatCompletionRequestMessage.user("probe_user"),
          ChatCompletionRequestMessage.assistant("probe_answer"),
          ChatCompletionRequestMessage.user("probe_user"));
  private static final List<ChatCompletionRequestMessage> CALLS =
      List.of(
          ChatCompletionRequestMessage.user("probe_user"),
          new AssistantMessage(
              null,
              null,
              List.of(new ChatCompletionMessageToolCall("probe0000", "probe_function", "{}")),
              Map.of()),
          ChatCompletionRequestMessage.tool("probe0000", "probe_result"));

  private final Function<Conversation, String> template;
  private final Set<String> found = new TreeSet<>();

  /**
   * Creates a probe.
   *
   * @param template renders a conversation; an exception means that the template does not support
   *     the conversation
   */
  ControlTokenProbe(Function<Conversation, String> template) {
    this.template = template;
  }

  /** Returns the control tokens of a template with this source. */
  Set<String> tokens(
      String source, TemplateMetadata traits, List<String> stops, ChatTemplate known) {
    addAll(TOKEN, source);
    if (!render(CONVERSATION)) {
      render(CONVERSATION.subList(1, CONVERSATION.size()));
    }
    render(CALLS);
    found.addAll(traits.special());
    found.addAll(stops);
    found.addAll(List.of(traits.bos(), traits.eos()));
    var reasoning = known.format().reasoning();
    if (reasoning != null) {
      reasoning.begins().forEach(marker -> addAll(TAG, marker));
      reasoning.ends().forEach(marker -> addAll(TAG, marker));
    }
    found.removeIf(token -> token.length() < 2 || token.isBlank());
    return Set.copyOf(found);
  }

  private boolean render(List<ChatCompletionRequestMessage> messages) {
    try {
      addAll(TAG, template.apply(new Conversation(messages)));
      return true;
    } catch (JinjaException | InvalidRequestException e) {
      return false;
    }
  }

  private void addAll(Pattern pattern, String text) {
    pattern
        .matcher(text)
        .results()
        .map(match -> match.group())
        .filter(token -> !token.contains(WORD))
        .forEach(found::add);
  }
}
