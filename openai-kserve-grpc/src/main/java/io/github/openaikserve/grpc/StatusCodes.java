package io.github.openaikserve.grpc;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** gRPC statuses as exceptions, in words that may be shown to a client. */
final class StatusCodes {
  private static final Logger log = LoggerFactory.getLogger(StatusCodes.class);
  private static final int MAX_LENGTH = 300;
  private static final String TRACEBACK = "Traceback (most recent call last)";

  private StatusCodes() {}

  /** The exception for a status other than OK. */
  static BackendException exception(Status status) {
    log.debug("the model server's status: {}", status);
    BackendCode code = BackendCode.valueOf(status.getCode().name());
    return new BackendException(code, message(code, status), status.asRuntimeException());
  }

  /**
   * Returns the exception for a status other than OK.
   *
   * @param fromServer whether the server sent the status; else the channel made it
   */
  static BackendException exception(Status status, boolean fromServer) {
    String words = status.getDescription();
    return fromServer
        ? BackendException.fromServer(
            BackendCode.valueOf(status.getCode().name()), words == null ? "" : clean(words))
        : exception(status);
  }

  /** The exception for an error that came as a message on a stream, where its code is lost. */
  static BackendException errorMessage(String message) {
    log.debug("the model server's error message: {}", message);
    String clean = clean(message);
    return new BackendException(
        BackendCode.UNKNOWN,
        "The model server reported an error" + (clean.isEmpty() ? "." : ": " + clean));
  }

  private static String message(BackendCode code, Status status) {
    return switch (code) {
      // What gRPC says of these is about sockets and hosts, which are nobody's business.
      case UNAVAILABLE -> "The model server could not be reached.";
      case DEADLINE_EXCEEDED -> "The model server did not answer in time.";
      default -> {
        String clean = status.getDescription() == null ? "" : clean(status.getDescription());
        yield "The model server answered " + code + (clean.isEmpty() ? "." : ": " + clean);
      }
    };
  }

  /** The first line of the text, without a Python traceback and not too long. */
  private static String clean(String text) {
    int traceback = text.indexOf(TRACEBACK);
    String shown = traceback < 0 ? text : text.substring(0, traceback);
    shown = shown.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
    shown = shown.replaceAll("\\p{Cntrl}", " ");
    return shown.length() > MAX_LENGTH ? shown.substring(0, MAX_LENGTH) + "..." : shown;
  }
}
