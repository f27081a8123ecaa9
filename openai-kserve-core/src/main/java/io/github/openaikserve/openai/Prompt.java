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

  /** Token ids, at least one list of them. */
  record Tokens(List<List<Integer>> tokens) implements Prompt {
    /**
     * Copies the lists.
     *
     * @throws io.github.openaikserve.error.InvalidRequestException if there is none, an empty one,
     *     or more than 2048
     */
    public Tokens {
      tokens = tokens.stream().map(List::copyOf).toList();
      Limits.array("prompt", tokens, Limits.MAX_ITEMS);
      tokens.forEach(prompt -> Limits.notEmpty("prompt", prompt));
    }

    @Override
    public int size() {
      return tokens.size();
    }
  }
}
