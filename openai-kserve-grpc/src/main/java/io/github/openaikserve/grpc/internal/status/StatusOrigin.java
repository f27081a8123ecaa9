package io.github.openaikserve.grpc.internal.status;

import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;

/**
 * The origin of the status that ended a call, which gRPC does not report.
 *
 * <p>A status from the server arrives in trailers: the call has received headers before it, or the
 * trailers are not empty. The transport's own statuses have neither, or have a cause or one of a
 * few fixed descriptions. gRPC's in-process transport sends no trailers, so a refusal by an
 * in-process server is attributed to the connection.
 *
 * <p><b>Source:</b> grpc/grpc-java, core/.../Http2ClientStreamTransportState.java, GrpcUtil.java;
 * netty/.../NettyClientHandler.java.
 */
public enum StatusOrigin {
  /** The server sent the status. */
  SERVER,
  /** The server or a proxy violated the protocol on this stream; the connection may be intact. */
  STREAM,
  /** The connection could not be established, was lost, or did not carry HTTP/2. */
  CONNECTION,
  /** This process ended the call: deadline, size limit, cancellation or credentials. */
  LOCAL;

  /** The prefix of gRPC's description for calls whose channel this process has closed. */
  static final String CHANNEL_SHUTDOWN = "Channel shutdown";

  /** The description of the status with which gRPC ends a call that the subscriber cancelled. */
  public static final String CANCELLED = "cancelled by the subscriber";

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
          StatusOrigin.CANCELLED,
          "CallOptions deadline exceeded",
          "Context timed out",
          "ClientCall started after",
          StatusOrigin.CHANNEL_SHUTDOWN,
          "Credentials failed",
          "gRPC message exceeds maximum size");

  /**
   * Returns the origin of a status other than OK.
   *
   * @param headers whether the call has received headers
   */
  public static StatusOrigin of(Status status, Metadata trailers, boolean headers) {
    boolean fromServer = headers || !trailers.keys().isEmpty();
    String description = status.getDescription() == null ? "" : status.getDescription();
    if (startsWith(OF_STREAMS, description)) {
      return STREAM;
    }
    if (!trailers.keys().isEmpty()) {
      return SERVER;
    }
    if (startsWith(OF_THIS_PROCESS, description)) {
      return LOCAL;
    }
    return fromServer && status.getCause() == null && !startsWith(OF_CONNECTIONS, description)
        ? SERVER
        : CONNECTION;
  }

  private static boolean startsWith(List<String> beginnings, String description) {
    return beginnings.stream().anyMatch(description::startsWith);
  }
}
