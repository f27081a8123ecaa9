package io.github.openaikserve.grpc;

import io.grpc.Status;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether one endpoint is sent Triton's header {@code triton_grpc_error}. Thread-safe.
 *
 * <p>With the header a stream ends with the status of its first error. Triton before 2.68 uses
 * memory that it has freed when it receives the header, so it is held back until the server is
 * known. From 2.69 on Triton refuses calls with it where its headers are forwarded to models: then
 * the header is never sent again.
 *
 * <p><b>Source:</b> triton-inference-server/server, src/grpc/stream_infer_handler.cc,
 * infer_handler.h.
 */
final class TritonErrorHeader {
  static final String NAME = "triton_grpc_error";

  private volatile boolean refused;

  /** Returns the headers without this one. */
  static Map<String, String> without(Map<String, String> headers) {
    if (!headers.containsKey(NAME)) {
      return headers;
    }
    Map<String, String> others = new HashMap<>(headers);
    others.remove(NAME);
    return others;
  }

  /** Returns the headers that this server accepts; {@code server} is null while it is unknown. */
  Map<String, String> accepted(Map<String, String> headers, @Nullable ServerIdentity server) {
    return refused || server == null || !server.acceptsTritonErrorHeader()
        ? without(headers)
        : headers;
  }

  /** Returns whether the server refused a call because of this header, which then is not sent. */
  boolean isRefused(Status status, Map<String, String> sent) {
    String words = status.getDescription();
    boolean now =
        sent.containsKey(NAME)
            && status.getCode() == Status.Code.INVALID_ARGUMENT
            && words != null
            && words.contains(NAME);
    refused |= now;
    return now;
  }
}
