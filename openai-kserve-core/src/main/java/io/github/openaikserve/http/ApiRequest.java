package io.github.openaikserve.http;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request with its whole body. Immutable, except for the array of the body, which is shared
 * and must not be modified.
 *
 * @param method in upper case, such as {@code POST}
 * @param path the path as received, percent-encoded, including the query string if there is one
 * @param headers by name; names are case-insensitive
 * @param body empty if the request has no body
 */
@SuppressWarnings("ArrayRecordComponent")
public record ApiRequest(
    String method, String path, Map<String, List<String>> headers, byte[] body) {

  /** Copies the headers into a map with case-insensitive names; shares those of another request. */
  public ApiRequest {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(headers, "headers");
    Objects.requireNonNull(body, "body");
    headers = headers instanceof Headers copied ? copied : Headers.of(headers);
  }

  /** A copy of headers with case-insensitive names, which several requests share. Immutable. */
  private static final class Headers extends AbstractMap<String, List<String>> {
    private final Map<String, List<String>> values;

    private Headers(Map<String, List<String>> values) {
      this.values = values;
    }

    static Headers of(Map<String, List<String>> headers) {
      Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      headers.forEach(
          (name, values) -> copy.computeIfAbsent(name, n -> new ArrayList<>()).addAll(values));
      copy.replaceAll((name, values) -> List.copyOf(values));
      return new Headers(Collections.unmodifiableMap(copy));
    }

    @Override
    public @Nullable List<String> get(Object name) {
      return values.get(name);
    }

    @Override
    public boolean containsKey(Object name) {
      return values.containsKey(name);
    }

    @Override
    public Set<Entry<String, List<String>>> entrySet() {
      return values.entrySet();
    }
  }

  /** Returns the first value of a header; null if absent. The name is case-insensitive. */
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
