package io.github.openaikserve.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request with its whole body, as the host received it. Immutable, except for the bytes of
 * the body, which are shared and must not be changed.
 *
 * @param method in capitals, such as {@code POST}
 * @param path the path as on the wire, percent-encoded, with its query string if it has one
 * @param headers by name, in any case
 * @param body empty for none
 */
@SuppressWarnings("ArrayRecordComponent")
public record ApiRequest(
    String method, String path, Map<String, List<String>> headers, byte[] body) {

  /** Copies the headers into a map that ignores the case of names. */
  public ApiRequest {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(headers, "headers");
    Objects.requireNonNull(body, "body");
    Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach(
        (name, values) -> copy.computeIfAbsent(name, n -> new ArrayList<>()).addAll(values));
    copy.replaceAll((name, values) -> List.copyOf(values));
    headers = Collections.unmodifiableMap(copy);
  }

  /** Returns the first value of a header, its name in any case; null if absent. */
  public @Nullable String header(String name) {
    List<String> values = headers.getOrDefault(name, List.of());
    return values.isEmpty() ? null : values.get(0);
  }

  /** Returns method and path; never headers or body, which may contain a key or a prompt. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}
