package io.github.openaikserve.grpc.recording;

/**
 * A function that redacts texts before a {@link RecordingBackend} writes them.
 *
 * <p>A text that is returned unchanged is written as it is. Any other result is marked as redacted
 * in the file. In a replayed request, a redacted text matches any text. Called on the threads of
 * the conversation, so it must be fast, and must not throw.
 */
@FunctionalInterface
public interface Redaction {

  /** The kind of a text. */
  enum Place {
    /** An element of a BYTES input, in UTF-8 with malformed bytes replaced. */
    INPUT,
    /** An element of a BYTES output, in UTF-8 with malformed bytes replaced. */
    OUTPUT,
    /** A text parameter of a request, a response, a tensor or a model's configuration. */
    PARAMETER,
    /** A header of the request. */
    METADATA,
    /** The error message of a failure. */
    MESSAGE,
    /** The id of a request or a response. */
    ID,
    /**
     * A number of an input with several integers, or with a name of ids: it may be a token id of
     * the prompt.
     */
    TOKEN
  }

  /**
   * Returns the text to write.
   *
   * @param name the name of the tensor, parameter or header; empty for a message
   */
  String redact(Place place, String name, String text);

  /** Returns a redaction that changes nothing. */
  static Redaction none() {
    return (place, name, text) -> text;
  }

  /**
   * Returns a redaction that replaces BYTES inputs, token ids and texts of parameters by their
   * lengths, such as {@code (38 characters)}.
   *
   * <p>Outputs and messages are not redacted. If a server echoes prompts, use a custom redaction.
   */
  static Redaction prompts() {
    return (place, name, text) ->
        place == Place.INPUT || place == Place.TOKEN || place == Place.PARAMETER
            ? "(%d characters)".formatted(text.codePointCount(0, text.length()))
            : text;
  }

  /** Returns a redaction that applies this one, and then {@code next} to the result. */
  default Redaction then(Redaction next) {
    return (place, name, text) -> next.redact(place, name, redact(place, name, text));
  }
}
