package io.github.openaikserve.server.http;

import io.github.openaikserve.http.ApiBody;
import io.github.openaikserve.http.ApiResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * Compression of whole responses for clients that accept it. Streams are never compressed, because
 * compression would delay each event until the next one.
 *
 * <p><b>Source:</b> RFC 9110, section 12.5.3.
 */
final class Gzip {
  /** The minimum size of a compressed response, in bytes; smaller ones fit into few packets. */
  static final int MIN_LENGTH = 2 << 10;

  private Gzip() {}

  static boolean isWanted(RequestHead head, ApiResponse answer) {
    return answer.body().length() >= MIN_LENGTH
        && !answer.headers().containsKey("content-encoding")
        && accepts(head.values("accept-encoding"));
  }

  private static boolean accepts(List<String> headers) {
    boolean any = false;
    for (String coding : String.join(",", headers).toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = coding.split(";", 2);
      boolean accepted = parts.length < 2 || !isZero(parts[1].strip());
      switch (parts[0].strip()) {
        case "gzip", "x-gzip" -> {
          return accepted;
        }
        case "*" -> any = accepted;
        default -> {} // another coding
      }
    }
    return any;
  }

  private static boolean isZero(String weight) {
    return weight.matches("q\\s*=\\s*0(\\.0{0,3})?");
  }

  static ApiResponse compress(ApiResponse answer) {
    var bytes = new ByteArrayOutputStream((int) answer.body().length() / 2);
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(answer.body().bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> headers = new HashMap<>(answer.headers());
    headers.put("content-encoding", "gzip");
    return new ApiResponse(answer.status(), headers, ApiBody.of(bytes.toByteArray()));
  }
}
