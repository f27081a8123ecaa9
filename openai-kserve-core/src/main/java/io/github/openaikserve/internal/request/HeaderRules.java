package io.github.openaikserve.internal.request;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The rules for headers that are sent to a model server, and for request ids.
 *
 * <p>Source: RFC 9110, sections 5.1 and 5.6.2 (names), 7.6.1 (hop by hop); gRPC over HTTP/2
 * (reserved names, {@code -bin}).
 */
public final class HeaderRules {
  /** The most characters of a value: model servers commonly reject headers of 8 KiB. */
  public static final int MAX_VALUE = 4096;

  /**
   * The bytes of all headers of one request, as {@link #size} counts them. gRPC's C core refuses
   * more than 8192; the rest is for gRPC's own headers, the request id and a trace.
   */
  public static final int MAX_SIZE = 7168;

  /** What HTTP/2 counts for each header in addition to its characters (RFC 9113, 6.5.2). */
  private static final int OVERHEAD = 32;

  private static final int MAX_ID = 128;
  private static final int MAX_NAME = 128;
  private static final String TOKEN = "!#$%&'*+-.^_`|~";

  /** They belong to one connection, or gRPC writes them itself. */
  private static final Set<String> RESERVED =
      Set.of(
          "connection",
          "content-length",
          "content-type",
          "content-encoding",
          "accept-encoding",
          "host",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent");

  private HeaderRules() {}

  /** Returns whether an id holds nothing that could end a header or a log line. */
  public static boolean isValidId(String id) {
    return !id.isEmpty() && id.length() <= MAX_ID && id.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  /** Returns whether a value is printable ASCII and not too long. */
  public static boolean isValidValue(String value) {
    return value.length() <= MAX_VALUE && value.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }

  /** Returns the bytes of headers as HTTP/2 counts them: names, values, and 32 for each. */
  public static int size(Map<String, String> headers) {
    return headers.entrySet().stream()
        .mapToInt(header -> header.getKey().length() + header.getValue().length() + OVERHEAD)
        .sum();
  }

  /**
   * Returns the name of a header in lower case.
   *
   * @throws IllegalArgumentException if a model server cannot be sent such a header
   */
  public static String name(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean token =
        !lower.isEmpty()
            && lower.length() <= MAX_NAME
            && lower.chars().allMatch(HeaderRules::isTokenCharacter);
    if (!token || RESERVED.contains(lower) || lower.startsWith("grpc-") || lower.endsWith("-bin")) {
      throw new IllegalArgumentException(
          token
              ? "header '" + lower + "' is reserved; choose another name"
              : "expected the name of an HTTP header of at most " + MAX_NAME + " characters");
    }
    return lower;
  }

  private static boolean isTokenCharacter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || TOKEN.indexOf(c) >= 0;
  }

  /**
   * Returns a copy of headers, whose names must be in lower case.
   *
   * @throws IllegalArgumentException naming a header that cannot be sent as it is, or if all
   *     together are larger than {@link #MAX_SIZE}
   */
  public static Map<String, String> checked(Map<String, String> headers) {
    headers.forEach(
        (name, value) -> {
          if (!name.equals(name(name))) {
            throw new IllegalArgumentException(
                "the name of a header must be in lower case, but is " + name);
          }
          if (!isValidValue(value)) {
            throw new IllegalArgumentException(
                "the value of header " + name + " is not printable ASCII");
          }
        });
    if (size(headers) > MAX_SIZE) {
      throw new IllegalArgumentException(
          "the headers for the model server have %d bytes; expected at most %d"
              .formatted(size(headers), MAX_SIZE));
    }
    return Map.copyOf(headers);
  }
}
