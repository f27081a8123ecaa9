package io.github.openaikserve.grpc.recording;

/**
 * A function that replaces texts before a {@link RecordingBackend} writes them.
 *
 * <p>A text that is returned unchanged is written as it is. A changed text is marked in the file as
 * redacted; a redacted part of a request matches any value on replay. Must not throw or block: it
 * is called during calls, on any thread.
 */
@FunctionalInterface
public interface Redaction {

  /** The position of a text in a message. */
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
     * An integer of an input that has several integers or whose name contains {@code id}, because
     * token ids reveal the prompt.
     */
    TOKEN
  }

  /**
   * Returns the text to write.
   *
   * @param name the name of the tensor, the parameter or the header; empty for a message or an id
   */
  String redact(Place place, String name, String text);

  /** Returns a redaction that changes nothing. */
  static Redaction none() {
    return (place, name, text) -> text;
  }

  /**
   * Returns a redaction that replaces all BYTES inputs, token ids and text parameters with their
   * lengths, such as {@code (38 characters)}.
   *
   * <p>Outputs and messages are not changed. If a server repeats prompts in them, add a custom
   * redaction with {@link #then}.
   */
  static Redaction prompts() {
    return (place, name, text) ->
        place == Place.INPUT || place == Place.TOKEN || place == Place.PARAMETER
            ? "(%d characters)".formatted(text.codePointCount(0, text.length()))
            : text;
  }

  /** Returns a redaction that applies {@code next} to the result of this one. */
  default Redaction then(Redaction next) {
    return (place, name, text) -> next.redact(place, name, redact(place, name, text));
  }
}
