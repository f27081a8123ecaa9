package io.github.openaikserve.grpc.internal.endpoint;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code anyserve://host:port?type=generate&model=llamacpp}: the replicas in a registry that have a
 * capability with at least these attributes. Immutable.
 *
 * <p>{@code refresh_ms} and {@code port_offset} are not attributes: they set the interval at which
 * the registry is read, and the offset from a replica's port to the port that is called.
 *
 * @param registry the address of AnyServe's API server
 * @param refresh how often the registry is read
 * @param portOffset is added to the port of each replica
 */
public record AnyServeTarget(
    HostAndPort registry, Map<String, String> attributes, Duration refresh, int portOffset) {
  static final String SCHEME = "anyserve";

  /** The offset from a dispatcher's port to the port where its worker answers streams. */
  public static final int STREAM_PORT_OFFSET = 100;

  private static final String REFRESH = "refresh_ms";
  private static final String PORT_OFFSET = "port_offset";
  private static final Duration DEFAULT_REFRESH = Duration.ofSeconds(10);

  static boolean is(String target) {
    return target.startsWith(SCHEME + ":");
  }

  /**
   * Parses a target.
   *
   * @throws IllegalArgumentException if the text is not such a target
   */
  public static AnyServeTarget parse(String target) {
    URI uri = URI.create(target);
    String path = uri.getPath();
    if (!is(target) || uri.getRawAuthority() == null || !(path.isEmpty() || path.equals("/"))) {
      throw new IllegalArgumentException(
          "expected anyserve://host:port?type=...&model=..., found '" + target + "'");
    }
    Map<String, String> attributes = new TreeMap<>();
    if (uri.getRawQuery() != null) {
      for (String pair : uri.getRawQuery().split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
          throw new IllegalArgumentException("expected name=value after '?', found '" + pair + "'");
        }
        attributes.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    String refresh = attributes.remove(REFRESH);
    String offset = attributes.remove(PORT_OFFSET);
    return new AnyServeTarget(
        HostAndPort.parse(uri.getRawAuthority()),
        attributes,
        refresh == null ? DEFAULT_REFRESH : Duration.ofMillis(number(REFRESH, refresh)),
        offset == null ? 0 : number(PORT_OFFSET, offset));
  }

  /**
   * Copies the attributes.
   *
   * @throws IllegalArgumentException if the refresh interval is not positive
   */
  public AnyServeTarget {
    attributes = Map.copyOf(attributes);
    if (refresh.isNegative() || refresh.isZero()) {
      throw new IllegalArgumentException(
          REFRESH + " must be positive, found " + refresh.toMillis());
    }
  }

  /** Returns the URL of the registry. */
  public URI url() {
    return URI.create("http://" + registry + "/registry");
  }

  /** Returns the target as it is written, without {@code refresh_ms} and {@code port_offset}. */
  @Override
  public String toString() {
    String query =
        new TreeMap<>(attributes)
            .entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
    return SCHEME + "://" + registry + (query.isEmpty() ? "" : "?" + query);
  }

  private static int number(String name, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be an integer, found '" + value + "'", e);
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
