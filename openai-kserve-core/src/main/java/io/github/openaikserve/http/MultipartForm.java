package io.github.openaikserve.http;

import io.github.openaikserve.error.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A parser of {@code multipart/form-data}. Takes time linear in the size of the body. Parts are
 * views of the body; only names are copied. Not thread-safe.
 *
 * <p>Source: RFC 7578 and RFC 2046, 5.1.1.
 */
public final class MultipartForm {
  /** The maximum number of parts of a body. */
  public static final int MAX_PARTS = 64;

  /** The maximum size of the headers of one part in bytes. */
  public static final int MAX_HEADERS = 8 << 10;

  private static final int MAX_BOUNDARY = 70;
  private static final int MAX_PADDING = 64;
  private static final String TYPE = "multipart/form-data";
  private static final byte[] LINE = {'\r', '\n'};
  private static final byte[] HEADERS_END = {'\r', '\n', '\r', '\n'};

  private final byte[] body;
  private final byte[] delimiter;
  private final ByteSearch search;
  private int at;

  /**
   * A part of a form.
   *
   * @param name the name of the field
   * @param filename null if the part is not a file
   * @param content read-only
   */
  public record Part(String name, @Nullable String filename, ByteBuffer content) {
    /**
     * Returns the content as text.
     *
     * @throws InvalidRequestException if it is not UTF-8
     */
    public String text() {
      byte[] bytes = new byte[content.remaining()];
      content.duplicate().get(bytes);
      String text = new String(bytes, StandardCharsets.UTF_8);
      if (text.indexOf('\uFFFD') >= 0
          && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
        throw InvalidRequestException.badValue(
            InvalidRequestException.shown(name),
            "invalid_value",
            "Invalid '%s': expected text in UTF-8.".formatted(InvalidRequestException.shown(name)));
      }
      return text;
    }
  }

  private MultipartForm(byte[] body, String boundary) {
    this.body = body;
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
    this.search = new ByteSearch(delimiter);
  }

  /**
   * Returns the parts of a body.
   *
   * @param contentType the header of the request; null if absent
   * @throws InvalidRequestException if the body is not a valid form, or exceeds a limit
   */
  public static List<Part> read(@Nullable String contentType, byte[] body) {
    return new MultipartForm(body, boundary(contentType)).parts();
  }

  private static String boundary(@Nullable String contentType) {
    String header = contentType == null ? "" : contentType.strip();
    if (!header.toLowerCase(Locale.ROOT).startsWith(TYPE)) {
      throw new InvalidRequestException(
          415,
          "unsupported_content_type",
          null,
          "Unsupported content type. Expected 'multipart/form-data' with a boundary.");
    }
    String boundary = HeaderParameters.of(header).get("boundary");
    if (boundary == null || !isBoundary(boundary)) {
      throw malformed("the header 'content-type' has no valid boundary");
    }
    return boundary;
  }

  private static boolean isBoundary(String boundary) {
    return !boundary.isEmpty()
        && boundary.length() <= MAX_BOUNDARY
        && !boundary.endsWith(" ")
        && boundary
            .chars()
            .allMatch(
                c ->
                    (c >= '0' && c <= '9')
                        || (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || "'()+_,-./:=? ".indexOf(c) >= 0);
  }

  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    if (!startsWith(0, delimiter, LINE.length)) { // a preamble, which is ignored
      at = require(search.find(body, 0), "the body does not contain the boundary");
      at += delimiter.length;
    } else {
      at = delimiter.length - LINE.length;
    }
    while (!isLast()) {
      if (parts.size() == MAX_PARTS) {
        throw malformed("the body has more than %d parts".formatted(MAX_PARTS));
      }
      parts.add(part());
    }
    return parts;
  }

  /** Reads the bytes after a boundary. Returns whether it was the last boundary. */
  private boolean isLast() {
    if (startsWith(at, new byte[] {'-', '-'}, 0)) {
      return true;
    }
    int padding = at;
    while (padding < body.length
        && padding - at < MAX_PADDING
        && (body[padding] == ' ' || body[padding] == '\t')) {
      padding++;
    }
    if (!startsWith(padding, LINE, 0)) {
      throw malformed("a boundary is not followed by a line break");
    }
    at = padding + LINE.length;
    return false;
  }

  private Part part() {
    int begin = at;
    Map<String, String> headers = headers();
    int content = at;
    // In an empty part, the boundary's line break is also the last line break of the headers.
    int end = require(search.find(body, content - LINE.length), "a part has no closing boundary");
    if (end < content) {
      end = content;
      at = content - LINE.length + delimiter.length;
    } else {
      at = end + delimiter.length;
    }
    String disposition = headers.getOrDefault("content-disposition", "");
    Map<String, String> parameters = HeaderParameters.of(disposition);
    String name = parameters.get("name");
    if (!disposition.toLowerCase(Locale.ROOT).startsWith("form-data") || name == null) {
      throw malformed("the part at byte %d has no name".formatted(begin));
    }
    String encoding = headers.getOrDefault("content-transfer-encoding", "binary");
    if (!List.of("binary", "8bit", "7bit").contains(encoding.toLowerCase(Locale.ROOT))) {
      throw malformed(
          "a part has an unsupported content-transfer-encoding; use binary, 8bit or 7bit");
    }
    ByteBuffer bytes = ByteBuffer.wrap(body, content, end - content).slice().asReadOnlyBuffer();
    return new Part(name, parameters.get("filename"), bytes);
  }

  /** Reads the headers of a part, and the empty line after them. */
  private Map<String, String> headers() {
    if (startsWith(at, LINE, 0)) {
      at += LINE.length;
      return Map.of();
    }
    int limit = Math.min(body.length, at + MAX_HEADERS);
    int end = -1;
    for (int i = at; i + HEADERS_END.length <= limit; i++) {
      if (startsWith(i, HEADERS_END, 0)) {
        end = i;
        break;
      }
    }
    require(end, "the headers of a part are longer than %d bytes".formatted(MAX_HEADERS));
    String text = new String(body, at, end - at, StandardCharsets.UTF_8);
    at = end + HEADERS_END.length;
    Map<String, String> headers = new TreeMap<>();
    for (String line : text.split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (colon <= 0 || line.startsWith(" ") || line.startsWith("\t")) {
        throw malformed("a header of a part is malformed");
      }
      headers.put(
          line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip());
    }
    return headers;
  }

  private boolean startsWith(int position, byte[] bytes, int from) {
    if (position < 0 || body.length - position < bytes.length - from) {
      return false;
    }
    for (int i = from; i < bytes.length; i++) {
      if (body[position + i - from] != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static int require(int position, String why) {
    if (position < 0) {
      throw malformed(why);
    }
    return position;
  }

  private static InvalidRequestException malformed(String why) {
    return InvalidRequestException.badValue(
        null,
        "invalid_form",
        "We could not parse the form in the body of your request: %s.".formatted(why));
  }
}
