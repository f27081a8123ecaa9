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
  /**
   * The maximum number of characters of a value. Model servers commonly reject headers of 8 KiB.
   */
  public static final int MAX_VALUE = 4096;

  /**
   * The maximum size of all headers of one request in bytes, as {@link #size} counts them. gRPC's C
   * core rejects more than 8192 bytes; the difference is reserved for gRPC's own headers, the
   * request id and trace headers.
   */
  public static final int MAX_SIZE = 7168;

  /** The overhead of each header in HTTP/2, in bytes (RFC 9113, 6.5.2). */
  private static final int OVERHEAD = 32;

  private static final int MAX_ID = 128;
  private static final int MAX_NAME = 128;
  private static final String TOKEN = "!#$%&'*+-.^_`|~";

  /** The headers that belong to one connection or are written by gRPC itself. */
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

  /**
   * Returns whether an id is valid: it contains no character that could end a header or a log line.
   */
  public static boolean isValidId(String id) {
    return !id.isEmpty() && id.length() <= MAX_ID && id.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  /** Returns whether a value is printable ASCII of at most {@link #MAX_VALUE} characters. */
  public static boolean isValidValue(String value) {
    return value.length() <= MAX_VALUE && value.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }

  /**
   * Returns the size of headers in bytes as HTTP/2 counts it: names, values, and 32 bytes for each
   * header.
   */
  public static int size(Map<String, String> headers) {
    return headers.entrySet().stream()
        .mapToInt(header -> header.getKey().length() + header.getValue().length() + OVERHEAD)
        .sum();
  }

  /**
   * Returns the name of a header in lower case.
   *
   * @throws IllegalArgumentException if a header of that name cannot be sent to a model server
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
              : "expected a valid HTTP header name of at most " + MAX_NAME + " characters");
    }
    return lower;
  }

  private static boolean isTokenCharacter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || TOKEN.indexOf(c) >= 0;
  }

  /**
   * Returns a copy of headers, whose names must be in lower case.
   *
   * @throws IllegalArgumentException naming a header that cannot be sent unchanged, or if all
   *     headers together are larger than {@link #MAX_SIZE}
   */
  public static Map<String, String> checked(Map<String, String> headers) {
    headers.forEach(
        (name, value) -> {
          if (!name.equals(name(name))) {
            throw new IllegalArgumentException("header names must be in lower case, was " + name);
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
