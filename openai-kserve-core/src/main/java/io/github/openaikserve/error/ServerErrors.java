package io.github.openaikserve.error;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Conversion of the errors that model servers report to exceptions for the caller.
 *
 * <p>Servers report a prompt that is too long, or an invalid value, with any code, or without a
 * code as an error message on a stream. Therefore the message takes precedence over the code. A row
 * of {@link ErrorRows} matches only at the beginning of a sentence of the server, so a prompt that
 * the message quotes has no effect.
 *
 * <p>The patterns take linear time. They are applied to at most the first 1,000 characters, and to
 * as many characters of a traceback's exception.
 */
public final class ServerErrors {
  static final String CREDENTIALS_REFUSED = "The model server refused this server's credentials.";

  /** The name of an error before its message, as Dynamo and tonic write it. */
  private static final Pattern CLASS =
      Pattern.compile("(?:status: '?(?<status>\\w{1,30})'?, |(?<name>[A-Z]\\w{1,30}): )");

  /** The codes of the names. Names that mean UNKNOWN are omitted. */
  private static final Map<String, BackendCode> CLASSES =
      Map.ofEntries(
          Map.entry("InvalidRequest", BackendCode.INVALID_ARGUMENT),
          Map.entry("InvalidArgument", BackendCode.INVALID_ARGUMENT),
          Map.entry("OutOfRange", BackendCode.OUT_OF_RANGE),
          Map.entry("FailedPrecondition", BackendCode.FAILED_PRECONDITION),
          Map.entry("ResourceExhausted", BackendCode.RESOURCE_EXHAUSTED),
          Map.entry("Unavailable", BackendCode.UNAVAILABLE),
          Map.entry("CannotConnect", BackendCode.UNAVAILABLE),
          Map.entry("Disconnected", BackendCode.UNAVAILABLE),
          Map.entry("EngineShutdown", BackendCode.UNAVAILABLE),
          Map.entry("StreamIncomplete", BackendCode.UNAVAILABLE),
          Map.entry("DeadlineExceeded", BackendCode.DEADLINE_EXCEEDED),
          Map.entry("ConnectionTimeout", BackendCode.DEADLINE_EXCEEDED),
          Map.entry("ResponseTimeout", BackendCode.DEADLINE_EXCEEDED),
          Map.entry("Internal", BackendCode.INTERNAL));

  /** The messages of gRPC servers for unknown methods. Servers in C++ and Rust send no message. */
  private static final Pattern NO_METHOD =
      Pattern.compile(
          "(?i)(?:method not found|(?:unknown|unimplemented) (?:service|method) "
              + "|the server does not implement the method ).{0,300}");

  private ServerErrors() {}

  /**
   * Returns the exception for a failure that a server reported.
   *
   * @param code of the server's status; {@link BackendCode#UNKNOWN} for an error message on a
   *     stream, which has none
   * @param words the server's message, of any length; empty for none
   */
  public static BackendException of(BackendCode code, String words) {
    ServerWords said = ServerWords.of(words);
    if (code == BackendCode.UNIMPLEMENTED && isMethodMissing(said.reason())) {
      return BackendException.methodMissing();
    }
    for (ErrorRow row : ErrorRows.ROWS) {
      Matcher found = row.match(code, said);
      if (found != null) {
        String counted = counted(row, found);
        return BackendException.fromServer(
            row.code(), counted == null ? message(code, said.reason()) : counted);
      }
    }
    return BackendException.fromServer(named(code, said), message(code, said.reason()));
  }

  private static boolean isMethodMissing(String reason) {
    return reason.isEmpty() || NO_METHOD.matcher(reason).matches();
  }

  /** Returns the code of the error's name if the server's code is less specific. */
  private static BackendCode named(BackendCode code, ServerWords said) {
    if (code != BackendCode.UNKNOWN && code != BackendCode.INTERNAL) {
      return code;
    }
    Matcher names = CLASS.matcher(said.searched());
    for (int begin : said.clauses()) {
      if (names.region(begin, said.searched().length()).lookingAt()) {
        String status = names.group("status");
        BackendCode meaning = CLASSES.get(status == null ? names.group("name") : status);
        if (meaning != null) {
          return meaning;
        }
      }
    }
    return code;
  }

  /** Returns a message with the numbers from the server's message; null if it contains no limit. */
  private static @Nullable String counted(ErrorRow row, Matcher found) {
    String limit = row.number(found, "limit");
    String size = row.number(found, "size");
    if (limit == null) {
      return null;
    }
    if (row.code() == BackendCode.REQUEST_TOO_LARGE) {
      return "The request has %s bytes, but the model server accepts at most %s."
          .formatted(size, limit);
    }
    // The message begins like OpenAI's, because clients search for that text.
    return "This model's maximum context length is %s tokens, but the request has %s. Shorten the prompt or lower max_tokens."
        .formatted(limit, size == null ? "more" : size + " tokens");
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
