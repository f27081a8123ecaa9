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
 * A prompt whose token ids treat the control tokens in the text of users and tools as ordinary
 * text. Requires a dialect with an input for token ids, and a model with a {@link Tokenizer}.
 * Immutable.
 *
 * <p>The template is rendered with a mark inside each control token that a user or tool has
 * written. The text between two marks is encoded on its own, so none of these tokens is encoded as
 * a control token.
 *
 * @param prompt the rendered prompt without marks
 * @param marked the rendered prompt with marks, and with the BOS token
 * @param mark the character that splits the tokens
 */
record SplitPrompt(ChatPrompt prompt, String marked, char mark) {
  /**
   * The first of Unicode's noncharacters, which text rarely contains. The mark is the first one
   * that the prompt does not contain.
   */
  private static final char FIRST_MARK = '\uFDD0';

  private static final char LAST_MARK = '\uFDEF';

  /** Renders messages with a template. */
  interface Renderer
      extends BiFunction<List<ChatCompletionRequestMessage>, ChatTemplate, ChatPrompt> {}

  /**
   * Returns the prompt of a chat in which users or tools have written control tokens.
   *
   * @return empty if there are no such tokens, or if the prompt must be sent as text
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

  /**
   * Returns a template that writes the BOS token. A server adds this token to text, but not to
   * token ids.
   */
  private static ChatTemplate includeBosToken(ChatTemplate template) {
    try {
      return ChatTemplates.includeBosToken(template);
    } catch (IllegalArgumentException e) {
      return template; // it is not a template that omits the token
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
