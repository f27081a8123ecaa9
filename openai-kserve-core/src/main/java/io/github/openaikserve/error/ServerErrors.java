package io.github.openaikserve.error;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The table from the errors of model servers to OpenAI's errors. Servers report an invalid request
 * with a code for their own failures, and an error message on a stream has no code. So the words
 * decide first.
 *
 * <p>The patterns take linear time, and see at most the first 1,000 characters and a traceback's
 * last line.
 *
 * <p>Source: the messages of llama-cpp-python, llama.cpp's server, vLLM and TensorRT-LLM as public
 * issues and clients quote them, such as vllm-project/vllm, issues 10440, 20409 and 42474; the
 * reference server's own worker.
 */
public final class ServerErrors {
  static final String CREDENTIALS_REFUSED = "The model server refused this server's credentials.";

  /** A pattern of words, and the code that they mean. */
  private record Row(BackendCode code, Pattern words) {}

  private static final List<Row> ROWS =
      List.of(
          // llama-cpp-python
          tooLong(
              "Requested tokens \\((?<size>\\d{1,9})\\) exceed context window of (?<limit>\\d{1,9})"),
          // llama.cpp
          tooLong(
              "request(?: \\((?<size>\\d{1,9}) tokens\\))? exceeds the available context size"
                  + "(?: \\((?<limit>\\d{1,9}) tokens\\))?"),
          // vLLM
          tooLong(
              "prompt \\(length (?<size>\\d{1,9})\\) is longer than the maximum model length of"
                  + " (?<limit>\\d{1,9})"),
          tooLong(
              "prompt \\((?<size>\\d{1,9}) tokens\\) is too long and exceeds limit of"
                  + " (?<limit>\\d{1,9})"),
          tooLong(
              "maximum context length is (?<limit>\\d{1,9}) tokens\\.\\s{1,4}However, you requested"
                  + " \\d{1,9} output tokens and your prompt contains at least \\d{1,9} input tokens,"
                  + " for a total of at least (?<size>\\d{1,9}) tokens"),
          tooLong(
              "maximum context length is (?<limit>\\d{1,9}) tokens(?:\\.\\s{1,4}However,"
                  + " (?:you requested|your request has|your messages resulted in)"
                  + " (?<size>\\d{1,9}) (?:input )?tokens)?"),
          invalid("(?:top_p|top_k|min_p|min_tokens|temperature|\\w{1,12}_penalty) must be "),
          invalid("cannot identify image file"),
          invalid("does not support '\\w{1,20}' request"),
          // TensorRT-LLM
          tooLong(
              "[Pp]rompt length \\((?<size>\\d{1,9})\\) exceeds maximum input length"
                  + "(?: \\((?<limit>\\d{1,9})\\))?"),
          tooLong( // does not name the sum
              "sum of prompt length [^\\n]{0,200}should not exceed max_seq_len"
                  + "(?: \\((?<limit>\\d{1,9})\\))?(?<size>)"),
          // Triton, of a model that is unknown, was unloaded or is being loaded
          row(BackendCode.NOT_FOUND, "Request for unknown model: "),
          // MLServer, while it loads the model
          row(BackendCode.UNAVAILABLE, "is not ready yet"),
          // the reference server's worker
          tooLong(
              "has (?:(?<size>\\d{1,9}) tokens|\\d{1,10} characters), but the context holds"
                  + " (?<limit>\\d{1,9})"));

  private ServerErrors() {}

  private static Row tooLong(String words) {
    return new Row(BackendCode.CONTEXT_LENGTH_EXCEEDED, Pattern.compile(words));
  }

  private static Row invalid(String words) {
    return row(BackendCode.INVALID_ARGUMENT, words);
  }

  private static Row row(BackendCode code, String words) {
    return new Row(code, Pattern.compile(words));
  }

  /**
   * Returns the failure that a server reported.
   *
   * @param code of the server's status; {@link BackendCode#UNKNOWN} for an error message on a
   *     stream, which has none
   * @param words of the server, of any length; empty for none
   */
  public static BackendException of(BackendCode code, String words) {
    ServerWords said = ServerWords.of(words);
    for (Row row : ROWS) {
      Matcher found = row.words().matcher(said.searched());
      if (found.find()) {
        boolean counted =
            row.code() == BackendCode.CONTEXT_LENGTH_EXCEEDED && found.group("limit") != null;
        return BackendException.fromServer(
            row.code(),
            counted
                ? tooLong(found.group("limit"), found.group("size"))
                : message(code, said.reason()));
      }
    }
    return BackendException.fromServer(code, message(code, said.reason()));
  }

  /** Returns a message that begins like OpenAI's, which clients search for. */
  private static String tooLong(String limit, @Nullable String size) {
    return "This model's maximum context length is %s tokens, but the request has %s. Shorten the prompt or lower max_tokens."
        .formatted(limit, size == null || size.isEmpty() ? "more" : size + " tokens");
  }

  private static String message(BackendCode code, String reason) {
    String words = reason.isEmpty() ? "." : ": " + reason;
    return switch (code) {
      case UNAUTHENTICATED, PERMISSION_DENIED -> CREDENTIALS_REFUSED;
      case UNKNOWN -> "The model server reported an error" + words;
      default -> "The model server answered " + code + words;
    };
  }
}
