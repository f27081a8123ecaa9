package io.github.openaikserve.openai;

import java.util.List;

/** What a completion continues: one or more texts, or the same as token ids. Immutable. */
public sealed interface Prompt {
  /** How many prompts there are, at least one. */
  int size();

  /** Texts, at least one; one may be empty. */
  record Texts(List<String> texts) implements Prompt {
    /**
     * Copies the list.
     *
     * @throws io.github.openaikserve.error.InvalidRequestException if there is none, or more than
     *     2048
     */
    public Texts {
      texts = List.copyOf(texts);
      Limits.array("prompt", texts, Limits.MAX_ITEMS);
    }

    @Override
    public int size() {
      return texts.size();
    }
  }

  /** Token ids, none negative, in at least one list. */
  record Tokens(List<List<Integer>> tokens) implements Prompt {
    /**
     * Copies the lists.
     *
     * @throws io.github.openaikserve.error.InvalidRequestException if there is none, an empty one,
     *     more than 2048, or a negative id
     */
    public Tokens {
      tokens = tokens.stream().map(List::copyOf).toList();
      Limits.array("prompt", tokens, Limits.MAX_ITEMS);
      for (List<Integer> prompt : tokens) {
        Limits.notEmpty("prompt", prompt);
        prompt.forEach(token -> Limits.integer("prompt", token, 0, Integer.MAX_VALUE));
      }
    }

    @Override
    public int size() {
      return tokens.size();
    }
  }
}
