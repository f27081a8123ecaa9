package io.github.openaikserve.grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;

/**
 * Who made the status that ended a call: gRPC reports all of them the same way.
 *
 * <p>A status of the server came in trailers: the call has received headers before it, or the
 * trailers are not empty. The transport's own statuses have neither, or a cause, or one of few
 * fixed descriptions. gRPC's transport within a process sends no trailers, so that a refusal by a
 * server in the same process counts as the connection's.
 *
 * <p><b>Source:</b> grpc/grpc-java, core/.../Http2ClientStreamTransportState.java, GrpcUtil.java;
 * netty/.../NettyClientHandler.java.
 */
enum StatusOrigin {
  /** The server said so. */
  SERVER,
  /** The server, or a proxy, broke the protocol on this stream; the connection may be sound. */
  STREAM,
  /** The connection could not be made, was lost, or carried what is not HTTP/2. */
  CONNECTION,
  /** This process ended the call: a deadline, a limit, a cancellation, credentials. */
  LOCAL;

  /** How gRPC's description of calls begins whose channel this process has closed. */
  static final String CHANNEL_SHUTDOWN = "Channel shutdown";

  private static final List<String> OF_STREAMS =
      List.of(
          "RST_STREAM closed stream",
          "Rst Stream",
          "missing GRPC status",
          "HTTP status code ",
          "invalid content-type",
          "headers not received before payload",
          "Received unexpected EOS");
  private static final List<String> OF_CONNECTIONS =
      List.of(
          "HTTP/2 error code: ",
          "Abrupt GOAWAY closed",
          "GOAWAY shut down transport",
          "Connection closed after GOAWAY",
          "Network closed for unknown reason",
          "End of stream or IOException");
  private static final List<String> OF_THIS_PROCESS =
      List.of(
          CallSubscription.CANCELLED,
          "CallOptions deadline exceeded",
          "Context timed out",
          "ClientCall started after",
          StatusOrigin.CHANNEL_SHUTDOWN,
          "Credentials failed",
          "gRPC message exceeds maximum size");

  /**
   * Returns who made a status other than OK.
   *
   * @param headers whether the call has received headers
   */
  static StatusOrigin of(Status status, Metadata trailers, boolean headers) {
    boolean fromServer = headers || !trailers.keys().isEmpty();
    String words = status.getDescription() == null ? "" : status.getDescription();
    if (startsWith(OF_STREAMS, words)) {
      return STREAM;
    }
    if (!trailers.keys().isEmpty()) {
      return SERVER;
    }
    if (startsWith(OF_THIS_PROCESS, words)) {
      return LOCAL;
    }
    return fromServer && status.getCause() == null && !startsWith(OF_CONNECTIONS, words)
        ? SERVER
        : CONNECTION;
  }

  private static boolean startsWith(List<String> beginnings, String words) {
    return beginnings.stream().anyMatch(words::startsWith);
  }
}
