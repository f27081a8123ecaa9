package io.github.openaikserve.chat;

import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.SystemMessage;
import io.github.openaikserve.openai.ChatCompletionRequestMessage.UserMessage;
import io.github.openaikserve.openai.ContentPart;
import io.github.openaikserve.openai.MessageContent;
import java.util.ArrayList;
import java.util.List;

/**
 * The position at which a template supports system messages. System messages at other positions are
 * moved, so that none is lost.
 */
enum SystemPlace {
  /** Anywhere between other messages. */
  ANYWHERE,
  /** One message before all others, with the text of all system messages. */
  FIRST,
  /** Not supported: the text is prepended to the first user message. */
  IN_USER;

  private static final String BETWEEN = "\n\n";

  /**
   * A message and its place in the request.
   *
   * @param index the index in the request
   */
  record Placed(int index, ChatCompletionRequestMessage message) {
    /** Returns the path in the request, for error messages. */
    String path() {
      return "messages[" + index + "]";
    }

    Placed with(ChatCompletionRequestMessage other) {
      return new Placed(index, other);
    }
  }

  /** Returns the messages with system messages at the supported position. */
  List<Placed> place(List<ChatCompletionRequestMessage> messages) {
    List<Placed> others = new ArrayList<>(messages.size());
    List<Placed> system = new ArrayList<>(1);
    boolean first = true;
    for (int i = 0; i < messages.size(); i++) {
      var placed = new Placed(i, messages.get(i));
      boolean moves = this != ANYWHERE && placed.message() instanceof SystemMessage;
      first &= !moves || i == 0;
      (moves ? system : others).add(placed);
    }
    if (system.isEmpty()) {
      return others;
    }
    Placed merged = this == FIRST && first ? system.get(0) : merged(system);
    if (this == FIRST || !prepend(merged.message().text(), others)) {
      others.add(0, merged);
    }
    return others;
  }

  /** Returns one message with the text of all system messages. */
  private static Placed merged(List<Placed> system) {
    List<String> texts = new ArrayList<>(system.size());
    for (Placed placed : system) {
      texts.add(PlainTemplate.text(placed.path(), placed.message()));
    }
    SystemMessage first = (SystemMessage) system.get(0).message();
    MessageContent content = MessageContent.of(String.join(BETWEEN, texts));
    return new Placed(
        system.get(0).index(),
        new SystemMessage(first.role(), content, first.name(), first.extra()));
  }

  private static boolean prepend(String text, List<Placed> messages) {
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).message() instanceof UserMessage user) {
        MessageContent content = prepend(text + BETWEEN, user.content());
        messages.set(
            i,
            new Placed(
                messages.get(i).index(), new UserMessage(content, user.name(), user.extra())));
        return true;
      }
    }
    return false;
  }

  private static MessageContent prepend(String text, MessageContent content) {
    if (content instanceof MessageContent.Parts parts) {
      List<ContentPart> all = new ArrayList<>(parts.parts());
      all.add(0, new ContentPart.Text(text));
      return new MessageContent.Parts(all);
    }
    return MessageContent.of(text + content.text());
  }
}
