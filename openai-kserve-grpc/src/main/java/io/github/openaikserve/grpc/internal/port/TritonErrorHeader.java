package io.github.openaikserve.grpc.internal.port;

import io.github.openaikserve.grpc.internal.status.CallStatus;
import io.grpc.Status;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an endpoint receives Triton's header {@code triton_grpc_error}. Thread-safe.
 *
 * <p>With the header, a stream ends with the status of its first error. Triton before 2.68 uses
 * freed memory when it receives the header, so the header is not sent until the server's version is
 * known. From 2.69 on, a Triton that forwards headers to models refuses calls with this header; it
 * is then never sent to that endpoint again.
 *
 * <p><b>Source:</b> triton-inference-server/server, src/grpc/stream_infer_handler.cc,
 * infer_handler.h.
 */
public final class TritonErrorHeader {
  public static final String NAME = "triton_grpc_error";

  private volatile boolean refused;

  /** Returns the headers without {@code triton_grpc_error}. */
  public static Map<String, String> without(Map<String, String> headers) {
    if (!headers.containsKey(NAME)) {
      return headers;
    }
    Map<String, String> others = new HashMap<>(headers);
    others.remove(NAME);
    return others;
  }

  /** Returns the headers that the server accepts; {@code server} is null if it is unknown. */
  Map<String, String> accepted(Map<String, String> headers, @Nullable ServerIdentity server) {
    return refused || server == null || !server.acceptsTritonErrorHeader()
        ? without(headers)
        : headers;
  }

  /** Returns whether the server refused a call because of the header, and then stops sending it. */
  boolean isRefused(CallStatus end, Map<String, String> sent) {
    String description = end.status().getDescription();
    boolean now =
        sent.containsKey(NAME)
            && end.isFromServer(Status.Code.INVALID_ARGUMENT)
            && description != null
            && description.contains(NAME);
    refused |= now;
    return now;
  }
}
