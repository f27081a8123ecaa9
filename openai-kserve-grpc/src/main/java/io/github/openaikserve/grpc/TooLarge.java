package io.github.openaikserve.grpc;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.grpc.Status;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells a message that is too large from other limits: gRPC says RESOURCE_EXHAUSTED of all of them,
 * which would be tried again.
 *
 * <p>That a request is too large only its server can say; it is believed where it names the
 * request's very size. That an answer is too large the channel says, of an answer that has begun:
 * the server's own status may be there by then, unread. A server that begins no answer is not
 * believed to speak of one.
 *
 * <p>Source: grpc-java's {@code MessageDeframer} ("gRPC message exceeds maximum size MAX: SIZE"),
 * which speaks for both ends; gRPC core's {@code message_size_filter.cc} and grpc-go's {@code
 * rpc_util.go} ("DecodedMessage message larger than max (SIZE vs. MAX)").
 */
final class TooLarge {
  private static final String JAVA = "gRPC message exceeds maximum size";

  /** Bounded everywhere: a server's words may be long. */
  private static final Pattern SIZES =
      Pattern.compile(
          "(?:exceeds maximum size|larger than max)[^-0-9]{0,10}([0-9]{1,18})[^-0-9]{1,10}(-?[0-9]{1,18})");

  private TooLarge() {}

  /**
   * The failure, if it is one of size.
   *
   * @param serversWord whether the status may be the server's: it has said how the call ended
   * @param begun whether the server has begun an answer
   * @param requestSize the bytes of the request
   * @return null if it is not, or not for certain
   */
  static @Nullable BackendException of(
      Status status, boolean serversWord, boolean begun, long requestSize) {
    String words = status.getDescription();
    if (status.getCode() != Status.Code.RESOURCE_EXHAUSTED || words == null) {
      return null;
    }
    Matcher sizes = SIZES.matcher(words);
    if (!sizes.find()) {
      return null;
    }
    long one = Long.parseLong(sizes.group(1));
    long other = Long.parseLong(sizes.group(2));
    if (other < 0) {
      other &= 0xFFFF_FFFFL; // grpc-java reads the length, which has no sign, into an int
    }
    long size = Math.max(one, other);
    long max = Math.min(one, other);
    if (serversWord && size == requestSize && max < size) {
      return BackendException.fromServer(
          BackendCode.REQUEST_TOO_LARGE,
          "The request has %d bytes, the model server's limit is %d.".formatted(size, max));
    }
    return (begun || !serversWord) && words.startsWith(JAVA)
        ? new BackendException(
            BackendCode.RESPONSE_TOO_LARGE,
            "A message of the model server has %d bytes, the limit is %d.".formatted(size, max),
            status.asRuntimeException())
        : null;
  }
}
