package io.github.openaikserve.openai;

import io.github.openaikserve.error.InvalidRequestException;
import java.util.List;

/** What is to be embedded: one or more texts, or the same as token ids. Immutable. */
public sealed interface EmbeddingInput {
  /** How many inputs one request may have. Source: OpenAI's schema. */
  int MAX_SIZE = 2048;

  /** How many inputs there are, 1 to {@value #MAX_SIZE}. */
  int size();

  /**
   * The inputs from {@code from} on, up to but without {@code to}.
   *
   * @throws IndexOutOfBoundsException if there are none such
   */
  EmbeddingInput slice(int from, int to);

  /** Texts, none of them empty. */
  record Texts(List<String> texts) implements EmbeddingInput {
    /**
     * Copies the list.
     *
     * @throws InvalidRequestException if there is none, an empty one, or more than {@value
     *     #MAX_SIZE}
     */
    public Texts {
      texts = List.copyOf(texts);
      Limits.array("input", texts, MAX_SIZE);
      int empty = texts.indexOf("");
      if (empty >= 0) {
        String param = texts.size() == 1 ? "input" : "input[" + empty + "]";
        throw InvalidRequestException.badValue(
            param,
            "empty_string",
            "Invalid '%s': empty string. Expected a string with minimum length 1, but got an empty string instead."
                .formatted(param));
      }
    }

    @Override
    public int size() {
      return texts.size();
    }

    @Override
    public Texts slice(int from, int to) {
      return new Texts(texts.subList(from, to));
    }
  }

  /** Token ids, none negative, in lists none of which is empty. */
  record Tokens(List<List<Integer>> tokens) implements EmbeddingInput {
    /**
     * Copies the lists.
     *
     * @throws InvalidRequestException if there is none, an empty one, more than {@value #MAX_SIZE},
     *     or a negative id
     */
    public Tokens {
      tokens = tokens.stream().map(List::copyOf).toList();
      Limits.array("input", tokens, MAX_SIZE);
      for (List<Integer> input : tokens) {
        Limits.notEmpty("input", input);
        input.forEach(token -> Limits.integer("input", token, 0, Integer.MAX_VALUE));
      }
    }

    @Override
    public int size() {
      return tokens.size();
    }

    @Override
    public Tokens slice(int from, int to) {
      return new Tokens(tokens.subList(from, to));
    }
  }
}
