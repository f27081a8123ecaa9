package io.github.openaikserve.internal.answer;

import io.github.openaikserve.dialect.Generation;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.internal.answer.text.TextOffsets;
import io.github.openaikserve.openai.ChatCompletionTokenLogprob;
import io.github.openaikserve.openai.CompletionLogprobs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The log probabilities of tokens whose text is still held back. Not thread-safe. */
final class PendingLogprobs {
  private final int alternatives;
  private final List<ChatCompletionTokenLogprob> tokens = new ArrayList<>(0);
  private final List<Integer> textOffsets = new ArrayList<>(0);
  private final TextOffsets offsets = new TextOffsets();

  PendingLogprobs(Generation generation) {
    alternatives = generation.value(RequestField.TOP_LOGPROBS) instanceof Integer most ? most : 0;
  }

  boolean isEmpty() {
    return tokens.isEmpty();
  }

  /**
   * Adds the tokens of a response, each with the requested number of most likely tokens. A server
   * may return one more, the chosen token.
   *
   * @param text the complete characters of the response
   * @return the number of added entries, which must be limited because a server may send them
   *     without any text
   */
  int add(List<ChatCompletionTokenLogprob> added, String text) {
    List<String> texts = added.stream().map(ChatCompletionTokenLogprob::token).toList();
    textOffsets.addAll(offsets.next(texts, text));
    int entries = 0;
    for (ChatCompletionTokenLogprob token : added) {
      int size = token.topLogprobs().size();
      entries += 1 + size;
      boolean tooMany = size > 0 && (alternatives == 0 || size == alternatives + 1);
      tokens.add(
          tooMany
              ? new ChatCompletionTokenLogprob(
                  token.token(), token.logprob(), token.topLogprobs().subList(0, alternatives))
              : token);
    }
    return entries;
  }

  /** Returns and clears the pending tokens, for the first text that is certain after them. */
  @Nullable CompletionLogprobs take() {
    CompletionLogprobs taken =
        tokens.isEmpty() ? null : new CompletionLogprobs(tokens, textOffsets);
    tokens.clear();
    textOffsets.clear();
    return taken;
  }
}
