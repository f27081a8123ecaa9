package io.github.openaikserve.grpc.internal.port;

import io.github.openaikserve.kserve.ServerMetadata;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name and version that a server reports. Immutable.
 *
 * @param name empty if the server reports none
 * @param version empty if the server reports none
 */
public record ServerIdentity(String name, String version) {
  private static final String DISPATCHER = "anyserve-ingress";
  private static final String TRITON = "triton";
  private static final String KSERVE = "kserve";
  private static final Pattern MAJOR_AND_MINOR = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})(\\D.*)?");
  private static final int MAJOR = 2;
  private static final int MINOR = 68;

  public static ServerIdentity of(Optional<ServerMetadata> metadata) {
    return metadata
        .map(server -> new ServerIdentity(server.name(), server.version()))
        .orElseGet(() -> new ServerIdentity("", ""));
  }

  /**
   * Returns whether this is AnyServe's dispatcher, which does not answer streams.
   *
   * <p><b>Source:</b> simpx/anyserve, cpp/server/anyserve_dispatcher.cpp.
   */
  boolean isDispatcher() {
    return name.equals(DISPATCHER);
  }

  /**
   * Returns whether this is KServe's own server, whose requests to load a model have other fields.
   *
   * <p><b>Source:</b> kserve/kserve, python/kserve/kserve/protocol/grpc/grpc_predict_v2.proto.
   */
  public boolean isKServe() {
    return name.equals(KSERVE);
  }

  /** Returns whether this is Triton 2.68 or later, where {@code triton_grpc_error} is safe. */
  boolean acceptsTritonErrorHeader() {
    Matcher numbers = MAJOR_AND_MINOR.matcher(version);
    if (!name.equals(TRITON) || !numbers.matches()) {
      return false;
    }
    int major = Integer.parseInt(numbers.group(1));
    return major > MAJOR || (major == MAJOR && Integer.parseInt(numbers.group(2)) >= MINOR);
  }
}
