package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.http.response.RequestLog;
import io.github.openaikserve.internal.http.response.Responses;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.request.CallContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The endpoint {@code GET /openapi.json}: the OpenAPI document of the served paths. */
final class OpenApiEndpoint implements Endpoint {
  private static final String DOCUMENT = "openapi.json";
  private static final String PATHS = "paths";

  private final Predicate<String> served;
  private volatile byte @Nullable [] document;

  /**
   * Creates the endpoint.
   *
   * @param served returns whether a path of the document is served
   */
  OpenApiEndpoint(Predicate<String> served) {
    this.served = served;
  }

  @Override
  public List<String> methods(String rest) {
    return rest.isEmpty() ? List.of("GET") : List.of();
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest request, String rest, CallContext context, RequestLog log) {
    byte[] known = document;
    if (known == null) {
      known = read();
      document = known;
    }
    return CompletableFuture.completedFuture(Responses.json(known, List.of()));
  }

  private byte[] read() {
    try (InputStream resource = OpenApiEndpoint.class.getResourceAsStream(DOCUMENT)) {
      if (resource == null) {
        throw new IllegalStateException(DOCUMENT + " is missing in the jar");
      }
      String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      Map<String, @Nullable Object> all = JsonCodec.readObject(text).orElseThrow();
      Map<String, @Nullable Object> kept = new LinkedHashMap<>(all);
      kept.put(PATHS, paths(all.get(PATHS)));
      return JsonCodec.writeBytes(kept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, @Nullable Object> paths(@Nullable Object all) {
    Map<String, @Nullable Object> paths = new LinkedHashMap<>();
    if (all instanceof Map<?, ?> map) {
      map.forEach(
          (path, operations) -> {
            if (served.test(String.valueOf(path))) {
              paths.put(String.valueOf(path), operations);
            }
          });
    }
    return paths;
  }
}
