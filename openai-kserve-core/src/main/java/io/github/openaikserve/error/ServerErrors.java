package io.github.openaikserve.error;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a failure that a model server reported means to the caller. This is the only table of the
 * words of servers.
 *
 * <p>Servers report a prompt that is too long, or a value they refuse, with any code or with none:
 * as an error message on a stream. The words decide first. A row applies where a sentence of the
 * server begins, so that a prompt in quotes within a message decides nothing.
 *
 * <p>The patterns take linear time, and see at most the first 1,000 characters and as many of a
 * traceback's exception.
 */
public final class ServerErrors {
  static final String CREDENTIALS_REFUSED = "The model server refused this server's credentials.";

  /** The name of an error in front of its words, as Dynamo and tonic write it. */
  private static final Pattern CLASS =
      Pattern.compile("(?:status: '?(?<status>\\w{1,30})'?, |(?<name>[A-Z]\\w{1,30}): )");

  /** What the names mean. Those that say no more than UNKNOWN are left out. */
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

  /**
   * What gRPC's servers say of a method that they do not have. Those in C++ and Rust say nothing.
   */
  private static final Pattern NO_METHOD =
      Pattern.compile(
          "(?i)(?:method not found|(?:unknown|unimplemented) (?:service|method) "
              + "|the server does not implement the method ).{0,300}");

  private ServerErrors() {}

  /**
   * Returns the failure that a server reported.
   *
   * @param code of the server's status; {@link BackendCode#UNKNOWN} for an error message on a
   *     stream, which has none
   * @param words of the server, of any length; empty for none
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

  /** Returns the code that the name of an error stands for, where the server's code says less. */
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

  /** Returns a message with the numbers that the server named; null without a limit. */
  private static @Nullable String counted(ErrorRow row, Matcher found) {
    String limit = row.number(found, "limit");
    String size = row.number(found, "size");
    if (limit == null) {
      return null;
    }
    if (row.code() == BackendCode.REQUEST_TOO_LARGE) {
      return "The request has %s bytes, the model server's limit is %s.".formatted(size, limit);
    }
    // It begins like OpenAI's, which clients search for.
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
