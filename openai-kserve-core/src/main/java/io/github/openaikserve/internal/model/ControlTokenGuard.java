package io.github.openaikserve.internal.model;

import io.github.openaikserve.chat.ControlTokens;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.text.TextAutomaton;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.ToolMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A guard against control tokens in the text of users and tools. System messages, assistant
 * messages and tool definitions come from the application and are not changed. Immutable and
 * thread-safe.
 */
public final class ControlTokenGuard {
  /** A guard that changes nothing. */
  public static final ControlTokenGuard NONE = new ControlTokenGuard(ControlTokens.KEEP, List.of());

  private static final char WORD_JOINER = '\u2060';

  private final ControlTokens handling;
  private final TextAutomaton tokens;
  private final char mark;

  /** Creates a guard against these tokens. */
  public ControlTokenGuard(ControlTokens handling, Collection<String> tokens) {
    this(
        handling,
        new TextAutomaton(
            handling == ControlTokens.KEEP
                ? List.of()
                : tokens.stream().filter(token -> token.length() > 1).toList()),
        WORD_JOINER);
  }

  private ControlTokenGuard(ControlTokens handling, TextAutomaton tokens, char mark) {
    this.handling = handling;
    this.tokens = tokens;
    this.mark = mark;
  }

  /** Returns whether this guard splits control tokens. */
  public boolean splits() {
    return handling == ControlTokens.SPLIT && !tokens.isEmpty();
  }

  /** Returns a guard that splits tokens with a character other than the word joiner. */
  public ControlTokenGuard withMark(char other) {
    return new ControlTokenGuard(handling, tokens, other);
  }

  /**
   * Returns the messages without control tokens in the text of users and tools.
   *
   * @throws InvalidRequestException naming the message, if it contains a token and tokens are
   *     rejected
   */
  public List<ChatCompletionRequestMessage> guard(List<ChatCompletionRequestMessage> messages) {
    if (tokens.isEmpty()) {
      return messages;
    }
    List<ChatCompletionRequestMessage> guarded = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      guarded.add(guard("messages[" + i + "]", messages.get(i)));
    }
    return guarded;
  }

  private ChatCompletionRequestMessage guard(String path, ChatCompletionRequestMessage message) {
    if (message instanceof UserMessage user) {
      String name = user.name() == null ? null : text(path + ".name", user.name());
      return new UserMessage(content(path, user.content()), name, user.extra());
    }
    if (message instanceof ToolMessage tool) {
      MessageContent content = tool.content() == null ? null : content(path, tool.content());
      return new ToolMessage(tool.role(), content, tool.caller(), tool.extra());
    }
    return message;
  }

  /**
   * Guards a content. Merges adjacent texts into one part, because a token may begin in one part
   * and end in the next.
   */
  private MessageContent content(String path, MessageContent content) {
    String where = path + ".content";
    if (!(content instanceof MessageContent.Parts parts)) {
      return MessageContent.of(text(where, content.text()));
    }
    List<ContentPart> guarded = new ArrayList<>();
    var text = new StringBuilder();
    for (ContentPart part : parts.parts()) {
      if (part instanceof ContentPart.Text more) {
        text.append(more.text());
      } else {
        addText(where, text, guarded);
        guarded.add(part);
      }
    }
    addText(where, text, guarded);
    return guarded.isEmpty() ? MessageContent.of("") : new MessageContent.Parts(guarded);
  }

  private void addText(String where, StringBuilder text, List<ContentPart> parts) {
    if (!text.isEmpty()) {
      parts.add(new ContentPart.Text(text(where, text.toString())));
      text.setLength(0);
    }
  }

  /**
   * Splits every token before its last character. This also splits shorter tokens with the same
   * end.
   */
  private String text(String where, String text) {
    @Nullable StringBuilder split = null;
    int copied = 0;
    int node = TextAutomaton.ROOT;
    for (int i = 0; i < text.length(); i++) {
      node = tokens.next(node, text.charAt(i));
      int length = tokens.match(node);
      if (length > 0) {
        if (handling == ControlTokens.REFUSE) {
          throw refusal(where, text.substring(i + 1 - length, i + 1));
        }
        split = split == null ? new StringBuilder(text.length() + 16) : split;
        split.append(text, copied, i).append(mark);
        copied = i;
      }
    }
    return split == null ? text : split.append(text, copied, text.length()).toString();
  }

  private static InvalidRequestException refusal(String where, String token) {
    return InvalidRequestException.badValue(
        where,
        "invalid_value",
        "Invalid '%s': the text contains the model's control token '%s'. Remove the token or write it differently."
            .formatted(where, InvalidRequestException.shown(token)));
  }
}
