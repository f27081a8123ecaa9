package io.github.openaikserve.openai;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;

/**
 * The prompts of a text completion request: one or more texts, or one or more lists of token ids.
 * Immutable.
 */
public sealed interface Prompt {
  /** Returns the number of prompts, at least 1. */
  int size();

  /** One or more texts, which may be empty. */
  record Texts(List<String> texts) implements Prompt {
    /**
     * Copies the list.
     *
     * @throws io.github.openaikserve.error.InvalidRequestException if there is no text, or more
     *     than 2,048
     */
    public Texts {
      texts = List.copyOf(texts);
      FieldChecks.array("prompt", texts, FieldChecks.MAX_ITEMS);
    }

    @Override
    public int size() {
      return texts.size();
    }
  }

  /** One or more non-empty lists of token ids. Ids are not negative. */
  record Tokens(List<List<Integer>> tokens) implements Prompt {
    /**
     * Copies the lists.
     *
     * @throws io.github.openaikserve.error.InvalidRequestException if there is no list, an empty
     *     list, more than 2,048, or a negative id
     */
    public Tokens {
      tokens = tokens.stream().map(List::copyOf).toList();
      FieldChecks.array("prompt", tokens, FieldChecks.MAX_ITEMS);
      for (List<Integer> prompt : tokens) {
        FieldChecks.notEmpty("prompt", prompt);
        prompt.forEach(token -> FieldChecks.integer("prompt", token, 0, Integer.MAX_VALUE));
      }
    }

    @Override
    public int size() {
      return tokens.size();
    }
  }
}
