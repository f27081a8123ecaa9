package io.github.openaikserve.grpc.internal.status;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.grpc.Status;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes messages that exceed a size limit. gRPC reports them with RESOURCE_EXHAUSTED, as it
 * reports other limits, and the call would be retried in vain.
 *
 * <p>Only the server can report that a request is too large; the report counts if it states the
 * exact size of the request. The channel reports that a response is too large, once the response
 * has begun; the server's own status may have arrived by then, unread. A report about a response
 * counts only if the server has begun one or the status is the channel's.
 *
 * <p><b>Source:</b> grpc-java's MessageDeframer ("gRPC message exceeds maximum size MAX: SIZE"), at
 * both ends; gRPC core's message_size_filter.cc and grpc-go's rpc_util.go ("Received message larger
 * than max (SIZE vs. MAX)").
 */
public final class TooLarge {
  private static final String JAVA = "gRPC message exceeds maximum size";

  /** All quantifiers are bounded, because a server's description may be long. */
  private static final Pattern SIZES =
      Pattern.compile(
          "(?:exceeds maximum size|larger than"
              + " max)[^-0-9]{0,10}([0-9]{1,18})[^-0-9]{1,10}(-?[0-9]{1,18})");

  private TooLarge() {}

  /**
   * Returns the failure if the status reports a message that is too large.
   *
   * @param begun whether the server has begun a response
   * @param requestSize the size of the request, in bytes
   * @return null if the status does not report that, or not with certainty
   */
  public static @Nullable BackendException of(CallStatus end, boolean begun, long requestSize) {
    Status status = end.status();
    boolean fromServer = end.origin() == StatusOrigin.SERVER;
    String description = status.getDescription();
    if (status.getCode() != Status.Code.RESOURCE_EXHAUSTED || description == null) {
      return null;
    }
    Matcher sizes = SIZES.matcher(description);
    if (!sizes.find()) {
      return null;
    }
    long one = Long.parseLong(sizes.group(1));
    long other = Long.parseLong(sizes.group(2));
    if (other < 0) {
      other &= 0xFFFF_FFFFL; // grpc-java reads the unsigned length into an int
    }
    long size = Math.max(one, other);
    long max = Math.min(one, other);
    if (fromServer && size == requestSize && max < size) {
      return BackendException.fromServer(
          BackendCode.REQUEST_TOO_LARGE,
          "The request has %d bytes, the model server's limit is %d.".formatted(size, max));
    }
    return (begun || !fromServer) && description.startsWith(JAVA)
        ? new BackendException(
            BackendCode.RESPONSE_TOO_LARGE,
            "A response of the model server has %d bytes and exceeds the limit of %d bytes."
                .formatted(size, max),
            status.asRuntimeException())
        : null;
  }
}
