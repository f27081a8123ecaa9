package io.github.openaikserve.grpc.recording;

/**
 * What a {@link RecordingBackend} writes in place of a text.
 *
 * <p>A text that is given back as it was is written as it is. Any other one is marked in the file
 * as redacted, and what is redacted in a request matches anything when it is replayed. Never throws
 * and is quick: it is called while a conversation runs, on whatever thread carries it.
 */
@FunctionalInterface
public interface Redaction {

  /** Where a text stands. */
  enum Place {
    /** An element of a BYTES input, in UTF-8 with malformed bytes replaced. */
    INPUT,
    /** An element of a BYTES output, in UTF-8 with malformed bytes replaced. */
    OUTPUT,
    /**
     * A text among the parameters of a request, a response, a tensor or a model's configuration.
     */
    PARAMETER,
    /** A header that was sent along. */
    METADATA,
    /** The error message of a failure. */
    MESSAGE,
    /** The id of a request or a response. */
    ID,
    /**
     * A number of an input that holds several integers, or whose name speaks of ids: token ids are
     * the prompt.
     */
    TOKEN
  }

  /**
   * What is written.
   *
   * @param name of the tensor, the parameter or the header; empty for a message
   */
  String redact(Place place, String name, String text);

  /** Leaves everything as it is. */
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

  /** What {@code next} makes of what this one leaves. */
  default Redaction then(Redaction next) {
    return (place, name, text) -> next.redact(place, name, redact(place, name, text));
  }
}
