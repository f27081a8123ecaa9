package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.ChatPrompt;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.Tokenizer;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * A prompt as token ids in which control tokens that users and tools write are ordinary text. Used
 * for servers that accept token ids and models with a {@link Tokenizer}. Immutable.
 *
 * <p>While the template is rendered, a mark character splits each of these control tokens. The
 * parts between the marks are encoded separately, so no part contains a user's control token.
 *
 * @param prompt the prompt as the user wrote it, without marks
 * @param marked the text to encode, with marks
 * @param mark the character that splits the control tokens
 */
record SplitPrompt(ChatPrompt prompt, String marked, char mark) {
  /** The first of Unicode's noncharacters. A text may nevertheless contain some of them. */
  private static final char FIRST_MARK = '\uFDD0';

  private static final char LAST_MARK = '\uFDEF';

  /** A renderer of messages with a template. */
  interface Renderer
      extends BiFunction<List<ChatCompletionRequestMessage>, ChatTemplate, ChatPrompt> {}

  /**
   * Returns the prompt of a chat in which users or tools write control tokens.
   *
   * @return the prompt; empty if it must be sent as text
   */
  static Optional<SplitPrompt> of(
      Route route, List<ChatCompletionRequestMessage> messages, Renderer renderer) {
    boolean sends =
        route.chat().controlTokens().splits()
            && route.tokenCounter() instanceof Tokenizer
            && route.requireDialect().carries(RequestField.PROMPT_TOKEN_IDS);
    ChatTemplate template = route.chat().template();
    ChatPrompt asWritten = sends ? renderer.apply(messages, template) : null;
    if (asWritten == null || !asWritten.media().isEmpty()) {
      return Optional.empty();
    }
    return IntStream.rangeClosed(FIRST_MARK, LAST_MARK)
        .filter(mark -> asWritten.text().indexOf(mark) < 0)
        .boxed()
        .findFirst()
        .map(
            mark -> {
              char c = (char) mark.intValue();
              List<ChatCompletionRequestMessage> split =
                  route.chat().controlTokens().withMark(c).guard(messages);
              String text = renderer.apply(split, includeBosToken(template)).text();
              return new SplitPrompt(unmarked(renderer.apply(split, template), c), text, c);
            })
        .filter(split -> split.marked().indexOf(split.mark()) >= 0);
  }

  /** Returns the template with the BOS token, because a server adds no token to token ids. */
  private static ChatTemplate includeBosToken(ChatTemplate template) {
    try {
      return ChatTemplates.includeBosToken(template);
    } catch (IllegalArgumentException e) {
      return template; // it never omits the BOS token
    }
  }

  private static ChatPrompt unmarked(ChatPrompt prompt, char mark) {
    return new ChatPrompt(
        prompt.text().replace(String.valueOf(mark), ""),
        prompt.stopSequences(),
        prompt.endTokens(),
        prompt.stripLeadingWhitespace(),
        prompt.media());
  }

  /**
   * Returns the token ids of the prompt.
   *
   * @param more text to append to the prompt
   * @throws InvalidRequestException if the tokenizer rejects the text
   */
  int[] encode(Tokenizer tokenizer, String more) {
    IntStream.Builder ids = IntStream.builder();
    String text = marked + more;
    for (int from = 0; from <= text.length(); ) {
      int end = text.indexOf(mark, from);
      end = end < 0 ? text.length() : end;
      if (end > from) {
        part(tokenizer, text.substring(from, end)).forEach(ids);
      }
      from = end + 1;
    }
    return ids.build().toArray();
  }

  private static IntStream part(Tokenizer tokenizer, String text) {
    try {
      return IntStream.of(tokenizer.encode(text));
    } catch (IllegalArgumentException e) {
      throw InvalidRequestException.badValue(
          "messages",
          "invalid_value",
          "Invalid 'messages': " + InvalidRequestException.shown(String.valueOf(e.getMessage())));
    }
  }
}
