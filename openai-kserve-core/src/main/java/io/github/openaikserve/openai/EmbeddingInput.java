package io.github.openaikserve.openai;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.List;

/**
 * The inputs of an embedding request: one or more texts, or one or more lists of token ids.
 * Immutable.
 */
public sealed interface EmbeddingInput {
  /** The maximum number of inputs of a request. Source: OpenAI's schema. */
  int MAX_SIZE = 2048;

  /** Returns the number of inputs, 1 to {@value #MAX_SIZE}. */
  int size();

  /**
   * Returns the inputs from {@code from}, inclusive, to {@code to}, exclusive.
   *
   * @throws IndexOutOfBoundsException if the range is out of bounds
   */
  EmbeddingInput slice(int from, int to);

  /** One or more non-empty texts. */
  record Texts(List<String> texts) implements EmbeddingInput {
    /**
     * Copies the list.
     *
     * @throws InvalidRequestException if there is no text, an empty text, or more than {@value
     *     #MAX_SIZE}
     */
    public Texts {
      texts = List.copyOf(texts);
      FieldChecks.array("input", texts, MAX_SIZE);
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

  /** Texts and images in any order. Each is embedded as one vector. */
  record Parts(List<ContentPart> parts) implements EmbeddingInput {
    /**
     * Copies the list.
     *
     * @throws InvalidRequestException if the list is empty, has more than {@value #MAX_SIZE} parts,
     *     or has a part that is neither a text nor an image with a URL
     */
    public Parts {
      parts = List.copyOf(parts);
      FieldChecks.array("input", parts, MAX_SIZE);
      for (int i = 0; i < parts.size(); i++) {
        boolean image =
            parts.get(i) instanceof ContentPart.Media media
                && media.type().equals("image_url")
                && media.value().get("url") instanceof String url
                && !url.isEmpty();
        boolean text = parts.get(i) instanceof ContentPart.Text words && !words.text().isEmpty();
        if (!image && !text) {
          throw InvalidRequestException.badValue(
              "input[" + i + "]",
              "invalid_value",
              "Invalid 'input[%d]': expected a text or an image that is not empty.".formatted(i));
        }
      }
    }

    @Override
    public int size() {
      return parts.size();
    }

    @Override
    public Parts slice(int from, int to) {
      return new Parts(parts.subList(from, to));
    }
  }

  /** Lists of token ids: no id is negative, no list is empty. */
  record Tokens(List<List<Integer>> tokens) implements EmbeddingInput {
    /**
     * Copies the lists.
     *
     * @throws InvalidRequestException if there is no list, an empty list, more than {@value
     *     #MAX_SIZE}, or a negative id
     */
    public Tokens {
      tokens = tokens.stream().map(List::copyOf).toList();
      FieldChecks.array("input", tokens, MAX_SIZE);
      for (List<Integer> input : tokens) {
        FieldChecks.notEmpty("input", input);
        input.forEach(token -> FieldChecks.integer("input", token, 0, Integer.MAX_VALUE));
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
